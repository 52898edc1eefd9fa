"""The open files: what assignments and progress are given to other systems as, and taken from them.

These classes are the source of the published JSON Schemas (`models/schemas/`, a test holds the two equal). A field is
added with a default and never renamed, taken away or given another meaning: that would be another `version`.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from importlib.resources import files
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from rules.evidence import EvidenceKind
from rules.milestone import Verdict
from rules.status import Flag, Status

VERSION: Literal[1] = 1
SCHEMAS = "/api/v1/schemas"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
# No database and no workbook keeps it.
_NO_NUL = r"^[^\x00]*$"


class OpenKind(StrEnum):
    """What an open file holds; the value is its member of the JSON and the stem of its name."""

    ASSIGNMENTS = "assignments"
    PROGRESS = "progress"


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _code(description: str) -> Any:
    return Field(min_length=1, pattern=_NO_NUL, description=description)


def _text(description: str) -> Any:
    return Field("", pattern=_NO_NUL, description=description)


def _answer(description: str) -> Any:
    """Return a field that Dondoc gives and does not take: what it makes of the facts."""
    return Field(None, description=f"Given, not taken: {description}", json_schema_extra={"readOnly": True})


class OpenAssignment(_Form):
    """One assignment: a task of a document × one accountable agency (× one period of a recurring duty)."""

    code: str = _text("Stable code. Leave it out for work Dondoc does not know yet.")
    document: str = _code("Number of the document that assigns, e.g. 07/CT-TTg.")
    document_issued_on: date = Field(description="The day the document was issued.")
    document_title: str = _text("The document in words.")
    number: str = _code("Number of the task in its document, as it is now.")
    first_number: str = _text("The number it had first, of which codes are made; empty when it is still `number`.")
    section: str = _text("Heading of the group of tasks it stands in.")
    task: str = Field(pattern=_NO_NUL, description="The work, in the document's words.")
    product: str = _text("The product asked for.")
    lead: str = _code("Code of the agency it was assigned to.")
    lead_text: str = _text("Who leads, in the document's words; the agencies' names when it is left out.")
    coordinating_text: str = _text("Who coordinates, in the document's words.")
    deadline_text: str = _text("The deadline in the document's words; `original_due_on` when it is left out.")
    period: str = _text("Period of a recurring duty, e.g. 2025-08 or 2025-Q3; empty for any other.")
    original_due_on: date | None = Field(None, description="The due day as assigned.")
    due_on: date | None = _answer("the due day after extensions.")
    effective_due_on: date | None = _answer("the due day rolled to a working day (Civil Code, art. 148).")
    status: Status | None = _answer("its status on the day `as_of`.")
    flags: tuple[Flag, ...] | None = _answer("what is told beside the status.")
    days_late: int | None = _answer("working days late.")
    completed_on: date | None = _answer("the day of the evidence that completed it.")
    milestone: str | None = _answer("code of the milestone it is judged at.")
    verdict: Verdict | None = _answer("how it stands at its milestone.")
    accountable: str | None = _answer("code of the agency accountable on the day: `lead` or its successor.")
    counted_as: str | None = _answer("code of the assignment it is counted as: its own, unless it is part of another.")


class OpenProgress(_Form):
    """What an agency declared about one assignment on one day."""

    assignment: str = _code("Stable code of the assignment.")
    reported_on: date = Field(description="The day it was declared.")
    done: bool | None = Field(None, description="Declared done or not; null says nothing, and words may.")
    status_text: str = _text("The words that say how far it is.")
    percent: float | None = Field(None, ge=0, le=100, description="How far it is, in per cent.")
    completed_on: date | None = Field(None, description="The day it was completed, as declared.")
    result: str = _text("What was achieved.")
    evidence_text: str = _text("The documents cited as evidence.")
    evidence_number: str = _text("Number and sign of the document that proves it, e.g. 512/BC-BYT.")
    evidence_on: date | None = Field(None, description="The day of that document.")
    evidence_kind: EvidenceKind | None = _answer("the kind of document its sign names.")
    difficulty: str = _text("What stands in the way.")
    proposal: str = _text("What is proposed about it.")
    addressed_to: str = _text("Name of the agency that must answer.")
    needed_by: date | None = Field(None, description="The day by which the answer is needed.")
    asked_due_on: date | None = Field(None, description="The new due day asked for.")
    asked_reason: str = _text("The reason given for it.")
    batch: int | None = _answer("number of the batch it was recorded in.")
    recorded_at: datetime | None = _answer("the instant it was recorded.")


class _OpenFile(_Form):
    version: Literal[1]
    as_of: date | None = Field(None, description="The day asked about.")
    known_at: datetime | None = Field(None, description="What had been recorded by then.")


class AssignmentsFile(_OpenFile):
    """`assignments.json`."""

    format: Literal["dondoc-assignments"]
    assignments: list[OpenAssignment]


class ProgressFile(_OpenFile):
    """`progress.json`."""

    format: Literal["dondoc-progress"]
    progress: list[OpenProgress]


class ListedFile(_Form):
    """A file of an export: its digest, and how many rows it has."""

    name: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    rows: int


class Manifest(_Form):
    """`manifest.json`: what an export holds."""

    format: Literal["dondoc-manifest"]
    version: Literal[1]
    as_of: date
    known_at: datetime
    agency: str | None = Field(description="The accountable agency it was narrowed to, or null.")
    assignments: int
    progress: int
    without_lead: int = Field(description="Tasks nobody registered answers for: they are no assignments yet.")
    files: list[ListedFile]


ITEMS: Mapping[OpenKind, type[OpenAssignment] | type[OpenProgress]] = {
    OpenKind.ASSIGNMENTS: OpenAssignment,
    OpenKind.PROGRESS: OpenProgress,
}
_FILES: Mapping[str, type[BaseModel]] = {
    "assignments": AssignmentsFile,
    "progress": ProgressFile,
    "manifest": Manifest,
}


def format_name(kind: OpenKind) -> str:
    """Return what the member `format` of a file of this kind says."""
    return f"dondoc-{kind}"


def schemas_made() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each JSON Schema, as the classes have it."""
    for stem, form in _FILES.items():
        name = f"{stem}-{VERSION}.schema.json"
        schema = {"$schema": _DRAFT, "$id": f"{SCHEMAS}/{name}", **form.model_json_schema()}
        yield name, json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def published_schemas() -> Mapping[str, str]:
    """Return the text of each JSON Schema by its name, as published."""
    folder = files("models") / "schemas"
    names = (f"{stem}-{VERSION}.schema.json" for stem in _FILES)
    return {name: (folder / name).read_text(encoding="utf-8") for name in names}
