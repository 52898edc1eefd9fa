"""Which columns are read from a table: what each reader of rows takes."""

from collections.abc import Collection

from imports.layout.headings import Field
from imports.meaning.assignment_rows import ASSIGNS
from imports.meaning.indicator_rows import DEFINED, OBSERVED
from imports.meaning.progress_rows import REPORTS

# A report gives these back as the annex has them, for people to read: nothing is lost by not reading them.
_GIVEN_BACK = frozenset({Field.PRODUCT, Field.COORDINATING, Field.ASSIGNED_DATE, Field.GROUP})


def fields_read(reports: bool, columns: Collection[Field]) -> frozenset[Field]:  # noqa: FBT001 - the one question
    """Return the fields read from a table with these columns, in a workbook that reports progress or assigns work."""
    work, indicators = (REPORTS | _GIVEN_BACK, OBSERVED | DEFINED) if reports else (ASSIGNS, DEFINED)
    return work | indicators if Field.INDICATOR in columns else work
