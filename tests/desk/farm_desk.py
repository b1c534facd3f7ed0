"""Hands at the desk of the farming county: forms sent, pages read, tables dropped on the page of imports."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

Desk = Callable[[str], Client]
GOVERNMENT = "青禾区人民政府"
FARMING = "agriculture_head"


def read(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return str(answer.content.decode())


def done(client: Client, url: str, **said: Any) -> str:
    """A form sent; the page it leads to."""
    answer = client.post(url, said)
    assert answer.status_code == 302, answer.context and (answer.context.get("stopped"), answer.context["form"].errors)
    return read(client, answer["Location"])


def add(client: Client, collection: str, **said: Any) -> str:
    return done(client, reverse("kit:collection_add", args=[collection]), **said, step="save")


def record(client: Client, collection: str, row: Any) -> str:
    return read(client, reverse("kit:record", args=[collection, str(row.uid)]))


def paper(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{name}.pdf", b"%PDF-1.4 x")


def approval() -> dict[str, Any]:
    said = {"authority": GOVERNMENT, "number": "青政〔2026〕12号", "on": "2026-04-01", "why": ""}
    return {**said, "file": paper("批复")}


def reported(client: Client, year: int, told: dict[str, dict[str, str]]) -> None:
    """Figures of places as the bureau's table brings them."""
    head = ("年度", "乡镇", "指标名称", "数值", "计量单位")
    rows = [(year, place, name, *said.split(" ")) for place, values in told.items() for name, said in values.items()]
    taken_in(client, "farmland.figures", head, *rows)


def taken_in(client: Client, kind: str, *rows: tuple[Any, ...]) -> None:
    """A table dropped on the page of imports, looked at and accepted."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    upload = SimpleUploadedFile("台账.xlsx", out.getvalue())
    preview = client.post(reverse("kit:import_new", args=[kind]), {"file": upload})["Location"]
    assert client.post(f"{preview}/accept").status_code == 302, read(client, preview)
