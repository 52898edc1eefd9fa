"""Answer what those who were told asked for, and delegate a post while its holder is away."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from decisions.outcome import RECORDED, REFUSED, UNCHANGED, Outcome, Refusal
from decisions.overtaking import overtaken
from decisions.replies import Delegate, Settle
from models.assignment_tables import Assignment
from models.commitment_tables import Appeal, AppealAnswer
from models.escalation_tables import HoldingRow
from models.outcome_tables import AuditEntry
from models.people import DECISION, add_holdings
from models.register_tables import AgencyRow
from models.store import Store
from models.writers import wait_for_writers_of
from rules.people import Holding, HoldingKind
from texts import date_text
from texts.wording import HANOI

ACCEPTED, DECLINED = "accepted", "declined"


def settle(action: Settle | Delegate, *, store: Store, by: str, now: datetime, seen: str | None = None) -> Outcome:
    """Record, by the post `by`, the answer to an appeal or a delegation. Neither moves a due day. `now` is aware.

    `seen` is as in `decide`.
    """
    return _delegate(action, store, by, now) if isinstance(action, Delegate) else _settle(action, store, by, now, seen)


def _settle(action: Settle, store: Store, by: str, now: datetime, seen: str | None) -> Outcome:
    missing = _missing(by, action.reason)
    if missing:
        return _refused(action.name, missing)
    with store.writing() as session:
        wait_for_writers_of(session, AppealAnswer, HoldingRow)
        appeal = session.get(Appeal, action.appeal)
        if appeal is None:
            return _refused(action.name, "unknown_appeal", appeal=action.appeal)
        today = now.astimezone(HANOI).date()
        if action.on > today:
            return _refused(action.name, "in_the_future", on=date_text(action.on), today=date_text(today))
        outcome, words = ACCEPTED if action.accepted else DECLINED, action.reason.strip()
        given = select(AppealAnswer).where(AppealAnswer.appeal_id == appeal.id).order_by(col(AppealAnswer.id).desc())
        last = session.exec(given).first()
        if last and (last.outcome, last.answer, last.document) == (outcome, words, action.document.strip()):
            return Outcome(action.name, UNCHANGED)
        code = session.get_one(Assignment, appeal.assignment_id).code
        refusal = overtaken(session, appeal.assignment_id, code, seen)
        if refusal:
            return Outcome(action.name, REFUSED, refusal=refusal)
        session.add(
            AppealAnswer(
                appeal_id=action.appeal, answered_on=action.on, outcome=outcome, answer=words,
                document=action.document.strip(), decided_by=by.strip(), recorded_at=now,
            )
        )  # fmt: skip
        detail = {"appeal": appeal.id, "outcome": outcome, "reason": words, "document": action.document.strip()}
        return Outcome(action.name, RECORDED, _audited(session, action.name, code, detail, by.strip(), now))


def _delegate(action: Delegate, store: Store, by: str, now: datetime) -> Outcome:
    missing = _missing(by, action.reason) or ("needs_address" if not action.address.strip() else None)
    if missing:
        return _refused(action.name, missing)
    if action.until_on < action.from_on:
        return _refused(
            action.name, "hold_ends_first", from_on=date_text(action.from_on), until_on=date_text(action.until_on)
        )
    with store.writing() as session:
        wait_for_writers_of(session, AppealAnswer, HoldingRow)
        if session.get(AgencyRow, action.agency) is None:
            return _refused(action.name, "unknown_agency_code", agency=action.agency)
        holding = Holding(
            action.agency, action.role, HoldingKind.DELEGATE, "", action.to.strip(), action.address.strip(),
            action.from_on, action.until_on,
        )  # fmt: skip
        if _is_recorded(session, holding):
            return Outcome(action.name, UNCHANGED)
        add_holdings(session, [holding], source=DECISION, by=by.strip(), now=now, reason=action.reason.strip())
        detail = {
            "role": str(action.role),
            "to": holding.name,
            "from_on": action.from_on.isoformat(),
            "until_on": action.until_on.isoformat(),
            "reason": action.reason.strip(),
        }
        return Outcome(action.name, RECORDED, _audited(session, action.name, action.agency, detail, by.strip(), now))


def _is_recorded(session: Session, holding: Holding) -> bool:
    row = HoldingRow
    same = select(row).where(
        row.agency_code == holding.agency, row.role == holding.role, row.kind == holding.kind,
        row.name == holding.name, row.address == holding.address, row.from_on == holding.from_on,
        row.until_on == holding.until_on, row.source == DECISION,
    )  # fmt: skip
    return session.exec(same).first() is not None


def _missing(by: str, reason: str) -> str | None:
    if not by.strip():
        return "needs_decider"
    return None if reason.strip() else "needs_reason"


def _audited(
    session: Session, name: str, subject: str, detail: Mapping[str, object], by: str, now: datetime
) -> int | None:
    entry = AuditEntry(at=now, by=by, action=f"decide.{name}", subject=subject, detail=dict(detail))
    session.add(entry)
    session.flush()
    return entry.id


def _refused(name: str, code: str, **values: object) -> Outcome:
    return Outcome(name, REFUSED, refusal=Refusal(code, values))
