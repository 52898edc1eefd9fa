"""Text in a file that workbook programs open: it stays text, and is the same text again when the file comes back."""

# A workbook program runs a cell that begins with one of these as a formula.
_RUN = ("=", "+", "-", "@", "\t", "\r", "'")


def not_run(text: str) -> str:
    """Return text as no workbook program runs it: with an apostrophe in front where it would."""
    return f"'{text}" if text.startswith(_RUN) else text


def as_meant(cell: str) -> str:
    """Return the text of which `not_run` made the cell."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_RUN) else cell
