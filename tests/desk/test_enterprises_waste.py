"""Results of the assessment of hazardous-waste management: entered, refused, taken back; what the measures make of them."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
import xlsxwriter
from django.test import Client

from desk.enterprise_world import Firms
from desk.register_promises import RegisterPromises
from soildesk.core.models import AuditEntry
from soildesk.core.permissions import NotAllowed
from soildesk.enterprises.models import EnterpriseVersion, WasteAssessment
from soildesk.enterprises.refusals import WasteRefused
from soildesk.enterprises.services import waste
from soildesk.enterprises.services.waste import Result
from soildesk.kit import imports, measures
from soildesk.kit.imports import ImportRefused, Purpose
from soildesk.kit.measures import MeasureResult, Outcome

pytestmark = pytest.mark.store
DAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
D, N, C = Outcome.DONE, Outcome.NOT_DONE, Outcome.CANNOT_SAY
MAY = date(2026, 5, 8)
CITY = "云泽市生态环境局"


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Firms:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Firms(world)


def result(kind: str = "producer", **said: Any) -> Result:
    return Result(**{"year": 2026, "kind": kind, "on": MAY, "score": 55, **said})


def record(made: Firms, firm: EnterpriseVersion, told: Result, at: datetime = AT) -> WasteAssessment:
    return waste.record(firm, told, by=made.officer, at=at)


class TestWasteAssessments(RegisterPromises):
    collection = "waste_assessments"

    def addresses(self, keys: Sequence[str]) -> Iterator[str]:
        """A result is taken back and told anew, never changed."""
        return (url for url in super().addresses(keys) if not url.endswith(("/edit", "/history")))

    def fill(self, world: Any) -> Sequence[str]:
        made = Firms(world)
        return [str(record(made, made.firm(name), result()).uid) for name in ("青禾电镀有限公司", "青禾农化有限公司")]

    def more(self, world: Any, count: int) -> None:
        made = Firms(world)
        made._codes = iter(range(500, 500 + count))
        for number in range(count):
            record(made, made.firm(f"第{number}机械厂"), result())


@pytest.mark.parametrize(
    ("score", "level"), [(60, "passes"), (50, "passes"), (49, "mostly"), (40, "mostly"), (39, "fails"), (0, "fails")]
)
def test_points_give_the_level(made: Firms, score: int, level: str) -> None:
    assert record(made, made.firm("甲厂"), result(score=score)).level == level


def test_an_item_that_fails_the_whole_fails_it_whatever_the_points(made: Firms) -> None:
    assert record(made, made.firm("甲厂"), result(score=58, veto="第 18 项")).level == "fails"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"score": 61}, "score"),
        ({"score": 55, "level": "fails"}, "level"),
        ({"score": None}, "level"),
        ({"veto": "第 1 项", "level": "passes"}, "level"),
        ({"round": "spot"}, "body"),
        ({"on": date(2026, 11, 21)}, "future"),
        ({"on": date(2025, 12, 31)}, "days"),
        ({"year": 2024}, "days"),
        ({"kind": "operator"}, "not_so"),
        ({"level": "excellent"}, "choice"),
    ],
)
def test_what_cannot_be_so_is_refused(made: Firms, said: dict[str, Any], code: str) -> None:
    firm = made.firm("甲厂", handles_waste=False)
    with pytest.raises(WasteRefused) as refusal:
        record(made, firm, result(**said))
    assert refusal.value.code == f"enterprises.waste.{code}"


def test_another_reading_of_the_place_says_so_in_a_note(made: Firms) -> None:
    told = result(score=48, level="passes", note="按市评估办法，45 分以上达标")
    assert record(made, made.firm("甲厂"), told).level == "passes"


def test_one_result_of_a_round_and_what_was_wrong_is_taken_back(made: Firms) -> None:
    firm = made.firm("甲厂")
    held = record(made, firm, result(score=38))
    with pytest.raises(WasteRefused, match="结果相同"):
        record(made, firm, result(score=38))
    with pytest.raises(WasteRefused, match="先撤销原记录"):
        record(made, firm, result(score=55))
    record(made, firm, result(score=55, round="spot", body=CITY))
    with pytest.raises(WasteRefused, match="原因"):
        waste.take_back(held, why=" ", by=made.officer, at=AT)
    waste.take_back(held, why="录错了单位", by=made.officer, at=AT)
    record(made, firm, result(score=52))
    with pytest.raises(WasteRefused, match="已经撤销"):
        waste.take_back(held, why="再来", by=made.officer, at=AT)
    assert WasteAssessment.objects.filter(superseded_at=None).count() == 2
    acts = AuditEntry.objects.filter(act__startswith="enterprises.waste.").values_list("act", flat=True)
    assert sorted(acts) == ["enterprises.waste.recorded"] * 3 + ["enterprises.waste.taken_back"]


def test_who_may_not_write_does_not(made: Firms) -> None:
    with pytest.raises(NotAllowed):
        waste.record(made.firm("甲厂"), result(), by=made.world.actor("reader"), at=AT)


HEAD = ("被评估单位", "评估年度", "单位类别", "评估方式", "抽查单位", "评估时间", "总分", "评估等级", "否决项")


def book(rows: Sequence[Sequence[Any]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        sheet = workbook.add_worksheet("评估结果")
        for at, row in enumerate([HEAD, *rows]):
            sheet.write_row(at, 0, row)
    return out.getvalue()


def test_a_year_of_results_from_one_file(made: Firms) -> None:
    plants = [made.firm(f"第{n}化工厂", handles_waste=True) for n in range(3)]
    kind, purpose = imports.kind_called("waste_assessments"), Purpose(made.officer, AT)
    good = [
        ("第0化工厂", "2026", "产废单位", "", "", "2026-05-08", "55", "达标", ""),
        (plants[1].credit_code, "2026", "经营单位", "抽查", CITY, "2026-06-08", "42", "", ""),
        ("第2化工厂", "2026", "产废单位", "全面评估", "", "2026-05-09", "57", "不达标", "第 30 项"),
    ]
    bad = [
        ("没有这家", "2026", "产废单位", "", "", "2026-05-08", "55", "", ""),
        ("第0化工厂", "2026", "产废单位", "", "", "2026-05-08", "66", "", ""),
        ("第0化工厂", "2026", "产废单位", "抽查", "", "2026-05-08", "55", "", ""),
        ("第0化工厂", "2026", "加油站", "", "", "2026-05-08", "55", "", ""),
    ]
    mixed = imports.preview(kind, book([*good, *bad]), "评估.xlsx", purpose)
    assert [row.verdict for row in mixed.rows.all()] == ["ok"] * 3 + ["refused"] * 4
    with pytest.raises(ImportRefused):
        imports.accept(mixed, purpose)
    assert not WasteAssessment.objects.exists()
    batch = imports.accept(imports.preview(kind, book(good), "评估2.xlsx", purpose), purpose)
    found = WasteAssessment.objects.order_by("pk").values_list("kind", "round", "score", "level", "batch")
    assert list(found) == [
        ("producer", "all", 55, "passes", batch.pk),
        ("operator", "spot", 42, "mostly", batch.pk),
        ("producer", "all", 57, "fails", batch.pk),
    ]


def test_the_same_result_twice_in_one_file_is_not_written(made: Firms) -> None:
    made.firm("甲厂")
    kind, purpose = imports.kind_called("waste_assessments"), Purpose(made.officer, AT)
    row = ("甲厂", "2026", "产废单位", "", "", "2026-05-08", "55", "达标", "")
    with pytest.raises(ImportRefused, match="第 3 行"):
        imports.accept(imports.preview(kind, book([row, row]), "评估.xlsx", purpose), purpose)
    assert not WasteAssessment.objects.exists()


def test_the_pages_of_a_result(made: Firms) -> None:
    held = record(made, made.firm("甲厂"), result())
    client = Client()
    client.force_login(made.world.people["officer"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/kit/r/waste_assessments/{held.uid}").content.decode()
    assert "50 分以上为达标" in page
    file = io.BytesIO(b"%PDF-1.4 made up")
    file.name = "评估表.pdf"
    assert client.post(f"/enterprises/waste/{held.uid}/file", {"file": file}).status_code == 302
    assert "评估表.pdf" in client.get(f"/kit/r/waste_assessments/{held.uid}").content.decode()
    assert client.get(f"/enterprises/waste/{held.uid}/back").status_code == 200
    assert client.post(f"/enterprises/waste/{held.uid}/back", {"reason": "登错"}).status_code == 302
    assert client.get(f"/kit/r/waste_assessments/{held.uid}").status_code == 404


# What the measures make of them.


def plan(made: Firms) -> Any:
    said = {"division": made.world.district, "year": 2026, "period_start": None, "period_end": None}
    return SimpleNamespace(**said, doc_number="青环委办〔2026〕4号", title="方案")


def target(made: Firms, percent: str) -> Any:
    said = {"comparator": ">=", "unit": "%", "alternative": "", "not_applicable": False}
    return SimpleNamespace(plan=plan(made), target_number=Decimal(percent), **said)


def ask(made: Firms, name: str, percent: str = "92", *, on: date = DAY, known_on: date = DAY) -> MeasureResult:
    return measures.get(f"enterprises.{name}").run(made.officer, target(made, percent), on, known_on)


def many(made: Firms, kind: str, scores: Sequence[int], first: int = 0, **said: Any) -> list[WasteAssessment]:
    does = waste.DOES[kind]  # type: ignore[index]
    firms = [made.firm(f"{kind}{first + n}厂", **{does: True}) for n in range(len(scores))]
    return [record(made, firm, result(kind, score=score, **said)) for firm, score in zip(firms, scores, strict=True)]


def test_nothing_entered_says_nothing(made: Firms) -> None:
    assert ask(made, "waste_assessed").outcome is C
    made.firm("甲厂", produces_waste=True)
    assert ask(made, "waste_assessed").outcome is C


def test_producers_and_operators_each_have_to_reach_it(made: Firms) -> None:
    many(made, "producer", [55] * 23 + [30, 30])  # 92 %
    answer = ask(made, "waste_assessed")
    assert answer.outcome is C, "nobody knows whether any of them is an operator"
    many(made, "operator", [55, 30])
    answer = ask(made, "waste_assessed")
    assert (answer.outcome, answer.numerator, answer.denominator) == (N, 24, 27)
    assert "经营单位 2 家中 1 家达标（50%）" in str(answer.reason)
    many(made, "operator", [55] * 23, 2)  # 24 of 25
    assert ask(made, "waste_assessed").outcome is D
    assert ask(made, "waste_assessed", "92.1").outcome is N, "producers are at 92 % exactly"


def test_a_place_known_to_have_no_operator_is_asked_for_producers_alone(made: Firms) -> None:
    firm = made.firm("甲厂", produces_waste=True, handles_waste=False)
    record(made, firm, result())
    answer = ask(made, "waste_assessed")
    assert (answer.outcome, str(answer.reason)) == (
        D,
        "2026 年评估的产废单位 1 家中 1 家达标（100%）；当地没有经营单位。",
    )


def test_whether_mostly_counts_is_for_people_where_it_decides(made: Firms) -> None:
    firms = [made.firm(f"{n}厂", produces_waste=True, handles_waste=False) for n in range(10)]
    for number, firm in enumerate(firms):
        record(made, firm, result(score=45 if number == 0 else 55))
    answer = ask(made, "waste_assessed")
    assert answer.outcome is C
    assert "基本达标 1 家：基本达标是否算合格由当地考核办法定" in str(answer.reason)
    assert ask(made, "waste_assessed", "90").outcome is D
    for firm in firms[1:3]:
        record(made, firm, result(score=20, round="spot", body=CITY, on=date(2026, 6, 1)))
    assert ask(made, "waste_assessed").outcome is N, "the last result of a firm counts"


def test_spot_checks_alone_where_the_plan_asks_for_them(made: Firms) -> None:
    firm = made.firm("甲厂", produces_waste=True, handles_waste=False)
    record(made, firm, result(score=30))
    assert ask(made, "waste_spot_checked", "90").outcome is C
    record(made, firm, result(score=55, round="spot", body=CITY, on=date(2026, 6, 1)))
    assert ask(made, "waste_spot_checked", "90").outcome is D


def test_as_of_a_day_and_as_known_on_a_day(made: Firms) -> None:
    firm = made.firm("甲厂", produces_waste=True, handles_waste=False)
    held = record(made, firm, result(score=30), datetime(2026, 6, 1, 2, 0, tzinfo=UTC))
    assert ask(made, "waste_assessed", on=date(2026, 5, 7)).outcome is C
    assert ask(made, "waste_assessed", known_on=date(2026, 5, 31)).outcome is C
    assert ask(made, "waste_assessed", known_on=date(2026, 6, 1)).outcome is N
    waste.take_back(held, why="录错", by=made.officer, at=AT)
    record(made, firm, result(score=55))
    assert ask(made, "waste_assessed", known_on=date(2026, 11, 19)).outcome is N
    assert ask(made, "waste_assessed").outcome is D
