"""What the heading of a group says of the rows below it: their number, whose they are, whether they are done."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from imports.layout.headings import Field
from imports.layout.rows import WrittenRow
from imports.meaning.context import Context
from imports.problem import Problem, Severity, shown
from rules.declared import read_declared
from rules.folding import fold

# "II. Nhiệm vụ giao cho Bộ Công an chủ trì": what may stand around the one name that heads a group.
_AROUND_A_LEAD = re.compile(
    r"^(?:(?:[ivxlc]+|[a-z]|\d+)[.)]?\s+)?(?:cac )?(?:nhiem vu )?(?:cua |giao (?:cho )?|do )?"
    r"(.*?)(?: (?:chu tri|thuc hien|chiu trach nhiem))*$"
)
_SAYS_DONE = re.compile(r"\bda (?:hoan thanh|xong)\b|\b(?:nhiem vu|viec) hoan thanh\b(?! (?:trong|truoc|vao|theo))")
_SAYS_HOW_FAR = (Field.STATUS, Field.PROGRESS_PCT)


def numbered_rows(rows: Sequence[WrittenRow]) -> list[tuple[WrittenRow, str]]:
    """Return each row with its number, of its group's as well where the numbers begin again under each group."""
    if any(row.stated for row in rows) or not _restarts_in_sections(rows):
        return [(row, row.number) for row in rows]
    return [(row, number_in_section(row) or row.number) for row in rows]


def number_in_section(row: WrittenRow) -> str:
    """Return the row's number with that of its group before it, e.g. II.1; nothing for a row in no group."""
    return f"{row.section.split('.')[0].strip()}.{row.number}" if row.section else ""


def of_other_agencies(rows: Iterable[WrittenRow], context: Context) -> Iterator[Problem]:
    """Ask about groups headed by one other agency, when all rows go to one for want of a column of leads."""
    document = context.documents.default
    leads = context.leads(document.issued_on if document else context.today)

    def names_another(section: str) -> bool:
        around = _AROUND_A_LEAD.match(fold(section))
        reading = leads.read(around[1] if around else section)
        alone = len(reading.named) == 1 and not reading.collectives and not reading.leftover
        return alone and context.agency not in {*reading.named, *(holder.agency for holder in reading.holders)}

    own = (row for row in rows if Field.LEAD not in row.texts)
    for first, count in _headed(own, names_another):
        values = {"agency": context.agency, "count": count}
        yield first.problem(
            "section_of_another_agency", Severity.TO_CONFIRM, Field.LEAD, shown(first.section), **values
        )


def said_done(rows: Iterable[WrittenRow]) -> Iterator[Problem]:
    """Ask about groups of work said to be done whose rows do not say how far it is."""
    silent = (row for row in rows if not any(row.texts.get(field) for field in _SAYS_HOW_FAR))
    open_ = (row for row in silent if read_declared(row.texts.get(Field.RESULT_NOW, "")) is None)
    for first, count in _headed(open_, lambda section: bool(_SAYS_DONE.search(fold(section)))):
        found, column = shown(first.section), Field.STATUS
        yield first.problem("section_says_done", Severity.TO_CONFIRM, column, found, count=count)


def _headed(rows: Iterable[WrittenRow], asks: Callable[[str], bool]) -> list[tuple[WrittenRow, int]]:
    """Return the first row and the number of rows of each group whose heading `asks`."""
    sections: dict[str, list[WrittenRow]] = {}
    for row in rows:
        if row.section:
            sections.setdefault(row.section, []).append(row)
    return [(under[0], len(under)) for section, under in sections.items() if asks(section)]


def _restarts_in_sections(rows: Sequence[WrittenRow]) -> bool:
    """Whether the numbers begin again under each group, so that only group and number name a task."""
    numbers = [(row.sheet, row.number) for row in rows]
    named = {(row.sheet, row.section, row.number) for row in rows}
    return len(set(numbers)) < len(numbers) == len(named)
