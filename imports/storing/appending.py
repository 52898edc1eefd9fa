"""Append what a comparison found as the facts of one batch: ids are counted here, rows go to the store in bulk."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import count, repeat
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from imports.meaning.assignment_rows import AssignmentRow, TaskRow
from imports.meaning.documents import DocumentRef, slug
from imports.storing.changes import ChangedTask, Changes, Comparison, GoneTask, ReportedProgress
from imports.storing.stored import Key, StoredAssignment, known_documents
from models.assignment_tables import Assignment, AssignmentRevision, Document, Progress, Task, TaskRevision
from models.batch_tables import Listing
from models.bulk import JsonText, append, check_references, next_id
from models.columns import table_of
from models.work_tables import TaskStep

_WORDING = (
    "section", "text", "product", "lead_text", "coordinating_text", "deadline_text", "deadline_kind", "recurrence",
    "problem", "needs_confirmation", "queue", "row", "digest",
)  # fmt: skip
_REPORTED = (
    "declared_done", "declared_text", "declared_completed_on", "result_text", "evidence_text", "difficulty", "proposal",
    "sheet", "row", "cells", "digest",
)  # fmt: skip
_DOCUMENT = table_of(Document)
_AT_ONCE = 500


@dataclass(slots=True)
class _Given:
    """A row with the task it is: `name` is the number the codes are made of, `ever` the assignments it ever had."""

    row: TaskRow
    task: int
    name: str
    ever: Mapping[tuple[str, str], int] = field(default_factory=dict)


class BatchFacts:
    """Appends the facts of one batch. For the writer that holds the lock."""

    def __init__(self, session: Session, comparison: Comparison, batch: int) -> None:
        """Append to `batch` what `comparison` found."""
        self.session, self.comparison, self.batch = session, comparison, batch
        self.stored = comparison.stored
        self.tasks: dict[Key, int] = {}

    def append(self) -> None:
        """Append everything; raises MissingReferenceError when that does not fit together.

        `tasks` then has the ids of the workbook's tasks by document and number, where indicators stand beside them.
        """
        changes = self.comparison.changes
        documents = self._documents(changes)
        first = {table: next_id(self.session, table) for table in (Task, TaskRevision, Assignment, AssignmentRevision)}
        given = [*self._new(changes.new, documents), *(self._changed(change) for change in changes.changed)]
        if given:
            self._give(given)
            self._drop(changes.changed)
        self._withdraw(changes.gone)
        self._report(changes.progress)
        self._list(changes, documents, given)
        if changes.measures.defined:
            listed = (self.stored[id_] for id_ in self.comparison.listed)
            self.tasks = {(task.document, task.number): task.id for task in listed}
            self.tasks |= {one.row.key: one.task for one in given}
        for table, since in first.items():
            check_references(self.session, table, since=since)

    def _documents(self, changes: Changes) -> dict[str, int]:
        """Return the ids of the documents `changes` and the tasks compared are of; those only named are appended."""
        named = {row.document for row in changes.new} | {entry.row.document for entry in changes.measures.defined}
        codes = {reference.code for reference in named} | {task.document for task in self.stored.values()}
        found = select(_DOCUMENT.c.code, _DOCUMENT.c.id).where(_DOCUMENT.c.code.in_(codes))
        ids = dict(self.session.execute(found).tuples().all())
        known = {reference.code for reference in known_documents(self.session, among=codes).values()}
        for reference in sorted(named):
            if reference.code not in ids:
                ids[reference.code] = self._document(reference)
            elif reference.code not in known:
                # Every batch that used this number was taken back: its date was never anybody's but theirs.
                values = {"title": reference.title, "issued_on": reference.issued_on, "batch_id": self.batch}
                self.session.execute(update(Document).where(col(Document.code) == reference.code).values(values))
        return ids

    def _document(self, reference: DocumentRef) -> int:
        row = Document(code=reference.code, title=reference.title, issued_on=reference.issued_on, batch_id=self.batch)
        self.session.add(row)
        self.session.flush()
        assert row.id is not None
        return row.id

    def _new(self, rows: Sequence[TaskRow], documents: dict[str, int]) -> list[_Given]:
        """Append the tasks that are new; one whose every batch was taken back is the same task again."""
        names = {(task.document, task.name): task for task in self.stored.values()}
        taken = set(names)
        ids = count(next_id(self.session, Task))
        given, added = [], []
        for row in rows:
            before = names.get(row.named)
            if before is not None and before.wording is None:
                given.append(_Given(row, before.id, before.name, before.ever))
                continue
            name = row.named[1] if row.named not in taken else _free_name(row, taken)
            taken.add((row.document.code, name))
            added.append(_Given(row, next(ids), name))
        append(
            self.session,
            Task,
            {
                "id": [one.task for one in added],
                "document_id": [documents[one.row.document.code] for one in added],
                "number": [one.name for one in added],
                "batch_id": repeat(self.batch),
            },
        )
        return given + added

    def _changed(self, change: ChangedTask) -> _Given:
        task = self.stored[change.task_id]
        return _Given(change.row, task.id, task.name, task.ever)

    def _give(self, given: Sequence[_Given]) -> None:
        """Append the words of tasks and the assignments they give."""
        first = next_id(self.session, TaskRevision)
        wordings = range(first, first + len(given))
        rows = [one.row for one in given]
        written = dict(zip(TaskRow._fields, zip(*rows, strict=True), strict=True))
        append(
            self.session,
            TaskRevision,
            {
                "id": wordings,
                "task_id": [one.task for one in given],
                "batch_id": repeat(self.batch),
                "number": [None if one.row.number == one.name else one.row.number for one in given],
                **{name: written[name] for name in _WORDING},
                "sheet": [row.place.sheet for row in rows],
                "cells": _cells(rows),
            },
        )
        self.wordings = {one.task: wording for one, wording in zip(given, wordings, strict=True)}
        self._step(rows, wordings)
        self._assign(given, wordings)

    def _step(self, rows: Sequence[TaskRow], wordings: Iterable[int]) -> None:
        """Append the steps of the tasks that name several."""
        self.session.add_all(
            TaskStep(task_revision_id=wording, position=position, name=stage.name, due_on=stage.due_on)
            for row, wording in zip(rows, wordings, strict=True)
            for position, stage in enumerate(row.stages, start=1)
        )

    def _assign(self, given: Sequence[_Given], wordings: Iterable[int]) -> None:
        ids = count(next_id(self.session, Assignment))
        added: dict[str, list[Any]] = {name: [] for name in ("id", "code", "task_id", "agency_code", "period")}
        add = [values.append for values in added.values()]
        assigned, worded, dated = [], [], []
        stem = cache(slug)
        for one, wording in zip(given, wordings, strict=True):
            start = f"{stem(one.row.document.code)}.{one.name if one.name.isdecimal() else slug(one.name)}"
            for assignment in one.row.assignments:
                agency, period = assignment.agency, assignment.period
                known = one.ever.get((agency, period))
                if known is None:
                    known = next(ids)
                    named = f"{start}.{agency}.{period}" if period else f"{start}.{agency}"
                    for put, value in zip(add, (known, named, one.task, agency, period), strict=True):
                        put(value)
                assigned.append(known)
                worded.append(wording)
                dated.append(assignment)
        append(self.session, Assignment, {**added, "batch_id": repeat(self.batch)})
        self._date(assigned, worded, dated)

    def _date(self, assigned: Sequence[int], worded: Sequence[int], dated: Sequence[AssignmentRow]) -> None:
        first = next_id(self.session, AssignmentRevision)
        append(
            self.session,
            AssignmentRevision,
            {
                "id": range(first, first + len(assigned)),
                "assignment_id": assigned,
                "task_revision_id": worded,
                "batch_id": repeat(self.batch),
                "nature": [one.nature.value for one in dated],
                "counts_from": [one.counts_from for one in dated],
                "original_due_on": [one.original_due_on for one in dated],
                "collective_code": [one.collective for one in dated],
                "several_leads": [one.several_leads for one in dated],
                "standing": repeat(1),
            },
        )

    def _drop(self, changed: Iterable[ChangedTask]) -> None:
        """Write that changed tasks no longer give some of their assignments."""
        ended = []
        for change in changed:
            if change.dropped:
                standing = self.stored[change.task_id].standing.values()
                wording = self.wordings[change.task_id]
                ended += [(assignment, wording) for assignment in standing if assignment.code in change.dropped]
        self._end(ended)

    def _withdraw(self, gone: Sequence[GoneTask]) -> None:
        """Write that tasks no longer stand: a revision out of every queue, and their assignments ended."""
        tasks = [self.stored[missing.task_id] for missing in gone]
        first = next_id(self.session, TaskRevision)
        wordings = {task.id: first + at for at, task in enumerate(tasks)}
        columns = [column for column in table_of(TaskRevision).columns if column.name not in {"id", "batch_id"}]
        names = [column.name for column in columns]
        rows: list[tuple[Any, ...]] = []
        for start in range(0, len(tasks), _AT_ONCE):
            ids = [task.wording for task in tasks[start : start + _AT_ONCE]]
            for values in self.session.execute(select(*columns).where(table_of(TaskRevision).c.id.in_(ids))):
                words = {**dict(zip(names, values, strict=True)), "queue": None, "digest": ""}
                rows.append((wordings[words["task_id"]], *words.values()))
        self._append_rows(TaskRevision, ("id", *names), sorted(rows, key=lambda row: int(row[0])))
        self._end([(standing, wordings[task.id]) for task in tasks for standing in task.standing.values()])

    def _end(self, ended: Sequence[tuple[StoredAssignment, int]]) -> None:
        names = ("assignment_id", "task_revision_id", "nature", "counts_from", "original_due_on", "several_leads")
        rows = [(one.id, wording, one.nature, one.counts_from, one.due_on, False, False) for one, wording in ended]
        first = next_id(self.session, AssignmentRevision)
        numbered = [(first + at, *row) for at, row in enumerate(rows)]
        self._append_rows(AssignmentRevision, ("id", *names, "standing"), numbered)

    def _report(self, reported: Sequence[ReportedProgress]) -> None:
        rows = [entry.row for entry in reported]
        append(
            self.session,
            Progress,
            {
                "assignment_id": [entry.assignment_id for entry in reported],
                "batch_id": repeat(self.batch),
                "reported_on": [entry.reported_on for entry in reported],
                "evidence_number": [entry.proof.number for entry in reported],
                "evidence_on": [entry.proof.on for entry in reported],
                "evidence_matches": [entry.proof.matches for entry in reported],
                **{name: [getattr(row, name) for row in rows] for name in _REPORTED},
            },
        )

    def _list(self, changes: Changes, documents: dict[str, int], given: Sequence[_Given]) -> None:
        """Write which tasks the workbook listed, as ranges of their ids, and of which documents."""
        listed: dict[str, set[int]] = {entry.row.document.code: set() for entry in changes.measures.defined}
        for id_ in self.comparison.listed:
            listed.setdefault(self.stored[id_].document, set()).add(id_)
        for one in given:
            listed.setdefault(one.row.document.code, set()).add(one.task)
        ranges = [(documents[code], *run) for code, ids in listed.items() for run in _runs(sorted(ids)) or [(0, 0)]]
        self._append_rows(Listing, ("document_id", "first_task_id", "last_task_id"), ranges)

    def _append_rows(self, table: Any, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            columns = zip(names, zip(*rows, strict=True), strict=True)
            append(self.session, table, {**dict(columns), "batch_id": repeat(self.batch)})


def _cells(rows: Iterable[TaskRow]) -> Iterator[JsonText]:
    """Yield the cells of each row, as a pattern filled in: rows of one place with the same cells elsewhere share it."""
    patterns: dict[tuple[int, int], str] = {}
    for row in rows:
        alike = (id(row.place), id(row.moved))
        pattern = patterns.get(alike)
        if pattern is None:
            cells = {name: f"{letters}#" for name, letters in row.place.letters.items()}
            pattern = patterns[alike] = json.dumps({**cells, **row.place.elsewhere(row.moved)})
        yield JsonText(pattern.replace("#", str(row.row)))


def _free_name(row: TaskRow, taken: set[tuple[str, str]]) -> str:
    """Return the row's number with a suffix, for another task of the document had the number first."""
    return next(name for n in count(2) if (row.document.code, name := f"{row.number}-{n}") not in taken)


def _runs(ids: Sequence[int]) -> list[tuple[int, int]]:
    """Return the runs of consecutive ids, first and last; `ids` are sorted."""
    starts = [at for at, id_ in enumerate(ids) if at == 0 or id_ != ids[at - 1] + 1]
    ends = [*(at - 1 for at in starts[1:]), len(ids) - 1]
    return [(ids[start], ids[end]) for start, end in zip(starts, ends, strict=bool(ids))]
