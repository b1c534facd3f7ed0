"""The register list: scope first, filters in the address, constant queries, exports of exactly what is shown."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, QueryDict
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from soildesk.kit import cells, pages
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter, TextFilter
from soildesk.kit.models import ImportBatch, SavedView
from soildesk.kit.register import BulkAct, Column, Register
from soildesk.kit.rows import Selection

BUDGETS = json.loads((Path(__file__).parents[1] / "query_budgets.json").read_text(encoding="utf-8"))
pytestmark = pytest.mark.django_db


def mark_read(actor: Any, keys: Any, data: Any, at: Any) -> str:
    """A bulk act for the test: it changes what it is given and nothing else."""
    changed = ImportBatch.objects.filter(uid__in=keys).update(state="rejected")
    return f"changed {changed}"


REGISTER = Register(
    name="kit.test",
    title="测试表",
    queryset=lambda actor, on: ImportBatch.objects.filter(by=actor.person, at__date__lte=on),
    columns=[
        Column("file_name", "文件", sort="file_name", width=20, frozen=True, format=cells.link),
        Column("kind", "内容", sort="kind"),
        Column("state", "状态", sort="state", format=cells.chip({"accepted": ("good", "check", "已导入")})),
        Column("at", "时间", sort="at", format=cells.moment),
        Column("receipt", "回执", shown=False),
        Column("by", "人员", value="by__name"),
    ],
    filters=[
        ChoiceFilter("state", "状态", choices=ImportBatch.State.choices),
        TextFilter("file", "文件", fields=["file_name"]),
        DateRangeFilter("at", "时间", field="at__date"),
    ],
    search=["file_name", "receipt"],
    row_url=lambda row: f"/x/{row['uid']}",
    default_sort="file_name",
    page_size=10,
    totals={"kind": Count("pk")},
    bulk_acts=[BulkAct("close", "关闭", "core.read_system", mark_read)],
)


def fill(world: Any, count: int, *, who: str = "admin", name: str = "台账", state: str = "accepted") -> None:
    """`count` batches of one person, a day apart, the newest on the world's day."""
    ImportBatch.objects.bulk_create(
        ImportBatch(
            kind="t", file_name=f"{name}{i:03d}", sha256=f"{i:064d}", state=state, by=world.people[who],
            at=world.at - timedelta(days=i),
        )
        for i in range(count)
    )  # fmt: skip


def asked(world: Any, query: str = "", who: str = "admin") -> Selection:
    return Selection(REGISTER, world.actor(who), world.day, QueryDict(query))


def request_of(world: Any, query: str = "", who: str = "admin", **headers: str) -> HttpRequest:
    request = RequestFactory().get(f"/list?on={world.day}&{query}", headers=headers)
    request.actor = world.actor(who)  # type: ignore[attr-defined]
    request.user = world.people[who]
    return request


def content(response: HttpResponse) -> str:
    parts = response.streaming_content if response.streaming else [response.content]
    return b"".join(parts).decode()


def test_a_stranger_sees_no_row_of_another(world: Any) -> None:
    fill(world, 3, who="admin")
    assert asked(world).count == 3
    assert asked(world, who="stranger").count == 0
    assert asked(world, who="stranger").page_rows == []


def test_nobody_is_sent_to_the_login_page(world: Any) -> None:
    request = RequestFactory().get("/list")
    request.actor = None  # type: ignore[attr-defined]
    response = pages.register_list(request, REGISTER)
    assert response.status_code == 302
    assert "next=/list" in response["Location"]


def test_permission_of_the_register_is_required(world: Any) -> None:
    closed = Register(**{**REGISTER.__dict__, "permission": "core.read_audit"})
    with pytest.raises(PermissionDenied):
        pages.register_list(request_of(world, who="admin"), closed)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=accepted", 4),
        ("state=accepted&state=previewed", 6),
        ("state=nonsense", 0),
        ("q=台帐", 4),
        ("file=清单", 2),
        ("q=台账+003", 1),
        ("at_from=2026-11-19", 4),
        ("at_from=2026-11-19&at_to=2026-11-19", 2),
        ("at_from=no-day", 6),
    ],
)
def test_filters_and_search_narrow(world: Any, query: str, expected: int) -> None:
    fill(world, 4)
    fill(world, 2, name="清单", state="previewed")
    assert asked(world, query).count == expected
    assert len(list(asked(world, query).all_rows())) == expected


def test_the_day_asked_for_decides_which_rows_there_are(world: Any) -> None:
    fill(world, 4)
    earlier = Selection(REGISTER, world.actor("admin"), world.day - timedelta(days=2), QueryDict())
    assert earlier.count == 2


def test_pages_follow_one_another_without_gap_or_overlap(world: Any) -> None:
    fill(world, 25)
    ImportBatch.objects.update(kind="same")
    seen = [row["file_name"] for page in "123" for row in asked(world, f"sort=kind&page={page}").page_rows]
    assert len(seen) == 25
    assert len(set(seen)) == 25
    assert asked(world, "page=99").page == 3
    assert asked(world, "page=x").page == 1


def test_sort_turns_round_and_unknown_sorts_are_the_default(world: Any) -> None:
    fill(world, 3)
    names = [row["file_name"] for row in asked(world, "sort=-file_name").page_rows]
    assert names == ["台账002", "台账001", "台账000"]
    assert asked(world, "sort=receipt").sort == "file_name"


def test_columns_can_be_chosen_and_the_frozen_one_stays(world: Any) -> None:
    keys = [column.key for column in asked(world, "cols=receipt&cols=state").columns]
    assert keys == ["file_name", "state", "receipt"]
    assert [column.key for column in asked(world).columns] == ["file_name", "kind", "state", "at", "by"]


def test_totals_count_all_filtered_rows_not_the_page(world: Any) -> None:
    fill(world, 25)
    assert asked(world).totals == {"kind": 25}
    assert asked(world, "q=00").totals == {"kind": 10}


def test_what_comes_from_data_is_escaped(world: Any) -> None:
    evil = "<script>alert(1)</script>\"'"
    ImportBatch.objects.create(
        kind=evil, file_name=evil, sha256="0", state="x<y", by=world.people["admin"], at=world.at
    )
    html = content(pages.register_list(request_of(world), REGISTER))
    assert "<script>alert" not in html
    assert escape("<script>alert(1)") in html
    assert "x&lt;y" in html


def test_the_part_alone_is_sent_to_htmx_and_the_whole_page_to_history(world: Any) -> None:
    fill(world, 3)
    part = content(pages.register_list(request_of(world, **{"HX-Request": "true", "HX-Target": "list"}), REGISTER))
    assert part.startswith('<div id="list"')
    restored = {"HX-Request": "true", "HX-Target": "list", "HX-History-Restore-Request": "true"}
    assert "<!doctype html>" in content(pages.register_list(request_of(world, **restored), REGISTER))


def test_queries_stay_within_budget_however_many_rows(world: Any) -> None:
    counts = []
    for size in (1, 10, 60):
        ImportBatch.objects.all().delete()
        fill(world, size)
        request = request_of(world, "q=台账&state=accepted&sort=-at")
        with CaptureQueriesContext(connection) as queries:
            content(pages.register_list(request, REGISTER))
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2] - 1, "only a list of more than a page is counted"
    assert counts[0] <= BUDGETS["kit.register_list"]


def test_only_needed_fields_are_read(world: Any) -> None:
    fill(world, 1)
    assert set(asked(world, "cols=state").page_rows[0]) == {"uid", "pk", "file_name", "state", "_url"}


def test_csv_holds_exactly_the_rows_shown_and_no_formula(world: Any) -> None:
    fill(world, 12)
    ImportBatch.objects.create(
        kind="t", file_name="=cmd|' /C calc'!A0", sha256="9", state="accepted", by=world.people["admin"], at=world.at
    )
    response = pages.register_list(request_of(world, "export=csv&q=台账&cols=kind"), REGISTER)
    lines = list(csv.reader(io.StringIO(content(response).removeprefix("\ufeff"))))
    assert lines[0] == ["文件", "内容"]
    assert len(lines) == 13
    everything = content(pages.register_list(request_of(world, "export=csv"), REGISTER))
    assert "\"'=cmd" in everything or "'=cmd" in everything
    assert "\n=cmd" not in everything


def test_xlsx_has_frozen_header_strings_only_and_the_filters_told(world: Any) -> None:
    fill(world, 3)
    ImportBatch.objects.create(
        kind="t", file_name="=1+1", sha256="9", state="accepted", by=world.people["admin"], at=world.at
    )
    response = pages.register_list(request_of(world, "export=xlsx&state=accepted"), REGISTER)
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    assert "状态：已导入" in str(sheet["A2"].value)
    assert sheet.freeze_panes == "B4"
    assert [cell.value for cell in sheet["A"]][2:] == ["文件", "=1+1", "台账000", "台账001", "台账002"]
    assert {cell.data_type for cell in sheet["A"][3:]} == {"s"}
    assert sheet["D5"].is_date


def test_bulk_act_reaches_only_rows_in_scope(client: Client, world: Any) -> None:
    fill(world, 2, who="admin")
    fill(world, 1, who="stranger")
    keys = [str(uid) for uid in ImportBatch.objects.values_list("uid", flat=True)]
    request = RequestFactory().post(f"/list?on={world.day}", {"act": "close", "key": keys})
    request.actor = world.actor("admin")  # type: ignore[attr-defined]
    request._messages = Messages()  # type: ignore[attr-defined]
    pages.register_list(request, REGISTER)
    assert ImportBatch.objects.filter(state="rejected").count() == 2
    assert ImportBatch.objects.get(by=world.people["stranger"]).state == "accepted"


def test_bulk_act_needs_its_permission(world: Any) -> None:
    fill(world, 1, who="officer")
    request = RequestFactory().post("/list", {"act": "close", "all": "1"})
    request.actor = world.actor("officer")  # type: ignore[attr-defined]
    with pytest.raises(PermissionDenied):
        pages.register_list(request, REGISTER)
    assert not ImportBatch.objects.filter(state="rejected").exists()


class Messages(list[Any]):
    """A place for messages, as the middleware's."""

    def add(self, level: int, message: str, extra_tags: str = "") -> None:
        self.append(message)


def test_views_are_saved_by_name_for_their_owner_alone(client: Client, world: Any) -> None:
    client.force_login(world.people["admin"], backend="django.contrib.auth.backends.ModelBackend")
    data = {"name": "本周", "query": "state=accepted", "next": "/kit/imports/"}
    assert client.post("/kit/views/kit.imports/save", data)["Location"] == "/kit/imports/?state=accepted"
    client.post("/kit/views/kit.imports/save", {**data, "query": "state=loading"})
    assert SavedView.objects.get(owner=world.people["admin"]).query == "state=loading"
    assert "本周" in client.get("/kit/imports/").content.decode()
    evil = client.post("/kit/views/kit.imports/save", {**data, "next": "https://evil.example/"})
    assert evil["Location"].startswith("/?")
    assert client.post("/kit/views/nowhere/save", data).status_code == 404
    client = Client()
    client.force_login(world.people["stranger"], backend="django.contrib.auth.backends.ModelBackend")
    view = SavedView.objects.get()
    assert client.post(f"/kit/views/{view.uid}/delete").status_code == 404
    assert "本周" not in client.get("/kit/imports/").content.decode()
