"""The oracle on completion: when the work counts as done, read off the domain's sentences, slowly."""

from datetime import date, datetime

from tests.oracle.facts import Facts, Report, Ruling


def completion(
    facts: Facts, level: str, reports: list[Report], rulings: list[Ruling]
) -> tuple[date | None, date, date]:
    """Return the day the work counts as done (None: not), that it was first claimed, and that its proof was given.

    Where nothing is claimed, the last two never come.
    """
    claims = standing_claims(facts, reports, rulings)
    if not claims:
        return None, date.max, date.max
    first_claimed_on = min(each.on for each in claims)
    proven = [each for each in claims if is_proven(each)]
    counted = last_by_day(proven or [each for each in claims if each.proof_on or each.done_on] or claims)
    answers_given = [each for each in rulings if each.what in ("confirm", "return")]
    # "confirmed: accepted by the secretariat": the last word was a confirmation, and it was said of this very proof.
    same_proof = [each for each in claims if (each.number, each.proof_on) == (counted.number, counted.proof_on)]
    accepted = (
        bool(answers_given)
        and answers_given[-1].what == "confirm"
        and any(facts.workbooks[each.workbook].recorded_at <= answers_given[-1].at for each in same_proof)
    )
    enough = {"declared": True, "evidenced": bool(proven) or accepted, "confirmed": accepted}[level]
    # "the evidence's date is the completion date"; without one, the day the agency says, else the day it first said so:
    # saying it again every month does not make the work later.
    day = counted.proof_on or counted.done_on or first_claimed_on
    return (day if enough else None), first_claimed_on, min(each.on for each in same_proof)


def standing_claims(facts: Facts, reports: list[Report], rulings: list[Ruling]) -> list[Report]:
    """Return the reports that say "done", neither withdrawn by a report of a later day nor sent back.

    "A completion withdrawn or sent back reopens." What was sent back counts again when it is reported anew, or when a
    confirmation comes after all with nothing new to confirm.
    """
    withdrawn = [(each.on, place) for place, each in enumerate(reports) if each.done is False]
    claims = [
        each for place, each in enumerate(reports) if each.done and (not withdrawn or (each.on, place) > max(withdrawn))
    ]
    sent_back: list[Report] = []
    for ruling in rulings:
        given = [each for each in claims if facts.workbooks[each.workbook].recorded_at <= ruling.at]
        if ruling.what == "return":
            sent_back = given
        elif ruling.what == "confirm" and not [each for each in given if each not in sent_back]:
            sent_back = []
    return [each for each in claims if each not in sent_back]


def counts_again_from(facts: Facts, reports: list[Report], rulings: list[Ruling]) -> datetime | None:
    """Return the instant after which what is recorded counts, since all before it was sent back; None when nothing was.

    A confirmation that comes after a return brings back what was sent back, unless "done" was said anew in between.
    """
    returns = [each for each in rulings if each.what == "return"]
    if not returns:
        return None
    last = rulings.index(returns[-1])
    answers_given = [each for each in rulings[last + 1 :] if each.what == "confirm"]
    if not answers_given:
        return returns[-1].at
    withdrawn = [(each.on, place) for place, each in enumerate(reports) if each.done is False]
    for place, each in enumerate(reports):
        recorded_at = facts.workbooks[each.workbook].recorded_at
        stands = each.done and (not withdrawn or (each.on, place) > max(withdrawn))
        if stands and returns[-1].at < recorded_at <= answers_given[0].at:
            return returns[-1].at
    return None


def is_proven(report: Report) -> bool:
    """Whether a document's number and date were given, and it can be the product asked for."""
    return report.number is not None and report.proof_on is not None and report.fits is not False


def last_by_day(claims: list[Report]) -> Report:
    """Return the claim of the latest day; of several on one day, the one recorded last."""
    return max(enumerate(claims), key=lambda placed: (placed[1].on, placed[0]))[1]
