"""Long lists: pages that begin after a row, counts and totals only when asked, hidden columns gone before anything else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Count, Sum
from django.http import QueryDict
from test_kit_register import REGISTER, content, request_of

from soildesk.kit import keyset, pages, rows
from soildesk.kit.models import ImportBatch
from soildesk.kit.register import Column, Register
from soildesk.kit.rows import Selection

pytestmark = [pytest.mark.django_db, pytest.mark.store]
LONG = Register(
    **{
        **REGISTER.__dict__,
        "columns": [*REGISTER.columns, Column("done_rows", "行数", sort="done_rows", numeric=True),
                    Column("decided", "办理", "decided_at", sort="decided_at,-kind")],
        "totals": {"done_rows": Sum("done_rows"), "kind": Count("pk")},
    }
)  # fmt: skip


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list is long from 21 rows on."""
    monkeypatch.setattr(rows, "EXACT_UP_TO", 20)
    monkeypatch.setattr(pages, "EXACT_UP_TO", 20)


def test_rows_of_the_same_second_are_not_passed_over(world: Any) -> None:
    """A place holds moments to the microsecond: two rows apart by less than a millisecond are two."""
    fill(world, 3)
    moments = [world.at + timedelta(microseconds=n) for n in (100, 101, 102)]
    for row, at in zip(ImportBatch.objects.order_by("pk"), moments, strict=True):
        ImportBatch.objects.filter(pk=row.pk).update(at=at)
    for falling in (False, True):
        keys = keyset.keys_of(["at"], falling)
        ordered = ImportBatch.objects.order_by(*map(str, keys))
        whole, met, place = list(ordered.values_list("pk", flat=True)), [], None
        while page := list((keyset.beyond(ordered, place, keys) if place else ordered).values("pk", "at")[:1]):
            met.append(page[0]["pk"])
            place = keyset.read_place(keyset.place_of(page[0], keys, 0).token(), ordered, keys)
        assert met == whole


def fill(world: Any, count: int) -> None:
    """Rows of which many say the same, and many say nothing."""
    ImportBatch.objects.bulk_create(
        ImportBatch(
            kind="ab"[i % 2], file_name=f"台账{i:03d}", sha256=f"{i:064d}", state="accepted", by=world.people["admin"],
            at=world.at - timedelta(days=i % 4), done_rows=i % 5,
            decided_at=None if i % 3 else world.at - timedelta(days=i % 2),
        )
        for i in range(count)
    )  # fmt: skip


def asked(world: Any, query: str = "") -> Selection:
    return Selection(LONG, world.actor("admin"), world.day, QueryDict(query))


def walked(world: Any, query: str, step: str) -> list[list[str]]:
    """Every page from one end to the other, following the links."""
    found, turn = [], query
    while turn is not None and len(found) < 20:
        selection = asked(world, turn)
        found.append([row["file_name"] for row in selection.page_rows])
        turn = getattr(selection, f"{step}_query")().removeprefix("?") or None  # type: ignore[assignment]
    return found


@pytest.mark.parametrize("sort", ["file_name", "-file_name", "done_rows", "-done_rows", "kind", "decided", "-decided"])
def test_pages_go_through_every_row_once_forwards_and_back(world: Any, sort: str) -> None:
    fill(world, 47)
    whole = [row["file_name"] for row in asked(world, f"sort={sort}").all_rows()]
    there = walked(world, f"sort={sort}", "next")
    assert [name for page in there for name in page] == whole
    assert [len(page) for page in there] == [10, 10, 10, 10, 7]
    last = asked(world, f"sort={sort}")
    for _ in range(4):
        last = asked(world, last.next_query().removeprefix("?"))
    assert (last.rows_before, last.next_query()) == (40, "")
    back = walked(world, last.params.urlencode(), "previous")
    assert [name for page in reversed(back) for name in page] == whole


def test_a_place_holds_where_rows_come_and_go(world: Any) -> None:
    fill(world, 40)
    second = asked(world).next_query().removeprefix("?")
    expected = [row["file_name"] for row in asked(world, second).page_rows]
    ImportBatch.objects.filter(file_name__in=["台账000", "台账009"]).delete()
    assert [row["file_name"] for row in asked(world, second).page_rows] == expected


@pytest.mark.parametrize("token", ["x", "WzBd", "W10", "WzAsW10sMV0", "bnVsbA", "WzAsIng", "é", "WzAseyJhIjoxfSwxXQ"])
def test_a_place_that_is_none_is_the_first_page(world: Any, token: str) -> None:
    fill(world, 30)
    first = [row["file_name"] for row in asked(world).page_rows]
    assert [row["file_name"] for row in asked(world, f"after={token}").page_rows] == first


def test_a_place_of_another_order_is_the_first_page(world: Any) -> None:
    fill(world, 30)
    after = asked(world, "sort=decided").next_query().partition("after=")[2]
    assert asked(world, f"after={after}").rows_before == 0


def test_rows_are_counted_no_further_than_needed(world: Any, django_assert_num_queries: Any) -> None:
    fill(world, 47)
    selection = asked(world)
    with django_assert_num_queries(2) as queries:
        assert selection.counted == 21
    assert "LIMIT 21" in queries.captured_queries[1]["sql"]
    html = content(pages.register_list(request_of(world), LONG))
    assert "共 20 行以上" in html
    assert "数出确切行数" in html
    assert "1 / " not in html, "a long list has no page numbers"
    assert content(pages.register_list(request_of(world, "part=count"), LONG)) == "47"


def test_a_first_page_that_is_not_full_is_not_counted(world: Any, django_assert_num_queries: Any) -> None:
    fill(world, 7)
    selection = asked(world)
    with django_assert_num_queries(1):
        assert (len(selection.page_rows), selection.counted, selection.count) == (7, 7, 7)


def test_totals_of_a_long_list_wait_to_be_asked_for(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(world, 47)
    html = content(pages.register_list(request_of(world, "cols=done_rows"), LONG))
    assert "计算合计" in html
    assert "SUM" not in html
    told = content(pages.register_list(request_of(world, "cols=done_rows&part=totals"), LONG))
    assert f">{sum(i % 5 for i in range(47))}</td>" in told
    monkeypatch.setattr(pages, "TOTALS_UP_TO", 30)
    capped = content(pages.register_list(request_of(world, "cols=done_rows&part=totals"), LONG))
    assert "只计前 30 行" in capped


def test_a_short_list_keeps_its_page_numbers_and_totals(world: Any) -> None:
    fill(world, 18)
    html = content(pages.register_list(request_of(world, "page=2"), LONG))
    assert "2 / 2" in html
    assert "第 11–18 行，共 18 行" in html
    assert "计算合计" not in html


@pytest.mark.parametrize(("page", "first"), [("1", 0), ("2", 10), ("4", 30), ("5", 40), ("99", 40), ("0", 0), ("x", 0)])
def test_a_page_of_a_long_list_may_be_asked_for_by_its_number(world: Any, page: str, first: int) -> None:
    fill(world, 47)
    selection = asked(world, f"page={page}")
    assert (selection.page_rows[0]["file_name"], selection.rows_before) == (f"台账{first:03d}", first)
    if first:
        assert asked(world, selection.previous_query().removeprefix("?")).rows_before == first - 10


def test_an_empty_long_list_and_the_end_of_one(world: Any) -> None:
    assert asked(world).page_rows == []
    fill(world, 30)
    selection = asked(world)
    place = keyset.Place(("台账999", 10**9), 30).token()
    beyond = asked(world, f"after={place}")
    assert beyond.page_rows == []
    assert (beyond.next_query(), selection.has_previous) == ("", False)


def test_what_is_hidden_is_gone_before_filters_search_order_and_totals(world: Any) -> None:
    fill(world, 12)
    ImportBatch.objects.filter(file_name="台账003").update(receipt="秘密")
    closed = Register(
        **{**LONG.__dict__, "personal": ["receipt", "done_rows"], "personal_permission": "core.read_audit",
           "columns": [*LONG.columns, Column("sly", "别处", "kind", sort="done_rows")]}
    )  # fmt: skip
    selection = Selection(closed, world.actor("admin"), world.day, QueryDict("q=秘密&sort=-done_rows&cols=receipt"))
    assert selection.counted == 0
    assert selection.sort == "file_name"
    assert [column.key for column in selection.columns] == ["file_name", "kind", "state", "at", "by", "decided", "sly"]
    assert "done_rows" not in selection.totals
    sly = Selection(closed, world.actor("admin"), world.day, QueryDict("sort=-sly"))
    assert sly.sort == "file_name", "an order by hidden values would tell them"
    opened = Selection(closed, world.actor("auditor"), world.day, QueryDict("q=秘密"))
    assert opened.columns[-2].key == "decided"


def test_a_box_of_the_map_narrows_a_register_with_ground_only(world: Any) -> None:
    fill(world, 3)
    selection = asked(world, "bbox=1,2,3,4")
    assert (selection.counted, selection.chips) == (3, [])
