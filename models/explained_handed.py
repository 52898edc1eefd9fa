"""The steps of an explanation that tell what of an assignment was handed down, and how far the units are."""

from collections.abc import Iterator, Sequence

from models.explanation import Case, Saying, Telling, saying, working_days
from models.handed import HandedRow, rolled_up
from rules.status import Status

_DONE = frozenset({Status.COMPLETED_ON_TIME, Status.COMPLETED_LATE})


def handed(rows: Sequence[HandedRow], case: Case) -> Iterator[Telling]:
    """Tell how many shares are done and which are late, then each; done with open shares is to be confirmed."""
    if not rows:
        return
    together = rolled_up(rows)
    names = {code: agency.name_vi for code, agency in case.reference.register.by_code().items()}
    agencies = ", ".join(dict.fromkeys(names[row.handed.agency_code] for row in rows))
    what = saying("handed_what", done=together.done, total=together.total)
    late = ", ".join(together.late) or "—"
    to_confirm = case.row is not None and case.row.status in _DONE and together.open
    why = (
        saying("handed_to_confirm_why", open=together.open, late=late)
        if to_confirm
        else saying("handed_why", late=late)
    )
    yield what, why, saying("handed_source", agency=agencies)
    for row in rows:
        share = row.handed
        told = saying("handed_share_what", code=share.code, unit=share.unit, text=share.text)
        yield told, _standing(row), saying("handed_share_source", at=share.recorded_at, by=share.decided_by)


def _standing(row: HandedRow) -> Saying:
    told = {"due": row.due_on, "status": saying(f"handed_{row.status}")}
    if row.days_late:
        return saying("handed_share_late_why", **told, days_late=working_days(row.days_late))
    return saying("handed_share_why", **told)
