"""Acts on batches in an order nobody planned: accepted one after the other, a report exchanged late, sent again with one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from intake_world import AT, codes_of, csv_file, rows_of, sent, taken
from monitoring_world import Network, county

from soildesk.cli import main
from soildesk.core import files
from soildesk.monitoring.models import Batch, Result
from soildesk.monitoring.services import batches, intake

pytestmark = pytest.mark.store
PDF = b"%PDF-1.4 report"
WHY = "报告随后补交"


@pytest.fixture
def net(world: Any, monkeypatch: pytest.MonkeyPatch) -> Network:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return county(world)


@pytest.fixture
def rows(net: Network) -> list[list[str]]:
    return rows_of(codes_of(net))


def refused(act: Any, *given: Any, **more: Any) -> str:
    with pytest.raises(intake.IntakeRefused) as caught:
        act(*given, **more)
    return caught.value.code


def test_of_two_batches_with_the_same_results_one_is_accepted(
    world: Any, net: Network, rows: list[list[str]], tmp_path: Path
) -> None:
    officer = world.actor("officer")
    first = taken(world, net, csv_file(tmp_path / "a.csv", rows))
    other = taken(world, net, csv_file(tmp_path / "b.csv", [*rows[:3], *rows[4:]]))
    assert (first.errors, other.errors) == (0, 0)  # neither was accepted when the other came
    batches.accept(first, by=officer, at=AT, reason=WHY)
    assert refused(batches.accept, other, by=officer, at=AT, reason=WHY) == "monitoring.batch.already"
    assert Result.objects.accepted().count() == first.rows
    other.refresh_from_db()
    assert other.state == Batch.State.CHECKED


def test_the_report_of_an_accepted_batch_stays(world: Any, net: Network, rows: list[list[str]], tmp_path: Path) -> None:
    officer = world.actor("officer")
    batch = taken(world, net, csv_file(tmp_path / "a.csv", rows))
    batches.bind_report(batch, ("a.pdf", PDF), by=officer, at=AT)
    batches.compare(batch, dict.fromkeys(range(20), True), by=officer, at=AT)
    batch = batches.accept(batch, by=officer, at=AT)
    hashed = batch.report_sha256
    assert refused(batches.bind_report, batch, ("b.pdf", PDF + b"2"), by=officer, at=AT) == "monitoring.batch.decided"
    assert refused(batches.compare, batch, {0: False}, by=officer, at=AT) == "monitoring.batch.decided"
    batch.refresh_from_db()
    assert batch.report_sha256 == hashed


def test_a_report_that_was_missing_may_follow_an_acceptance_with_flags(
    world: Any, net: Network, rows: list[list[str]], tmp_path: Path
) -> None:
    officer = world.actor("officer")
    batch = taken(world, net, csv_file(tmp_path / "a.csv", rows))
    batch = batches.accept(batch, by=officer, at=AT, reason=WHY)
    batch = batches.bind_report(batch, ("a.pdf", PDF), by=officer, at=AT)
    assert batch.report_sha256
    assert refused(batches.bind_report, batch, ("b.pdf", PDF + b"2"), by=officer, at=AT) == "monitoring.batch.decided"


def test_a_report_that_is_no_pdf_is_refused_with_the_file(
    world: Any, net: Network, rows: list[list[str]], tmp_path: Path
) -> None:
    officer = world.actor("officer")
    wanted = sent(csv_file(tmp_path / "a.csv", rows), report=("report.txt", b"hello"))
    assert refused(intake.begin, net.campaign, wanted, by=officer, at=AT) == "monitoring.batch.report"
    assert not Batch.objects.exists()


def test_the_same_file_again_with_its_report_binds_it(
    world: Any, net: Network, rows: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    batch = taken(world, net, csv_file(tmp_path / "a.csv", rows))
    (tmp_path / "r.pdf").write_bytes(PDF)
    monkeypatch.setenv("SOILDESK_USER", "officer")
    words = ["results", "import", str(tmp_path / "a.csv"), "--campaign", net.campaign.number]
    assert main([*words, "--report", str(tmp_path / "r.pdf"), "--json"]) == 0, capsys.readouterr().err
    batch.refresh_from_db()
    assert batch.report_sha256
    assert sorted(use.kind for use in files.uses_of(batch)) == ["data", "report"]
    assert Batch.objects.count() == 1
    assert main([*words, "--report", str(tmp_path / "none.pdf"), "--json"]) == 1
    assert "none.pdf" in capsys.readouterr().err
