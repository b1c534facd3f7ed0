"""From the desk's tables to the files that go out and back, on both stores."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from soildesk.plans.exports import ExportRow, ExportSection, LedgerExport, ledger_docx, ledger_json, ledger_xlsx
from soildesk.plans.ledger_import import RowOutcome, read_ledger, read_ledger_workbook
from soildesk.plans.models import Plan
from soildesk.plans.queries.export import ledger_of
from soildesk.plans.services import intake
from soildesk.plans.services.drafts import read_pasted
from soilrules.plantext.draft import Role, TaskDraft
from soilrules.plantext.formats import load, load_sheets
from soilrules.plantext.reader import read

TEXT = (Path(__file__).parents[1] / "cases" / "plans" / "small_plan.txt").read_text("utf-8")
PUBLISHED = sorted((Path(__file__).parents[2] / "examples" / "plans").glob("*.txt"))
MARCH = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)


@pytest.fixture
def plan(world: Any) -> Plan:
    place = intake.Place(world.district, world.departments["ecology"])
    source = intake.Source.of(TEXT.encode(), "方案.txt")
    return intake.import_plan(read_pasted(TEXT), source, place, by=world.actor("officer"), at=MARCH)


@pytest.mark.store
def test_every_span_of_the_exported_ledger_hits_its_words(plan: Plan) -> None:
    found = json.loads(ledger_json(ledger_of(plan, date(2026, 8, 20))))
    assert len(found["tasks"]) == plan.tasks.count() > 0
    text = plan.document.text
    for task in found["tasks"]:
        assert "".join(text[a:b] for a, b in task["spans"]["text"]) == task["text"]
        assert task["spans"]["units"]
        for unit in task["spans"]["units"]:
            assert "".join(text[a:b] for a, b in unit["spans"]) == unit["name"]


@pytest.mark.parametrize(("write", "name"), [(ledger_xlsx, "台账.xlsx"), (ledger_docx, "台账.docx")])
def test_the_form_of_a_real_ledger_comes_back_with_the_same_tasks(plan: Plan, write: Any, name: str) -> None:
    sent = ledger_of(plan, date(2026, 8, 20))
    back = read_ledger_workbook(write(sent), name, year=plan.year)
    assert RowOutcome.REFUSED not in {row.outcome for row in back.rows}
    rows = [row for _section, row in sent.rows()]
    assert [(row.number, row.deadline_text, row.lead, row.support, row.responsible) for row in back.rows] == [
        (row.number, row.deadline_text, row.lead, row.support, row.responsible) for row in rows
    ]
    assert [row.text for row in back.rows] == [row.text for row in rows]


def export_row(position: int, task: TaskDraft) -> ExportRow:
    units = {role.value: tuple(dict.fromkeys(u.name.value for u in task.units if u.role is role)) for role in Role}
    return ExportRow(
        uid=f"u{position}",
        number=task.number or "",
        title=task.title.value if task.title else "",
        text=task.text.value,
        deadline_text="；".join(term.text for term in task.deadlines if term.completion),
        **units,
    )


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.name[:3])
def test_every_task_of_the_published_plans_survives_the_form(path: Path) -> None:
    draft = read(load(path.read_bytes(), path.name))
    numbered = list(enumerate(draft.tasks))
    sections = [
        ExportSection(tuple(section), tuple(export_row(position, task) for position, task in tasks))
        for section, tasks in groupby(numbered, key=lambda pair: pair[1].section)
    ]
    sent = LedgerExport(path.stem, tuple(sections))
    back = read_ledger(load_sheets(ledger_xlsx(sent), "台账.xlsx"), year=draft.year)
    assert len(back.rows) == len(draft.tasks) > 0
    for row, (section, original) in zip(back.rows, sent.rows(), strict=True):
        assert (row.uid, row.section, row.number, row.title, row.text, row.deadline_text) == (
            original.uid, section.path, original.number, original.title, original.text, original.deadline_text,
        )  # fmt: skip
        assert (row.lead, row.support, row.responsible) == (original.lead, original.support, original.responsible)
