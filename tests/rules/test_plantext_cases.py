"""Made-up plans of every form, each with what a careful reader takes from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from soilrules.plantext import as_json, read
from soilrules.plantext.draft import NoteKind

CASES = Path(__file__).resolve().parents[1] / "cases" / "plantext"
NAMES = sorted(path.stem for path in CASES.glob("*.yaml"))
FRONT = ("title", "issuer", "doc_number", "issued_on", "region")
STARTS = 16


def _task(task: dict[str, Any]) -> dict[str, Any]:
    shown = {
        "number": task["number"],
        "title": task["title"],
        "starts": task["text"][:STARTS],
        **{role: task[role] for role in ("lead", "support", "responsible") if task[role]},
        "due": task["deadline"],
        "or": task["deadline_alt"],
        "ongoing": task["ongoing"],
        "term": task["deadline_text"] if not task["deadline"] else None,
    }
    return {key: value for key, value in shown.items() if value or key in ("number", "title", "starts")}


def _clause(one: dict[str, Any]) -> dict[str, Any]:
    return {"number": one["number"], "title": one["title"], "starts": one["text"][:STARTS]}


def _shown(ledger: dict[str, Any]) -> dict[str, Any]:
    clause = ledger["universal_clause"]
    return {
        **{key: ledger[key] for key in FRONT},
        "indicators": [
            {"name": one["name"], "is": one["comparator"], "target": one["target"], "year": one["year"]}
            for one in ledger["indicators"]
        ],
        "universal": clause and {"units": clause["units"], "role": clause["role"], "governs": clause["governs"]},
        "tasks": [_task(task) for task in ledger["tasks"]],
        **({"unassigned": [_clause(one) for one in ledger["unassigned"]]} if ledger["unassigned"] else {}),
        "conflicts": [one["kind"] for one in ledger["conflicts"]],
        "notes": [one["kind"] for one in ledger["notes"]],
    }


@pytest.mark.parametrize("name", NAMES)
def test_case(name: str) -> None:
    expected = yaml.safe_load((CASES / f"{name}.yaml").read_text("utf-8"))
    expected.pop("what")
    assert _shown(as_json(read((CASES / f"{name}.txt").read_text("utf-8")))) == expected


def test_every_case_has_both_files() -> None:
    assert sorted(path.stem for path in CASES.glob("*.txt")) == NAMES
    assert len(NAMES) >= 12


def test_every_note_about_a_whole_document_has_a_case() -> None:
    noted = {note for name in NAMES for note in yaml.safe_load((CASES / f"{name}.yaml").read_text("utf-8"))["notes"]}
    assert noted == {str(kind) for kind in NoteKind}
