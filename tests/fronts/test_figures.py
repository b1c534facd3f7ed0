"""Every number on the pages of daily work, followed to its rows: it is how many they are.

A number that leads to rows carries itself in `data-figure`; what it leads to carries how many rows it has in `data-total`,
and shows them. Of a share the page of its rows tells the part and, in `data-all`, the whole.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client

from soildesk.assessment.models import Assessment
from soildesk.core.models import Person
from soildesk.core.permissions import Actor
from soildesk.plans.models import Plan
from soildesk.reporting.queries import records
from soildesk.reporting.queries.reading import Reading, offered, row_url
from soildesk.supervision.models import DispatchRound
from soilrules.deadlines.periods import period_of

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.usefixtures("demo_home", "db")]
DAY = date(2026, 11, 21)
OFFICER, CHIEF, FARMS, TOWN = "linlan", "zhouzheng", "maijia", "shixin"
LINK = re.compile(r'<a [^>]*data-figure="[^"]*"[^>]*>')
BODY = re.compile(r'<table class="register.*?<tbody>(.*?)</tbody>', re.DOTALL)
LINES = re.compile(r'<ul class="today-list" data-total="\d+">(.*?)</ul>', re.DOTALL)


@dataclass(frozen=True)
class Figure:
    """A number as the page shows it."""

    number: Decimal
    url: str
    whole: Decimal | None

    @classmethod
    def of(cls, link: str) -> Figure:
        told = dict(re.findall(r'([a-z-]+)="([^"]*)"', link))
        whole = Decimal(told["data-of"]) if "data-of" in told else None
        return cls(Decimal(told["data-figure"]), html.unescape(told["href"]), whole)


def desk(name: str) -> Client:
    found = Client()
    found.force_login(Person.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return found


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return str(answer.content.decode())


def figures(page: str) -> list[Figure]:
    return [Figure.of(link) for link in LINK.findall(page)]


def faults(client: Client, page: str) -> Iterator[str]:
    """What the numbers of a page say that their rows do not."""
    seen: dict[str, str] = {}
    for one in figures(page):
        if one.url.startswith("#"):
            listed = page.count(f'data-row="{one.url[1:]}"')
            if listed != one.number:
                yield f"{one.number} at {one.url}: {listed} rows on the page"
            continue
        seen.setdefault(one.url, "")
        seen[one.url] = seen[one.url] or text(client, one.url)
        yield from fault_of(one, seen[one.url])


def fault_of(one: Figure, rows: str) -> Iterator[str]:
    """How a number differs from the page of its rows."""
    told = re.search(r'data-total="([^"]+)"', rows)
    total = Decimal(told[1]) if told else Decimal(0)
    if total != one.number:
        yield f"{one.number} at {one.url}: {total} rows" + ("" if told else " (the page tells none)")
    if one.whole is not None:
        whole = re.search(r'data-all="([^"]+)"', rows)
        if whole is None or Decimal(whole[1]) != one.whole:
            yield f"of {one.whole} at {one.url}: {whole and whole[1]}"
    if body := BODY.search(rows):
        shown = body[1].count("<tr")
        if shown not in {min(total, 50), min(total, 100), total}:  # a page of the ledger, of a register, or all
            yield f"{one.number} at {one.url}: {shown} rows stand there"
    if (lines := LINES.search(rows)) and lines[1].count("<li>") != total:
        yield f"{one.number} at {one.url}: {lines[1].count('<li>')} lines stand there"


@pytest.mark.parametrize(
    ("who", "url", "least"),
    [
        (OFFICER, "/", 20),
        (FARMS, "/", 3),
        (TOWN, "/", 3),
        (CHIEF, "/director/", 25),
        (TOWN, "/director/", 5),
        (CHIEF, "/director/records", 2),
        (OFFICER, "/reports/mayor", 12),
        (FARMS, "/plans/department/", 5),
    ],
)
def test_every_number_is_that_of_its_rows(who: str, url: str, least: int) -> None:
    cache.clear()
    client = desk(who)
    page = text(client, url)
    assert len(figures(page)) >= least, "numbers that lead nowhere"
    assert list(faults(client, page)) == []


def test_a_plan_and_its_checks_count_their_tasks() -> None:
    client = desk(OFFICER)
    plan = Plan.objects.get(title="青禾区2026年土壤污染防治工作方案")
    for url in (f"/plans/{plan.uid}/", f"/plans/{plan.uid}/measures/"):
        page = text(client, url)
        assert figures(page), url
        assert list(faults(client, page)) == [], url


def test_a_round_its_ranking_and_an_assessment_count_their_rows() -> None:
    client = desk(OFFICER)
    (ended, *_earlier) = DispatchRound.objects.filter(state=DispatchRound.State.CLOSED).order_by("first")
    own = Assessment.objects.filter(division_path__startswith="99/9901/990101/").exclude(state=Assessment.State.OPENED)
    for url in (
        f"/kit/r/dispatch_rounds/{ended.uid}",
        f"/supervision/rounds/{ended.uid}/ranking/",
        f"/kit/r/assessments/{own.order_by('pk')[0].uid}",
    ):
        page = text(client, url)
        assert figures(page), url
        assert list(faults(client, page)) == [], url


def test_a_wrong_number_is_found() -> None:
    client = desk(CHIEF)
    link = '<a class="figure" href="/kit/r/matters/?show=late" data-figure="{}">'
    (right,) = re.findall(r'href="/kit/r/matters/\?show=late" data-figure="(\d+)"', text(client, "/director/"))
    assert list(faults(client, link.format(right))) == []
    assert len(list(faults(client, link.format(int(right) + 1)))) == 1


def test_every_row_behind_a_measure_leads_to_its_record() -> None:
    """One of each kind of row is opened; a place is no record, and has no page of its own."""
    client = desk(OFFICER)
    actor = Actor.of(Person.objects.get(username=OFFICER), DAY)
    place = records.place_of(actor)
    assert place is not None
    opened: dict[str, str] = {}
    for year in (2025, 2026):
        reading = Reading(actor, place, period_of(date(year, 12, 31), "year"), min(DAY, date(year, 12, 31)), DAY)
        for one in offered():
            for row in reading.figure(one).rows:
                opened.setdefault(row.subject_type, row_url(row))
    assert len(opened) > 20
    assert {kind for kind, url in opened.items() if not url} == {"core.division"}
    for kind, url in opened.items():
        if url:
            assert client.get(url).status_code == 200, (kind, url)


def test_safe_use_on_the_first_page_is_what_the_pages_of_its_rates_say() -> None:
    cache.clear()
    client = desk(OFFICER)
    assert 'hx-get="/safe-use"' in text(client, "/")
    part = text(client, "/safe-use")
    own = re.search(r'class="today-count" href="([^"]+)">([\d.]+)%<', part)
    missing = re.search(r'href="(/farmland/rate/[^"]+)">([\d.]+) 亩', part)
    assert own and missing, "the rate of the last year that was told, and what is missing of the target"
    assert f"{own[2]}%" in text(client, html.unescape(own[1]))
    assert f"{missing[2]} 亩" in text(client, html.unescape(missing[1]))
    farmland = part.split("</dl>")[0]
    assert "2025 年" in farmland and "目标" in farmland and "照2025年还差" in farmland
    assert "未达到" not in farmland, "a rate of 2025 has not missed a target of 2026"
    watched = re.search(r'href="/decisions/watches">办理次序不合规定</a><span class="count">(\d+)<', part)
    assert watched and f"有 {watched[1]} 条尚未处理" in text(client, "/decisions/watches")
    assert 'id="safe-use"' in text(client, "/") and 'hx-get="/safe-use"' not in text(client, "/"), (
        "kept until something is written"
    )


def test_who_sees_a_part_of_the_place_reads_no_rate_of_the_whole() -> None:
    cache.clear()
    assert "today-count" not in text(desk(TOWN), "/safe-use")
