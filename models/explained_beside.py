"""The steps of an explanation that tell what stands beside an assignment: holder, indicators, obstacles, six clears."""

from collections.abc import Iterator, Sequence

from models.clear_duties import clears_of, heads_of
from models.explanation import Case, Saying, Telling, cell_of, listed, record_of, saying, working_days
from models.indicators import MeasuredIndicator
from models.obstacles import ObstacleRow
from models.raised_tables import Indicator
from rules.completeness import Clear
from rules.obstacle import ObstacleStatus
from rules.status import NEVER
from texts import Language, number_text

_MOST_DECIMALS = 6


def holder(case: Case) -> Iterator[Telling]:
    """Tell who is accountable that day in place of whom, and how many parts it holds."""
    row, agencies = case.row, case.reference.register.by_code()
    if row is None:
        return
    assigned, held_by = agencies[case.story.assignment.agency_code], agencies[row.agency]
    if assigned != held_by:
        names = {"agency": assigned.name_vi, "successor": held_by.name_vi}
        why = saying("holder_why", valid_to=assigned.valid_to, **names)
        yield saying("holder_what", **names), why, saying("register")
    if len(row.parts) > 1:
        what = saying("parts_what", agency=held_by.name_vi, count=len(row.parts), codes=", ".join(row.parts))
        yield what, saying("parts_why"), saying("register")


def same_work(case: Case) -> Iterator[Telling]:
    """Tell which document's row counts for work that several give, and which do not."""
    row = case.row
    if row is None or not row.same_work:
        return
    counted = saying("same_work_row", code=row.code, document=row.document, due_on=row.due_on or "—")
    others = [
        saying("same_work_row", code=each.code, document=each.document, due_on=each.due_on or "—")
        for each in row.same_work
    ]
    what = saying("same_work_what", counted=counted, others=listed(others))
    yield what, saying("same_work_why"), saying("same_work_source")


def clear(case: Case) -> Iterator[Telling]:
    """Tell which of the five clears and authority are missing."""
    if case.row is None:
        return
    found = clears_of(case.row, heads_of(case.reference.contacts))
    missing = [saying(f"clear_{each}") for each in Clear if not found[each]]
    what = saying("unclear_what", missing=listed(missing)) if missing else saying("clear_what")
    yield what, saying("clear_why"), saying("clear_source")


def indicators(measured: Sequence[MeasuredIndicator]) -> Iterator[Telling]:
    """Tell each indicator: its value against its target, the straight line, and the forecast."""
    for each in measured:
        indicator, latest = each.indicator, each.latest
        target = saying("indicator_target", target=_target(indicator), on=indicator.target_on or "—")
        source = cell_of(indicator, "target", each.batch)
        if latest is None or each.observed_in is None:
            yield (
                saying("indicator_unobserved_what", name=indicator.name, target=target),
                saying("no_value_why"),
                source,
            )
            continue
        value = _measured(latest.value, latest.unit or indicator.unit, _decimals(latest.value))
        what = saying("indicator_what", name=indicator.name, value=value, on=latest.observed_on, target=target)
        yield what, _on_its_way(each, _decimals(latest.value)), cell_of(latest, "actual", each.observed_in)


def _target(indicator: Indicator) -> Saying | str:
    if indicator.target is None:
        return indicator.target_text or "—"
    return _measured(indicator.target, indicator.unit, _decimals(indicator.target))


def _on_its_way(each: MeasuredIndicator, decimals: int) -> Saying:
    """Tell the line and the forecast as finely as the value was given."""
    standing = each.standing
    if standing.expected is None or standing.on_track is None:
        return saying("no_line_why")
    unit = each.indicator.unit
    expected = _measured(standing.expected, unit, decimals)
    track = saying("on_track" if standing.on_track else "off_track", expected=expected)
    if standing.forecast is None:
        return saying("track_why", track=track)
    value = _measured(standing.forecast, unit, decimals)
    forecast = saying("forecast_reaches" if standing.reaches else "forecast_misses", value=value)
    return saying("track_forecast_why", track=track, forecast=forecast, on=each.indicator.target_on)


def _measured(value: float, unit: str, decimals: int) -> Saying:
    def word(language: Language) -> str:
        separator = "." if language is Language.EN else ","
        number = number_text(value, decimals, language).rstrip("0").rstrip(separator)
        return f"{number}%" if unit == "%" else f"{number} {unit}".strip()

    return word


def _decimals(value: float) -> int:
    """Return how many decimals tell a value as it was given, at least one."""
    return next((enough for enough in range(1, _MOST_DECIMALS) if round(value, enough) == value), _MOST_DECIMALS)


def obstacles(rows: Sequence[ObstacleRow], case: Case) -> Iterator[Telling]:
    """Tell each obstacle: who must answer by when, and the answer once somebody gave it."""
    names = {code: agency.name_vi for code, agency in case.reference.register.by_code().items()}
    for row in rows:
        raised = row.obstacle
        text = raised.text or raised.proposal
        what = saying("obstacle_what", id=raised.id, by=names[raised.raised_by], on=raised.raised_on, text=text)
        to = names.get(row.addressed_to or "") or raised.addressed_text
        yield what, _asked_of(row, to), cell_of(raised, "difficulty" if raised.text else "proposal", row.batch)
        if row.answer is not None:
            given = saying("answer_what", id=raised.id, on=row.answer.answered_on, answer=row.answer.answer)
            days_late = working_days(row.days_late)
            late = saying("answer_late_why" if row.days_late else "answer_in_time_why", days_late=days_late)
            yield given, saying("answer_why", by=row.answer.decided_by, late=late), record_of(row.answer)


def _asked_of(row: ObstacleRow, named: str) -> Saying:
    by, to = row.effective_needed_by, named or saying("nobody_named")
    if by == NEVER:
        return saying("answer_undated_why", to=to) if named else saying("answer_unasked_why")
    if row.status is ObstacleStatus.OVERDUE:
        return saying("answer_overdue_why", to=to, by=by, days_late=working_days(row.days_late))
    return saying("answer_due_why", to=to, by=by)
