"""A kept answer says when it is out of date, and by what; the record itself stays as it was written."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from desk.land_world import parcel, place, square
from desk.plot_world import Plots, browser, noon
from soildesk.core.versions import Recording
from soildesk.decisions import certificate, replyletter
from soildesk.decisions.models import GateQuery
from soildesk.decisions.outdatedshown import outdated
from soildesk.decisions.queries.facts import Asked
from soildesk.decisions.services import after, gate
from soildesk.decisions.services.gate import Said
from soildesk.land.services import lineage
from soildesk.plots.services import events, plots

pytestmark = [pytest.mark.django_db, pytest.mark.store]
ASKED, LATER, TODAY = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 20)


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Plots:
    monkeypatch.setenv("SOILDESK_TODAY", TODAY.isoformat())
    return Plots(world)


def kept(made: Plots, on: date = ASKED, at: date = ASKED) -> GateQuery:
    """A question about two squares, answered on a day."""
    asked = Asked(square(0, 0, 2), "供地", "0701", on, scheme="guide2023")
    return gate.ask(asked, place(made.world), Said(), by=made.officer, at=noon(at))


def told(query: GateQuery, **how: Any) -> list[str]:
    found = outdated(query, **how)
    return found.told if found else []


def test_an_answer_stands_while_nothing_changes(made: Plots) -> None:
    farm = made.to(made.plot("原农药厂地块", square(0, 0)), "S3")
    made.plot("邻地块", square(2, 0))
    query = kept(made)
    plots.change(farm, {"location": "柏庄路1号"}, since=LATER, recording=Recording(made.officer, noon(LATER), "补登"))
    made.event(farm, "risk_level_set", LATER)  # says nothing to the gate
    assert outdated(query) is None


def test_what_happened_to_plots_since_is_told(made: Plots) -> None:
    farm = made.to(made.plot("原农药厂地块", square(0, 0)), "S5")
    beside = made.to(made.plot("邻地块", square(2, 0)), "S2")
    query = kept(made)
    checks = query.checks
    made.event(beside, "polluted_listed", LATER)  # shares only its border
    made.event(farm, "roster_listed", LATER)
    made.plot("新地块", square(1, 0), since=date(2026, 10, 3))
    assert outdated(query).since == LATER
    assert told(query) == [
        "2026-10-01：原农药厂地块，列入风险管控和修复名录",
        "2026-10-03：新登记了地块“新地块”",
    ]
    assert not any("原农药厂" in one for one in told(query, public=True))
    query.refresh_from_db()
    assert query.checks == checks


def test_ground_drawn_anew_taken_back_or_ended_is_told(made: Plots) -> None:
    farm = made.plot("原农药厂地块", square(0, 0))
    listed = made.event(farm, "suspected_listed", date(2026, 3, 1))
    gone = made.plot("粮库地块", square(1, 0))
    query = kept(made)
    events.take_back(listed, "误登", by=made.officer, at=noon(LATER))
    how = Recording(made.officer, noon(date(2026, 10, 2)), "测绘更正")
    plots.change(farm, {"geometry": square(0, 0, 0.5)}, since=date(2026, 10, 2), recording=how)
    plots.end(gone, on=date(2026, 10, 5), recording=Recording(made.officer, noon(date(2026, 10, 5)), "重复登记"))
    assert told(query) == [
        "2026-10-01：原农药厂地块，撤销了误登的“列入疑似污染地块名单”",
        "2026-10-02：地块“原农药厂地块”的范围重新划定",
        "2026-10-05：地块“粮库地块”终止",
    ]


def test_a_split_of_its_parcel_is_told(made: Plots) -> None:
    held = parcel(made.world, square(0, 0), name="三号宗地")
    query = kept(made)
    halves = [lineage.Piece(square(0, 0, 0.5), {"name": "西"}), lineage.Piece(square(0.5, 0, 0.5), {"name": "东"})]
    lineage.split(held, halves, lineage.Paper(LATER, "分割转让"), by=made.officer, at=noon(LATER))
    assert told(query) == ["2026-10-01：宗地分割"]


def test_an_answer_for_a_past_day_says_which_law_came_since(made: Plots) -> None:
    made.to(made.plot("原农药厂地块", square(0, 0)), "S2")
    query = kept(made, on=date(2026, 8, 14))
    assert "2026-08-15：《中华人民共和国生态环境法典》的规定开始适用" in told(query)
    assert told(kept(made, on=date(2026, 8, 15))) == []


def test_the_page_and_the_public_page_say_it(made: Plots, django_assert_max_num_queries: Any) -> None:
    farm = made.to(made.plot("原农药厂地块", square(0, 0)), "S5")
    query = kept(made)
    page, public = (
        reverse("kit:record", args=["gate-queries", str(query.uid)]),
        reverse("decisions:verify", args=[query.token]),
    )
    assert "已过时" not in browser(made).get(page).content.decode() + Client().get(public).content.decode()
    made.event(farm, "roster_listed", LATER)
    text = browser(made).get(page).content.decode()
    assert "已过时：自 2026-10-01 以来" in text
    assert "原农药厂地块，列入风险管控和修复名录" in text
    text = Client().get(public).content.decode()
    assert "已过时：自 2026-10-01 以来" in text
    assert "原农药厂地块" not in text
    with django_assert_max_num_queries(1):
        outdated(query)


def test_paper_printed_again_says_so_as_the_public_page_does(made: Plots) -> None:
    farm = made.to(made.plot("原农药厂地块", square(0, 0)), "S5")
    query = kept(made)
    assert certificate.told(query)["outdated"] == []
    before = certificate.made(query, "https://例.invalid/v")
    assert certificate.made(query, "https://例.invalid/v") == before
    made.event(farm, "roster_listed", LATER)
    (head, *changed) = certificate.told(query)["outdated"]
    assert head.startswith("本单于 2026-11-20 打印时已过时：自 2026-10-01 以来")
    assert changed == told(query, public=True), "what the page that verifies it tells"
    with pypdfium2.PdfDocument(certificate.made(query, "https://例.invalid/v")) as document:
        printed = "".join(document[0].get_textpage().get_text_range().split())
    assert "打印时已过时：自2026-10-01以来" in printed
    letter = Document(BytesIO(replyletter.as_word(query, None, TODAY)))
    assert any("打印时已过时" in one.text for one in letter.paragraphs)
    again = after.again(query, "名录有变化", by=made.officer, at=noon(TODAY), on=TODAY)
    assert again.number in certificate.told(query)["outdated"][-1]
    assert certificate.told(again)["outdated"] == []
    record = [reverse("kit:record", args=["gate-queries", str(one.uid)]) for one in (query, again)]
    told_first, told_again = (
        browser(made).get(url).content.decode().partition('id="verdict-title"')[0] for url in record
    )
    assert (record[1] in told_first, "又作过核查" in told_again) == (True, False)
