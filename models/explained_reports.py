"""The steps of an explanation that tell the reports: what was declared, with which evidence, and what counted."""

from collections.abc import Iterator
from dataclasses import replace

from models.assignment_tables import Progress
from models.explanation import Case, Saying, Telling, cell_of, saying
from rules.status import CompletionLevel

_DECLARED = {True: "declared_done", False: "declared_open", None: "declared_nothing"}


def reports(case: Case) -> Iterator[Telling]:
    """Tell every report, oldest first, each with the evidence it gave."""
    story = case.story
    if not story.reports:
        yield saying("no_report_what"), saying("no_report_why"), saying(f"level_{case.level}")
    for report in story.reports:
        batch = story.batches[report.batch_id]
        declared = saying(_DECLARED[report.declared_done])
        what = saying("report_what", on=report.reported_on, declared=declared, result=report.result_text)
        yield what, _weighed(case, report), cell_of(report, "status", batch)
        if report.evidence_text or report.evidence_number:
            evidence = saying("evidence_what", text=report.evidence_text or report.evidence_number)
            yield evidence, _proves(case, report), cell_of(report, "evidence", batch)


def _proves(case: Case, report: Progress) -> Saying:
    """Say what the evidence of a report proves."""
    if report.evidence_number is None or report.evidence_on is None:
        return saying("evidence_wanting_why")
    cited = {"number": report.evidence_number, "on": report.evidence_on}
    if report.evidence_matches is False:
        return saying("evidence_other_why", product=case.story.wording.product, **cited)
    return saying("evidence_match_why" if report.evidence_matches else "evidence_open_why", **cited)


def _weighed(case: Case, report: Progress) -> Saying:
    """Say whether a report makes the work done, and if not, what is wanting.

    What was reported after the day asked about replaces nothing, unless the status of that day rests on it.
    """
    story, counted = case.story, _counted(case)
    if report is counted:
        completed_on = story.completed_on(case.level)
        return saying("counted_why", completed_on=completed_on, evidence=report.evidence_text or "—")
    if report.reported_on > case.as_of:
        return saying("after_why")
    if report.declared_done is None:
        return saying("unsaid_why")
    then = replace(story, reports=[each for each in story.reports if each.reported_on <= case.as_of])
    if counted and counted in then.reports and report is then.last_report:
        return saying("restated_why")
    overruled = counted or then.completed_on(case.level) or report is not then.last_report
    return saying("replaced_why") if overruled else _wanting(replace(case, story=then), report)


def _counted(case: Case) -> Progress | None:
    """Return the report the completion rests on; None without one, or when both lie after the day asked about."""
    claim, completed_on = case.story.claim, case.story.completed_on(case.level)
    if claim is None or completed_on is None:
        return None
    return claim if min(claim.reported_on, completed_on) <= case.as_of else None


def _wanting(case: Case, report: Progress) -> Saying:
    """Say why the last report does not make the work done."""
    story, evidence = case.story, report.evidence_text or "—"
    if not report.declared_done:
        return saying("open_why")
    if story.acceptance and story.acceptance.action == "return":
        return saying("returned_why")
    if case.level is not CompletionLevel.EVIDENCED:
        return saying("unconfirmed_why", evidence=evidence)
    return saying("other_product_why" if report.evidence_matches is False else "unevidenced_why", evidence=evidence)
