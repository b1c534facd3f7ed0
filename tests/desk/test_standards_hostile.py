"""Hostile tables and words in the room `standards`: nothing of them runs in a page, a spreadsheet or a Word file; limits hold."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

import docx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.urls import reverse
from judgement_world import AT, BY_FARM, ROW, accepted, changes, filled, kept, proposed, tried
from risk_world import CASE, run

from soildesk.core import jobs
from soildesk.core.models import AuditEntry, Job, RoleGrant
from soildesk.standards import judging
from soildesk.standards.models import Evaluation, RiskUncertainty, Trial
from soildesk.standards.queries import risk as risk_queries
from soildesk.standards.services import judgement, risk
from soildesk.standards.services.judgement import Given
from soildesk.standards.services.risk import SiteFacts

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
FORMULAS = ('=HYPERLINK("http://x","x")', "+1+1", "-1+1", "@SUM(A1)", "＝1+1", "=cmd|' /C calc'!A0", SCRIPT)


def hostile(world: Any) -> Evaluation:
    """A kept judgement whose samples, headings, file and title all try something, and its second judgement."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["样品编号", "pH", "用地类型", "采样日期", "镉(mg/kg)", SCRIPT + "(mg/kg)", "备注"])
    rows.writerows([each, "5.4", "水田", "2026-09-12", "0.42", each, each] for each in FORMULAS)
    name = SCRIPT.replace("/", "∕") + "=1+1.csv"
    first = kept(world, out.getvalue(), "=1+1" + SCRIPT, name=name)
    anew = judgement.judge_anew(first, {**first.choices, "standard": "gb36600"}, by=world.actor("officer"), at=AT)
    return judgement.keep(anew, SCRIPT, by=world.actor("officer"), at=AT)


def assert_tame(answer: Any) -> None:
    """A page on which nothing of it is markup."""
    page = answer.content.decode()
    assert answer.status_code in (200, 422)
    assert "<script>alert" not in page and "<img src=x" not in page


def assert_no_formula(data: bytes) -> None:
    """A workbook without one formula or outer link."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        for name in book.namelist():
            assert b"<f>" not in book.read(name) and b"<f " not in book.read(name), name
            assert b"http://x" not in book.read(name) or name.endswith(("sharedStrings.xml", ".xml")), name
            assert b"<hyperlink" not in book.read(name), name


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_words_of_a_table_are_no_markup_on_any_page(world: Any, client: Client, language: str) -> None:
    second = hostile(world)
    world.people["officer"].language = language
    world.people["officer"].save()
    client.force_login(world.people["officer"])
    evil = "?sample=%3Cscript%3Ealert(1)&analyte=%22%3E%3Cimg%20src%3Dx&cause=%3Cimg%20src%3Dx&verdict=%3Cscript%3Ealert&q=%22%3E%3Cscript%3Ealert"
    url = reverse("standards:evaluation", args=[second.uid])
    first = reverse("standards:evaluation", args=[second.first.uid]) if second.first else ""
    for page in (url, url + "?show=all", url + evil, first):
        assert_tame(client.get(page))
    for name in ("compare", "rejudge"):
        assert_tame(client.get(reverse(f"standards:{name}", args=[second.uid]) + "?all=1"))
    for trial in Trial.objects.all():
        assert_tame(client.get(reverse("standards:trial", args=[trial.uid])))
    assert_tame(client.get(reverse("standards:evaluations") + "?cols=title,standard,anew,keeper"))
    assert_tame(client.get(reverse("home:search") + "?q=script"))
    assert_tame(client.get(reverse("standards:analytes") + "?q=%3Cscript%3Ealert(1)%3C/script%3E"))
    assert_tame(client.post(reverse("standards:judge"), {"text": SCRIPT, "standard": SCRIPT, "crop": SCRIPT}))


def test_words_of_a_table_are_no_formulas_in_any_file(world: Any, client: Client) -> None:
    second = hostile(world)
    client.force_login(world.people["officer"])
    assert_no_formula(client.get(reverse("standards:report", args=[second.uid])).content)
    listed = reverse("standards:evaluations")
    assert_no_formula(client.get(listed + "?export=xlsx").content)
    answer: Any = client.get(listed + "?export=csv")
    cells = [cell for row in csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "@"))] == []
    assert any(cell.startswith("'=1+1") for cell in cells)


def test_words_of_a_local_table_are_neither(world: Any, client: Client) -> None:
    head = {
        "标准编号": SCRIPT[:60],
        "名称": SCRIPT,
        "发布机关": SCRIPT,
        "文号": "=1+1",
        "录入人": SCRIPT,
        "英文名称": SCRIPT,
    }
    rows = [{**ROW, "条款": SCRIPT, "来源": SCRIPT, "说明": "'=1+1" + SCRIPT}]
    edition = accepted(world, filled(head, rows))
    waiting = proposed(world, filled({**head, "标准编号": "DB99/T 1-2027", "施行日期": "2027-01-01"}, rows))
    client.force_login(world.people["issuer"])
    client.post(reverse("standards:local_decline", args=[waiting.uid]), {"why": SCRIPT})
    pages = [reverse(f"standards:{name}") for name in ("local", "library", "proposals")]
    pages += [reverse("standards:proposal", args=[waiting.uid]), reverse("standards:analyte", args=["arsenic"])]
    for page in (*pages, reverse("standards:local_edition", args=[edition.uid])):
        assert_tame(client.get(page))
    for page in (reverse("standards:local_export", args=[edition.uid]), reverse("standards:library_export")):
        assert_no_formula(client.get(page).content)


def test_words_of_a_site_are_no_markup_and_no_broken_word_file(world: Any, client: Client) -> None:
    officer, control = world.actor("officer"), "\x01\x0b\x1f" + SCRIPT
    facts = SiteFacts(control, control, control, control)
    site = risk.create_site(facts, world.district, world.departments["ecology"], by=officer, at=AT)
    case = {**CASE, "overrides": {"fom": {"value": 12, "because": control}}}
    found = risk.compute(site, case, control, by=officer, at=AT)
    risk.keep_draft(
        site, {"land_class": "1", "remark": control, "rows": [{"name": SCRIPT}], "parameters": {}}, by=officer, at=AT
    )
    client.force_login(world.people["officer"])
    for name, record in (("risk_site", site), ("risk_edit", site), ("risk_assess", site), ("risk_run", found)):
        assert_tame(client.get(reverse(f"standards:{name}", args=[record.uid])))
    assert_tame(client.get(reverse("standards:risk_run", args=[found.uid]) + f"?substance={SCRIPT}&effect={SCRIPT}"))
    assert_tame(client.get(reverse("standards:risk_sites")))
    report = client.get(reverse("standards:risk_report", args=[found.uid]))
    assert "\n" not in report.headers["Content-Disposition"]
    words = "\n".join(one.text for one in docx.Document(io.BytesIO(report.content)).paragraphs)
    assert "<script>" in words, "the words themselves stay"


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("..\\..\\甲.csv", "甲.csv"),
        ("a\x00b\nc.csv", "abc.csv"),
        ("\u202evsc.csv", "vsc.csv"),
        ("长" * 500 + ".csv", "长" * 196 + ".csv"),
    ],
)
def test_a_name_is_only_a_name(world: Any, given: str, stored: str) -> None:
    assert tried(world, name=given).file_name == stored


def _parquet(columns: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def _bomb() -> bytes:
    """A workbook of half a megabyte that unpacks to 400 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(filled())) as book, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in book.namelist():
            head, end, _rest = book.read(name).partition(b"</worksheet>")
            with made.open(name, "w") as part:  # piece by piece: the worker that makes it need not hold it thrice
                part.write(head)
                if name.endswith("sheet1.xml"):
                    part.write(b"<!--")
                    part.writelines(b"A" * 1_000_000 for _n in range(400))
                    part.write(b"-->")
                part.write(end)
    return out.getvalue()


BOMBS = {
    "one line.csv": lambda: b"a" * 1_400_000,
    "one cell.csv": lambda: ("样品,镉(mg/kg)\n" + "x" * 1_400_000 + ",0.3\n").encode(),
    "unpacks.xlsx": _bomb,
    "broken.xlsx": lambda: b"PK\x03\x04" + b"\x00" * 100,
    "broken.xls": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 5000,
    "broken.parquet": lambda: b"PAR1" + b"\x00" * 100 + b"PAR1",
    "columns.parquet": lambda: _parquet({f"c{i}": [1] for i in range(3000)}),
    "rows.parquet": lambda: _parquet({"样品": ["A"] * 300_000, "项目": ["镉"] * 300_000, "结果": [0.1] * 300_000}),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_made_to_hurt_is_refused_and_leaves_nothing(
    world: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(judging, "AT_ONCE", judging.LIMITS)  # a slow machine would leave the refusal to a job
    with pytest.raises(judging.TableRefused) as refused:
        judgement.try_out(Given(BOMBS[name](), name, BY_FARM, world.district), by=world.actor("officer"), at=AT)
    assert set(refused.value.sentences) == {"zh", "en"}
    assert not Trial.objects.exists()


def test_values_beyond_numbers_are_answered(world: Any) -> None:
    table = "样品,项目,结果,单位,pH\nA,镉,1e999999999,mg/kg,6\nB,镉,1e-999999999,mg/kg,6\nC,镉,nan,mg/kg,6\nD,镉,-inf,mg/kg,6\n"
    assert tried(world, table).result["zh"]["rows"] == 4


def test_the_same_table_twice_is_two_judgements_and_one_file(world: Any) -> None:
    one, two = kept(world), kept(world, title="乙")
    assert one.pk != two.pk
    assert judgement.source_of(one).attachment_id == judgement.source_of(two).attachment_id
    assert not changes(one, two)


def test_every_act_writes_one_entry_without_names_of_people(world: Any) -> None:
    def acts() -> list[str]:
        return list(AuditEntry.objects.order_by("id").values_list("act", flat=True))

    before = len(acts())
    first = kept(world)
    anew = judgement.judge_anew(first, first.choices, by=world.actor("officer"), at=AT)
    judgement.keep(anew, "乙", by=world.actor("officer"), at=AT)
    run(world)
    assert acts()[before:] == [
        "standards.evaluation.kept",
        "standards.evaluation.rejudged",
        "standards.risk_site.created",
        "standards.risk_run.computed",
    ]
    people = {person.name for person in world.people.values()}
    for entry in AuditEntry.objects.all():
        assert not people & set(map(str, entry.data.values())), entry.act


def test_draws_ask_for_rights_again_when_they_run(world: Any) -> None:
    asked = {
        "run": str(run(world).uid), "draws": 200, "seed": 1, "sampler": "monte_carlo",
        "uncertain": {"fom": {"kind": "uniform", "low": 10, "high": 14, "because": "实测"}},
    }  # fmt: skip
    row = jobs.start(risk_queries.DRAWS, asked, by=world.actor("officer"))
    RoleGrant.objects.filter(person=world.people["officer"]).update(division=world.other)
    assert jobs.run(Job.objects.get(pk=row.pk)).state == Job.State.FAILED
    assert not RiskUncertainty.objects.exists()


def test_a_seed_is_taken_as_it_was_written_or_not_at_all(world: Any, client: Client) -> None:
    client.force_login(world.people["officer"])
    draw = {
        "draw-1-name": "fom",
        "draw-1-kind": "uniform",
        "draw-1-low": "10",
        "draw-1-high": "14",
        "draw-1-because": "实测",
    }
    asked = {**draw, "draws": "200", "seed": "12345678901", "sampler": "monte_carlo"}
    answer = client.post(reverse("standards:risk_draw", args=[run(world).uid]), asked)
    assert answer.status_code == 422
    assert not Job.objects.exists()
