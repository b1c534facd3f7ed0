"""The pages of laboratory files: brought, understood, compared with the report, accepted, flagged, returned, exported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from intake_world import AT, codes_of, csv_file, rows_of, taken
from monitoring_world import Network, county

from soildesk.core.models import AuditEntry
from soildesk.monitoring.models import Batch, ExportRequest, Judgement, Qualifier, Result
from soildesk.monitoring.services import batches, exporting, results
from soildesk.monitoring.services.batches import BatchRefused
from soildesk.monitoring.services.exporting import ExportRefused, Wanted
from soildesk.monitoring.services.intake import IntakeRefused
from soildesk.monitoring.services.results import Correction, Mark, ResultRefused

PDF = b"%PDF-1.4 report"


@pytest.fixture
def net(world: Any, monkeypatch: pytest.MonkeyPatch) -> Network:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return county(world)


def browser(world: Any, who: str) -> Client:
    return world.browser(who)


@pytest.fixture
def batch(world: Any, net: Network, tmp_path: Path) -> Batch:
    return taken(world, net, csv_file(tmp_path / "a.csv", rows_of(codes_of(net))))


def url(batch: Batch, act: str = "") -> str:
    return f"/monitoring/batches/{batch.uid}/{act}/" if act else f"/kit/r/batches/{batch.uid}"


def bound(world: Any, batch: Batch, *, same: bool = True) -> Batch:
    """The batch with a report, every drawn cell compared."""
    officer = world.actor("officer")
    batches.bind_report(batch, ("report.pdf", PDF), by=officer, at=AT)
    return batches.compare(batch, dict.fromkeys(range(20), same), by=officer, at=AT)


def test_a_file_is_brought_and_shown(world: Any, net: Network, tmp_path: Path) -> None:
    client = browser(world, "officer")
    assert net.campaign.number in client.get("/monitoring/batches/new/").content.decode()
    path = csv_file(tmp_path / "结果.csv", rows_of(["没有", *codes_of(net)[1:]]))
    data = {"campaign": net.campaign.number, "no_secrets": "on"}
    with path.open("rb") as file:
        answer = client.post("/monitoring/batches/new/", {**data, "file": file})
    batch = Batch.objects.get()
    assert answer["Location"] == url(batch)
    page = client.get(url(batch)).content.decode()
    for word in ("不在采样任务中", "HJ 166-2026", "随机抽取 20 个数", "表头怎样读懂的", codes_of(net)[0]):
        assert word in page, word
    assert client.get(f"/monitoring/findings/?batch={batch.number}&severity=error").status_code == 200
    assert client.get(f"/monitoring/findings/?batch={batch.number}&export=xlsx").status_code == 200
    assert client.get(f"/monitoring/batches/{batch.uid}/findings.xlsx").status_code == 200
    with path.open("rb") as file:
        again = client.post("/monitoring/batches/new/", {**data, "file": file}, follow=True)
    assert again.status_code == 200
    assert Batch.objects.count() == 1


def test_without_the_tick_nothing_is_brought(world: Any, net: Network, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", rows_of(codes_of(net)))
    with path.open("rb") as file:
        answer = browser(world, "officer").post(
            "/monitoring/batches/new/", {"campaign": net.campaign.number, "file": file}
        )
    assert answer.status_code == 422
    assert not Batch.objects.exists()


def test_errors_block_and_a_batch_goes_back(world: Any, net: Network, tmp_path: Path) -> None:
    batch = taken(world, net, csv_file(tmp_path / "a.csv", rows_of(["没有", *codes_of(net)[1:]])))
    client = browser(world, "officer")
    assert "一个结果也不能接收" in client.get(url(batch, "accept")).content.decode()
    assert client.post(url(batch, "accept")).status_code == 422
    answer = client.post(url(batch, "return"), {"reason": "样品编号请按标签核对"})
    assert answer.status_code == 302
    batch.refresh_from_db()
    assert (batch.state, batch.results.count()) == ("returned", 0)
    assert batch.findings.exists()
    assert client.get(url(batch)).status_code == 200
    # the corrected file comes in as a batch of its own
    again = taken(world, net, csv_file(tmp_path / "a2.csv", rows_of(codes_of(net))))
    assert again.state == "checked"


def test_a_returned_file_may_be_sent_again(world: Any, net: Network, batch: Batch, tmp_path: Path) -> None:
    batches.send_back(batch, "报告编号不符", by=world.actor("officer"), at=AT)
    again = taken(world, net, csv_file(tmp_path / "a.csv", rows_of(codes_of(net))))
    assert again != batch
    assert again.state == "checked"


def test_no_batch_without_a_report_but_with_flags(world: Any, net: Network, batch: Batch) -> None:
    officer = world.actor("officer")
    with pytest.raises(BatchRefused) as refused:
        batches.accept(batch, by=officer, at=AT)
    assert refused.value.code == "monitoring.batch.no_report"
    done = batches.accept(batch, by=officer, at=AT, reason="报告后补")
    assert done.state == Batch.State.FLAGGED
    assert Result.objects.accepted().count() == batch.rows


def test_cells_are_compared_with_the_report(world: Any, net: Network, batch: Batch) -> None:
    client, officer = browser(world, "officer"), world.actor("officer")
    assert client.post(url(batch, "compare"), {"cell-0": "same"}).status_code == 422  # no report yet
    from django.core.files.uploadedfile import SimpleUploadedFile

    client.post(url(batch, "report"), {"report": SimpleUploadedFile("报告.pdf", PDF)})
    with pytest.raises(BatchRefused) as refused:
        batches.accept(batch, by=officer, at=AT)
    assert refused.value.code == "monitoring.batch.not_compared"
    assert batch.drawn[0]["sample"] in client.get(url(batch, "compare")).content.decode()
    answers = {f"cell-{at}": "same" for at in range(20)}
    client.post(url(batch, "compare"), {**answers, "cell-3": "different"})
    for reason in ("", "也要用"):
        with pytest.raises(BatchRefused) as refused:
            batches.accept(batch, by=officer, at=AT, reason=reason)
        assert refused.value.code == "monitoring.batch.different"
    client.post(url(batch, "compare"), answers)
    assert client.post(url(batch, "accept")).status_code == 302
    batch.refresh_from_db()
    assert batch.state == Batch.State.ACCEPTED
    assert Judgement.objects.filter(batch=batch).exists()
    assert client.post(url(batch, "return"), {"reason": "晚了"}).status_code == 422


def test_a_report_is_a_pdf_and_another_one_is_compared_anew(world: Any, net: Network, batch: Batch) -> None:
    officer = world.actor("officer")
    with pytest.raises(IntakeRefused):
        batches.bind_report(batch, ("report.txt", b"hello"), by=officer, at=AT)
    bound(world, batch)
    batches.bind_report(batch, ("report2.pdf", PDF + b"2"), by=officer, at=AT)
    batch.refresh_from_db()
    assert {one["same"] for one in batch.drawn} == {None}


def test_the_list_and_the_record_of_a_result(world: Any, net: Network, batch: Batch) -> None:
    batches.accept(bound(world, batch), by=world.actor("officer"), at=AT)
    client = browser(world, "reader")
    page = client.get("/kit/r/results/").content.decode()
    assert "&lt;0.002" in page
    assert net.points["paddy"].point.number in page
    assert client.get("/kit/r/results/?verdict=meets").status_code == 200
    assert client.get(f"/kit/r/results/?campaign={net.campaign.number}&analyte=cadmium&medium=soil").status_code == 200
    one = batch.results.get(sample=net.tasks["paddy"].code, analyte="cadmium")
    told = client.get(f"/kit/r/results/{one.uid}").content.decode()
    assert batch.number in told
    assert "检测机构报出 0.21" in told


def test_a_correction_is_a_new_version_with_its_reason(world: Any, net: Network, batch: Batch) -> None:
    batches.accept(bound(world, batch), by=world.actor("officer"), at=AT)
    one = batch.results.get(sample=net.tasks["paddy"].code, analyte="cadmium")
    client = browser(world, "officer")
    asked = {"printed": "0.12", "unit": "mg/kg", "reason": "更正报告 JC-2"}
    answer = client.post(f"/monitoring/results/{one.uid}/correct/", asked)
    new = Result.objects.get(corrects=one)
    assert answer["Location"] == f"/kit/r/results/{new.uid}"
    one.refresh_from_db()
    assert one.superseded_at is not None
    assert (one.value, new.value, new.reason) == (0.21, 0.12, "更正报告 JC-2")
    assert "0.21 → 0.12" in client.get(answer["Location"]).content.decode()
    assert Judgement.objects.filter(why="corrected").exists()
    for printed, code in (("0.12", "same"), ("坏了", "no_value"), ("3mg/L", "unit")):
        with pytest.raises(ResultRefused) as refused:
            results.correct(new, Correction(printed, "再改"), by=world.actor("officer"), at=AT)
        assert refused.value.code == f"monitoring.result.{code}"
    with pytest.raises(ResultRefused) as refused:
        results.correct(one, Correction("0.3", "再改"), by=world.actor("officer"), at=AT)
    assert refused.value.code == "monitoring.result.corrected"


def test_three_marks_are_kept_apart(world: Any, net: Network, batch: Batch) -> None:
    officer = world.actor("officer")
    batches.accept(bound(world, batch), by=officer, at=AT)
    one = batch.results.get(sample=net.tasks["paddy"].code, analyte="cadmium")
    results.qualify(one, Mark("validator", "estimated", "检出限附近"), by=officer, at=AT)
    results.qualify(one, Mark("interpreter", "background", "黑色页岩"), by=officer, at=AT)
    results.qualify(one, Mark("validator", "valid", "复测确认"), by=officer, at=AT)
    standing = set(Qualifier.objects.filter(result=one, superseded_at=None).values_list("role", "code"))
    assert standing == {("validator", "valid"), ("interpreter", "background")}
    assert Qualifier.objects.filter(result=one).count() == 3
    one.refresh_from_db()
    assert one.qualifier == ""  # the laboratory's own is nobody else's to change
    with pytest.raises(ResultRefused):
        results.qualify(one, Mark("validator", "background", "不是审核的标记"), by=officer, at=AT)
    page = browser(world, "reader").get("/kit/r/results/").content.decode()
    assert "解释：地质背景" in page


def test_graded_results_leave_with_a_second_persons_approval(world: Any, net: Network, batch: Batch) -> None:
    officer = world.actor("officer")
    batches.accept(bound(world, batch), by=officer, at=AT)
    client = browser(world, "officer")
    answer = client.get("/kit/r/results/?analyte=cadmium&export=xlsx")
    assert answer["Location"].startswith("/monitoring/exports/new/?query=analyte%3Dcadmium")
    assert "内部" in client.get(answer["Location"]).content.decode()
    asked = {"query": "analyte=cadmium", "purpose": "评价报告", "recipient": "云泽市环科院"}
    client.post("/monitoring/exports/new/", asked)
    request = ExportRequest.objects.get()
    assert (request.rows, request.grade, request.state) == (7, "internal", "asked")
    page = f"/monitoring/exports/{request.uid}/"
    assert client.get(f"{page}results.xlsx").status_code == 302  # not approved
    with pytest.raises(Exception, match="批准导出"):
        exporting.decide(request, True, by=officer, at=AT)
    issuer = browser(world, "issuer")
    assert issuer.post(page, {"answer": "yes"}).status_code == 302
    text = b"".join(client.get(f"{page}results.csv").streaming_content).decode()
    assert request.number in text.splitlines()[0]
    assert "issuer" in text.splitlines()[0]
    assert len(text.splitlines()) == 9
    assert client.get(f"{page}results.xlsx").content.startswith(b"PK")
    assert AuditEntry.objects.filter(act="monitoring.export.made").count() == 2
    assert browser(world, "reader").get(f"{page}results.csv").status_code == 302  # not who asked
    listed = browser(world, "reader").get("/monitoring/exports/").content.decode()
    assert request.number in listed


def test_nobody_approves_what_he_asked_for(world: Any, net: Network) -> None:
    issuer = world.actor("issuer")
    wanted = Wanted("", 5, "internal", "用途", "单位")
    request = exporting.ask(wanted, by=issuer, at=AT)
    with pytest.raises(ExportRefused) as refused:
        exporting.decide(request, True, by=issuer, at=AT)
    assert refused.value.code == "monitoring.export.own"


def test_public_results_are_exported_at_once(world: Any, net: Network, batch: Batch) -> None:
    batches.accept(bound(world, batch), by=world.actor("officer"), at=AT)
    net.campaign.refresh_from_db()
    net.campaign.grade = "public"
    net.campaign.save()
    answer = browser(world, "reader").get("/kit/r/results/?analyte=cadmium&export=csv")
    assert answer.status_code == 200


def test_the_raw_file_is_read_by_who_accepts_it(world: Any, net: Network, batch: Batch) -> None:
    from soildesk.core import files

    use = files.uses_of(batch).get()
    assert files.readable(world.actor("officer"), use)
    for who in ("reader", "stranger", "town", "laboratory"):
        assert not files.readable(world.actor(who), use), who
