"""The refusal of figures that contradict each other."""

from texts import SaidError


class FactsDoNotAddUpError(SaidError, ValueError):
    """Figures of a report contradict each other; the message names both and the difference."""

    exit_code = 3

    def __init__(self, contradiction: str) -> None:
        """Take what contradicts what, as whoever runs the system must report it."""
        super().__init__("report.error_contradiction", contradiction=contradiction)


def same(what: str, found: int, against: str, expected: int) -> None:
    """Raise FactsDoNotAddUpError unless `found` equals `expected`."""
    if found != expected:
        raise FactsDoNotAddUpError(f"{what} give {found}, but {against} is {expected} (difference {found - expected})")
