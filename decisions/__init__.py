"""What people decide about an assignment: one transaction and one audit entry each. Imports `models` and below only."""

from decisions.actions import Action, Cancel, Confirm, Extend, Hold, Return
from decisions.answering import AnswerObstacle
from decisions.outcome import Outcome
from decisions.record import decide

__all__ = ["Action", "AnswerObstacle", "Cancel", "Confirm", "Extend", "Hold", "Outcome", "Return", "decide"]
