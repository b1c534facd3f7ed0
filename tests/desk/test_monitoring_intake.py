"""A laboratory's file comes in: kept, read, checked, matched to samples; all of it or nothing, seen by nobody yet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import intake_world
import pytest
from intake_world import AT, codes_of, csv_file, rows_of, sent, taken, workbook
from monitoring_world import Network, county

from soildesk.core import files
from soildesk.core.models import AuditEntry
from soildesk.monitoring.models import Batch, FieldRecord, Result
from soildesk.monitoring.services import intake
from soildesk.monitoring.services.intake import IntakeRefused

pytestmark = pytest.mark.store


@pytest.fixture
def net(world: Any, monkeypatch: pytest.MonkeyPatch) -> Network:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return county(world)


def test_a_file_becomes_a_checked_batch(world: Any, net: Network, tmp_path: Path) -> None:
    rows = rows_of(codes_of(net))
    batch = taken(world, net, csv_file(tmp_path / "a.csv", rows))
    assert (batch.state, batch.rows, batch.samples, batch.errors) == ("checked", len(rows), 7, 0), list(
        batch.findings.values_list("rule", "zh")
    )
    assert batch.number == "PC-990101-2026-0001"
    assert batch.cma == "231512340001"
    one = batch.results.get(sample=net.tasks["paddy"].code, analyte="cadmium")
    assert (one.value, one.unit, one.censored, one.medium, one.depth_cm) == (0.21, "mg/kg", False, "soil", "0-20")
    assert (one.point, one.task) == (net.points["paddy"].point, net.tasks["paddy"])
    mercury = batch.results.get(sample=net.tasks["paddy"].code, analyte="mercury")
    assert (mercury.value, mercury.censored, mercury.detection_limit, mercury.printed) == (None, True, 0.002, "<0.002")
    assert batch.understood["matched"] == 7
    assert [use.kind for use in files.uses_of(batch)] == ["data"]
    assert set(AuditEntry.objects.filter(act__startswith="monitoring.batch").values_list("act", flat=True)) == {
        "monitoring.batch.sent", "monitoring.batch.checked",
    }  # fmt: skip
    assert not Result.objects.accepted().exists()


def test_results_lie_where_their_point_lies(world: Any, net: Network, tmp_path: Path) -> None:
    """A table by town asks the towns of the points, not the county of the campaign."""
    batch = taken(world, net, csv_file(tmp_path / "a.csv", rows_of(codes_of(net))))
    town = world.towns["柏庄镇"].division.path
    assert town != batch.division_path
    assert set(batch.results.exclude(point=None).values_list("division_path", flat=True)) == {town}


def test_the_same_file_twice_gives_the_first_batch(world: Any, net: Network, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", rows_of(codes_of(net)))
    first = taken(world, net, path)
    again = taken(world, net, path)
    assert again == first
    assert Batch.objects.count() == 1
    assert Result.objects.count() == first.rows


def test_who_does_not_say_that_nothing_is_secret_brings_nothing(world: Any, net: Network, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", rows_of(codes_of(net)))
    wanted = intake_world.Sent(path, path.name, no_secrets=False)
    with pytest.raises(IntakeRefused) as refused:
        intake.begin(net.campaign, wanted, by=world.actor("officer"), at=AT)
    assert refused.value.code == "monitoring.batch.secrets"
    assert not Batch.objects.exists()


def test_orphans_are_errors_and_missing_samples_are_told(world: Any, net: Network, tmp_path: Path) -> None:
    codes = codes_of(net)
    batch = taken(world, net, csv_file(tmp_path / "a.csv", rows_of(["TR-没有这个", *codes[1:]])))
    found = {(one.rule, one.severity) for one in batch.findings.all()}
    assert ("orphan", "error") in found
    assert ("batch.missing", "info") in found
    assert batch.errors >= 1
    assert batch.understood["orphans"] == ["TR-没有这个"]
    assert batch.understood["missing"] == [codes[0]]


def test_the_field_knows_better_than_the_laboratory(world: Any, net: Network, tmp_path: Path) -> None:
    code = net.tasks["paddy"].code
    rows = rows_of(codes_of(net))
    rows[0] = [code, "镉", "0.21", "mg/kg", "0.01", "2026-10-13", "2026-10-20", "底泥", "", "231512340001"]
    batch = taken(world, net, csv_file(tmp_path / "a.csv", rows))
    one = batch.results.get(sample=code, analyte="cadmium")
    assert (str(one.sampled_on), one.medium) == ("2026-10-12", "soil")
    found = {one.rule for one in batch.findings.all()}
    assert {"batch.date_differs", "batch.medium_differs"} <= found


def test_a_file_that_is_none_leaves_nothing(world: Any, net: Network, tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text("你好\n世界\n", "utf-8")
    with pytest.raises(Exception, match=r"b\.csv"):
        taken(world, net, path)
    assert not Batch.objects.exists()
    assert not Result.objects.exists()


def test_blind_parallels_and_the_sheet_of_quality_control(world: Any, net: Network, tmp_path: Path) -> None:
    rows = rows_of(codes_of(net))
    quality = [
        ["空白", "镉", "空白1", "<0.01", "", "", "", "", "0.01", "mg/kg"],
        ["平行双样", "镉", codes_of(net)[0], "0.20", "0.22", "", "", "", "", "mg/kg"],
        ["标准物质", "镉", "GSS-8", "0.13", "", "", "0.13", "0.02", "", "mg/kg"],
    ]
    batch = taken(world, net, workbook(tmp_path / "a.xlsx", rows, quality))
    assert batch.errors == 0, list(batch.findings.values_list("rule", "zh"))
    kinds = sorted(batch.quality_samples.filter(analyte="cadmium").values_list("kind", flat=True))
    assert kinds == ["blank", "blind", "material", "pair"]
    line = next(one for one in batch.quality["analytes"] if one["analyte"] == "cadmium")
    assert (line["verdict"], line["edition"]) == ("unknown", "HJ 166-2026")  # its numbers are not entered


def test_quality_control_by_the_edition_of_the_day_of_sampling(world: Any, net: Network, tmp_path: Path) -> None:
    net.parallel.parallel_of.records.update(superseded_at=AT)  # no field record: the file's day counts
    codes = codes_of(net)
    for record in net.records.values():
        record.superseded_at = AT
        record.save()
    net.parallel.records.update(superseded_at=AT)
    quality = [
        ["空白", "镉", "空白1", "<0.01", "", "", "", "", "0.01", "mg/kg"],
        ["平行", "镉", codes[0], "0.20", "0.60", "", "", "", "", "mg/kg"],
        ["标准物质", "镉", "GSS-8", "0.13", "", "", "0.13", "0.02", "", "mg/kg"],
    ]
    batch = taken(world, net, workbook(tmp_path / "a.xlsx", rows_of(codes, "2026-03-02"), quality))
    line = next(one for one in batch.quality["analytes"] if one["analyte"] == "cadmium")
    assert (line["verdict"], line["edition"]) == ("return_to_laboratory", "HJ/T 166-2004")
    assert batch.quality["verdict"] == "return_to_laboratory"


def test_controls_count_for_their_medium_and_ph_is_no_content(world: Any, net: Network, tmp_path: Path) -> None:
    FieldRecord.objects.filter(task__campaign=net.campaign).update(superseded_at=AT)  # the file's day counts
    codes, day = codes_of(net), "2026-03-02"
    rows = rows_of(codes, day, {"镉": ("0.21", "0.01")})
    rows += [[code, "pH", "7.9", "无量纲", "", day, "2026-10-20", "土壤", "", "231512340001"] for code in codes]
    quality = [
        ["空白", "镉", "空白1", "<0.01", "", "", "", "", "0.01", "mg/kg"],
        *(["平行", "镉", code, "0.20", "0.21", "", "", "", "", "mg/kg"] for code in codes[:2]),
        ["平行", "镉", net.tasks["grain"].code, "0.20", "0.90", "", "", "", "", "mg/kg"],
        ["标准物质", "镉", "GSS-8", "0.13", "", "", "0.13", "0.02", "", "mg/kg"],
    ]
    batch = taken(world, net, workbook(tmp_path / "a.xlsx", rows, quality))
    lines = {one["analyte"]: one for one in batch.quality["analytes"]}
    assert lines["cadmium"]["verdict"] == "accept", lines["cadmium"]
    assert lines["ph"]["verdict"] == "not_applicable"
    assert "不是以含量表示" in lines["ph"]["zh"]
    assert batch.quality["verdict"] == "accept"
    assert batch.quality_samples.get(second="0.9").medium == "produce"


def test_no_quality_control_is_said(world: Any, net: Network, tmp_path: Path) -> None:
    batch = taken(world, net, csv_file(tmp_path / "a.csv", rows_of(codes_of(net)[:2])))
    assert batch.quality["verdict"] == "unknown"
    assert "没有质控数据" in batch.quality["analytes"][0]["zh"]


def test_cells_are_drawn_by_the_seed_of_the_batch(world: Any, net: Network, tmp_path: Path) -> None:
    batch = taken(world, net, csv_file(tmp_path / "a.csv", rows_of(codes_of(net))))
    assert len(batch.drawn) == 20
    assert all(one["same"] is None and one["printed"] for one in batch.drawn)
    rows = [one["row"] for one in batch.drawn]
    assert rows == sorted(rows)


def test_a_result_is_not_accepted_twice(world: Any, net: Network, tmp_path: Path) -> None:
    rows = rows_of(codes_of(net))
    first = taken(world, net, csv_file(tmp_path / "a.csv", rows))
    first.state = Batch.State.ACCEPTED
    first.save()
    second = taken(world, net, csv_file(tmp_path / "b.csv", rows[:5]))
    assert second.findings.filter(rule="batch.already", severity="error").count() == 5


def test_only_a_running_campaign_takes_files(world: Any, net: Network) -> None:
    with pytest.raises(IntakeRefused) as refused:
        intake.campaign_for(world.actor("officer"), "没有")
    assert refused.value.code == "monitoring.batch.no_campaign"
    with pytest.raises(IntakeRefused) as refused:
        intake.campaign_for(world.actor("stranger"), net.campaign.number)
    assert refused.value.code == "monitoring.batch.no_campaign"
    assert intake.campaign_for(world.actor("laboratory"), net.campaign.number) == net.campaign


def test_who_may_not_send(world: Any, net: Network, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", rows_of(codes_of(net)))
    with pytest.raises(Exception, match="报送检测数据"):
        intake.begin(net.campaign, sent(path), by=world.actor("reader"), at=AT)


def test_a_thousand_times_the_former_median_is_pointed_out(world: Any, net: Network, tmp_path: Path) -> None:
    codes = codes_of(net)
    first = taken(world, net, csv_file(tmp_path / "a.csv", rows_of(codes)))
    first.state = Batch.State.ACCEPTED
    first.save()
    rows = rows_of(codes)
    rows[0][2] = "210"  # cadmium of the first sample, in µg/kg under a heading of mg/kg
    second = taken(world, net, csv_file(tmp_path / "b.csv", rows))
    (sign,) = second.findings.filter(rule="plausibility.unit")
    assert (sign.severity, sign.row) == ("warning", 2)
    assert "1000" in sign.zh


def test_swapped_columns_are_pointed_out(world: Any, net: Network, tmp_path: Path) -> None:
    codes = codes_of(net)
    first = taken(world, net, csv_file(tmp_path / "a.csv", rows_of(codes)))
    first.state = Batch.State.ACCEPTED
    first.save()
    rows = rows_of(codes)
    for row in rows:
        if row[1] in ("镉", "铬"):
            row[1] = "铬" if row[1] == "镉" else "镉"
    second = taken(world, net, csv_file(tmp_path / "b.csv", rows))
    assert "填反" in second.findings.get(rule="plausibility.swapped").zh
