"""What people decide about an assignment: one transaction and one audit entry each. Imports `models` and below only."""

from decisions.actions import (
    Action,
    Cancel,
    Confirm,
    Decline,
    Extend,
    Hold,
    Reinstate,
    Resume,
    Return,
    SetDueDay,
    Succeed,
)
from decisions.answering import AnswerObstacle
from decisions.handing_down import HandDown, ReportHanded, hand_down, report_handed
from decisions.linking import Link, Unlink
from decisions.outcome import Outcome
from decisions.record import decide
from decisions.replies import Acknowledge, Delegate, Dispute, Redirect, Reply, RequestExtension, Settle
from decisions.waiting import OpenQuestion, RunningHold, holds_of, open_questions

__all__ = [
    "Acknowledge",
    "Action",
    "AnswerObstacle",
    "Cancel",
    "Confirm",
    "Decline",
    "Delegate",
    "Dispute",
    "Extend",
    "HandDown",
    "Hold",
    "Link",
    "OpenQuestion",
    "Outcome",
    "Redirect",
    "Reinstate",
    "Reply",
    "ReportHanded",
    "RequestExtension",
    "Resume",
    "Return",
    "RunningHold",
    "SetDueDay",
    "Settle",
    "Succeed",
    "Unlink",
    "decide",
    "hand_down",
    "holds_of",
    "open_questions",
    "report_handed",
]
