"""The refusal of figures that contradict each other."""


class FactsDoNotAddUpError(ValueError):
    """Figures of a report contradict each other; the message names both and the difference."""


def same(what: str, found: int, against: str, expected: int) -> None:
    """Raise FactsDoNotAddUpError unless `found` equals `expected`."""
    if found != expected:
        raise FactsDoNotAddUpError(
            f"{what} give {found}, but {against} is {expected} (difference {found - expected}); "
            "no report is written: gather the facts again from the store"
        )
