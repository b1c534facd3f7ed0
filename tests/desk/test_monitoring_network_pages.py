"""Pages of the network: every number leads to its rows; a campaign goes from a form to labels, records and slips."""

from __future__ import annotations

import re
from typing import Any

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from land_world import layer, square
from monitoring_world import SAMPLED_KEYS, campaign, county, point, record, spot, started

from soildesk.core import files
from soildesk.core.models import AuditEntry
from soildesk.monitoring.models import Campaign, Custody, FieldRecord, SamplingTask
from soildesk.monitoring.queries import coverage, gaps
from soildesk.monitoring.services import sampling

pytestmark = [pytest.mark.django_db]
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 40


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


def browser(world: Any, who: str = "officer") -> Client:
    """Somebody logged in."""
    return world.browser(who)


def text_of(pdf: bytes) -> str:
    """What a PDF says."""
    with pypdfium2.PdfDocument(pdf) as document:
        return re.sub(r"\s+", "", "".join(page.get_textpage().get_text_range() for page in document))


class TestAnalysis:
    """Coverage, sources, doubles."""

    def test_every_number_of_the_table_is_the_number_of_its_rows(self, world: Any) -> None:
        county(world)
        client = browser(world)
        lines = client.get(reverse("monitoring:network")).context["lines"]
        assert {line.name: line.total.count for line in lines} == {
            "城关街道": 0,
            "柏庄镇": 12,
            "军庄镇": 0,
            "清水乡": 0,
        }
        for line in lines:
            for cell in (*line.cells, line.total):
                if cell.count:
                    found = client.get(cell.url + "&export=csv")
                    text = b"".join(found.streaming_content if found.streaming else [found.content]).decode()
                    assert text.count("JCD-") == cell.count, cell.url

    def test_tiles_lead_to_their_rows(self, world: Any) -> None:
        county(world)
        client = browser(world)
        for tile in client.get(reverse("monitoring:network")).context["tiles"][:5]:
            found = client.get(tile.url + ("&" if "?" in tile.url else "?") + "export=csv")
            text = b"".join(found.streaming_content if found.streaming else [found.content]).decode()
            assert text.count("JCD-") == tile.count, tile.title

    def test_medium_narrows(self, world: Any) -> None:
        county(world)
        context = browser(world).get(reverse("monitoring:network") + "?medium=groundwater").context
        assert [line.total.count for line in context["lines"]] == [0, 1, 0, 0]

    @pytest.mark.parametrize("query", ["near=abc", "near=-5", "apart=1e99", "near=nan", "medium=lava"])
    def test_odd_questions_are_answered(self, world: Any, query: str) -> None:
        county(world)
        assert browser(world).get(f"{reverse('monitoring:network')}?{query}").status_code == 200

    def test_sources_without_a_point_are_named_with_the_nearest(self, world: Any) -> None:
        county(world)
        zones = [
            {"code": "Y1", "name": "有点园区", "geometry": square(0, 0)},
            {"code": "Y2", "name": "无点园区", "geometry": square(30, 0)},
        ]
        layer(world, "parks", "park", zones)
        officer = world.actor("officer")
        held = coverage.points_of(officer, world.day)
        (found,) = coverage.sources(officer, world.day, held, 1000.0)
        assert ([each.name for each in found.covered], [each.name for each in found.bare]) == (
            ["有点园区"],
            ["无点园区"],
        )
        assert found.bare[0].metres == pytest.approx(5300, rel=0.02)
        page = browser(world).get(reverse("monitoring:network")).content.decode()
        assert "无点园区" in page
        assert coverage.sources(officer, world.day, [], 1000.0)[0].bare[0].nearest is None

    def test_a_source_tells_its_points_by_medium(self, world: Any) -> None:
        county(world)
        layer(world, "parks", "park", [{"code": "Y1", "name": "有点园区", "geometry": square(0, 0)}])
        held = coverage.points_of(world.actor("officer"), world.day)
        (found,) = coverage.sources(world.actor("officer"), world.day, held, 150.0)
        ((source, counts),) = found.rows(["soil", "groundwater", "produce"])
        near = [point.medium for point in source.near]
        assert counts == [near.count("soil"), near.count("groundwater"), near.count("produce")]
        assert counts[0] and not counts[1]
        context = browser(world).get(reverse("monitoring:network")).context
        assert "地下水" in [str(word) for word in context["sampled"]]

    def test_the_place_farthest_from_any_point_is_found(self, world: Any) -> None:
        grounds = [(square(0, 0, 10, 1), "长条镇"), (square(0, 1, 2, 2), "小镇")]
        assert [(gap.metres, gap.nearest) for gap in gaps.widest(grounds, [])] == [(None, None), (None, None)]
        made = point(world, spot(0.5, 0.5), name="甲")
        held = coverage.points_of(world.actor("officer"), world.day)
        far, near = gaps.widest(grounds, held)
        assert (far.name, near.name, far.points, near.points) == ("长条镇", "小镇", 1, 0)
        assert far.metres == pytest.approx(9.5 * 200, rel=0.1)
        assert far.at.x > made.geometry.x
        assert (far.nearest and far.nearest.name, near.km2_a_point) == ("甲", None)
        assert far.km2_a_point == pytest.approx(10 * 0.2 * 0.2, rel=0.2)
        assert gaps.widest([], held) == []

    def test_doubles_are_of_one_class_medium_and_depth(self, world: Any) -> None:
        point(world, spot(0, 0), name="甲")
        point(world, spot(0.2, 0), name="乙")
        point(world, spot(0.1, 0), name="丙", kind="risk")
        point(world, spot(0.1, 0.1), name="丁", depth_from_cm=50, depth_to_cm=100)
        point(world, spot(5, 5), name="戊")
        (pair,) = coverage.close_pairs(coverage.points_of(world.actor("officer"), world.day), 100)
        assert {pair.one.name, pair.other.name} == {"甲", "乙"}
        assert pair.metres == pytest.approx(40, abs=1)
        assert coverage.close_pairs(coverage.points_of(world.actor("officer"), world.day), 39) == []

    def test_another_district_sees_nothing_of_it(self, world: Any) -> None:
        county(world)
        answer = browser(world, "stranger").get(reverse("monitoring:network"))
        assert "柏庄" not in answer.content.decode()


class TestCampaignPages:
    """From the form to the end."""

    def test_a_campaign_is_made_designed_started_closed_and_shared(self, world: Any) -> None:
        county(world)
        client = browser(world)
        wkt = "POLYGON((114.299 34.699, 114.31 34.699, 114.31 34.71, 114.299 34.71, 114.299 34.699))"
        said = {
            "title": "地块初步调查", "kind": "survey", "stage": "initial", "suspected": "true", "media": ["soil"],
            "analytes": "pH、镉、苯并[a]芘", "starts_on": "2026-11-01", "ends_on": "2026-12-20", "grade": "internal",
            "codes": "random", "parallel_percent": "10", "ground": wkt, "organiser": "", "town": "",
        }  # fmt: skip
        answer = client.post(reverse("monitoring:campaign_new"), said)
        assert answer.status_code == 302, answer.context["form"].errors
        made = Campaign.objects.get(title="地块初步调查")
        assert made.analytes == ["ph", "cadmium", "benzo_a_pyrene"]
        design = reverse("monitoring:campaign_design", args=[made.uid])
        page = client.get(design)
        assert "不够" in page.content.decode()
        grid = {"medium": "soil", "spacing_m": "400", "depth_from_cm": "0", "depth_to_cm": "50", "unit": ""}
        shown = client.post(design, {"step": "preview", **grid})
        assert (shown.status_code, made.tasks.count()) == (200, 0)
        assert client.post(design, {"step": "grid", **grid}).status_code == 302
        gridded = len(shown.context["proposed"])
        assert made.tasks.count() == gridded > 6
        uids = [str(each.point.uid) for each in client.get(design).context["free"]]
        assert client.post(design, {"step": "points", "point": uids[:2]}).status_code == 302
        assert made.tasks.count() == gridded + 2
        assert client.post(reverse("monitoring:campaign_parallels", args=[made.uid])).status_code == 302
        assert made.tasks.filter(role="parallel").count() == 1
        assert client.post(reverse("monitoring:campaign_start", args=[made.uid])).status_code == 302
        assert "实施中" in client.get(reverse("monitoring:campaign", args=[made.uid])).content.decode()
        close = reverse("monitoring:campaign_close", args=[made.uid])
        assert client.post(close, {"on": "2026-11-20", "note": ""}).status_code == 422
        assert client.post(close, {"on": "2026-11-20", "note": "雨天"}).status_code == 302
        share = reverse("monitoring:campaign_share", args=[made.uid])
        assert client.post(share, {"on": "2026-11-20", "receipt": "回执 7"}).status_code == 302
        assert "回执 7" in client.get(reverse("monitoring:campaign", args=[made.uid])).content.decode()

    def test_a_form_says_what_is_wrong(self, world: Any) -> None:
        answer = browser(world).post(reverse("monitoring:campaign_new"), {"title": "甲", "analytes": "滴滴涕、土"})
        assert answer.status_code == 422
        assert "滴滴涕" in str(answer.context["form"].errors["analytes"])

    def test_a_grid_too_fine_or_without_ground_is_refused(self, world: Any) -> None:
        made = campaign(world, media=["soil"])
        client, grid = browser(world), {"medium": "soil", "spacing_m": "10"}
        url = reverse("monitoring:campaign_design", args=[made.uid])
        assert "没有范围" in client.post(url, {"step": "grid", **grid}).content.decode()
        wide = campaign(world, title="乙", media=["soil"], geometry=square(0, 0, 50, 50))
        url = reverse("monitoring:campaign_design", args=[wide.uid])
        assert "太密" in client.post(url, {"step": "grid", **grid}).content.decode()
        assert not SamplingTask.objects.exists()

    @pytest.mark.parametrize("who", ["reader", "stranger", "town"])
    def test_others_cannot(self, world: Any, who: str) -> None:
        net = county(world)
        client, before = browser(world, who), AuditEntry.objects.count()
        for name in ("campaign_start", "campaign_close", "campaign_design", "campaign_parallels", "campaign_edit"):
            answer = client.post(reverse(f"monitoring:{name}", args=[net.campaign.uid]), {"on": "2026-11-20"})
            assert answer.status_code in {403, 404}, name
        assert AuditEntry.objects.count() == before


class TestPapers:
    """Labels tell the laboratory nothing; the crew's list tells the crew everything."""

    def test_a_label_says_code_and_medium_alone(self, world: Any) -> None:
        net = county(world)
        sampling.add_parallels(net.campaign, by=world.actor("officer"), at=world.at, of=[net.tasks["clean"]])
        client = browser(world)
        said = text_of(client.get(reverse("monitoring:labels", args=[net.campaign.uid])).content)
        for task in net.campaign.tasks.all():
            assert task.code in said
        for each in net.points.values():
            assert re.sub(r"\s", "", each.name) not in said
            assert each.point.number not in said
        for word in ("平行", "柏庄", "cm", "张采样"):
            assert word not in said
        crew = text_of(client.get(reverse("monitoring:crew_list", args=[net.campaign.uid])).content)
        assert "东山背景点" in crew
        assert "密码平行样" in crew
        assert "不得随样品交给实验室" in crew

    def test_chosen_labels_and_copies(self, world: Any) -> None:
        net = county(world)
        url = reverse("monitoring:labels", args=[net.campaign.uid])
        code = net.tasks["paddy"].code
        said = text_of(browser(world).get(f"{url}?code={code}&copies=3").content)
        assert said.count(code) == 3
        assert browser(world).get(f"{url}?code=nothing").status_code == 404
        assert browser(world, "reader").get(url).status_code == 403
        assert browser(world, "stranger").get(url).status_code == 404

    def test_the_slip_of_a_hand_over(self, world: Any) -> None:
        net = county(world)
        slip = Custody.objects.order_by("at").first()
        assert slip is not None
        url = reverse("monitoring:slip", args=[net.campaign.uid, slip.slip])
        said = text_of(browser(world).get(url).content)
        assert slip.slip in said
        assert all(net.tasks[name].code in said for name in SAMPLED_KEYS)
        assert "柏庄" not in said
        assert browser(world).get(reverse("monitoring:slip", args=[net.campaign.uid, "LZD-1"])).status_code == 404

    def test_a_hand_over_by_the_page(self, world: Any) -> None:
        net = county(world)
        record(world, net.tasks["clean"])
        client, url = browser(world), reverse("monitoring:custody", args=[net.campaign.uid])
        said = {
            "task": [str(net.tasks["clean"].uid)],
            "step": "received",
            "at": "2026-11-19T10:00",
            "from_name": "张采样",
            "to_name": "实验室",
        }
        answer = client.post(url, said)
        assert (answer.status_code, "没有交接记录就到了实验室" in answer.content.decode()) == (422, True)
        assert client.post(url, {**said, "step": "handed", "to_name": "王司机"}).status_code == 302
        assert client.post(url, {**said, "from_name": "王司机"}).status_code == 302
        net.tasks["clean"].refresh_from_db()
        assert net.tasks["clean"].state == "received"


class TestField:
    """On a telephone: my samples, one record, nothing lost."""

    def test_own_samples_first_and_all_on_demand(self, world: Any) -> None:
        net = county(world)
        sampling.plan(
            net.campaign,
            [sampling.Wanted(net.points["canal"], unit=world.departments["water"])],
            by=world.actor("officer"),
            at=world.at,
        )
        client, url = browser(world, "town"), reverse("monitoring:field")
        assert {card["code"] for card in client.get(url).context["cards"]} == {
            net.tasks[name].code for name in ("grain", "well", "clean")
        }
        assert len(client.get(url + "?all=1").context["cards"]) == 4
        near = net.points["clean"].geometry
        cards = client.get(f"{url}?longitude={near.x}&latitude={near.y}").context["cards"]
        assert (cards[0]["code"], cards[0]["metres"]) == (net.tasks["clean"].code, 0)
        assert client.get(url + "?longitude=x&latitude=y").status_code == 200

    def test_a_record_with_photographs(self, world: Any) -> None:
        net = county(world)
        task, client = net.tasks["clean"], browser(world, "town")
        url = reverse("monitoring:field_record", args=[task.uid])
        page = client.get(url).content.decode()
        assert all(word in page for word in ("向东", "向南", "向西", "向北", "标签", "data-draft="))
        at = net.points["clean"].geometry
        said = {
            "sampled_at": "2026-11-19T10:30", "depth_from_cm": "0", "depth_to_cm": "20", "texture": "壤土",
            "sampler": "赵采样", "longitude": str(at.x + 0.001), "latitude": str(at.y), "accuracy_m": "4.5",
            "reading-ph": "7.8", "photo-east": SimpleUploadedFile("e.jpg", JPEG), "photo-label": SimpleUploadedFile("l.jpg", JPEG + b"1"),
        }  # fmt: skip
        answer = client.post(url, said)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "请到点位采样，或写明偏离的原因" in page
        assert 'value="赵采样"' in page
        assert 'value="7.8"' in page
        for upload in ("photo-east", "photo-label"):
            said[upload].seek(0)  # type: ignore[union-attr]
        answer = client.post(url, {**said, "place_reason": "田埂积水"})
        assert answer.status_code == 302
        made = FieldRecord.objects.get(task=task)
        assert (made.accuracy_m, made.place_reason, made.readings) == (4.5, "田埂积水", {"ph": "7.8"})
        assert made.distance_m == pytest.approx(91, abs=2)
        assert [use.note for use in files.uses_of(task)] == ["东", "标签"]
        assert "data-draft-saved" in client.get(reverse("monitoring:field")).content.decode()
        assert client.get(url).status_code == 302

    def test_a_correction_by_the_page(self, world: Any) -> None:
        net = county(world)
        task, client = net.tasks["paddy"], browser(world)
        url = reverse("monitoring:field_correct", args=[task.uid])
        form = client.get(url).context["form"]
        said = {name: "" if form[name].value() is None else str(form[name].value()) for name in form.fields}
        said["sampled_at"] = "2026-10-12T11:00"
        assert client.post(url, {**said, "colour": "灰", "reading-ph": "7.9"}).status_code == 422
        assert client.post(url, {**said, "colour": "灰", "reading-ph": "7.9", "reason": "写错"}).status_code == 302
        assert FieldRecord.objects.filter(task=task).count() == 2
        page = client.get(reverse("kit:record", args=["sampling_tasks", str(task.uid)])).content.decode()
        assert "更正采样记录" in page
        assert "写错" in page

    def test_only_in_the_place(self, world: Any) -> None:
        net = county(world)
        for name in ("field_record", "field_correct"):
            url = reverse(f"monitoring:{name}", args=[net.tasks["paddy"].uid])
            assert browser(world, "stranger").get(url).status_code == 404
            assert browser(world, "reader").get(url).status_code == 403

    def test_an_impossible_reading_names_itself(self, world: Any) -> None:
        _campaign, tasks = started(world, {"a": point(world, spot(0, 0), name="甲")})
        url = reverse("monitoring:field_record", args=[tasks["a"].uid])
        said = {"sampled_at": "2026-11-19T10:30", "sampler": "赵", "place_reason": "无定位", "reading-ph": "78"}
        assert "应在 0 至 14 之间" in browser(world).post(url, said).content.decode()


def test_a_point_ends_by_its_page(world: Any) -> None:
    net = county(world)
    url = reverse("monitoring:end_point", args=[net.points["mud"].point.uid])
    client = browser(world)
    assert client.post(url, {"on": "2026-11-20", "reason": "河道改线"}).status_code == 302
    assert client.get(reverse("kit:record", args=["points", str(net.points["mud"].point.uid)])).status_code == 404
    back = reverse("monitoring:end_background", args=[net.background.background.uid]) if net.background else ""
    assert client.post(back, {"on": "2026-11-20", "reason": "报告作废"}).status_code == 302
    assert browser(world, "reader").get(url).status_code in {403, 404}


def test_a_sample_is_dropped_by_its_page(world: Any) -> None:
    net = county(world)
    url = reverse("monitoring:drop_task", args=[net.tasks["clean"].uid])
    assert browser(world).post(url, {"reason": "封路"}).status_code == 302
    net.tasks["clean"].refresh_from_db()
    assert (net.tasks["clean"].state, net.tasks["clean"].dropped_reason) == ("dropped", "封路")
    assert browser(world, "town").get(url).status_code == 403
