"""Odd words in an address or a form are answered, never a fault of the program; what was read in is never run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import ledger_world
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from test_promises import NOVEMBER, OPEN, addresses

import soildesk
from soildesk.core.models import DepartmentAlias, Person
from soildesk.plans.models import Assignment, Plan, PlanTask
from soildesk.plans.services import work

BAD = (
    "",
    "²",
    "-1",
    "0",
    "99999999999999999999999",
    "abc",
    "'",
    "<script>alert(1)</script>",
    "2026-13-45",
    "9999-12-31",
    "\x00",
    "%00",
    "x" * 3000,
    "../../etc/passwd",
    "00000000-0000-0000-0000-000000000000",
    "g" * 36,
    "１２",
)
NAMES = (
    "on",
    "page",
    "sort",
    "plan",
    "unit",
    "show",
    "state",
    "section",
    "phase",
    "place",
    "year",
    "soon",
    "role",
    "origin",
    "due_from",
    "due_to",
    "at_from",
    "q",
    "cols",
    "code",
    "fate",
    "format",
    "export",
    "upper",
    "task",
    "next",
    "deadline_text",
    "alias",
    "attribute",
)
EVIL = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>"


@pytest.fixture
def plan(world: Any) -> Plan:
    made = ledger_world.published(world)
    row = ledger_world.at_unit(made, "（一）", world.departments["ecology"])
    work.report(row, work.Report("进展"), by=world.actor("officer"), at=NOVEMBER)
    return made


def keys(plan: Plan, kinds: dict[str, str], name: str, world: Any) -> dict[str, Any] | None:
    """The parameters of a page of this plan; None where it is about something else."""
    if not kinds:
        return {}
    task = plan.tasks.first()
    of = {"plans:task": task, "plans:task_act": task, "plans:bind": task}
    of |= dict.fromkeys(
        ("plans:receive", "plans:report", "plans:verify", "plans:send_back", "plans:reassign"), task.assignments.first()
    )
    found = {
        "uid": of.get(name, plan).uid,
        "act": "correct",
        "department": world.departments["ecology"].uid,
        "code": "990101",
        "kind": "plans.sheet",
        "register": "plans.ledger",
    }
    if name == "core:department":
        found["uid"] = world.departments["ecology"].uid
    return (
        {key: found[key] for key in kinds}
        if set(kinds) <= set(found)
        and (name.startswith("plans") or name in {"core:division", "core:department", "kit:import_new"})
        else None
    )


def pages(plan: Plan, world: Any) -> list[str]:
    """Every page that an officer opens with GET."""
    found = []
    for name, kinds in addresses():
        given = keys(plan, kinds, name, world)
        if name not in OPEN and given is not None:
            found.append(reverse(name, kwargs=given))
    return found


@pytest.mark.usefixtures("one_asker")
def test_odd_words_in_an_address_are_never_a_fault(world: Any, plan: Plan, client: Client) -> None:
    client.raise_request_exception = False
    wrong = []
    for who in ("officer", "admin"):
        client.force_login(world.people[who])
        for number, url in enumerate(pages(plan, world)):
            if client.get(url).status_code not in {403, 405}:
                wrong += [
                    url for bad in BAD[number % 6 :: 6] if client.get(url, dict.fromkeys(NAMES, bad)).status_code >= 500
                ]
    assert not wrong


@pytest.mark.usefixtures("one_asker")
@pytest.mark.parametrize("page", ["plans:department", "plans:ledger", "plans:list", "core:calendar", "core:divisions"])
def test_each_odd_word_alone(world: Any, plan: Plan, client: Client, page: str) -> None:
    client.raise_request_exception = False
    client.force_login(world.people["officer"])
    names = ("unit", "plan", "page", "year", "on", "code", "export", "sort", "due_from")
    asked = [{name: bad} for name in names for bad in BAD]
    assert not [sent for sent in asked if client.get(reverse(page), sent).status_code >= 500]


@pytest.mark.usefixtures("one_asker")
def test_odd_words_in_a_form_are_never_a_fault(world: Any, client: Client) -> None:
    plan = ledger_world.taken_in(world)
    client.raise_request_exception = False
    client.force_login(world.people["issuer"])
    task = plan.tasks.first()
    wrong = []
    for act in ("accept", "reject", "correct", "split", "merge", "reopen"):
        for bad in BAD:
            sent = dict.fromkeys(
                ("at", "other", "why", "number", "title", "text", "deadline_text", "rhythm", "unit_name", "unit_role"),
                bad,
            )
            answer = client.post(reverse("plans:task_act", args=[task.uid, act]), sent, headers={"HX-Request": "true"})
            if answer.status_code >= 500:
                wrong.append((act, bad[:20]))
    assert not wrong


@pytest.mark.usefixtures("one_asker")
def test_odd_words_in_the_acts_of_the_ledger_are_never_a_fault(world: Any, plan: Plan, client: Client) -> None:
    client.raise_request_exception = False
    client.force_login(world.people["issuer"])
    DepartmentAlias.objects.create(department=world.departments["ecology"], name="环保局")
    rows = {
        "plans:close": plan.uid,
        "plans:answer_unit": plan.uid,
        "plans:link_task": plan.uid,
        "plans:link_target": plan.uid,
        "plans:reassign": plan.tasks.first().assignments.first().uid,
        "plans:report": plan.tasks.first().assignments.first().uid,
        "core:department_act": world.departments["ecology"].uid,
        "plans:settle_alike": plan.uid,
        "plans:bind": plan.tasks.first().uid,
    }
    keys_of = [f"{part}-{task.uid}" for task in plan.tasks.all() for part in ("outcome", "to")]
    wrong = []
    for name, uid in rows.items():
        for bad in BAD:
            for fixed in ({}, {"act": "drop_alias"}, {"act": "succession"}, dict.fromkeys(keys_of, "carried")):
                sent = {
                    **dict.fromkeys(
                        (
                            "upper",
                            "lower",
                            "document",
                            "printed",
                            "department",
                            "to",
                            "why",
                            "alias",
                            "act",
                            "on",
                            "said",
                            "period",
                            "kind",
                            "choice",
                            "ground",
                            "measure",
                            *keys_of,
                        ),
                        bad,
                    ),
                    **fixed,
                }
                if fixed and name not in {"core:department_act", "plans:close"}:
                    continue
                if fixed.get(keys_of[0]):
                    sent |= {key: bad for key in keys_of if key.startswith("to")}
                if client.post(reverse(name, args=[uid]), sent).status_code >= 500:
                    wrong.append((name, bad[:20], list(fixed.items())[:1]))
    for bad in BAD:
        if client.post(reverse("plans:department"), {"act": "receive", "key": bad}).status_code >= 500:
            wrong.append(("bulk", bad[:20], []))
    assert not wrong


def test_what_was_read_in_is_text_on_every_page(world: Any, client: Client) -> None:
    plan = ledger_world.published(world)
    PlanTask.objects.filter(plan=plan).update(
        title=EVIL, number="<b>1</b>", deadline_text=EVIL, section_key=EVIL, section=[EVIL]
    )
    Plan.objects.filter(pk=plan.pk).update(title=EVIL, issuer=EVIL, doc_number="<b>2</b>", region="<b>r</b>")
    plan.document.text = plan.document.text.replace("隐患排查", EVIL)
    plan.document.save()
    for task in plan.tasks.all():
        task.units.update(name=EVIL, match_note=EVIL)
        task.milestones.update(text=EVIL, what=EVIL)
    row = plan.tasks.first().assignments.first()
    work.report(
        row,
        work.Report(EVIL, unfinished_why=EVIL),
        by=world.actor("officer"),
        at=NOVEMBER,
        attachments=[("<svg onload=alert(3)>.txt", b"x")],
    )
    Assignment.objects.update(returned_why=EVIL)
    Person.objects.update(name=EVIL[:40])
    world.departments["ecology"].short_name = "<b onclick=x>局</b>"
    world.departments["ecology"].save()
    client.force_login(world.people["officer"])
    for url in pages(plan, world):
        answer = client.get(url)
        if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
            shown = answer.content.decode()
            assert not re.search(r"<(img src=x|script>alert|svg onload|b onclick|b>[12r])", shown), url
            assert "script-src" not in answer.headers["Content-Security-Policy"], "only what default-src allows"
            assert "onerror=alert(1)>" not in shown, url


def test_a_title_typed_into_a_workbook_is_text_too(world: Any, client: Client) -> None:
    """A plan taken in from a ledger has no spans of its head: its values are shown plainly."""
    plan = ledger_world.published(world)
    nothing: dict[str, Any] = {"fields": {}, "goals": [], "headings": [], "universal": []}
    Plan.objects.filter(pk=plan.pk).update(title=EVIL, region="<b>r</b>", issuer=EVIL, reading=nothing)
    client.force_login(world.people["officer"])
    shown = client.get(reverse("plans:review", args=[plan.uid])).content.decode()
    assert not re.search(r"<(img src=x|script>alert|b>r)", shown)
    assert '<time datetime="2026-01-01">' in shown, "the period is drawn as days"


def test_no_template_carries_script_or_style_of_its_own() -> None:
    """The policy would refuse them; a page that needs them is broken for everybody."""
    wrong = []
    for path in Path(soildesk.__file__).parent.rglob("templates/**/*.html"):
        text = path.read_text("utf-8")
        if re.search(
            r"<script(?![^>]*\ssrc=)(?![^>]*application/json)[^>]*>|<style|\sstyle=|\son[a-z]+=\"|javascript:", text
        ):
            wrong.append(path.name)
    assert not wrong


@pytest.mark.parametrize(
    "name", ["a\r\nX-Evil: 1.txt", "=cmd|'/c calc'!A1.txt", '"; filename=evil.exe; x=".txt', "../../x.txt"]
)
def test_a_file_name_breaks_no_header_and_leaves_no_folder(world: Any, plan: Plan, client: Client, name: str) -> None:
    task = plan.tasks.first()
    (use,) = work.add_evidence([task], name, b"x", by=world.actor("officer"), at=NOVEMBER)
    client.force_login(world.people["officer"])
    answer = client.get(reverse("core:file", args=[use.uid]))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "X-Evil" not in answer.headers and "/" not in use.name and "\\" not in use.name
    assert re.fullmatch(r"attachment; filename\*=UTF-8''[\w.%~()-]+", answer.headers["Content-Disposition"])


def test_a_form_without_its_mark_is_refused_and_next_leads_nowhere_else(world: Any, plan: Plan) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.people["officer"])
    row = plan.tasks.first().assignments.first()
    assert strict.post(reverse("plans:receive", args=[row.uid])).status_code == 403
    plain = Client()
    plain.force_login(world.people["officer"])
    for target in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"):
        answer = plain.post(reverse("plans:receive", args=[row.uid]), {"next": target})
        assert answer.status_code == 302 and answer.headers["Location"].startswith("/plans/"), target
        answer = plain.post(reverse("set_language"), {"next": target, "language": "zh-hans"})
        assert answer.headers["Location"] == "/", target


@pytest.mark.parametrize("kind", ["plans.old_ledger"])
@pytest.mark.parametrize(
    "data", [b"PK\x03\x04 no workbook", b"x", b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600]
)
def test_a_broken_workbook_is_answered_with_a_sentence(world: Any, client: Client, kind: str, data: bytes) -> None:
    client.force_login(world.people["officer"])
    file = SimpleUploadedFile("台账.xlsx", data)
    answer = client.post(reverse("kit:import_new", args=[kind]) + "?year=99999999999", {"file": file})
    assert answer.status_code == 422
