"""What Dondoc is made of: packages locked, declared and licensed, a bill of materials, vulnerabilities found."""

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from supply import audit, sbom
from supply.advisories import hits, is_affected, take_snapshot
from supply.licences import LIST, RULES, is_allowed, packages, written
from supply.lock import EVERYTHING, OURSELVES, ROOT, RUN, pins_of

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
ROOMS = set(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
TOOLS = {"benchmarks", "supply", "tests"}

# Nothing of this exists: a package nobody publishes, so that no advisory here can be taken for a real one.
FICTITIOUS_LOCK = f"""\
dondoc-fictitious==1.4.2 \\
    --hash=sha256:{"0" * 64}
    # via dondoc (pyproject.toml)
"""
FICTITIOUS: dict[str, Any] = {
    "id": "FICTITIOUS-2025-1",
    "aliases": ["CVE-0000-0001"],
    "summary": "An invented weakness, for a test",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "Dondoc_Fictitious"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "1.2"}, {"fixed": "1.4.3"}]}],
        }
    ],
}


def test_every_package_we_import_is_one_we_declare() -> None:
    """What comes along with another package may stop coming along."""
    declared = set(named(PROJECT["project"]["dependencies"]))
    assert undeclared(ROOMS, declared) == set()
    extras = PROJECT["project"]["optional-dependencies"].values()
    assert undeclared(TOOLS, declared.union(*map(named, extras))) == set()


def test_an_import_nobody_declared_is_found() -> None:
    assert "click" in undeclared({"cli"}, set())


def test_what_the_locks_hold_is_what_pyproject_asks_for() -> None:
    ours = {pin.name: pin for pin in pins_of(RUN) if OURSELVES in pin.asked_by}
    asked = {canonicalize_name(each.name): each for each in map(Requirement, PROJECT["project"]["dependencies"])}
    assert {name for name in asked if name not in ours} == set(), "run make lock"
    assert [name for name, each in asked.items() if ours[name].version not in each.specifier] == [], "run make lock"
    everything = {pin.name: pin.version for pin in pins_of(EVERYTHING)}
    assert {name: pin.version for name, pin in ours.items()}.items() <= everything.items()


def test_the_committed_licences_are_those_of_the_locked_packages() -> None:
    assert LIST.read_text("utf-8") == written(packages()), "run python -m supply.licences and read what changed"


def test_no_licence_is_unknown_and_none_is_forbidden() -> None:
    assert [(each.name, each.licence) for each in packages() if not is_allowed(each.licence)] == []


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("MIT OR GPL-3.0-only", True),
        ("MIT AND GPL-3.0-only", False),
        ("MPL-2.0 AND (Apache-2.0 OR AGPL-3.0-only)", True),
        ("", False),
    ],
)
def test_a_licence_is_allowed_by_the_stated_rule(licence: str, *, allowed: bool) -> None:
    assert is_allowed(licence) is allowed


def test_no_licence_is_written_down_for_a_package_that_is_gone() -> None:
    noted = tomllib.loads(RULES.read_text("utf-8"))["package"]
    assert set(noted) <= {pin.name for pin in pins_of(RUN)}


def test_the_bill_of_materials_is_the_same_twice_and_holds_every_package() -> None:
    text = sbom.bill_of_materials()
    assert text == sbom.bill_of_materials()
    bom = json.loads(text)
    assert {(each["name"], each["version"]) for each in bom["components"]} == {(p.name, p.version) for p in packages()}
    (jinja2,) = [each for each in bom["components"] if each["name"] == "jinja2"]
    (pin,) = [each for each in pins_of(RUN) if each.name == "jinja2"]
    assert jinja2["purl"] == f"pkg:pypi/jinja2@{pin.version}"
    assert jinja2["licenses"] == [{"expression": "BSD-3-Clause"}]
    (files,) = jinja2["externalReferences"]
    assert [each["content"] for each in files["hashes"]] == list(pin.sha256)
    asked = {each["ref"]: each.get("dependsOn", []) for each in bom["dependencies"]}
    assert jinja2["purl"] in asked[bom["metadata"]["component"]["bom-ref"]]
    assert any("markupsafe" in each for each in asked[jinja2["purl"]])


@pytest.mark.parametrize(
    ("events", "inside", "outside"),
    [
        ([{"introduced": "0"}, {"fixed": "1.4"}], ["0.1", "1.3.9", "1.4rc1"], ["1.4", "2"]),
        ([{"introduced": "1.2"}, {"last_affected": "1.4"}], ["1.2", "1.4"], ["1.1.9", "1.4.0.1"]),
        ([{"introduced": "1.10"}], ["1.10", "99"], ["1.9"]),
        ([{"fixed": "3.1"}, {"introduced": "3"}, {"fixed": "2.2"}, {"introduced": "2"}], ["2.1", "3"], ["2.2", "3.1"]),
    ],
)
def test_ranges_are_read_as_osv_means_them(events: list[dict[str, str]], inside: list[str], outside: list[str]) -> None:
    affected = {"ranges": [{"type": "ECOSYSTEM", "events": events}]}
    assert [each for each in inside if not is_affected(affected, Version(each))] == []
    assert [each for each in outside if is_affected(affected, Version(each))] == []


def test_listed_versions_count_commits_do_not_and_what_cannot_be_read_is_looked_at() -> None:
    listed = {"versions": ["1.4.2"], "ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}]}
    assert is_affected(listed, Version("1.4.2"))
    assert not is_affected(listed, Version("1.4.1"))
    unreadable = {"ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "spring release"}]}]}
    assert is_affected(unreadable, Version("1"))


def test_a_withdrawn_advisory_and_one_of_another_ecosystem_name_nobody(lock: Path) -> None:
    pins = pins_of(lock)
    assert len(hits([FICTITIOUS], pins)) == 1
    assert hits([{**FICTITIOUS, "withdrawn": "2025-01-01T00:00:00Z"}], pins) == []
    elsewhere = {**FICTITIOUS["affected"][0], "package": {"ecosystem": "npm", "name": "dondoc-fictitious"}}
    assert hits([{**FICTITIOUS, "affected": [elsewhere]}], pins) == []


def test_a_vulnerable_package_fails_the_audit_and_is_told(lock: Path, tmp_path: Path) -> None:
    result = audited(lock, snapshot(tmp_path, lock, FICTITIOUS))
    assert result.exit_code == 1
    assert "dondoc-fictitious==1.4.2: FICTITIOUS-2025-1 (CVE-0000-0001)" in result.stderr
    assert "mended in 1.4.3" in result.stderr


def test_the_version_that_mends_it_passes(lock: Path, tmp_path: Path) -> None:
    taken = snapshot(tmp_path, lock, FICTITIOUS)
    lock.write_text(FICTITIOUS_LOCK.replace("1.4.2", "1.4.3"))
    result = audited(lock, taken)
    assert (result.exit_code, "1 packages, 1 advisories of 2026-01-02" in result.stdout) == (0, True)


def test_a_snapshot_keeps_what_names_a_locked_package_and_is_replaced_whole(lock: Path, tmp_path: Path) -> None:
    package = {"ecosystem": "PyPI", "name": "somebody-elses"}
    other = {"id": "FICTITIOUS-2025-2", "affected": [{"package": package}]}
    taken = snapshot(tmp_path, lock, FICTITIOUS, other)
    assert sorted(path.name for path in taken.iterdir()) == ["FICTITIOUS-2025-1.json", "taken-on.txt"]
    assert [path.name for path in snapshot(tmp_path, lock, other).iterdir()] == ["taken-on.txt"]


def test_a_number_that_is_no_number_is_refused(lock: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no advisory's number"):
        snapshot(tmp_path, lock, {**FICTITIOUS, "id": "../../outside"})


def test_without_a_snapshot_the_audit_says_that_it_checked_nothing(lock: Path, tmp_path: Path) -> None:
    result = audited(lock, tmp_path / "none")
    assert result.exit_code == 0
    assert "SKIPPED" in result.stdout
    assert "make advisories" in result.stdout


def test_ci_audits() -> None:
    assert re.search(r"^make .*\baudit\b", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE)


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """Give a requirements file that locks the package nobody publishes."""
    path = tmp_path / "lock.txt"
    path.write_text(FICTITIOUS_LOCK)
    return path


def snapshot(folder: Path, lock: Path, *advisories: dict[str, Any]) -> Path:
    """Take a snapshot from an archive like OSV's."""
    archive = folder / "all.zip"
    with ZipFile(archive, "w") as packed:
        for number, each in enumerate(advisories):
            packed.writestr(f"{number}.json", json.dumps(each))
    take_snapshot(archive, folder / "advisories", pins_of(lock), today=date(2026, 1, 2))
    return folder / "advisories"


def audited(lock: Path, taken: Path) -> Result:
    return CliRunner().invoke(audit.main, ["--lock", str(lock), "--snapshot", str(taken)])


def named(requirements: list[str]) -> Iterator[str]:
    yield from (canonicalize_name(Requirement(each).name) for each in requirements)


def undeclared(folders: set[str], declared: set[str]) -> set[str]:
    """Return the modules these folders import of distributions that are not declared."""
    known = packages_distributions()
    ours = ROOMS | TOOLS | set(sys.stdlib_module_names) | beside_the_tests()
    return {
        module
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if "node_modules" not in path.parts
        for module in imported(path)
        if module not in ours and not {canonicalize_name(each) for each in known.get(module, [])} & declared
    }


def beside_the_tests() -> set[str]:
    """Return what the tests' own modules are imported as: files that stand beside them."""
    return {path.stem for path in (ROOT / "tests").rglob("*.py")} | {path.name for path in (ROOT / "tests").iterdir()}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]
