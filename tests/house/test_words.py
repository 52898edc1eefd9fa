"""Every word of the catalogues is said somewhere: named whole, named by its topic's speaker, or one of a family."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CATALOGUES = sorted((ROOT / "texts" / "words").glob("*.toml"))
ROOMS = "cli flows portal imports notifications reports decisions models texts rules"
QUOTED = re.compile(r"""["']([\w. ]+)["']""")

# Topics whose room has a short way of saying them, and names entries without the topic.
SPEAKERS = {
    "changes": "cli/changes.py",
    "cli": "cli/failure.py",
    "conclusions": "cli/conclusions.py imports/storing/recording.py",
    "deadline": "rules/deadline/*.py texts/deadline.py",
    "decision": "decisions/*.py rules/extension.py",
    "doctor": "cli/doctor*.py cli/finding.py",
    "escalation": "rules/holding_rows.py",
    "edition": "reports/editions.py cli/editions.py",
    "explain": "models/expla*.py",
    "period": "texts/periods.py",
    "portal": "portal/refusals.py",
    "problem": "imports/*.py imports/*/*.py",
    "report": "reports/*.py",
    "acting": "portal/typed.py",
    "scorecard": "cli/scorecard.py rules/scorecard.py",
    "status": "rules/status.py",
    "template": "imports/returning/template*.py",
    "tidy": "cli/tidy.py",
}
# Entries put together from a part (*) that stands as a word of its own in the files named.
FAMILIES = {
    "acting.accepted_*": "portal/templates/acting/forms.html",
    "acting.asks_until_*": "decisions/*.py portal/templates/acting/questions.html",
    "acting.choose_*": "portal/typed.py portal/acting/*.py decisions/*.py",
    "acting.explain_*": "portal/typed.py portal/acting/*.py decisions/*.py",
    "acting.send_*": "portal/typed.py portal/acting/*.py decisions/*.py",
    "acting.field_*": "",
    "acting.hint_*": "portal/typed.py portal/acting/*.py portal/templates/acting/forms.html",
    "acting.kind_*": "portal/acting/*.py models/*.py rules/people.py",
    "acting.obstacle_*": "rules/obstacle.py",
    "acting.state_*": "models/handed.py",
    "editions.column_*": "portal/templates/editions/changes.html",
    "editions.file_*": "reports/state.py reports/editions.py portal/editions/*.py",
    "editions.no_*": "portal/editions/making.py",
    "editions.kind_*": "portal/editions/*.py reports/*.py",
    "portal.role_*": "rules/access.py",
    "answer.choose_*": "decisions/replies.py",
    "answer.explain_*": "decisions/replies.py",
    "answer.given_*": "decisions/replies.py",
    "answer.until_*": "decisions/replies.py",
    "changes.column_*": "cli/changes.py",
    "changes.field_*": "imports/storing/*.py",
    "cli.column_*": "cli/*.py",
    "cli.help_*": "cli/main.py",
    "cli.outcome_*": "imports/storing/recording.py cli/import_workbooks.py",
    "cli.place_*": "cli/demo_answer.py",
    "cli.role_*": "rules/ladder.py",
    "cli.severity_*": "imports/problem.py",
    "cli.undo_*": "imports/storing/undoing.py",
    "cli.verdict_*": "cli/status.py",
    "collecting.count_*": "portal/templates/collecting/upload.html",
    "collecting.kind_*": "models/batches.py",
    "collecting.list_*": "portal/collecting/view.py",
    "collecting.mend_*": "portal/templates/collecting/upload.html",
    "collecting.reminder_*": "notifications/notice.py",
    "collecting.sent_*": "models/rounds.py",
    "collecting.stage_*": "models/uploads.py",
    "collecting.undo_*": "imports/storing/undoing.py",
    "columns.column_*": "cli/columns.py",
    "columns.field_*": "rules/layout.py",
    "columns.kind_*": "rules/layout.py cli/columns.py",
    "deadline.point_*": "rules/deadline/*.py",
    "deadline.unit_*": "rules/deadline/*.py",
    "deadline.weekday_*": "",
    "edition.column_*": "cli/editions.py",
    "edition.review_*": "cli/review.py",
    "edition.state_*": "reports/state.py",
    "decision.action_*": "decisions/replies.py decisions/actions.py decisions/answering.py decisions/linking.py "
    "decisions/handing_down.py",
    "escalation.column_*": "cli/ladder.py cli/questions.py cli/escalate.py",
    "escalation.question_*": "decisions/*.py models/waiting_duties.py",
    "explain.*_what": "decisions/actions.py",
    "explain.clear_*": "rules/completeness.py",
    "explain.handed_*": "rules/handed.py",
    "explain.level_*": "rules/status.py",
    "explain.why_*": "rules/status.py",
    "handed.column_*": "cli/hand_down.py",
    "import.aside_*": "imports/layout/accounting.py",
    "looking.appeal_*": "decisions/replies.py",
    "looking.bad_*": "portal/looking/question.py",
    "looking.capacity_*": "rules/people.py",
    "looking.change_*": "models/changed_since.py",
    "looking.changed_*": "models/changed_since.py",
    "looking.column_*": "portal/looking/exports.py portal/templates/looking/*.html",
    "looking.decision_*": "decisions/actions.py",
    "webhooks.bad_*": "rules/webhook.py",
    "webhooks.column_*": "cli/webhooks.py portal/templates/signing/webhooks.html",
    "webhooks.kind_*": "",
    "webhooks.last_*": "notifications/webhook_line.py models/webhooks.py",
    "webhooks.state_*": "rules/webhook.py",
    "looking.figure_*": "models/scorecard.py",
    "looking.filter_*": "portal/looking/filters.py",
    "looking.flag_*": "rules/status.py",
    "looking.notice_*": "notifications/notice.py",
    "looking.obstacle_*": "rules/obstacle.py",
    "looking.promise_*": "models/commitments.py",
    "looking.verdict_*": "rules/milestone.py portal/templates/looking/first.html",
    "notice.ask_*": "rules/ladder.py",
    "notice.column_*": "notifications/rows_workbook.py",
    "notice.ended_*": "notifications/sorting.py",
    "notice.news_*": "notifications/digest.py",
    "notice.obstacle_ended_*": "notifications/sorting.py models/duties.py",
    "notice.recipient_*": "rules/people.py",
    "notice.role_*": "rules/ladder.py",
    "notice.share_ended_*": "notifications/sorting.py models/duties.py models/shares_due.py",
    "notice.subject_*": "notifications/summary.py",
    "notice.summary_*": "notifications/summary.py",
    "notice.suppressed_*": "notifications/notice.py",
    "notice.told_*": "notifications/notice.py",
    "acting.answered_*": "decisions/settling.py",
    "operations.action_*": "",
    "operations.detail_*": "",
    "operations.chain_*": "models/outcome_tables.py",
    "operations.column_*": "portal/operations/audit.py portal/templates/operations/*.html",
    "operations.notices_*": "notifications/notice.py",
    "outbox.column_*": "cli/outbox.py",
    "report.annex_*": "reports/*.py",
    "report.column_count_*": "rules/scorecard.py",
    "report.column_of_*": "rules/scorecard.py",
    "report.criterion_*": "rules/scorecard.py",
    "report.figures_*": "rules/scorecard.py",
    "report.heading_*": "reports/*.py rules/scorecard.py",
    "report.issuer_*": "",
    "report.level_*": "rules/status.py",
    "report.progress_done_late*": "reports/wording.py",
    "report.progress_overdue*": "reports/wording.py",
    "report.propose_*": "rules/scorecard.py",
    "report.propose_nothing_*": "rules/scorecard.py",
    "report.sheet_*": "reports/*.py",
    "report.source_*": "",
    "report.verdict_*": "rules/milestone.py",
    "report.answer_*": "reports/*.py rules/*.py decisions/*.py",
    "report.asked_*": "reports/beside.py rules/*.py decisions/*.py",
    "report.ask_*": "reports/brief.py",
    "report.commitment_*": "models/commitments.py",
    "report.field_*": "",
    "report.group_*": "reports/charts.py",
    "report.month_*": "",
    "report.part_*": "",
    "report.*_none": "reports/*.py",
    "report.*_nothing": "reports/*.py",
    "report.*_some": "reports/*.py",
    "scorecard.column_*": "cli/scorecard.py",
    "scorecard.reason_*": "rules/scorecard.py",
    "setting.*": "config/wrong_settings.py",
    "signing.password_*": "rules/access.py",
    "signing.scope_*": "rules/access.py",
    "template.column_*": "imports/*.py imports/*/*.py",
    "template.instruction_*": "",
    "template.status_*": "imports/returning/template*.py",
    "template.wrong_*": "imports/returning/template*.py",
}
# Families whose part is read from data or counted: a weekday, a line, the sign in a document's number, what an entry
# of the audit trail keeps.
COUNTED = {
    "acting.field_*": (
        "reason document on cancel_on resume_on reinstate_on succeed_on answer_on extend_until_on date_until_on "
        "hold_from_on hold_until_on acknowledge_until_on extension_until_on asked_on exception stops_clock to "
        "redirect_to same_as accepted answer agency role delegate_to address delegate_from_on delegate_until_on "
        "unit hand_down_due_on hand_down_text product state report_handed_on completed_on evidence report_handed_text"
    ),
    "deadline.weekday_*": "0 1 2 3 4 5 6",
    "report.issuer_*": "TTG CP VPCP",
    "report.field_*": (
        "total days_late due_on effective_due_on original_due_on status completed_on reported_on result "
        "evidence difficulty proposal task product count of longest met met_late missed pending due agency "
        "agency_name done members assignments place reported_later last_day step "
        "step_until also edition as_of joined"
    ),
    "operations.action_*": (
        "record_workbook undo_batch remind send_unchanged edition_write contacts requeue_notice cancel_notice "
        "sign_in_signed_in sign_in_refused sign_in_signed_out sign_in_bound sign_in_password_checked "
        "account_open account_change account_password account_reset account_close api_client_issue "
        "api_client_end api_client_sent webhook_add webhook_on webhook_off webhook_set_aside"
    ),
    "operations.detail_*": (
        "decision effective_on until_on due_on document reason to exception later_periods reply notice appeal "
        "outcome answer obstacle answered_on role post agency agencies email from_on upload file reported_on "
        "state follows corrects approved_by address new changed gone reports kept before posts client scope "
        "host kinds unit assignment batch on evidence after detail"
    ),
    "report.month_*": "1 2 3 4 5 6 7 8 9 10 11 12",
    "report.part_*": (
        "totals agencies milestones late done_late due_next undated unconfirmed unled collectives "
        "movement_totals movement_moves movement_becomes_late movement_becomes_done movement proposals "
        "sources letterhead without_due_day_counts without_due_day beyond_milestones thresholds cutoff "
        "meeting recurring ongoing extensions disputes indicators obstacles conclusions burndown "
        "previous previous_newly_late previous_late_no_more"
    ),
    "report.source_*": "CT QD NQ CD TB KH",
    "webhooks.kind_*": "workbook_recorded workbook_undone decision_taken reply_given edition_final",
    "template.instruction_*": "1 2 3 4 5 6 7 8 9",
}


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.stem)
def test_no_word_is_unused(catalogue: Path) -> None:
    topic = catalogue.stem
    entries = tomllib.loads(catalogue.read_text(encoding="utf-8"))
    assert [entry for entry in entries if not is_said(topic, entry)] == []


def test_no_family_is_empty() -> None:
    """A family nobody needs would let an unused word through."""
    keys = {f"{path.stem}.{entry}" for path in CATALOGUES for entry in tomllib.loads(path.read_text(encoding="utf-8"))}
    assert [family for family in FAMILIES if not any(is_of(family, key) for key in keys)] == []


def test_a_word_nobody_says_is_found() -> None:
    assert not is_said("cli", "nobody_says_this")
    assert not is_said("portal", "flag_nobody_says_this")


def is_said(topic: str, entry: str) -> bool:
    key = f"{topic}.{entry}"
    return (
        key in words_in(everywhere())
        or (topic in SPEAKERS and entry in words_in(SPEAKERS[topic]))
        or any(is_of(family, key) for family in FAMILIES)
    )


def is_of(family: str, key: str) -> bool:
    before, _, after = family.partition("*")
    if not (key.startswith(before) and key.endswith(after) and len(key) > len(before) + len(after)):
        return False
    part = key[len(before) : len(key) - len(after)]
    return part in (COUNTED[family].split() if family in COUNTED else words_in(FAMILIES[family]))


def everywhere() -> str:
    return " ".join(f"{room}/**/*.{kind}" for room in ROOMS.split() for kind in ("py", "html", "txt"))


@cache
def words_in(globs: str) -> frozenset[str]:
    """Return the strings that stand in the files, docstrings apart."""
    return frozenset(word for glob in globs.split() for path in ROOT.glob(glob) for word in _words(path))


def _words(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield from QUOTED.findall(text)
        return
    tree = ast.parse(text)
    yield from (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))
