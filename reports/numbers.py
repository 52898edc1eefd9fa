"""Which tables and figures a paper has, and their numbers, in the order in which they stand."""

from collections.abc import Iterable, Mapping

from reports.charts import central, provinces
from reports.facts import Facts
from reports.heat import heat_of


def table_numbers(facts: Facts) -> Mapping[str, int]:
    """Return the number of each table that bears one."""
    return _numbered(
        (
            ("totals", bool(facts.agencies)),
            ("milestones", has_milestones(facts)),
            ("late", bool(facts.late)),
            ("heat", bool(heat_of(facts))),
        )
    )


def figure_numbers(facts: Facts) -> Mapping[str, int]:
    """Return the number of each figure; indicators may go on over several, so theirs is the last."""
    return _numbered(
        (
            ("milestones", has_milestones(facts)),
            ("burndown", has_burndown(facts)),
            ("central", bool(central(facts))),
            ("provinces", bool(provinces(facts))),
            ("indicators", bool(facts.indicators)),
        )
    )


def has_milestones(facts: Facts) -> bool:
    """Whether any work belongs to a milestone."""
    return any(milestone.due for milestone in facts.milestones)


def has_burndown(facts: Facts) -> bool:
    """Whether the way to the milestones has two points to draw a line between."""
    return has_milestones(facts) and len(facts.burndown) > 1


def _numbered(named: Iterable[tuple[str, bool]]) -> Mapping[str, int]:
    return {name: order for order, name in enumerate((name for name, made in named if made), start=1)}
