"""The files of an edition: which kinds there are, what each is called, and what is in it."""

from collections.abc import Callable, Iterable, Mapping

from reports.annex import annex_of
from reports.contents import paper_of
from reports.docx_paper import docx_of
from reports.facts import Facts
from reports.flat import csv_of
from reports.form import Form
from reports.pdf import pdf_of
from reports.wording import written_in
from texts import Language

KINDS = ("docx", "pdf", "xlsx", "json", "csv")
# Figures and names without words of ours: the same in every language.
_WORDLESS = frozenset({"json", "csv"})


def files_of(facts: Facts, code: str, form: Form, kinds: Iterable[str] = KINDS) -> Mapping[str, bytes]:
    """Return the files of the edition `code` by name: the same facts and form give the same bytes."""
    stem = "bao-cao-" + code.replace("/", "-")
    kinds = [kind for kind in kinds if form.language is Language.VI or kind not in _WORDLESS]
    with written_in(form.language):
        contents = _contents(facts, form, frozenset(kinds))
    ending = "" if form.language is Language.VI else f".{form.language}"
    return {f"{stem}{ending}.{kind}": contents[kind] for kind in kinds}


def _contents(facts: Facts, form: Form, kinds: frozenset[str]) -> Mapping[str, bytes]:
    paper = paper_of(facts, form)
    made_at = facts.known_at
    writers: Mapping[str, Callable[[], bytes]] = {
        "docx": lambda: docx_of(paper, made_at=made_at),
        "pdf": lambda: pdf_of(paper, made_at=made_at),
        "xlsx": lambda: annex_of(facts, made_at=made_at),
        "json": facts.to_bytes,
        "csv": lambda: csv_of(facts),
    }
    return {kind: writers[kind]() for kind in kinds}
