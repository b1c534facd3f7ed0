"""Surfaces and the report of a campaign: made, refused, kept from those who may not; the command; the approval."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import picture_world
import pytest
import tifffile
from django.test import Client
from docx import Document
from picture_world import AT
from register_promises import RegisterPromises

from soildesk.cli import main
from soildesk.core import files, jobs
from soildesk.core.models import AuditEntry, Job, RoleGrant
from soildesk.core.permissions import NotAllowed
from soildesk.kit.register import collections
from soildesk.monitoring import campaignword
from soildesk.monitoring.models import Campaign, Grade, PointVersion, Result, Surface, SurfaceBand
from soildesk.monitoring.queries import exceedance
from soildesk.monitoring.queries import surfaces as queries
from soildesk.monitoring.services import exporting, judging, results, surfaces
from soildesk.monitoring.services.surfaces import SurfaceRefused, Wanted

pytestmark = [pytest.mark.django_db]
LATER = AT + timedelta(days=2)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


def browser(world: Any, who: str = "officer") -> Client:
    return world.browser(who)


def made(world: Any, of: Campaign, analyte: str = "cadmium", who: str = "officer", **how: Any) -> Surface:
    at = how.pop("at", AT)
    asked = surfaces.ask(of, Wanted(analyte, **how), by=world.actor(who), at=at)
    return surfaces.make(asked, by=world.actor(who), at=AT)


@pytest.mark.store
def test_a_surface_keeps_all_it_rests_on(world: Any) -> None:
    """Grids, classes for the map, variogram, validation and assumptions; contents and classes agree."""
    survey = picture_world.survey(world)
    found = made(world, survey.campaign, limit=0.3)
    assert (found.state, found.unit, found.report["points"]) == ("mapped", "mg/kg", 100)
    grid, values = queries.grid_of(found), queries.values_of(found, "contents")
    assert values is not None
    assert values.shape == grid.shape
    bands = {one.band: one for one in found.bands.filter(shows="contents")}
    known = values[~np.isnan(values)]
    assert bands[3].area_m2 == pytest.approx(((known > 0.3) & (known <= 0.45)).sum() * grid.cell**2)
    assert sum(one.area_m2 for one in bands.values()) == pytest.approx(known.size * grid.cell**2)
    assert found.report["figures"]["above_m2"] == pytest.approx((known > 0.3).sum() * grid.cell**2)
    assert found.report["variogram"]["kind"] in ("spherical", "exponential", "gaussian")
    assert found.report["validation"]["rmse"] < found.report["validation"]["sd"]
    assert any("交叉验证" in one["zh"] for one in found.report["remarks"])
    page = browser(world).get(f"/monitoring/analysis/surfaces/{found.uid}/").content.decode()
    assert page.count("<svg xmlns") == 3
    assert page.count("data-pairs") == len(found.report["variogram"]["lags"])
    assert "surface_contents&amp;surface=" in page


def test_what_carries_no_surface_is_unknown_with_its_reason(world: Any) -> None:
    """Five points, or non-detects nobody said how to count: shown as refused, nothing drawn."""
    few = made(world, picture_world.survey(world, 5).campaign)
    assert few.state == "unknown"
    assert "只有5个不同位置" in few.reason["zh"]
    page = browser(world).get(f"/monitoring/analysis/surfaces/{few.uid}/").content.decode()
    assert "不能成图" in page
    assert few.reason["zh"] in page
    assert "<svg xmlns" not in page
    assert not files.uses_of(few).exists()


def test_non_detects_are_counted_as_is_said(world: Any) -> None:
    """Without a word for them there is no map; with one the report says how many."""
    of = picture_world.survey(world).campaign
    assert "未检出，未说明如何替代" in made(world, of, "mercury", substitute="").reason["zh"]
    counted = made(world, of, "mercury", method="inverse_distance", reach_m=900.0)
    assert counted.state == "mapped"
    assert counted.report["not_detected"] > 0
    assert queries.values_of(counted, "probability") is None
    assert not counted.bands.filter(shows="probability").exists()
    assert browser(world).get(f"/monitoring/analysis/surfaces/{counted.uid}/").status_code == 200


def test_who_may_draw_and_who_may_see(world: Any) -> None:
    """A reader sees and does not draw; another district finds nothing; nonsense is refused with its code."""
    of = picture_world.survey(world, 12).campaign
    for who in ("reader", "stranger"):
        with pytest.raises(NotAllowed):
            surfaces.ask(of, Wanted("cadmium"), by=world.actor(who), at=AT)
    found = made(world, of)
    url = f"/monitoring/analysis/surfaces/{found.uid}/"
    assert browser(world, "reader").get(url).status_code == 200
    assert browser(world, "stranger").get(url).status_code == 404
    assert browser(world, "stranger").get(f"{url}contents.tif").status_code == 404
    assert browser(world, "stranger").get(f"/monitoring/campaigns/{of.uid}/report.docx").status_code == 404
    assert Client().get(url).status_code == 302
    for code, how in (("cell", {"cell_m": -1.0}), ("choice", {"method": "guess"})):
        with pytest.raises(SurfaceRefused) as refusal:
            surfaces.ask(of, Wanted("cadmium", **how), by=world.actor("officer"), at=AT)
        assert refusal.value.code == f"monitoring.surface.{code}"
    with pytest.raises(SurfaceRefused):
        surfaces.ask(of, Wanted("ddt_total"), by=world.actor("officer"), at=AT)


def test_the_job_makes_it_and_a_cancelled_one_leaves_nothing(world: Any) -> None:
    """Asked for by the form, made by the worker; a cancel before it takes the asked one away."""
    of = picture_world.survey(world, 12).campaign
    client = browser(world)
    said = {
        "campaign": of.number,
        "medium": "soil",
        "analyte": "cadmium",
        "method": "kriging",
        "scale": "log",
        "substitute": "half_limit",
    }
    answer = client.post("/monitoring/analysis/surfaces/new", said)
    assert answer.status_code == 302
    asked = Surface.objects.get()
    assert asked.state == "working"
    assert client.get(answer["Location"]).status_code == 200
    row = jobs.run(Job.objects.get(uid=asked.job))
    asked.refresh_from_db()
    assert (row.state, asked.state) == ("done", "mapped" if asked.reason == {} else "unknown")
    client.post("/monitoring/analysis/surfaces/new", said)
    second = Surface.objects.exclude(pk=asked.pk).get()
    Job.objects.filter(uid=second.job).update(cancel_asked_at=AT)
    assert jobs.run(Job.objects.get(uid=second.job)).state == "cancelled"
    assert not Surface.objects.filter(pk=second.pk).exists()


def test_graded_surfaces_leave_with_an_approval(world: Any) -> None:
    """Without one the way leads to the request; with one the file carries its line; public ones leave as they are."""
    of = picture_world.survey(world).campaign
    found = made(world, of)
    client, url = browser(world), f"/monitoring/analysis/surfaces/{found.uid}/contents"
    assert "exports/new" in client.get(f"{url}.tif")["Location"]
    wanted = exporting.Wanted(f"campaign={of.number}&analyte=cadmium", 100, Grade.INTERNAL, "评审", "某某研究院")
    request = exporting.ask(wanted, by=world.actor("officer"), at=AT)
    assert "exports/new" in client.get(f"{url}.tif")["Location"]
    exporting.decide(request, True, by=world.actor("issuer"), at=AT)
    answer = client.get(f"{url}.tif")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = archive.namelist()
        assert request.number in archive.read("批准信息.txt").decode()
        assert tifffile.imread(io.BytesIO(archive.read(names[0]))).shape == queries.grid_of(found).shape
    assert client.get(f"{url}.png").content.startswith(b"\x89PNG")
    lead = made(world, of, "lead")
    assert "exports/new" in client.get(f"/monitoring/analysis/surfaces/{lead.uid}/contents.tif")["Location"]
    Campaign.objects.update(grade=Grade.PUBLIC)
    assert browser(world, "reader").get(f"{url}.tif").content[:4] == b"II*\x00"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["surface", "--as", "officer", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_command_writes_a_geotiff(world: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By the analyte's name or symbol; JSON says how far it is to be trusted."""
    of = picture_world.survey(world).campaign
    Campaign.objects.update(grade=Grade.PUBLIC)
    out = tmp_path / "cd.tif"
    code, said, _error = run(capsys, "--campaign", of.number, "--analyte", "Cd", "--out", str(out), "--json")
    told = json.loads(said)
    assert (code, told["state"], told["points"], told["grade"]) == (0, "mapped", 100, "public")
    assert tifffile.imread(out).shape == (told["grid"]["rows"], told["grid"]["columns"])
    code, said, _error = run(capsys, "--campaign", of.number, "--analyte", "镉", "--out", str(out), "--method", "idw")
    assert code == 0
    assert "反距离加权" in said


def test_the_command_asks_for_the_approval_the_page_asks_for(
    world: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Graded data: no file without an approval, the figure stays in the system; with one its line lies beside the file."""
    of = picture_world.survey(world).campaign
    out = tmp_path / "cd.tif"
    arguments = ("--campaign", of.number, "--analyte", "cadmium", "--out", str(out))
    code, said, error = run(capsys, *arguments, "--json")
    assert (code, out.exists()) == (1, False)
    assert "带出须先经批准" in error
    assert json.loads(said)["surface"] == str(Surface.objects.get().uid)
    wanted = exporting.Wanted(f"campaign={of.number}&analyte=cadmium", 100, Grade.INTERNAL, "评审", "某某研究院")
    request = exporting.ask(wanted, by=world.actor("officer"), at=AT)
    exporting.decide(request, True, by=world.actor("issuer"), at=AT)
    assert run(capsys, *arguments)[0] == 0
    assert out.exists()
    assert request.number in (tmp_path / "cd_批准信息.txt").read_text("utf-8")
    assert AuditEntry.objects.filter(act="monitoring.export.made").exists()


def test_an_approver_takes_out_internal_surfaces_alone(
    world: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who may approve needs nobody's word for internal data, and the file says so; sensitive data ask a second person."""
    of = picture_world.survey(world).campaign
    RoleGrant.objects.create(person=world.people["officer"], role=RoleGrant.Role.ISSUER, division=world.district)
    out = tmp_path / "cd.tif"
    arguments = ("--campaign", of.number, "--analyte", "cadmium", "--out", str(out))
    assert run(capsys, *arguments)[0] == 0
    assert world.people["officer"].name in (tmp_path / "cd_批准信息.txt").read_text("utf-8")
    assert AuditEntry.objects.filter(act="monitoring.export.made").count() == 1
    out.unlink()
    Campaign.objects.update(grade=Grade.SENSITIVE)
    assert run(capsys, *arguments)[0] == 1
    assert not out.exists()


def test_a_surface_is_outdated_by_what_happens_to_its_results(world: Any) -> None:
    """A correction marks the surface of its analyte alone, with the reason on page, list and map; the first reason stays."""
    of = picture_world.survey(world).campaign
    cadmium, lead = made(world, of, limit=0.3), made(world, of, "lead", limit=70.0)
    result = Result.objects.filter(analyte="cadmium", batch__campaign=of).first()
    assert result is not None
    results.correct(result, results.Correction("9.9", "笔误"), by=world.actor("officer"), at=LATER)
    cadmium.refresh_from_db()
    lead.refresh_from_db()
    assert (cadmium.outdated_at, cadmium.outdated_why, lead.outdated_at) == (LATER, "corrected", None)
    client = browser(world)
    page = client.get(f"/monitoring/analysis/surfaces/{cadmium.uid}/").content.decode()
    assert "已过时" in page
    assert "制图后有结果被更正或弃用" in page
    assert "已过时" not in client.get(f"/monitoring/analysis/surfaces/{lead.uid}/").content.decode()
    assert "已过时" in client.get("/monitoring/analysis/").content.decode()
    shown = dict(
        queries.bands(world.actor("officer"), AT.date()).values_list("surface", "shown").distinct().order_by("-shown")
    )
    assert shown[cadmium.pk] == queries.OUTDATED
    assert shown[lead.pk] < queries.OUTDATED
    assert queries.OUTDATED in [one.value for one in collections()["surface_contents"].ground.classes]
    again = made(world, of, limit=0.3, at=LATER)
    assert again.outdated_at is None


def test_another_verdict_and_another_batch_outdate_a_surface(world: Any) -> None:
    """Judged anew with other verdicts; results accepted after it was drawn."""
    of = picture_world.survey(world).campaign
    judging.judge(of, "accepted", by=world.actor("officer"), at=AT)
    found = made(world, of, limit=0.3)
    judging.judge(of, "standard", by=world.actor("officer"), at=LATER)
    found.refresh_from_db()
    assert found.outdated_why == "", "the same verdicts again change nothing"
    PointVersion.objects.update(use="paddy", standard="gb36600")
    judging.judge(of, "use", by=world.actor("officer"), at=LATER)
    found.refresh_from_db()
    assert found.outdated_why == "rejudged"


def test_the_command_says_why_there_is_none(world: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 1 with one sentence: too few points, no such campaign, analyte or folder; no file is left."""
    of = picture_world.survey(world, 5).campaign
    out = tmp_path / "x.tif"
    for arguments, sentence in (
        (("--campaign", of.number, "--analyte", "cadmium", "--out", str(out)), "不能成图：只有5个不同位置"),
        (("--campaign", "没有", "--analyte", "cadmium", "--out", str(out)), "没有编号为"),
        (("--campaign", of.number, "--analyte", "隔", "--out", str(out)), "不认识"),
        (("--campaign", of.number, "--analyte", "nickel", "--out", str(out)), "没有“nickel”的已接收结果"),
        (("--campaign", of.number, "--analyte", "cadmium", "--out", str(tmp_path / "no" / "x.tif")), "文件夹应已存在"),
    ):
        code, _said, error = run(capsys, *arguments)
        assert (code, sentence in error) == (1, True), error
    assert not out.exists()


def text_of(data: bytes) -> str:
    document = Document(io.BytesIO(data))
    tables = "\n".join(" | ".join(cell.text for cell in row.cells) for table in document.tables for row in table.rows)
    return "\n".join(one.text for one in document.paragraphs) + "\n" + tables


def test_the_report_has_the_numbers_of_the_page(world: Any) -> None:
    """Counts as the exceedance table has them; graded data stay out without an approval, public ones stand in it."""
    of = picture_world.survey(world, 20).campaign
    client, url = browser(world), f"/monitoring/campaigns/{of.uid}/report.docx"
    whole = exceedance.total(exceedance.lines(exceedance.verdicts_of(of), "analyte"))
    said = text_of(client.get(url).content)
    assert f"应评价 {whole.total} 个结果，已评价 {whole.judged} 个" in said
    assert f"合计 | {whole.total} | {whole.judged}" in said
    assert "青禾区生态环境局" in said
    assert "2026年11月20日" in said
    assert "JC-990101" not in said
    assert "须经批准" in said
    Campaign.objects.update(grade=Grade.PUBLIC)
    data = client.get(url).content
    over = [row["result__point__number"] for row in exceedance.exceeding(exceedance.verdicts_of(of))]
    assert over
    assert all(number in text_of(data) for number in over)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert [name for name in archive.namelist() if name.startswith("word/media/")]


def test_the_report_of_a_campaign_with_nothing_yet(world: Any) -> None:
    """Nothing accepted, nothing judged: said so, not zero."""
    of = picture_world.rows.campaign(world)
    said = text_of(campaignword.campaign_docx(campaignword.Report(of, world.actor("officer"), AT)))
    assert "还没有评价过的结果；没有评价不等于不超标。" in said
    assert "还没有已接收的检测批次" in said


class OfSurfaces(RegisterPromises):
    """Classes of a surface of a public campaign."""

    shows = ""
    writer = "officer"

    def fill(self, world: Any) -> Sequence[str]:
        self.made = made(world, picture_world.survey(world, grade=Grade.PUBLIC).campaign, limit=0.3)
        return [str(one.uid) for one in self.made.bands.filter(shows=self.shows)][:2]

    def more(self, world: Any, count: int) -> None:
        one = self.made.bands.filter(shows=self.shows).first()
        assert one is not None
        for number in range(count):
            new = Surface.objects.get(pk=self.made.pk)
            new.pk, new.uid = None, Surface._meta.get_field("uid").get_default()
            new.save(force_insert=True)
            copy = SurfaceBand.objects.get(pk=one.pk)
            copy.pk, copy.uid, copy.surface = None, SurfaceBand._meta.get_field("uid").get_default(), new
            copy.area_m2 += number
            copy.save(force_insert=True)

    def addresses(self, keys: Sequence[str]) -> Any:
        return (url for url in super().addresses(keys) if not url.endswith("/history"))


class TestSurfaceContents(OfSurfaces):
    """Contents against the limit."""

    collection, shows = "surface_contents", "contents"


class TestSurfaceChances(OfSurfaces):
    """The probability that the limit is exceeded."""

    collection, shows = "surface_chances", "probability"
