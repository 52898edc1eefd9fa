"""Judged ahead: the days the first pages ask about are ready before the first reader, at start and each new morning."""

import gc
import logging
from threading import Event, Thread

from sqlalchemy.exc import SQLAlchemyError

from models.milestones_then import end_of
from models.scorecard import month_before
from models.turns import BusyError
from portal.desk import Desk
from portal.looking.tables import kept_of

_EVERY_SECONDS = 10
_LOG = logging.getLogger(__name__)


def keep_ahead(desk: Desk) -> Event:
    """Judge today ahead from now on, in a thread, until the event is set."""
    stop = Event()
    Thread(target=_keep_ahead, args=(desk, stop), name="ahead", daemon=True).start()
    return stop


def judge_ahead(desk: Desk) -> None:
    """Judge what the first page and the pages of agencies ask about today, where it is not judged yet."""
    kept, today = kept_of(desk), desk.today()
    known_at = kept.ready_at(today, desk.now())
    before = kept.reference().calendar.add_working_days(today, -1)
    kept.at(before, min(known_at, end_of(before)), then=True)
    kept.at(month_before(today), known_at)
    kept.at(today, known_at)


def _keep_ahead(desk: Desk, stop: Event) -> None:
    kept, set_aside = kept_of(desk), 0
    while not stop.is_set():
        try:
            judge_ahead(desk)
        except (SQLAlchemyError, BusyError) as error:
            _LOG.warning("not judged ahead: %s", type(error).__name__)
        if kept.judged != set_aside:
            # A million rows hold no reference cycle: to look them through for one stops every page for half a second.
            # What is young is looked through first: garbage that is set aside would never be freed.
            gc.collect(1)
            gc.freeze()
            set_aside = kept.judged
        stop.wait(_EVERY_SECONDS)
