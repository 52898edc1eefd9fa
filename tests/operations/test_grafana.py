"""The dashboard and the alert rules name metrics that `/metrics` gives, with the labels it gives them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from config.measured import REPORT, keep_measured
from models import Store
from portal.desk import Desk
from portal.operations.figures import Figures

GRAFANA = Path(__file__).parents[2] / "deploy" / "grafana"
ALERTS = [
    rule for group in yaml.safe_load((GRAFANA / "alerts.yaml").read_text("utf-8"))["groups"] for rule in group["rules"]
]
PANELS: list[dict[str, Any]] = json.loads((GRAFANA / "dashboard.json").read_text("utf-8"))["panels"]
EXPRESSIONS = [rule["expr"] for rule in ALERTS] + [target["expr"] for panel in PANELS for target in panel["targets"]]
# `up` is Prometheus's own; the newest edition and workbook are told once there is one, agencies once they have work.
NOT_ALWAYS = {"up", "dondoc_newest_edition_seconds", "dondoc_newest_batch_seconds", "dondoc_agency_assignments"}
TOOK = 12.5


@pytest.fixture
def given(store: Store, tmp_path: Path) -> dict[str, list[dict[str, str]]]:
    """Return the metrics an empty register gives, each with the labels of its samples."""
    keep_measured(tmp_path, REPORT, TOOK)
    desk = Desk(store, data=tmp_path, reports=tmp_path)
    figures = Figures(desk)
    found: dict[str, list[dict[str, str]]] = {}
    for family in text_string_to_metric_families(generate_latest(figures.registry).decode()):
        found.setdefault(family.name, [])
        for sample in family.samples:
            found.setdefault(sample.name, []).append(sample.labels)
    return found


def named(expression: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each metric of an expression with the labels it is narrowed by."""
    for name, narrowed in re.findall(r"\b(dondoc_\w+)(?:\{([^}]*)\})?", expression):
        yield name, dict(re.findall(r'(\w+)="([^"]*)"', narrowed))


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_each_metric_that_is_watched_exists(given: dict[str, list[dict[str, str]]]) -> None:
    for expression in EXPRESSIONS:
        for name, narrowed in named(expression):
            plain = re.sub(r"_(bucket|count|sum)$", "", name)
            assert name in given or plain in given or name in NOT_ALWAYS, f"{name} in {expression}"
            if samples := given.get(name):
                assert any(narrowed.items() <= labels.items() for labels in samples), f"{narrowed} of {name}"


def test_each_alert_says_what_is_wrong_in_both_languages_and_what_to_do() -> None:
    assert len({rule["alert"] for rule in ALERTS}) == len(ALERTS) > 0
    for rule in ALERTS:
        assert " / " in rule["annotations"]["summary"]
        assert rule["annotations"]["action"]
        assert rule["labels"]["severity"] in {"page", "ticket"}


def test_no_alert_fires_because_prometheus_has_no_past_yet() -> None:
    """Right after Prometheus starts, nothing has changed for as long as it remembers."""
    for rule in ALERTS:
        assert "changes(" not in rule["expr"], rule["alert"]


def test_the_dashboard_has_a_panel_for_each_kind_of_figure() -> None:
    shown = {name for panel in PANELS for target in panel["targets"] for name, _ in named(target["expr"])}
    assert {
        "dondoc_assignments",
        "dondoc_agency_assignments",
        "dondoc_notices",
        "dondoc_oldest_planned_notice_seconds",
        "dondoc_batch_rows",
        "dondoc_report_seconds",
    } <= shown
    assert all(" / " in panel["title"] for panel in PANELS)
