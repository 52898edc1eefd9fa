"""Which of the documents a report cites proves the product: decided when the report is compared, and kept with it."""

from collections.abc import Iterable, Iterator

from imports.meaning.progress_rows import ProgressRow, assigns
from imports.problem import Problem, Severity, shown
from rules.evidence import find_evidence
from rules.product import Proof, choose_proof, leaves_open


def proof_of(row: ProgressRow, product: str) -> Proof:
    """Return the proof a row gives for a product as the task words it today; the assigning document proves nothing."""
    if row.evidence_number is None or leaves_open(product):
        return Proof(row.evidence_number, row.evidence_on)
    cited = [reference for reference in find_evidence(row.evidence_text) if not assigns(reference, row.document)]
    return choose_proof(product, cited)


def other_products(reported: Iterable[tuple[ProgressRow, Proof, str]]) -> Iterator[Problem]:
    """Yield a note for each row that declares done what it proves by another thing than the product asked for."""
    told = set()
    for row, proof, product in reported:
        if row.declared_done and proof.matches is False and id(row) not in told:
            told.add(id(row))
            column = row.cells.get("evidence", "").rstrip("0123456789") or None
            values = {"product": shown(product)}
            place = (row.sheet, row.row, column, proof.number or "")
            yield Problem("evidence_is_not_the_product", Severity.NOTE, *place, values)
