"""Who must hear, in one digest per person and day, and what came of telling them. Imports `models`, `texts`, `rules`.

Two verbs: `plan_notices` decides and writes the outbox, `deliver` empties it through Apprise. Knows no Prefect, no web.
"""

from notifications.channel import ChannelError
from notifications.delivery import DeliverySummary, deliver
from notifications.notice import NoticeState, Plan, PlannedItem, PlannedNotice, Reason, Suppressed, Suppression
from notifications.planning import plan_notices

__all__ = [
    "ChannelError",
    "DeliverySummary",
    "NoticeState",
    "Plan",
    "PlannedItem",
    "PlannedNotice",
    "Reason",
    "Suppressed",
    "Suppression",
    "deliver",
    "plan_notices",
]
