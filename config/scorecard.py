"""Load the criteria of the scorecard from their data file."""

import tomllib
from pathlib import Path

from rules.scorecard import Criteria, Thresholds

HERE = Path(__file__).parent


def load_criteria(path: Path = HERE / "scorecard.toml") -> Criteria:
    """Return by what agencies are ranked, praised and criticised.

    Raises KeyError for a criterion left out and ValueError for one that would judge agencies without work.
    """
    given = tomllib.loads(path.read_text(encoding="utf-8"))
    return Criteria(
        rank_minimum=given["rank"]["minimum"],
        thresholds=Thresholds(
            praise_minimum=given["praise"]["minimum"],
            praise_on_time_percent=given["praise"]["on_time_percent"],
            criticism_minimum=given["criticism"]["minimum"],
            criticism_overdue_percent=given["criticism"]["overdue_percent"],
            review_minimum=given["review"]["minimum"],
            review_days_late=given["review"]["days_late"],
        ),
    )
