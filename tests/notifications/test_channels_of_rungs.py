"""Rungs that name their channels: one digest for each person, day and channel, and none over a channel not set up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import col

from config.programme import load_contacts, load_ladder
from config.reference import load_reference_data
from config.settings import Settings
from models import Store
from models.outcome_tables import Notice
from models.people import add_holdings, holdings_of
from models.reference import contacts_of
from models.register_tables import ContactRow
from notifications import ChannelError, NoticeState, Plan, deliver, plan_notices
from rules.holding_rows import read_holdings
from rules.ladder import Role, Rung, digest_of, stated_rung
from rules.people import Holding, HoldingKind
from tests.notifications.duties import assign, delivered, morning, stored
from tests.notifications.letters import read_mail
from tests.notifications.test_climbing import JULY, with_ladder

DEPUTY_HEARS = JULY[6]
DEPUTY, PHONE = "cap-pho.byt@dondoc.example", "+84912345678"


def over(*names: str) -> "Sequence[Rung]":
    return [replace(rung, channels=names) if rung.offset == 5 else rung for rung in load_reference_data().ladder]


def with_channels(store: Store, *names: str, phone: str = PHONE) -> None:
    """Let the deputy's rung go over these channels, one assignment of the Ministry of Health being late."""
    with_ladder(store, lambda rung: replace(rung, channels=names) if rung.offset == 5 else rung)
    assign(store, "BYT")
    with store.writing() as session:
        session.execute(
            update(ContactRow)
            .where(col(ContactRow.agency_code) == "BYT")
            .values(elsewhere={"sms": phone} if phone else {})
        )


def plan(store: Store, day: date, channels: Sequence[str] = ("sms",)) -> Plan:
    delivered(store, before=day)
    return plan_notices(store, as_of=day, now=morning(day), channels=channels)


def written(found: Plan) -> list[tuple[str, str, str]]:
    return [(notice.key, notice.channel, notice.address) for notice in found.notices]


def test_a_rung_goes_over_each_channel_it_names(store: Store) -> None:
    with_channels(store, "email", "sms")
    assert written(plan(store, JULY[0])) == [("2025-07-01/BYT/unit_head", "email", "don-vi.byt@dondoc.example")]
    found = plan(store, DEPUTY_HEARS)
    assert written(found) == [
        ("2025-07-07/BYT/deputy_head", "email", DEPUTY), ("2025-07-07/BYT/deputy_head/sms", "sms", PHONE),
    ]  # fmt: skip
    assert found.new == len(stored(store)) - 1
    assert plan(store, DEPUTY_HEARS).new == 0
    assert plan(store, JULY[7]).new == 0


@pytest.mark.parametrize(
    ("names", "phone", "expected", "untold"),
    [
        (("email", "sms"), "", [("email", DEPUTY)], ["2025-07-07/BYT/deputy_head/sms"]),
        (("sms",), PHONE, [("sms", PHONE)], []),
        (("sms",), "", [("email", DEPUTY)], ["2025-07-07/BYT/deputy_head/sms"]),
    ],
    ids=["no telephone", "by telephone alone", "by telephone alone, without one"],
)
def test_who_has_no_address_in_a_channel_still_hears(
    store: Store, names: tuple[str, ...], phone: str, expected: list[tuple[str, str]], untold: list[str]
) -> None:
    with_channels(store, *names, phone=phone)
    plan(store, JULY[0])
    found = plan(store, DEPUTY_HEARS)
    assert [(notice.channel, notice.address) for notice in found.notices] == expected
    assert [each.key for each in found.suppressed if each.reason == "no_address"] == untold


def test_a_channel_that_is_not_set_up_stops_planning_at_the_start(store: Store) -> None:
    with_channels(store, "sms")
    with pytest.raises(ChannelError, match="DONDOC_CHANNEL_SMS"):
        plan(store, DEPUTY_HEARS, channels=())
    assert stored(store) == []


def send(store: Store, folder: Path, *names: str) -> None:
    channels = {name: f"maildir://{folder / name}" for name in names}
    deliver(store, channel=f"maildir://{folder / 'email'}", now=lambda: morning(DEPUTY_HEARS), channels=channels)


def test_each_letter_leaves_over_its_own_channel(store: Store, tmp_path: Path) -> None:
    with_channels(store, "email", "sms", phone="so-hai@dondoc.example")  # a Maildir takes mail addresses alone
    plan(store, JULY[0])
    plan(store, DEPUTY_HEARS)
    send(store, tmp_path, "sms")
    assert len(read_mail(tmp_path / "email")) == len(read_mail(tmp_path / "sms")) == 1
    assert {(notice.channel, notice.state) for notice in stored(store)} == {("email", "accepted"), ("sms", "accepted")}


def test_letters_for_a_channel_no_longer_set_up_stop_delivery_before_anything_is_sent(
    store: Store, tmp_path: Path
) -> None:
    with_channels(store, "email", "sms")
    plan(store, DEPUTY_HEARS)
    with pytest.raises(ChannelError, match="DONDOC_CHANNEL_SMS"):
        send(store, tmp_path)
    assert {notice.state for notice in stored(store)} == {"planned"}


def bring(store: Store, **states: NoticeState) -> None:
    with store.writing() as session:
        for channel, state in states.items():
            session.execute(update(Notice).where(col(Notice.channel) == channel).values(state=str(state)))


@pytest.mark.parametrize(
    ("states", "again"),
    [
        ({"email": NoticeState.ACCEPTED, "sms": NoticeState.FAILED_PERMANENT}, 0),
        ({"email": NoticeState.FAILED_PERMANENT, "sms": NoticeState.ACCEPTED}, 0),
        ({"email": NoticeState.FAILED_PERMANENT, "sms": NoticeState.FAILED_PERMANENT}, 2),
    ],
    ids=["by mail", "by telephone", "not at all"],
)
def test_who_was_reached_over_one_channel_was_told(store: Store, states: dict[str, NoticeState], again: int) -> None:
    with_channels(store, "email", "sms")
    plan(store, DEPUTY_HEARS)
    bring(store, **states)
    assert plan(store, JULY[7]).new == again


def test_letters_that_never_left_are_planned_anew_in_each_channel(store: Store) -> None:
    with_channels(store, "email", "sms")
    for day in (DEPUTY_HEARS, JULY[7]):
        plan_notices(store, as_of=day, now=morning(day), channels=("sms",))
    assert [(notice.channel, notice.state) for notice in stored(store)] == [
        ("email", "bundled"), ("sms", "bundled"), ("email", "planned"), ("sms", "planned"),
    ]  # fmt: skip


def test_a_ladder_without_channels_is_the_ladder_it_was() -> None:
    ladder = load_reference_data().ladder
    assert not [rung for rung in ladder if "channels" in stated_rung(rung)]
    assert digest_of(over("email")) == digest_of(ladder) != digest_of(over("sms"))


@pytest.mark.parametrize("names", ["[]", '["fallback"]', '["SMS"]', '["a b"]', '"sms"'])
def test_a_name_that_is_none_is_refused(tmp_path: Path, names: str) -> None:
    file = tmp_path / "thang.toml"
    file.write_text(f'[[rung]]\noffset = 1\nrole = "unit_head"\nchannels = {names}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="channels"):
        load_ladder(file)


def test_the_setting_of_each_channel_is_found_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_CHANNEL_SMS", "json://tin-nhan.example")
    monkeypatch.setenv("DONDOC_CHANNEL_FALLBACK", "json://khac.example")
    monkeypatch.setenv("DONDOC_CHANNEL_TELEGRAM", " ")
    chosen = Settings()
    assert list(chosen.channels) == ["sms"]
    assert "tin-nhan" not in repr(chosen.channels)


def test_contacts_name_where_a_post_hears_elsewhere(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text(
        "agency,role,post_vi,post_en,address,address_sms\nBYT,deputy_head,Thứ trưởng,Deputy,a@b.vn,+84 1\n",
        encoding="utf-8",
    )
    (contact,) = load_contacts(file)
    assert (contact.address_in("email"), contact.address_in("sms"), contact.address_in("zalo")) == (
        "a@b.vn",
        "+84 1",
        "",
    )
    with store.reading() as session:
        assert {each.elsewhere for each in contacts_of(session)} == {()}
    register = load_reference_data().register
    rows = [["Cơ quan", "Vai trò", "Địa chỉ", "Số điện thoại", "Kênh zalo"], ["BYT", "Cấp phó", "a@b.vn", "+84 1", ""]]
    (holding,) = read_holdings(rows, register).holdings
    assert (holding.role, holding.elsewhere) == (Role.DEPUTY_HEAD, (("sms", "+84 1"),))


def test_a_holders_own_telephone_is_kept(store: Store) -> None:
    holder = Holding(
        "BYT", Role.DEPUTY_HEAD, HoldingKind.HOLDER, "Thứ trưởng", "A", "a@b.vn", elsewhere=(("sms", PHONE),)
    )
    now = datetime.combine(JULY[0], datetime.min.time(), tzinfo=morning(JULY[0]).tzinfo)
    with store.writing() as session:
        add_holdings(session, [holder], source="danh-ba.xlsx", by="VPCP", now=now)
    with store.reading() as session:
        assert holdings_of(session, known_at=now) == [holder]
