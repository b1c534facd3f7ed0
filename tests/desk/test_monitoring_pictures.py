"""Pictures of results: what is drawn is what the rows say; nobody sees another's; nothing, one value and refusals are told."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from xml.etree import ElementTree

import judging_world as rows
import numpy as np
import picture_world
import pytest
from django.test import Client
from register_promises import RegisterPromises
from scipy import stats

from soildesk.monitoring import pictures
from soildesk.monitoring.models import Campaign, Grade, PointVersion, ResultVerdict
from soildesk.monitoring.queries import pointverdicts, series, spread
from soildesk.monitoring.queries.contents import contents, seen
from soilrules.statistics.trend import Trend

pytestmark = [pytest.mark.django_db]
SVG = "{http://www.w3.org/2000/svg}"
DAY = date(2026, 11, 20)
YEARS = {2017: 0.22, 2019: "<0.1", 2020: 0.25, 2022: 0.31, 2024: 0.33, 2025: 0.36, 2026: 0.44}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


def browser(world: Any, who: str = "officer") -> Client:
    return world.browser(who)


def drawing(page: str, number: int = 0) -> ElementTree.Element:
    """A drawing of a page as a tree."""
    found = re.findall(r'<svg xmlns="http://www.w3.org/2000/svg".*?</svg>', page, re.S)
    return ElementTree.fromstring(found[number])


def told(tree: ElementTree.Element, name: str) -> list[float]:
    return [float(one.get(name, "")) for one in tree.iter() if one.get(name)]


def scale(tree: ElementTree.Element, name: str = "data-tick", at: str = "y") -> tuple[float, float]:
    """Value of a drawing unit and at 0, from the ticks of an axis (their words stand 4 units low)."""
    ticks = [
        (float(one.get(at, "")) - (4 if at == "y" else 0), float(one.get(name, "")))
        for one in tree.iter()
        if one.get(name)
    ]
    (slope, start), *_rest = [np.polyfit(*np.array(ticks).T, 1)]
    return float(slope), float(start)


def sampled(world: Any, years: dict[int, Any] = YEARS) -> Any:
    point = rows.point(world, "JC-990101-5001", use="paddy", name="柏庄水稻 1 号")
    PointVersion.objects.filter(point=point).update(since=date(2015, 1, 1))
    picture_world.rounds(world, point, years, ph=5.4)
    return point


@pytest.mark.store
def test_a_series_is_drawn_where_its_values_are(world: Any) -> None:
    """Each mark stands at its value by the ticks of the axis; non-detects are open and hang from their limit."""
    sampled(world)
    page = browser(world).get("/monitoring/series/?point=JC-990101-5001&analyte=cadmium").content.decode()
    tree = drawing(page)
    slope, start = scale(tree)
    drawn = {}
    for one in tree.iter():
        if one.get("data-value"):
            place = one.get("cy") or re.findall(r"M[\d.]+ ([\d.-]+)", one.get("d", "M0 0"))[0]
            low = float(place) + (
                6.5 if "control" in one.get("class", "") else 6 if "screening" in one.get("class", "") else 0
            )
            low = float(one.get("y", "0")) + 4.5 if one.tag == f"{SVG}rect" else low
            drawn[float(one.get("data-value", ""))] = slope * low + start
    assert sorted(drawn) == sorted(value for value in YEARS.values() if isinstance(value, float))
    assert all(abs(value - place) < 0.002 for value, place in drawn.items()), drawn
    assert told(tree, "data-limit-of") == [0.1]
    assert sum(one.get("class") == "p-hang" for one in tree.iter()) == 1
    assert "显著上升" in page
    assert "经验取值" in page
    assert "（未检出）" in page


def test_the_limit_begins_with_its_edition(world: Any) -> None:
    """The first round was before the standard was in force: its mark is unknown and the line begins with the edition."""
    point = sampled(world)
    version = PointVersion.objects.select_related("point").get(point=point)
    made, _choice = series.series(world.actor("officer"), [version], ("cadmium", ""), DAY)
    pieces = [one for one in made.limits if one.kind == "screening"]
    assert [(one.first, one.value, one.standard) for one in pieces] == [(date(2018, 8, 1), 0.3, "GB 15618-2018")]
    assert made.contents[0].verdict == "unknown"


def test_a_limit_steps_where_it_changes(world: Any) -> None:
    """Another pH, another limit: the line steps half way between the two rounds."""
    point = rows.point(world, "JC-990101-5002", use="paddy")
    picture_world.rounds(world, point, {2020: 0.2}, ph=5.0)
    picture_world.rounds(world, point, {2022: 0.2}, ph=7.0)
    version = PointVersion.objects.select_related("point").get(point=point)
    made, _choice = series.series(world.actor("officer"), [version], ("cadmium", ""), DAY)
    pieces = [one for one in made.limits if one.kind == "screening"]
    assert [one.value for one in pieces] == [0.3, 0.6]
    assert pieces[0].last == pieces[1].first == date(2021, 5, 10)


def test_nothing_and_one_value(world: Any) -> None:
    """A point without results says so; one value is drawn and no trend is claimed."""
    rows.point(world, "JC-990101-5003")
    client = browser(world)
    assert "还没有已接收的检测结果" in client.get("/monitoring/series/?point=JC-990101-5003").content.decode()
    assert client.get("/monitoring/series/").status_code == 200
    assert "没有编号为" in client.get("/monitoring/series/?point=XYZ").content.decode()
    point = sampled(world, {2026: 0.2})
    version = PointVersion.objects.select_related("point").get(point=point)
    shown = pictures.of_point(world.actor("officer"), version, DAY)
    assert shown is not None
    assert shown.series.lines[0].trend is not None
    assert shown.series.lines[0].trend.outcome is Trend.UNKNOWN
    assert "只有1个数值" in client.get(f"/kit/r/points/{point.uid}").content.decode()


def test_of_a_past_day_only_what_was_sampled(world: Any) -> None:
    """As of 2022 the rounds after it are not there."""
    sampled(world)
    page = browser(world).get("/monitoring/series/?point=JC-990101-5001&analyte=cadmium&on=2022-12-31").content.decode()
    assert told(drawing(page), "data-value") == [0.22, 0.25, 0.31]


def test_the_data_behind_need_an_approval_unless_public(world: Any) -> None:
    """Graded: the way to the request, with the selection. Public: exactly the rows of the picture."""
    sampled(world)
    client, url = browser(world), "/monitoring/series/?point=JC-990101-5001&analyte=cadmium&data=csv"
    answer = client.get(url)
    assert answer.status_code == 302
    assert "exports/new" in answer["Location"]
    assert "JC-990101-5001" in answer["Location"]
    Campaign.objects.update(grade=Grade.PUBLIC)
    text = b"".join(client.get(url)).decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert [line["结果"].split(" ")[0] for line in lines] == [str(value) for value in YEARS.values()]
    assert client.get(url.replace("csv", "xlsx")).status_code == 200
    assert client.get(url.replace("csv", "exe")).status_code == 404


def test_a_series_stands_beside_its_warning(world: Any) -> None:
    """The warning's page draws the analyte it is about."""
    from soildesk.monitoring.models import Alert

    sampled(world)
    alert = Alert.objects.filter(analyte="cadmium").order_by("pk").last()
    assert alert is not None
    page = browser(world).get(f"/kit/r/alerts/{alert.uid}").content.decode()
    assert 0.44 in told(drawing(page), "data-value")


@pytest.mark.store
def test_points_are_coloured_by_what_is_asked(world: Any) -> None:
    """The gravest of a campaign or an analyte; without either, the newest result of each analyte; unknown is its own."""
    one = rows.point(world, "P1", use="paddy")
    two = rows.point(world, "P2", use="paddy", x=114.31)
    rows.point(world, "没有结果的点", x=114.32)
    old, new = rows.campaign(world, date(2024, 5, 1)), rows.campaign(world, date(2026, 5, 1))
    rows.results(world, old, {one: {"cadmium": 0.9, "ph": 5.0}, two: {"cadmium": 0.1, "ph": 5.0}})
    rows.results(world, new, {one: {"cadmium": 0.1, "lead": 999.0, "ph": 5.0}, two: {"cadmium": 0.1}})
    for of in (old, new):
        picture_world.judging.judge(of, "accepted", by=world.actor("officer"), at=picture_world.AT)
    actor = world.actor("officer")

    def verdicts(query: str) -> dict[str, str]:
        from django.http import QueryDict

        held = pointverdicts.asked(pointverdicts.points(actor, DAY), QueryDict(query))
        return dict(held.values_list("point__number", "verdict"))

    assert verdicts("") == {"P1": "exceeds_control", "P2": "unknown", "没有结果的点": "none"}
    assert verdicts(f"campaign={old.number}")["P1"] == "exceeds_screening"
    assert verdicts("analyte=cadmium")["P1"] == "meets"
    page = browser(world).get(f"/kit/r/point_verdicts/?campaign={old.number}").content.decode()
    assert "没有结果的点" not in re.sub(r"<script.*?</script>", "", page, flags=re.S).split("<tbody")[1]
    drawn = pictures.map_of_campaign(actor, new)
    assert drawn is not None
    assert [(row[1], row[2]) for row in drawn.rows] == [("P1", "超管制值"), ("P2", "无法判断")]
    marks = [one.get("data-verdict") for one in ElementTree.fromstring(drawn.svg()).iter() if one.get("data-verdict")]
    assert marks == ["unknown", "exceeds_control"]  # the gravest is drawn over the others


def test_verdicts_of_graded_campaigns_do_not_leave_unasked(world: Any) -> None:
    """The list's file needs an approval, programs get none of it."""
    one = rows.point(world, "P1", use="paddy")
    of = rows.campaign(world)
    rows.results(world, of, {one: {"cadmium": 0.9, "ph": 5.0}})
    picture_world.judging.judge(of, "accepted", by=world.actor("officer"), at=picture_world.AT)
    client = browser(world)
    answer = client.get(f"/kit/r/point_verdicts/?campaign={of.number}&export=csv")
    assert answer.status_code == 302
    assert of.number in answer["Location"]
    assert not pointverdicts.open_points(pointverdicts.points(world.actor("officer"), DAY)).exists()
    Campaign.objects.update(grade=Grade.PUBLIC)
    assert client.get(f"/kit/r/point_verdicts/?campaign={of.number}&export=csv").status_code == 200


def test_a_profile_goes_down_through_the_layers(world: Any) -> None:
    """Layers stand between their depths, contents at their value, limits beside them."""
    of, _points = picture_world.deep_plot(world, {(0, 50): 62.0, (50, 150): 88.0, (150, 300): "<0.5"}, holes=1)
    page = browser(world).get(f"/monitoring/analysis/profile/?campaign={of.number}").content.decode()
    tree = drawing(page)
    slope, start = scale(tree, at="x")
    down, top = scale(tree, "data-depth")
    marks = [one for one in tree.iter() if one.get("data-value")]
    assert told(tree, "data-value") == [62.0, 88.0]
    assert told(tree, "data-limit-of") == [0.5]
    for mark, value, middle in zip(marks, (62.0, 88.0), (25.0, 100.0), strict=True):
        x, y = (float(part) for part in re.findall(r"M([\d.]+) ([\d.]+)", mark.get("d", ""))[0])
        assert slope * x + start == pytest.approx(value, abs=0.5)
        assert down * (y + 6) + top == pytest.approx(middle, abs=2)
    assert set(told(tree, "data-limit")) == {20.0, 120.0}
    flat = picture_world.survey(world, 5)
    empty = browser(world).get(f"/monitoring/analysis/profile/?campaign={flat.campaign.number}").content.decode()
    assert "没有分层采样的结果" in empty


def test_boxes_are_the_quartiles_of_the_rows(world: Any) -> None:
    """By kind of point: n, non-detects and quartiles; of five and more a box, of fewer the values themselves."""
    made = picture_world.survey(world, 40)
    held = contents(seen(world.actor("officer"), DAY).filter(analyte="cadmium"))
    (box,) = spread.boxes({"all": held}, spread.KAPLAN_MEIER, "zh")
    assert box.quartiles == pytest.approx(tuple(np.quantile(made.values["cadmium"], (0.25, 0.5, 0.75))))
    fence = box.quartiles[2] + 1.5 * (box.quartiles[2] - box.quartiles[0])
    assert {one.number for one in box.outliers} == {value for value in made.values["cadmium"] if value > fence}
    mercury = contents(seen(world.actor("officer"), DAY).filter(analyte="mercury"))
    (below,) = spread.boxes({"all": mercury}, spread.KAPLAN_MEIER, "zh")
    assert below.not_detected == sum(isinstance(value, str) for value in made.values["mercury"]) > 0
    (few,) = spread.boxes({"all": held[:4]}, spread.KAPLAN_MEIER, "zh")
    assert (few.quartiles, len(few.singles)) == ((None, None, None), 4)
    page = (
        browser(world)
        .get(f"/monitoring/analysis/boxes/?campaign={made.campaign.number}&analyte=cadmium&by=kind")
        .content.decode()
    )
    kinds = [[value for at, value in enumerate(made.values["cadmium"]) if at % 3 == kind] for kind in range(3)]
    assert sorted(told(drawing(page), "data-median")) == pytest.approx(sorted(np.median(one) for one in kinds))
    assert page.count("n=13") + page.count("n=14") >= 3


def test_correlations_are_those_of_the_samples(world: Any) -> None:
    """Spearman's ρ as scipy has it from the values; the caveat stands above; too little is refused with its reason."""
    made = picture_world.survey(world, 40)
    client = browser(world)
    url = f"/monitoring/analysis/sources/?campaign={made.campaign.number}"
    page = client.get(url + "&with=cadmium&with=lead").content.decode()
    rho = stats.spearmanr(made.values["cadmium"], made.values["lead"]).statistic
    assert told(drawing(page), "data-rho") == pytest.approx([1.0, rho, 1.0], abs=1e-4)
    assert "不证明来源" in page
    assert len(told(drawing(page, 1), "data-loading")) == 2
    assert "无法判断" in client.get(url + "&with=cadmium").content.decode()


@pytest.mark.parametrize("tool", ["", "profile/", "boxes/", "sources/", "surfaces/new"])
def test_another_district_finds_no_campaign_of_ours(world: Any, tool: str) -> None:
    """Named or not: nothing of it is told; nobody is sent to the login."""
    made = picture_world.survey(world, 6)
    url = f"/monitoring/analysis/{tool}?campaign={made.campaign.number}"
    page = browser(world, "stranger").get(url)
    assert page.status_code == 200
    assert made.campaign.title not in page.content.decode()
    assert Client().get(url).status_code == 302
    series_page = browser(world, "stranger").get("/monitoring/series/?point=JC-990101-0001").content.decode()
    assert "没有编号为" in series_page
    assert "<svg xmlns" not in series_page


def test_a_result_that_no_longer_counts_is_not_drawn(world: Any) -> None:
    """Rejected by the validator: gone from series and map."""
    from soildesk.monitoring.models import Qualifier, Result

    sampled(world)
    last = Result.objects.get(analyte="cadmium", value=0.44)
    Qualifier.objects.create(result=last, role="validator", code="rejected", reason="平行样不合格", at=picture_world.AT)
    page = browser(world).get("/monitoring/series/?point=JC-990101-5001&analyte=cadmium").content.decode()
    assert 0.44 not in told(drawing(page), "data-value")
    assert ResultVerdict.objects.filter(result=last, superseded_at=None).exists()


class TestPointVerdicts(RegisterPromises):
    """Points by verdict, of a public campaign: of others nothing leaves unasked."""

    collection = "point_verdicts"
    writer = "officer"

    def fill(self, world: Any) -> Sequence[str]:
        self.made = picture_world.survey(world, 3, grade=Grade.PUBLIC)
        return [str(one.uid) for one in self.made.points]

    def more(self, world: Any, count: int) -> None:
        for number in range(count):
            rows.point(world, f"N{number:03d}", name=f"又{number}号")
