"""Rows of a contacts workbook → who holds which post when, and every problem at once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rules.folding import fold
from rules.ladder import Role
from rules.people import Holding, HoldingKind
from rules.register import Register

_HEADINGS: Mapping[str, Sequence[str]] = {
    "agency": ("co quan", "ma co quan", "bo, nganh, dia phuong", "agency"),
    "role": ("vai tro", "bac", "role"),
    "post": ("chuc danh", "chuc vu", "post", "post_vi"),
    "name": ("ho ten", "ho va ten", "name"),
    "address": ("dia chi", "thu dien tu", "email", "e-mail", "address"),
    "kind": ("hinh thuc", "tu cach", "kind"),
    "from": ("tu ngay", "from"),
    "until": ("den ngay", "den het ngay", "until"),
}
# A column that says where somebody hears over another channel than e-mail: its name, or "kênh" and the channel's.
_ELSEWHERE: Mapping[str, str] = {"so dien thoai": "sms", "dien thoai": "sms", "sms": "sms", "phone": "sms"}
_NAMED_CHANNEL = re.compile(r"(?:kenh|channel) ([a-z][a-z0-9_]*)")
_NEEDED = ("agency", "role", "address")
_ROLES: Mapping[str, Role] = {
    "dau moi": Role.FOCAL_POINT,
    "dau moi theo doi": Role.FOCAL_POINT,
    "cap vu": Role.UNIT_HEAD,
    "thu truong don vi": Role.UNIT_HEAD,
    "don vi chu tri": Role.UNIT_HEAD,
    "cap pho": Role.DEPUTY_HEAD,
    "cap pho phu trach": Role.DEPUTY_HEAD,
    "nguoi dung dau": Role.AGENCY_HEAD,
    "to cong tac": Role.WORKING_GROUP,
    **{str(role): role for role in Role},
}
_KINDS: Mapping[str, HoldingKind] = {
    "": HoldingKind.HOLDER,
    "chinh thuc": HoldingKind.HOLDER,
    "quyen": HoldingKind.ACTING,
    "giu quyen": HoldingKind.ACTING,
    "uy quyen": HoldingKind.DELEGATE,
    "duoc uy quyen": HoldingKind.DELEGATE,
    "vang": HoldingKind.AWAY,
    "vang mat": HoldingKind.AWAY,
    "de biet": HoldingKind.INFORMATION,
    **{str(kind): kind for kind in HoldingKind},
}
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True)
class HoldingProblem:
    """What stands against a row of the workbook: `code` has its sentence in the catalogue `escalation`."""

    row: int
    code: str
    found: str


@dataclass(frozen=True)
class ReadHoldings:
    """What a contacts workbook says; with any problem nothing of it is to be recorded."""

    holdings: Sequence[Holding]
    problems: Sequence[HoldingProblem]


def read_holdings(rows: Sequence[Sequence[str]], register: Register) -> ReadHoldings:
    """Return the holdings of a sheet's rows (as text), whose headings stand in its first row that has them."""
    names = {name: field for field, variants in _HEADINGS.items() for name in variants}
    for at, row in enumerate(rows):
        columns = {names[fold(cell)]: place for place, cell in enumerate(row) if fold(cell) in names}
        if all(field in columns for field in _NEEDED):
            found = {place: _channel(fold(cell)) for place, cell in enumerate(row)}
            channels = {place: name for place, name in found.items() if name}
            return _read(rows[at + 1 :], at + 2, columns, channels, register)
    return ReadHoldings([], [HoldingProblem(1, "no_headings", ", ".join(filter(None, rows[0] if rows else ())))])


def _channel(heading: str) -> str:
    """Return the channel whose addresses stand below a heading, or nothing."""
    named = _NAMED_CHANNEL.fullmatch(heading)
    return named[1] if named else _ELSEWHERE.get(heading, "")


def _read(
    rows: Sequence[Sequence[str]],
    first: int,
    columns: Mapping[str, int],
    channels: Mapping[int, str],
    register: Register,
) -> ReadHoldings:
    codes = {
        fold(name): agency.code
        for agency in register.agencies
        for name in (agency.code, agency.name_vi, agency.abbreviation, *agency.aliases)
        if name
    }
    holdings: list[Holding] = []
    problems: list[HoldingProblem] = []
    for number, row in enumerate(rows, start=first):
        said = {field: row[place].strip() if place < len(row) else "" for field, place in columns.items()}
        if not any(said.values()):
            continue
        wrong = [HoldingProblem(number, code, found) for code, found in _objections(said, codes)]
        problems.extend(wrong)
        if not wrong:
            elsewhere = {name: row[place].strip() for place, name in channels.items() if place < len(row)}
            given = tuple((name, address) for name, address in elsewhere.items() if address)
            holdings.append(replace(_holding(said, codes), elsewhere=given))
    return ReadHoldings(holdings, problems)


def _objections(said: Mapping[str, str], codes: Mapping[str, str]) -> list[tuple[str, str]]:
    kind = fold(said.get("kind", ""))
    found = [
        ("agency_unknown", said["agency"], fold(said["agency"]) not in codes),
        ("role_unknown", said["role"], fold(said["role"]) not in _ROLES),
        ("kind_unknown", said.get("kind", ""), kind not in _KINDS),
        (
            "address_wrong",
            said["address"],
            _KINDS.get(kind) is not HoldingKind.AWAY and not _is_address(said["address"]),
        ),
        *(
            ("day_wrong", said.get(field, ""), bool(said.get(field)) and _day(said[field]) is None)
            for field in ("from", "until")
        ),
    ]
    wrong = [(code, words) for code, words, holds in found if holds]
    first, last = _day(said.get("from", "")), _day(said.get("until", ""))
    if first and last and last < first:
        wrong.append(("ends_first", said.get("until", "")))
    return wrong


def _is_address(words: str) -> bool:
    return _ADDRESS.fullmatch(words) is not None


def _holding(said: Mapping[str, str], codes: Mapping[str, str]) -> Holding:
    return Holding(
        codes[fold(said["agency"])],
        _ROLES[fold(said["role"])],
        _KINDS[fold(said.get("kind", ""))],
        said.get("post", ""),
        said.get("name", ""),
        said["address"],
        _day(said.get("from", "")),
        _day(said.get("until", "")),
    )


def _day(words: str) -> date | None:
    """Return the day written d/m/y or y-m-d; None for nothing and for what is no day."""
    written = _DAY.fullmatch(words)
    try:
        return date(int(written[3]), int(written[2]), int(written[1])) if written else date.fromisoformat(words)
    except ValueError:
        return None
