"""The engine's answers are the oracle's, on both databases, for every duty, day, moment of knowing and level."""

import os
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest

from models import Store
from models.milestones_then import milestones_then
from models.story import story_of
from rules.status import CompletionLevel
from tests.oracle import reading
from tests.oracle.almanac import MILESTONES
from tests.oracle.facts import Answer, Facts, Question
from tests.oracle.generated import MUCH_LATER, generate, questions
from tests.oracle.reading import answers
from tests.oracle.stored import engine_answers, store_facts

DEEP = bool(os.environ.get("DONDOC_DEEP"))
# In full 20 worlds of 5,000 assignment-days and more: 100,000 on each database.
SEEDS, TASKS, ASSIGNMENT_DAYS = (range(20), 150, 5_000) if DEEP else (range(2), 60, 800)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_engine_answers_as_the_oracle_reads(store: Store, seed: int) -> None:
    facts = generate(seed, TASKS)
    store_facts(store, facts)
    asked, judged = questions(seed), 0
    while judged < ASSIGNMENT_DAYS:
        question = next(asked)
        expected = answers(facts, question)
        judged += len(expected)
        assert differences(facts, question, expected, engine_answers(store, question)) == []


def test_asking_for_one_agency_gives_its_rows_of_the_whole_answer(store: Store) -> None:
    facts = generate(1, TASKS)
    store_facts(store, facts)
    for question, agency in zip(questions(7), ("T89", "BTC", "BTTTT", "XKIENGIANG", "T92", "BYT"), strict=False):
        expected = [each for each in answers(facts, question) if each.agency == agency]
        assert differences(facts, question, expected, engine_answers(store, question, agency=agency)) == []


@pytest.mark.parametrize("level", CompletionLevel)
def test_the_verdicts_as_known_on_a_milestones_day_are_the_oracles(store: Store, level: CompletionLevel) -> None:
    facts = generate(11, TASKS)
    store_facts(store, facts)
    found = milestones_then(store, as_of=date(2026, 2, 1), known_at=MUCH_LATER, level=level)
    assert set(found) == {code for code, _ in MILESTONES}
    for code, on in MILESTONES:
        end_of_day = datetime(on.year, on.month, on.day, 17, tzinfo=UTC)  # midnight in Hanoi
        expected = reading.verdicts_that_day(facts, code, end_of_day - timedelta(microseconds=1), level)
        assert {name: count for name, count in found[code].items() if count and name != "due"} == expected
        assert found[code]["due"] == expected.total()


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_the_story_behind_an_explanation_reads_the_same_due_and_completion_day(store: Store) -> None:
    """`explain` tells one assignment from its facts in Python: it must tell what the query answers."""
    facts = generate(3, TASKS)
    store_facts(store, facts)
    told = 0
    with store.reading() as session:
        for question in islice(questions(3), 12 if DEEP else 4):
            for number, duty in enumerate(facts.duties):
                part = reading.part_of(facts, question, number)
                story = story_of(session, duty.code, known_at=question.known_at)
                if part is None or story is None:
                    continue
                told += 1
                completed_on = story.completed_on(CompletionLevel(question.level))
                assert (story.due_on, completed_on) == (part.due, part.done_on), reading_of(facts, question, duty.task)
    assert told >= TASKS


def differences(facts: Facts, asked: Question, expected: list[Answer], given: list[Answer]) -> list[str]:
    """Say where two lists of answers differ: who, which field, the oracle's value and the engine's, and the facts."""
    ours = {(each.task, each.period, each.agency): each for each in expected}
    theirs = {(each.task, each.period, each.agency): each for each in given}
    assert len(theirs) == len(given), "the engine answered twice for one agency"
    said = [f"{key}: the oracle has it, the engine not" for key in ours.keys() - theirs.keys()]
    said += [f"{key}: the engine has it, the oracle not" for key in theirs.keys() - ours.keys()]
    for key in ours.keys() & theirs.keys():
        pairs = {each.name: (getattr(ours[key], each.name), getattr(theirs[key], each.name)) for each in fields(Answer)}
        unlike = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
        if unlike:
            said.append(f"{key}: (oracle, engine) = {unlike}; {reading_of(facts, asked, key[0])}")
    return said


def reading_of(facts: Facts, asked: Question, task: int) -> str:
    """Tell the question and every fact about a task."""
    numbers = [number for number, duty in enumerate(facts.duties) if duty.task == task]
    told: list[object] = [asked, *(facts.duties[number] for number in numbers)]
    told += [each for each in facts.wordings if each.duty in numbers]
    told += [each for each in facts.reports if each.duty in numbers]
    told += [each for each in facts.rulings if each.duty in numbers]
    return "\n  ".join(map(str, [*told, *facts.workbooks]))
