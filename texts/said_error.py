"""A failure that says in words what was found and what to do next."""

from texts.catalogue import both


class SaidError(Exception):
    """A failure a front door can show as it stands: `message` says in both languages what happened and what to do.

    `entry` and `values` say it in one language. `code` names it for programs; `exit_code` is what a command ends
    with: 1 the input has problems, 3 the system failed.
    """

    exit_code = 1

    def __init__(self, key: str, /, **values: object) -> None:
        """Take the sentence ("topic.entry" in `texts/words`; the entry becomes the code) and what fills it."""
        self.entry, self.values = key, values
        self.message = both(key, **values)
        self.code = key.rpartition(".")[2]
        super().__init__(self.message)
