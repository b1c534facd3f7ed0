"""Judging a table at the desk: what is understood, every verdict, what is kept, judged anew and compared."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from judgement_world import AT, BY_FARM, FARM, GRAIN, changes, kept, rows_of, tried

from soildesk.core import files, jobs
from soildesk.core.models import AuditEntry, FileUse, Job
from soildesk.core.permissions import NotAllowed
from soildesk.standards import judging
from soildesk.standards.models import Evaluation, Trial
from soildesk.standards.pages.judged import edition_slug, limits_text, result_text
from soildesk.standards.queries.judged import Comparison, Selection, table_of
from soildesk.standards.services import judgement
from soildesk.standards.services.judgement import Given, JudgementRefused

BUDGETS = json.loads((Path(__file__).parents[1] / "query_budgets.json").read_text(encoding="utf-8"))


def test_every_result_gets_its_verdict_with_reason_basis_and_band(world: Any) -> None:
    trial = tried(world)
    assert trial.state == Trial.State.READY
    found = rows_of(trial)
    assert {key: one["verdict"] for key, one in found.items()} == {
        ("T01", "cadmium"): "exceeds_screening",
        ("T01", "copper"): "meets",
        ("T02", "cadmium"): "exceeds_control",
        ("T02", "copper"): "exceeds_screening",
        ("T03", "cadmium"): "unknown",
        ("T03", "copper"): "unknown",
        ("T04", "cadmium"): "meets",
        ("T04", "copper"): "meets",
    }
    grave = found["T02", "cadmium"]
    assert (grave["limit"], grave["control"], grave["ph_band"], grave["use"]) == ("0.3", 1.5, "≤5.5", "水田")
    assert "高于管制值" in grave["reason"]
    assert "above the control value" in grave["reason_en"]
    assert found["T03", "cadmium"]["cause"] == "ph_missing"
    assert [one["sample"] for one in trial.result["samples"]] == ["T02", "T01", "T03", "T04"]
    assert trial.result["samples"][0]["analyte"] == "cadmium"


def test_a_kept_judgement_stands_as_it_was_and_names_what_it_rests_on(world: Any) -> None:
    before = AuditEntry.objects.count()
    found = kept(world)
    assert (found.rows, found.samples, found.exceeds_control, found.unknown, found.meets) == (8, 4, 1, 2, 3)
    assert found.standards == ["GB 15618-2018"]
    assert found.fingerprint == found.result["zh"]["rules"]["fingerprint"]
    assert files.read(judgement.source_of(found)) == FARM.encode()
    assert AuditEntry.objects.count() == before + 1
    entry = AuditEntry.objects.order_by("-id").first()
    assert entry is not None and entry.act == "standards.evaluation.kept"
    with pytest.raises(TypeError):
        found.save()


def test_a_trial_is_kept_once_and_never_without_a_name(world: Any) -> None:
    trial = tried(world)
    with pytest.raises(JudgementRefused, match="名称不能为空"):
        judgement.keep(trial, "  ", by=world.actor("officer"), at=AT)
    judgement.keep(trial, "甲", by=world.actor("officer"), at=AT)
    with pytest.raises(JudgementRefused, match="已保存"):
        judgement.keep(trial, "甲", by=world.actor("officer"), at=AT)
    assert Evaluation.objects.count() == 1


def test_judged_anew_as_on_another_day_says_which_verdicts_changed_and_why(world: Any) -> None:
    first = kept(world, GRAIN, "两份农产品", standard="gb2762")
    assert first.standards == ["GB 2762-2022"]
    choices = {**first.choices, "on": "2026-11-20", "as_if_on": "2026-11-20"}
    trial = judgement.judge_anew(first, choices, by=world.actor("officer"), at=AT)
    second = judgement.keep(trial, "按新版", by=world.actor("officer"), at=AT)
    assert second.first == first
    assert second.standards == ["GB 2762-2025"]
    found = changes(first, second)
    assert {one.row["sample"] for one in found} == {"G1", "G2"}, "another edition stands behind every verdict"
    assert all(one.before and one.after and one.before["standard"] != one.after["standard"] for one in found)
    first.refresh_from_db()
    assert first.standards == ["GB 2762-2022"], "the first stays"
    third = judgement.judge_anew(second, choices, by=world.actor("officer"), at=AT)
    assert third.first == first, "whatever is judged anew belongs to the first"


def test_a_class_chosen_otherwise_changes_limits_and_nothing_else(world: Any) -> None:
    text = "样品,砷(mg/kg),铅(mg/kg)\nB1,24,310\nB2,18,402\n"
    first = kept(world, text, standard="gb36600", land_class="第一类用地")
    second = kept(world, text, standard="gb36600", land_class="第二类用地")
    found = Comparison.of(table_of(first), table_of(second))
    assert [one.row["name"] for one in found.rows(found.of_verdict)] == ["砷", "铅"]
    assert len(found.of_limit) == len(found.pairs) - 2
    assert not changes(first, first)


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "a.csv", "还没有检测结果"),
        (b"%PDF-1.4 x", "a.pdf", "不是检测结果表的格式"),
        (b"MZ\x00\x00", "a.xlsx", "内容与扩展名"),
        (b"x" * (51 * 1024 * 1024), "a.csv", "上限"),
    ],
)
def test_what_is_no_table_is_refused_before_it_is_kept(world: Any, data: bytes, name: str, said: str) -> None:
    with pytest.raises((JudgementRefused, judging.TableRefused, files.FileRefused), match=said):
        judgement.try_out(Given(data, name, BY_FARM, world.district), by=world.actor("officer"), at=AT)
    assert not Trial.objects.exists()


def test_a_file_without_results_says_what_was_expected(world: Any) -> None:
    with pytest.raises(judging.TableRefused, match="没有找到检测结果表") as refused:
        tried(world, "甲,乙\n一,二\n")
    assert "No table" in refused.value.sentences["en"]
    assert not Trial.objects.exists()


def test_a_table_beyond_the_limit_names_the_command(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "MOST_ROWS", 3)
    with pytest.raises(judging.TableRefused, match="soildesk evaluate"):
        tried(world)


def test_a_child_that_breaks_down_is_a_sentence(world: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("import sys; sys.exit(7)", "utf-8")
    monkeypatch.setattr(judging, "CHILD", broken)
    with pytest.raises(judging.TableRefused, match="意外中止"):
        tried(world)
    broken.write_text("raise MemoryError", "utf-8")
    with pytest.raises(judging.TableRefused, match="太大"):
        tried(world)


@pytest.mark.parametrize("ending", ["xlsx", "parquet", "csv"])
def test_every_form_of_file_gives_the_same_verdicts(world: Any, ending: str) -> None:
    rows = [line.split("\t") for line in FARM.strip().split("\n")]
    out = io.BytesIO()
    if ending == "xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.worksheets[0].append(row)
        book.save(out)
    elif ending == "parquet":
        columns = zip(*rows[1:], strict=True)
        pq.write_table(pa.table({name: list(some) for name, some in zip(rows[0], columns, strict=True)}), out)
    else:
        out.write("\n".join(",".join(row) for row in rows).encode("gb18030"))
    given = Given(out.getvalue(), f"表.{ending}", BY_FARM, world.district)
    trial = judgement.try_out(given, by=world.actor("officer"), at=AT)
    assert trial.result["zh"]["verdicts"] == tried(world).result["zh"]["verdicts"]


def test_a_long_table_is_judged_by_a_job(world: Any, monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    monkeypatch.setattr(judgement, "BY_JOB_BYTES", 10)
    trial = tried(world)
    assert trial.state == Trial.State.WAITING
    client.force_login(world.people["officer"])
    assert "在后台判定" in client.get(reverse("standards:trial", args=[trial.uid])).content.decode()
    row = Job.objects.get(uid=trial.job)
    assert jobs.run(row).state == Job.State.DONE
    trial.refresh_from_db()
    assert trial.state == Trial.State.READY
    assert Job.objects.get(pk=row.pk).result["rows"] == 8


def test_a_long_table_that_is_none_says_so_on_its_page(
    world: Any, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    monkeypatch.setattr(judgement, "BY_JOB_BYTES", 1)
    trial = tried(world, "甲,乙\n一,二\n")
    assert jobs.run(Job.objects.get(uid=trial.job)).state == Job.State.DONE
    client.force_login(world.people["officer"])
    page = client.get(reverse("standards:trial", args=[trial.uid])).content.decode()
    assert "没有找到检测结果表" in page
    with pytest.raises(JudgementRefused, match="没有读成"):
        judgement.keep(trial, "甲", by=world.actor("officer"), at=AT)


@pytest.mark.parametrize("who", ["reader", "auditor"])
def test_who_only_reads_judges_nothing(world: Any, who: str) -> None:
    with pytest.raises(NotAllowed):
        tried(world, who=who)


def test_nobody_judges_for_another_place(world: Any) -> None:
    given = Given(FARM.encode(), "表.txt", BY_FARM, world.other)
    with pytest.raises(NotAllowed):
        judgement.try_out(given, by=world.actor("officer"), at=AT)


def test_a_trial_is_its_makers_alone_and_a_units_judgement_its_own(world: Any, client: Client) -> None:
    trial = tried(world)
    client.force_login(world.people["issuer"])
    assert client.get(reverse("standards:trial", args=[trial.uid])).status_code == 404
    found = judgement.keep(tried(world, who="agriculture"), "农业农村局的", by=world.actor("agriculture"), at=AT)
    for who, sees in {"officer": 200, "agriculture": 200, "reader": 200, "town": 404, "stranger": 404}.items():
        client.force_login(world.people[who])
        assert client.get(reverse("standards:evaluation", args=[found.uid])).status_code == sees, who
        use = FileUse.objects.filter(subject_type="standards.evaluation").first()
        assert use is not None
        assert client.get(reverse("core:file", args=[use.uid])).status_code == sees, who


def test_paste_see_keep_and_take_the_report(world: Any, client: Client) -> None:
    client.force_login(world.people["officer"])
    form = {
        "text": FARM,
        "standard": "gb15618",
        "division": world.district.pk,
        "on": "2026-11-20",
        "day_rule": "sampling",
    }
    answer = client.post(reverse("standards:judge"), form)
    trial = Trial.objects.get()
    assert answer.headers["Location"] == reverse("standards:trial", args=[trial.uid])
    page = client.get(answer.headers["Location"]).content.decode()
    for words in ("超管制值", "读懂了什么", "缺少 pH", "起决定作用的项目", "表里缺 pH"):
        assert words in page
    kept_page = client.post(reverse("standards:keep", args=[trial.uid]), {"title": "东圩村"}, follow=True)
    assert "GB 15618-2018" in kept_page.content.decode()
    found = Evaluation.objects.get()
    report = client.get(reverse("standards:report", args=[found.uid]))
    book = openpyxl.load_workbook(io.BytesIO(report.content))
    assert book.sheetnames[:4] == ["汇总", "超标", "无法判断", "全部结果"]
    assert book["全部结果"].max_row == 9


def test_chips_narrow_and_stand_in_the_address(world: Any, client: Client) -> None:
    found = kept(world)
    client.force_login(world.people["officer"])
    url = reverse("standards:evaluation", args=[found.uid])
    page = client.get(url + "?verdict=exceeds_control").content.decode()
    assert page.count('class="result"') == 1
    assert "T02" in page
    assert client.get(url + "?sample=T03").content.decode().count('class="result"') == 2
    assert "没有符合条件的结果" in client.get(url + "?sample=nobody&verdict=nonsense").content.decode()
    assert client.get(url + "?page=99999999&q=镉").content.decode().count('class="result"') == 4


def test_a_from_knowledge_limit_is_named_on_the_page(world: Any, client: Client) -> None:
    text = "样品,用途,项目,结果,单位\nW1,水田作物,镉,0.02,mg/L\n"
    found = kept(world, text, standard="gb5084", water_use="水田作物")
    assert found.from_knowledge == 1
    client.force_login(world.people["officer"])
    page = client.get(reverse("standards:evaluation", args=[found.uid])).content.decode()
    assert "凭记忆录入的，尚未核对印本" in page
    assert "限值待核对" in page


def test_the_comparison_page_says_what_changed(world: Any, client: Client) -> None:
    first = kept(world, GRAIN, "两份农产品", standard="gb2762")
    client.force_login(world.people["officer"])
    alone = client.get(reverse("standards:compare", args=[first.uid]))
    assert alone.headers["Location"] == reverse("standards:evaluation", args=[first.uid])
    form = {"standard": "gb2762", "division": world.district.pk, "on": "2026-11-20", "day_rule": "as_if"}
    answer = client.post(reverse("standards:rejudge", args=[first.uid]), form, follow=True)
    trial = Trial.objects.get(first=first)
    assert "首次判定" in answer.content.decode()
    page = client.post(reverse("standards:keep", args=[trial.uid]), {"title": "新版"}, follow=True).content.decode()
    assert "比较两次判定" in page
    every = client.get(reverse("standards:compare", args=[Evaluation.objects.get(first=first).uid]) + "?all=1")
    assert "GB 2762-2022 → GB 2762-2025" in every.content.decode()


def test_a_form_that_says_nothing_or_nonsense_says_so(world: Any, client: Client) -> None:
    client.force_login(world.people["officer"])
    form = {"standard": "gb15618", "division": world.district.pk, "on": "2026-11-20", "day_rule": "sampling"}
    empty = client.post(reverse("standards:judge"), form)
    assert (empty.status_code, "还没有检测结果" in empty.content.decode()) == (422, True)
    refused = client.post(reverse("standards:judge"), {**form, "text": "你好"})
    assert (refused.status_code, "没有找到检测结果表" in refused.content.decode()) == (422, True)
    wrong = client.post(reverse("standards:judge"), {**form, "text": FARM, "ph": "15"})
    assert wrong.status_code == 422
    trial = tried(world)
    client.post(reverse("standards:again", args=[trial.uid]), {**form, "on": "gestern"})
    assert Trial.objects.count() == 1


def test_choices_the_standard_does_not_ask_for_are_left_out(world: Any, client: Client) -> None:
    client.force_login(world.people["officer"])
    form = {
        "text": FARM, "standard": "gb15618", "division": world.district.pk, "on": "2026-11-20", "day_rule": "sampling",
        "crop": "稻谷", "level": "III", "ph": "6.5",
    }  # fmt: skip
    client.post(reverse("standards:judge"), form)
    assert Trial.objects.get().choices == {"standard": "gb15618", "on": "2026-11-20", "ph": "6.5", "division": "990101"}


def test_a_ph_for_samples_without_one_makes_the_unknown_known(world: Any) -> None:
    assert rows_of(tried(world, ph="6.0"))["T03", "cadmium"]["verdict"] == "exceeds_screening"


def test_pages_keep_their_query_budgets(world: Any, client: Client) -> None:
    found = kept(world)
    kept(world, title="乙")
    client.force_login(world.people["officer"])
    pages = {
        "standards.evaluations": reverse("standards:evaluations"),
        "standards.evaluation": reverse("standards:evaluation", args=[found.uid]),
        "standards.judge": reverse("standards:judge"),
    }
    for name, url in pages.items():
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        assert len(asked) <= BUDGETS[name], f"{name}: {len(asked)} queries"


def test_the_list_counts_filters_and_exports(world: Any, client: Client) -> None:
    kept(world)
    kept(world, "样品,砷(mg/kg)\nB1,4\n", "干净", standard="gb36600")
    client.force_login(world.people["officer"])
    url = reverse("standards:evaluations")
    assert "东圩村" in client.get(url + "?found=exceeding").content.decode()
    page = client.get(url + "?found=clean").content.decode()
    assert "干净" in page and "东圩村" not in page
    exported = b"".join(client.get(url + "?export=csv").streaming_content).decode()
    assert "超管制值 1；超筛选值 2；无法判断 2；未超标 3" in exported


def test_the_words_of_a_row() -> None:
    row = {"text": "<0.01", "value": None, "unit": "mg/kg", "limit": "0.3", "limit_unit": "mg/kg", "control": None}
    assert result_text(row) == "<0.01 mg/kg"
    assert limits_text({**row, "standard": "GB 2762-2025"}) == "0.3 mg/kg"
    assert limits_text({**row, "standard": "GB 15618-2018"}) == "筛选 0.3 mg/kg"
    assert limits_text({**row, "limit": None, "standard": None}) == ""
    assert edition_slug("GB/T 14848-2017") == "gbt14848-2017"


def test_a_selection_pages_without_reading_twice(world: Any) -> None:
    table = table_of(tried(world))
    selection = Selection(table, {"verdict": ["meets"]}, "", 1)
    assert (selection.count, selection.pages, len(selection.rows)) == (3, 1, 3)
    assert selection.counts("verdict")["unknown"] == 2
    assert Selection(table, {"nothing": ["x"]}).count == 8


def test_an_unknown_address_is_not_found(world: Any, client: Client) -> None:
    client.force_login(world.people["officer"])
    for name in ("trial", "evaluation", "rejudge", "compare", "report"):
        assert client.get(reverse(f"standards:{name}", args=[uuid4()])).status_code == 404
