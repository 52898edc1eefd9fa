"""The scorecard as `dondoc scorecard --json` answers it: each figure with its denominator and the query of its rows."""

from typing import Any

from models.scorecard import Figure, Score, Scorecard
from models.selection import Selection
from rules.completeness import Clear
from rules.scorecard import Measure, Proposal, Thresholds
from rules.status import Status
from texts import Language, say

_CLEARS = tuple(f"unclear_{clear}" for clear in Clear)


def scorecard_answer(card: Scorecard) -> dict[str, Any]:
    """Return the scorecard as plain values; `moved` is the change since `since`."""
    return {
        "as_of": card.as_of,
        "known_at": card.known_at,
        "since": card.since,
        "level": card.level,
        "criteria": {"rank_minimum": card.criteria.rank_minimum, **vars(card.criteria.thresholds)},
        "together": _score(card, card.together),
        "agencies": [_score(card, score) for score in card.agencies],
        **{str(measure): [_proposal(card, one) for one in proposed(card, measure)] for measure in Measure},
        "unled": card.unled,
    }


def proposed(card: Scorecard, measure: Measure) -> list[Proposal]:
    """Return whom a measure is proposed for, in the order of the register."""
    return [proposal for proposal in card.proposals if proposal.measure is measure]


def reason(card: Scorecard, proposal: Proposal, language: Language) -> str:
    """Return in words why an agency is proposed: its figures and the criterion they fulfil."""
    minimum, limit = _limits(proposal.measure, card.criteria.thresholds)
    figures = {"count": proposal.count, "of": proposal.of, "longest": proposal.longest}
    return say(f"scorecard.reason_{proposal.measure}", language, minimum=minimum, limit=limit, **figures)


def _limits(measure: Measure, limits: Thresholds) -> tuple[int, int]:
    return {
        Measure.PRAISE: (limits.praise_minimum, limits.praise_on_time_percent),
        Measure.CRITICISM: (limits.criticism_minimum, limits.criticism_overdue_percent),
        Measure.REVIEW: (limits.review_minimum, limits.review_days_late),
    }[measure]


def _score(card: Scorecard, score: Score) -> dict[str, Any]:
    who = {"agency": score.agency.code, "name": score.agency.name_vi, "rank": score.rank} if score.agency else {}
    delays = {"of": score.delays.of, "query": _query(card, score.delays.selection)}
    return {
        **who,
        **{name: _figure(card, figure) for name, figure in score.figures.items() if name not in _CLEARS},
        "unclear_by": {str(clear): _figure(card, score.figures[f"unclear_{clear}"]) for clear in Clear},
        "mean_days_late": {"value": round(score.delays.mean, 1), **delays},
        "worst_days_late": {"value": score.delays.worst, **delays},
        "moved": dict(score.moved),
    }


def _figure(card: Scorecard, figure: Figure) -> dict[str, Any]:
    query = _query(card, figure.selection)
    return {"count": figure.count, "of": figure.of, "of_what": figure.of_what, "query": query}


def _proposal(card: Scorecard, proposal: Proposal) -> dict[str, Any]:
    names = {score.agency.code: score.agency.name_vi for score in card.agencies if score.agency}
    return {
        "agency": proposal.agency,
        "name": names[proposal.agency],
        "count": proposal.count,
        "of": proposal.of,
        "longest": proposal.longest,
        "reason": {str(language): reason(card, proposal, language) for language in Language},
        "query": _query(card, _selection(card, proposal)),
    }


def _selection(card: Scorecard, proposal: Proposal) -> Selection:
    if proposal.measure is Measure.PRAISE:
        return Selection(proposal.agency, (Status.COMPLETED_ON_TIME,))
    late_from = card.criteria.thresholds.review_days_late if proposal.measure is Measure.REVIEW else 0
    return Selection(proposal.agency, (Status.OVERDUE,), late_from=late_from)


def _query(card: Scorecard, selection: Selection) -> str:
    return selection.command(as_of=card.as_of, known_at=card.known_at)
