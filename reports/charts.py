"""The report's charts as figures: which bars, which parts, and the words that stand for them."""

from collections.abc import Mapping, Sequence

from reports.counts import SHOWN, AgencyFacts
from reports.facts import Facts
from reports.paper import Bar, Chart, Segment
from reports.wording import milestone_text, status_text, within_sentence, worded
from rules.milestone import Verdict
from rules.register import AgencyKind

PORTRAIT_WIDTH, LANDSCAPE_WIDTH = 165, 250
_VERDICT_PATTERNS = {
    Verdict.MET: "completed_on_time",
    Verdict.MET_LATE: "completed_late",
    Verdict.MISSED: "overdue",
    Verdict.EXTENDED: "due_soon",
    Verdict.CANCELLED: "cancelled",
    Verdict.PENDING: "in_progress",
}


def milestones_chart(facts: Facts, number: int) -> Chart:
    """Return the verdicts per milestone."""
    segments = [Segment(worded(f"verdict_{verdict.value}"), _VERDICT_PATTERNS[verdict]) for verdict in Verdict]
    bars = [Bar(milestone_text(milestone), tuple(map(milestone.of, Verdict))) for milestone in facts.milestones]
    return _chart(segments, bars, worded("figure_milestones", number=number), PORTRAIT_WIDTH)


def agencies_charts(facts: Facts, numbers: Mapping[str, int]) -> Sequence[Chart]:
    """Return the counts by status per agency, the centre and the provinces apart, each with its number."""
    groups = (("central", central(facts)), ("provinces", provinces(facts)))
    known = [(name, agencies) for name, agencies in groups if agencies]
    return [_agencies_chart(agencies, worded(f"group_{name}"), numbers[name]) for name, agencies in known]


def central(facts: Facts) -> Sequence[AgencyFacts]:
    """Return the agencies of the centre, in register order."""
    return [agency for agency in facts.agencies if agency.kind != AgencyKind.PROVINCE]


def provinces(facts: Facts) -> Sequence[AgencyFacts]:
    """Return the provinces, in register order."""
    return [agency for agency in facts.agencies if agency.kind == AgencyKind.PROVINCE]


def _agencies_chart(agencies: Sequence[AgencyFacts], group: str, number: int) -> Chart:
    segments = [Segment(status_text(status), status.value) for status in SHOWN]
    bars = [Bar(agency.name, tuple(map(agency.counts.of, SHOWN))) for agency in agencies]
    return _chart(segments, bars, worded("figure_agencies", number=number, group=group), LANDSCAPE_WIDTH)


def _chart(segments: Sequence[Segment], bars: Sequence[Bar], caption: str, width: int) -> Chart:
    """Leave out the parts that no bar has: a legend names only what is drawn."""
    drawn = [index for index in range(len(segments)) if any(bar.counts[index] for bar in bars)]
    kept = tuple(segments[index] for index in drawn)
    shown = tuple(Bar(bar.label, tuple(bar.counts[index] for index in drawn)) for bar in bars)
    rows = "; ".join(worded("alt_row", label=bar.label, parts=_said(kept, bar)) for bar in shown)
    return Chart(kept, shown, caption, worded("alt_chart", rows=rows), width)


def _said(segments: Sequence[Segment], bar: Bar) -> str:
    return ", ".join(
        f"{within_sentence(segment.label)} {count}"
        for segment, count in zip(segments, bar.counts, strict=True)
        if count
    )
