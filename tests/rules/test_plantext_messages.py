"""The catalogue holds a sentence in both languages for everything the reader can say, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import soilrules
from soilrules.deadlines.reasons import TermReason
from soilrules.messages import LANGUAGES, catalogue, sentence
from soilrules.plantext import read
from soilrules.plantext.draft import ConflictKind, NoteKind
from soilrules.plantext.reasons import Reason

SOURCES = Path(soilrules.__file__).parent
CASES = Path(__file__).resolve().parents[1] / "cases" / "plantext"
IDS = {
    "reasons": {*map(str, TermReason), *map(str, Reason)},
    "notes": set(map(str, NoteKind)),
    "conflicts": set(map(str, ConflictKind)),
}


@pytest.mark.parametrize("group", sorted(IDS))
def test_complete(group: str) -> None:
    assert set(catalogue("plantext")[group]) == IDS[group]
    for message in catalogue("plantext")[group].values():
        assert set(message) == set(LANGUAGES)
        assert (
            len({frozenset(name for _, name, _, _ in Formatter().parse(text) if name) for text in message.values()})
            == 1
        )


def test_every_reason_is_used() -> None:
    code = "\n".join(
        path.read_text("utf-8") for folder in ("plantext", "deadlines") for path in (SOURCES / folder).glob("*.py")
    )
    used = set(re.findall(r"\b(?:Term)?Reason\.([A-Z_]+)", code))
    assert used == {reason.name for reason in (*TermReason, *Reason)}


def test_less_than_sure_has_a_reason_and_notes_fill_their_sentences() -> None:
    for path in CASES.glob("*.txt"):
        draft = read(path.read_text("utf-8"))
        fields = [unit.name for task in draft.tasks for unit in task.units]
        fields += [task.text for task in draft.tasks] + [one.name for one in draft.indicators]
        for field in fields:
            assert (field.confidence < 1) == bool(field.reason)
        for term in (term for task in draft.tasks for term in task.deadlines):
            assert (term.confidence < 1) == bool(term.reason)
        for note in draft.notes:
            assert all(
                "{" not in sentence("plantext", "notes", note.kind, note.params, language=language)
                for language in LANGUAGES
            )
