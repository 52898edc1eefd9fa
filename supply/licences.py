"""The licence of every package Dondoc is installed with: `python -m supply.licences` writes requirements/licences.csv.

A package states its licence in its metadata, in one of three ways; what those leave open was read in its licence file
and is written down in requirements/licences.toml, with the licences that are allowed.
"""

import csv
import io
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any

import click
from license_expression import LicenseExpression, Licensing, get_spdx_licensing
from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from supply.lock import REQUIREMENTS, ROOT, RUN, Pin, pins_of

LIST = REQUIREMENTS / "licences.csv"
RULES = REQUIREMENTS / "licences.toml"
NPM_LOCK = ROOT / "portal" / "style" / "package-lock.json"


@dataclass(frozen=True)
class Licensed:
    """A package of an ecosystem ("pypi", "npm", "generic") and its licence as an SPDX expression, "" when unknown."""

    ecosystem: str
    name: str
    version: str
    licence: str


class NotInstalledError(Exception):
    """What is installed is not what is locked; the message says what to run."""


def packages() -> list[Licensed]:
    """Return every locked package of the run set, whatever machine it is for, and what the wheel brings along."""
    return [*(Licensed("pypi", pin.name, str(pin.version), licence_of(pin)) for pin in pins_of(RUN)), *_brought_along()]


def licence_of(pin: Pin) -> str:
    """Return the licence of a locked package, "" when nobody knows it.

    Raises NotInstalledError when this environment holds another version, or should hold the package and does not.
    """
    written_down: Mapping[str, str] = _rules()["package"]
    if pin.name in written_down:
        return _spdx(written_down[pin.name])
    try:
        stated = metadata(pin.name)
    except PackageNotFoundError:
        raise NotInstalledError(_what_to_do(pin)) from None
    if stated["Version"] != str(pin.version):
        raise NotInstalledError(_what_to_do(pin))
    kinds = [each for each in stated.get_all("Classifier") or [] if each.startswith("License ::")]
    kind = kinds[0].rpartition(" :: ")[2] if len(kinds) == 1 else ""
    fields = [*(stated.get_all("License-Expression") or []), *(stated.get_all("License") or []), kind]
    return next((found for field in fields if (found := _spdx(field))), "")


def is_allowed(licence: str) -> bool:
    """Say whether the allowed licences are enough for an expression: all that AND joins, one of those OR offers."""
    if not licence:
        return False
    return _holds(_spdx_licences().parse(licence, validate=True))


def written(licensed: Iterable[Licensed]) -> str:
    """Return the list as the committed file holds it."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("ecosystem", "name", "version", "licence"))
    rows.writerows((each.ecosystem, each.name, each.version, each.licence) for each in licensed)
    return text.getvalue()


def _holds(expression: LicenseExpression) -> bool:
    if not expression.args:
        return expression.key in _rules()["allowed"]
    of_parts = [_holds(part) for part in expression.args]
    return any(of_parts) if expression.operator.strip() == "OR" else all(of_parts)


def _brought_along() -> list[Licensed]:
    """Return what is copied into portal/static from npm, and the fonts of the report."""
    bundled = _rules()["bundled"]
    locked: dict[str, Any] = json.loads(NPM_LOCK.read_text(encoding="utf-8"))["packages"]
    found = [(name, locked[f"node_modules/{name}"]) for name in sorted(bundled["npm"])]
    return [
        *(Licensed("npm", name, each["version"], _spdx(each["license"])) for name, each in found),
        *(Licensed("generic", name, each["version"], each["licence"]) for name, each in bundled["generic"].items()),
    ]


def _spdx(stated: str) -> str:
    try:
        return str(canonicalize_license_expression(_rules()["words"].get(stated.strip(), stated.strip())))
    except InvalidLicenseExpression:
        return ""


def _what_to_do(pin: Pin) -> str:
    return (
        f"{pin.written} is locked and not installed: run make env; if it is for other machines, name it in {RULES.name}"
    )


@cache
def _spdx_licences() -> Licensing:
    return get_spdx_licensing()


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(RULES.read_text(encoding="utf-8"))


@click.command(help=__doc__)
def main() -> None:
    """Write the list; say which licences are not allowed."""
    found = packages()
    LIST.write_text(written(found), encoding="utf-8")
    click.echo(f"{len(found)} packages written to {LIST.relative_to(ROOT)}")
    refused = [each for each in found if not is_allowed(each.licence)]
    for each in refused:
        click.echo(f"{each.name} {each.version}: {each.licence or 'unknown'} is not allowed by {RULES.name}", err=True)
    raise SystemExit(1 if refused else 0)


if __name__ == "__main__":
    main()
