"""The figures of `/metrics`: how long requests took, and what the store holds at the moment they are read."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from time import perf_counter

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import Scope

from config.measured import REPORT, last_measured
from models.gauges import gauges_of
from models.status_totals import StatusTotals, totals_of
from models.webhooks import hooks_of, told_of
from notifications.notice import NoticeState
from portal.desk import Desk
from rules.webhook import HookState

_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10)
_NOWHERE, _OTHER = "none", "other"
_COUNTED_EVERY = timedelta(minutes=1)
_METHODS = frozenset({"GET", "HEAD", "POST"})


class Figures:
    """The registry of one application."""

    def __init__(self, desk: Desk) -> None:
        """Count nothing yet."""
        self.registry = CollectorRegistry()
        self.registry.register(_Held(desk))
        self._durations = Histogram(
            "dondoc_request_seconds",
            "Seconds a request took, by the template of its route.",
            ["method", "route", "status"],
            buckets=_BUCKETS,
            registry=self.registry,
        )

    def note(self, scope: Scope, status_code: int, began: float) -> None:
        """Count a request that began at `began` (of `perf_counter`) and was answered now; addresses are not kept.

        Whoever asks cannot make the figures longer: a method we do not serve counts as another.
        """
        route = getattr(scope.get("route"), "path", _NOWHERE)
        method = (scope["method"] if scope["method"] in _METHODS else _OTHER) if route != _NOWHERE else _NOWHERE
        self._durations.labels(method, route, f"{status_code // 100}xx").observe(perf_counter() - began)


class _Held(Collector):
    """What the store holds, counted when it is read."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._counted: tuple[datetime, StatusTotals] | None = None

    def describe(self) -> Iterator[Metric]:
        return iter(())

    def collect(self) -> Iterator[Metric]:
        now = self._desk.now()
        yield InfoMetricFamily("dondoc_build", "The version that answers.", value={"version": _version()})
        yield from self._assignments(now)
        with self._desk.store.reading() as session:
            held = gauges_of(session, waiting=(NoticeState.PLANNED, NoticeState.FAILED_TEMPORARY))
        notices = GaugeMetricFamily("dondoc_notices", "Notices by state.", labels=["state"])
        for state in NoticeState:
            notices.add_metric([state], held.notices.get(state, 0))
        yield notices
        waited = (now - held.oldest_planned_at).total_seconds() if held.oldest_planned_at else 0
        yield _one(
            "dondoc_oldest_planned_notice_seconds",
            "How long the oldest unsent notice has waited.",
            waited,
        )
        yield _one("dondoc_batches", "Workbooks recorded.", held.batches)
        yield _one("dondoc_batch_rows", "Rows of the workbooks recorded.", held.rows)
        if held.newest_batch_at:
            age = (now - held.newest_batch_at).total_seconds()
            yield _one("dondoc_newest_batch_seconds", "How long ago the newest workbook was recorded.", age)
        yield from self._webhooks()
        if held.newest_edition_at:
            age = (now - held.newest_edition_at).total_seconds()
            yield _one("dondoc_newest_edition_seconds", "How long ago the newest report was made.", age)
        if (took := last_measured(self._desk.data, REPORT)) is not None:
            yield _one("dondoc_report_seconds", "How long the last run that made a report took over it.", took)

    def _webhooks(self) -> Iterator[Metric]:
        with self._desk.store.reading() as session:
            hooks = hooks_of(session)
            waiting = sum(told_of(session, hook.number).waiting for hook in hooks)
        family = GaugeMetricFamily("dondoc_webhooks", "Subscriptions of other systems by state.", labels=["state"])
        for state in (HookState.ON, HookState.OFF, HookState.SET_ASIDE):
            family.add_metric([state], sum(hook.state is state for hook in hooks))
        yield family
        yield _one("dondoc_webhook_messages_waiting", "Changes other systems have not taken yet.", waiting)

    def _assignments(self, now: datetime) -> Iterator[Metric]:
        totals = self._totals(now)
        family = GaugeMetricFamily("dondoc_assignments", "Assignments by status, today.", labels=["status"])
        for status, count in totals.totals().items():
            if status != "total":
                family.add_metric([status], count)
        yield family
        apart = GaugeMetricFamily(
            "dondoc_agency_assignments", "Assignments by accountable agency and status.", labels=["agency", "status"]
        )
        for agency, counts in totals.by_agency().items():
            for status, count in counts.items():
                if status != "total":
                    apart.add_metric([agency, status], count)
        yield apart

    def _totals(self, now: datetime) -> StatusTotals:
        """Count the assignments, at most once a minute: a register of a whole country is long."""
        if self._counted is None or not timedelta(0) <= now - self._counted[0] < _COUNTED_EVERY:
            desk = self._desk
            totals = totals_of(
                desk.store,
                as_of=desk.today(),
                known_at=now,
                level=desk.level,
                warning_working_days=desk.warning_working_days,
            )
            self._counted = now, totals
        return self._counted[1]


def _one(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def _version() -> str:
    try:
        return version("dondoc")
    except PackageNotFoundError:
        return "unknown"
