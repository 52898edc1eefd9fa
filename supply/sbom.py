"""What a Dondoc is made of, as CycloneDX 1.6: `python -m supply.sbom` writes dist/dondoc-<version>.cdx.json.

The same lock and licence list give the same bytes: the serial number follows from the content, and the time is
SOURCE_DATE_EPOCH (`make sbom` sets it to the last commit's).
"""

import hashlib
import os
import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

import click
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from supply.licences import Licensed, packages, written
from supply.lock import OURSELVES, ROOT, RUN, Pin, pins_of

SCHEMA = SchemaVersion.V1_6
# Before this day no zip file can be dated; wheels use the same one where nobody says another.
_EARLIEST = "315532800"


def bill_of_materials() -> str:
    """Return the bill of materials as JSON: each package with its address, licence, file digests and who asks for it.

    Raises NotInstalledError when the environment is not the locked one, ValueError when CycloneDX's schema refuses it.
    """
    ours = _ourselves()
    pins: dict[str, Pin] = {pin.name: pin for pin in pins_of(RUN)}
    licensed = packages()
    parts = {each.name: _part(each, pins) for each in licensed}
    bom = Bom(components=parts.values(), metadata=BomMetaData(component=ours, timestamp=_timestamp()))
    for asker, asked in _asked(pins.values()).items():
        bom.register_dependency(ours if asker == OURSELVES else parts[asker], [parts[name] for name in asked])
    bom.register_dependency(ours, [part for name, part in parts.items() if name not in pins])
    bom.serial_number = _serial_number(ours, licensed)
    text = make_outputter(bom, OutputFormat.JSON, SCHEMA).output_as_string(indent=2)
    if wrong := JsonStrictValidator(SCHEMA).validate_str(text):
        raise ValueError(f"CycloneDX refuses the bill of materials: {wrong}")
    return f"{text}\n"


def version() -> str:
    """Return the version pyproject.toml states."""
    stated: str = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    return stated


def _ourselves() -> Component:
    purl = PackageURL("pypi", name="dondoc", version=version())
    return Component(type=ComponentType.APPLICATION, name="dondoc", version=version(), purl=purl, bom_ref=str(purl))


def _part(each: Licensed, pins: Mapping[str, Pin]) -> Component:
    namespace, _, name = each.name.rpartition("/")
    purl = PackageURL(each.ecosystem, namespace=namespace or None, name=name, version=each.version)
    return Component(
        type=ComponentType.LIBRARY,
        name=each.name,
        version=each.version,
        purl=purl,
        bom_ref=str(purl),
        licenses=[LicenseExpression(each.licence)],
        external_references=[_files(each, pins[each.name])] if each.name in pins else [],
    )


def _files(each: Licensed, pin: Pin) -> ExternalReference:
    """Name where a release's files are published, with the digest of each: one of them is installed."""
    return ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(f"https://pypi.org/project/{each.name}/{each.version}/#files"),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in pin.sha256],
    )


def _asked(pins: Iterable[Pin]) -> Mapping[str, list[str]]:
    """Return what each package asks for, by the asker."""
    asked: dict[str, list[str]] = {}
    for pin in pins:
        for asker in pin.asked_by:
            asked.setdefault(asker, []).append(pin.name)
    return asked


def _serial_number(ours: Component, licensed: Iterable[Licensed]) -> UUID:
    digest = hashlib.sha256(RUN.read_bytes() + written(licensed).encode()).hexdigest()
    return uuid5(NAMESPACE_URL, f"{ours.purl}#{digest}")


def _timestamp() -> datetime:
    return datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH") or _EARLIEST), UTC)


@click.command(help=__doc__)
@click.option("--into", type=click.Path(path_type=Path), default=ROOT / "dist", help="The folder; dist without one.")
def main(into: Path) -> None:
    """Write the bill of materials."""
    into.mkdir(parents=True, exist_ok=True)
    file = into / f"dondoc-{version()}.cdx.json"
    file.write_text(bill_of_materials(), encoding="utf-8")
    click.echo(str(file))


if __name__ == "__main__":
    main()
