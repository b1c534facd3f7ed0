"""Standards of a place: read strictly, entered by one, accepted by another, known for every day they counted."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from judgement_world import AT, ROW, accepted, changes, filled, previewed, proposed

from soildesk.core.models import AuditEntry
from soildesk.core.permissions import NotAllowed
from soildesk.standards import localtable
from soildesk.standards.models import LocalEdition, LocalProposal
from soildesk.standards.queries.judged import table_of
from soildesk.standards.services import judgement, localtables
from soildesk.standards.services.judgement import Given
from soildesk.standards.services.localtables import LocalRefused
from soildesk.standards.services.tables import library_for, local_editions


def faults(world: Any, data: bytes) -> str:
    """Everything that is said about the rows of a refused file."""
    batch = previewed(world, data)
    assert not batch.rows.exclude(verdict="refused").exists(), "all of it or nothing"
    return "\n".join(one for row in batch.rows.all() for one in row.messages)


def judged(world: Any, on: str = "2026-11-20") -> Any:
    """18 mg/kg of arsenic: within the nation's 20, above the place's 15."""
    choices = {"standard": "gb36600", "land_class": "第一类用地", "on": on, "division": "990101"}
    given = Given("样品,砷(mg/kg)\nB1,18\n".encode(), "表.csv", choices, world.district)
    return judgement.try_out(given, by=world.actor("officer"), at=AT)


def verdict(trial: Any) -> str:
    """The one verdict."""
    return str(table_of(trial).column("verdict")[0])


def test_an_accepted_table_enters_judgements_from_its_day_on(world: Any) -> None:
    before = judgement.keep(judged(world), "采用以前", by=world.actor("officer"), at=AT)
    assert before.meets == 1
    proposal = proposed(world)
    assert verdict(judged(world)) == "meets", "what is only proposed counts for nothing"
    edition = localtables.accept(proposal, by=world.actor("issuer"), at=AT)
    assert edition.data["checked_by"] == "issuer"
    after = judged(world)
    assert verdict(after) == "exceeds_screening"
    assert after.result["zh"]["rules"]["fingerprint"] != before.fingerprint
    assert verdict(judged(world, on="2026-08-31")) == "meets"
    anew = judgement.judge_anew(before, before.choices, by=world.actor("officer"), at=AT)
    (change,) = changes(before, anew)
    assert change.before and change.after
    assert (change.before["limit"], change.after["limit"]) == ("20", "15")
    before.refresh_from_db()
    assert before.meets == 1


def test_another_place_is_not_touched(world: Any) -> None:
    accepted(world)
    assert local_editions(world.district) and not local_editions(world.other)
    assert not local_editions(world.city), "a district's table does not bind its city"


def test_who_entered_a_table_does_not_accept_it(world: Any) -> None:
    proposal = proposed(world)
    with pytest.raises(LocalRefused, match="须是两个人"):
        localtables.accept(proposal, by=world.actor("officer"), at=AT)
    with pytest.raises(NotAllowed):
        localtables.accept(proposal, by=world.actor("reader"), at=AT)
    with pytest.raises(NotAllowed):
        localtables.accept(proposal, by=world.actor("stranger"), at=AT)
    localtables.accept(proposal, by=world.actor("issuer"), at=AT)
    with pytest.raises(LocalRefused, match="已采用"):
        localtables.accept(proposal, by=world.actor("issuer"), at=AT)


def test_a_table_is_sent_back_with_a_reason(world: Any) -> None:
    proposal = proposed(world)
    with pytest.raises(LocalRefused, match="写明原因"):
        localtables.decline(proposal, why=" ", by=world.actor("issuer"), at=AT)
    found = localtables.decline(proposal, why="第 3 行数值与印本不符", by=world.actor("issuer"), at=AT)
    assert found.state == LocalProposal.State.DECLINED
    assert not LocalEdition.objects.exists()


def test_every_act_leaves_one_audit_entry(world: Any) -> None:
    proposal = proposed(world)
    acts = list(AuditEntry.objects.order_by("id").values_list("act", flat=True))
    assert acts.count("standards.local.proposed") == 1
    localtables.accept(proposal, by=world.actor("issuer"), at=AT)
    assert AuditEntry.objects.order_by("-id").values_list("act", flat=True)[0] == "standards.local.accepted"


def test_a_later_edition_ends_the_earlier_and_the_past_stays_known(world: Any) -> None:
    first = accepted(world)
    later = AT + timedelta(days=1)
    second = accepted(
        world, filled({"标准编号": "DB99/T 101-2027", "施行日期": "2027-01-01"}, [{**ROW, "限值": "12"}]), later
    )
    first.refresh_from_db()
    assert first.superseded_at == later, "the knowledge is closed, the row itself unchanged"
    assert first.until is None
    known = {one.standard: (one.since, one.until) for one in local_editions(world.district)}
    assert known == {
        "DB99/T 101-2026": (date(2026, 9, 1), date(2027, 1, 1)),
        "DB99/T 101-2027": (second.since, None),
    }
    assert [one.pk for one in local_editions(world.district, at=AT)] == [first.pk], "as it was known on the day"
    library_for(world.district)


def test_a_corrected_table_replaces_the_wrong_one(world: Any) -> None:
    wrong = accepted(world)
    right = accepted(world, filled(rows=[{**ROW, "限值": "14"}]), AT + timedelta(days=1))
    assert [one.pk for one in local_editions(world.district)] == [right.pk]
    wrong.refresh_from_db()
    assert wrong.data["limits"][0]["value"] == "15"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"限值": "25"}, "比国家标准宽：GB 36600-2018"),
        ({"项目": "隔"}, "最接近的是：镉"),
        ({"项目": "总铬", "级别": "管控"}, "不是 GB 36600-2018 的级别"),
        ({"用途": "水田"}, "不是 GB 36600-2018 的用途"),
        ({"限值": "约15"}, "不是数字"),
        ({"限值": "-1"}, "不小于 0"),
        ({"限值": "1e99999"}, "不会是一个限值"),
        ({"限值": "1e-99999"}, "不会是一个限值"),
        ({"单位": "mg/L"}, "不能换算成 mg/kg"),
        ({"把握": "听说"}, "应为：两处来源一致"),
        ({"条款": None}, "“条款”没有填"),
        ({"pH 档": "≥5.5"}, "看不懂"),
        ({"pH 档": "≤5.5"}, "空缺或重叠"),
    ],
)
def test_a_wrong_row_says_what_is_expected(world: Any, row: dict[str, Any], said: str) -> None:
    assert said in faults(world, filled(rows=[{**ROW, **row}, {**ROW, "项目": "镉", "限值": "10"}]))


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ({"补充的国家标准": "GB 1"}, "没有国家标准“GB 1”"),
        ({"行政区划代码": "990102"}, "不在您可以录入的地区内"),
        ({"施行日期": "去年"}, "不是日期"),
        ({"废止日期": "2026-08-01"}, "不晚于施行日期"),
        ({"发布机关": None}, "“发布机关”没有填"),
    ],
)
def test_a_wrong_head_says_what_is_expected(world: Any, head: dict[str, Any], said: str) -> None:
    assert said in faults(world, filled(head))


def test_a_row_that_stands_twice_is_named(world: Any) -> None:
    assert "与第 2 行是同一项目" in faults(world, filled(rows=[ROW, ROW]))


def test_a_file_that_is_not_the_template_says_so(world: Any) -> None:
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "x"
    book.save(out)
    assert "下载模板填写" in faults(world, out.getvalue())


def test_bands_and_words_of_a_farmland_table_are_read(world: Any) -> None:
    rows = [
        {**ROW, "项目": "镉", "用途": "水田、水旱轮作", "pH 档": band, "限值": value}
        for band, value in (("≤5.5", "0.25"), (">5.5，≤6.5", "0.35"), ("pH>6.5, <=7.5", "0.5"), (">7.5", "0.7"))
    ]
    edition = accepted(world, filled({"补充的国家标准": "GB 15618-2018", "施行日期": 46266}, rows))
    assert edition.since == date(2026, 9, 1)
    assert [one["ph"] for one in edition.data["limits"]][1] == {"gt": "5.5", "le": "6.5"}
    assert edition.data["limits"][0]["use"] == ["paddy", "rotation"]


def test_what_the_nation_does_not_limit_may_be_added(world: Any) -> None:
    assert accepted(world, filled(rows=[{**ROW, "项目": "铬", "限值": "250"}])).limits == 1


def test_the_reader_keeps_what_the_sheet_says() -> None:
    assert localtable._day("2026年9月1日") == date(2026, 9, 1)
    assert localtable._day("2026-13-01") is None
    assert localtable._day("") is None


def test_the_pages_of_a_table_from_template_to_judgement(world: Any, client: Client) -> None:
    client.force_login(world.people["officer"])
    assert client.get(reverse("standards:local_template")).content[:2] == b"PK"
    proposal = proposed(world)
    url = reverse("standards:proposal", args=[proposal.uid])
    own = client.get(url).content.decode()
    assert "录入和复核须是两个人" in own
    client.post(reverse("standards:local_accept", args=[proposal.uid]))
    assert not LocalEdition.objects.exists()
    client.force_login(world.people["issuer"])
    assert "对照印本无误，采用" in client.get(url).content.decode()
    answer = client.post(reverse("standards:local_accept", args=[proposal.uid]), follow=True)
    page = answer.content.decode()
    for words in ("DB99/T 101-2026", "已采用", "记录过的版本", "施行中"):
        assert words in page
    assert "DB99/T 101-2026" in client.get(reverse("standards:local")).content.decode()
    assert "尚未施行" in client.get(reverse("standards:local") + "?on=2026-08-01").content.decode()
    assert "DB99/T 101-2026" in client.get(reverse("standards:library")).content.decode()
    assert "DB99/T 101-2026" in client.get(reverse("standards:analyte", args=["arsenic"])).content.decode()
    edition = LocalEdition.objects.get()
    assert client.get(reverse("standards:local_export", args=[edition.uid])).content[:2] == b"PK"
    client.force_login(world.people["stranger"])
    assert client.get(reverse("standards:local_edition", args=[edition.uid])).status_code == 404
    assert client.get(url).status_code == 404


def test_a_proposal_is_sent_back_on_its_page(world: Any, client: Client) -> None:
    proposal = proposed(world)
    client.force_login(world.people["issuer"])
    decline = reverse("standards:local_decline", args=[proposal.uid])
    assert "写明原因" in client.post(decline, {"why": ""}, follow=True).content.decode()
    assert "缺第二页" in client.post(decline, {"why": "缺第二页"}, follow=True).content.decode()
    assert "已退回" in client.get(reverse("standards:proposals") + "?state=declined").content.decode()


def test_the_library_speaks_of_the_day(world: Any, client: Client) -> None:
    client.force_login(world.people["reader"])
    page = client.get(reverse("standards:library") + "?on=2026-09-01").content.decode()
    assert page.count("尚未施行") == 1
    for slug in ("gb15618-2018", "gb36600-2018", "gbt14848-2017", "gb5084-2021", "gb2762-2022", "gb2762-2025"):
        assert client.get(reverse("standards:edition", args=[slug])).status_code == 200
        assert client.get(reverse("standards:edition_export", args=[slug])).content[:2] == b"PK"
    assert client.get(reverse("standards:library_export")).content[:2] == b"PK"
    assert client.get(reverse("standards:edition", args=["gb1"])).status_code == 404
    assert (
        "凭记忆录入的，没有对照印本核对"
        in client.get(reverse("standards:edition", args=["gb5084-2021"])).content.decode()
    )


def test_a_table_reads_as_printed(world: Any, client: Client) -> None:
    client.force_login(world.people["reader"])
    page = client.get(reverse("standards:edition", args=["gb15618-2018"]) + "?q=Cd").content.decode()
    assert "pH &gt;6.5，≤7.5" in page
    assert "水田" in page and "汞" not in page
    nothing = client.get(reverse("standards:edition", args=["gb15618-2018"]) + "?q=苯乙烯").content.decode()
    assert "本标准没有这个项目的限值" in nothing


def test_an_analyte_is_found_by_any_of_its_names(world: Any, client: Client) -> None:
    client.force_login(world.people["reader"])
    url = reverse("standards:analytes")
    assert "镉的限值" in client.get(url + "?q=Cd").content.decode()
    assert "最接近的是" in client.get(url + "?q=隔").content.decode()
    assert "可能是下面几个项目" in client.get(url + "?q=滴滴涕").content.decode()
    assert "没有叫" in client.get(url + "?q=zzzzzzzz").content.decode()
    assert client.get(url).status_code == 200
    cadmium = reverse("standards:analyte", args=["cadmium"])
    assert "GB 2762-2022" not in client.get(cadmium).content.decode()
    assert "GB 2762-2022" in client.get(cadmium + "?all=1").content.decode()
    assert client.get(reverse("standards:analyte", args=["nothing"])).status_code == 404


def test_unknown_records_are_not_found(world: Any, client: Client) -> None:
    client.force_login(world.people["officer"])
    for name in ("proposal", "local_edition"):
        assert client.get(reverse(f"standards:{name}", args=[uuid4()])).status_code == 404
