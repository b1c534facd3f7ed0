"""What every register promises, held for dated facts and investigations; facts of many firms from one file."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import judging_world
import pytest
import xlsxwriter

from desk.enterprise_world import Firms
from desk.register_promises import RegisterPromises
from soildesk.core.models import Duty
from soildesk.enterprises.models import Happening, Investigation
from soildesk.enterprises.services import happenings, investigations
from soildesk.enterprises.services.happenings import Told
from soildesk.kit import imports
from soildesk.kit.imports import ImportRefused, Purpose
from soildesk.monitoring.models import Alert
from soilrules.enterprises.facts import EventKind

pytestmark = pytest.mark.store
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


class TestHappenings(RegisterPromises):
    collection = "happenings"

    def addresses(self, keys: Sequence[str]) -> Iterator[str]:
        """A fact is taken back and told anew, never changed."""
        return (url for url in super().addresses(keys) if not url.endswith(("/edit", "/history")))

    def fill(self, world: Any) -> Sequence[str]:
        made = Firms(world)
        told = Told(EventKind.TOXIC_REPORT_FILED, date(2026, 3, 1))
        plants = [made.firm(name) for name in ("青禾电镀有限公司", "青禾农化有限公司")]
        return [str(happenings.record(one, told, by=made.officer, at=AT).uid) for one in plants]

    def more(self, world: Any, count: int) -> None:
        made = Firms(world)
        made._codes = iter(range(500, 500 + count))
        for number in range(count):
            plant = made.firm(f"第{number}机械厂")
            happenings.record(plant, Told(EventKind.INSURED, date(2026, 3, 1)), by=made.officer, at=AT)


class TestInvestigations(RegisterPromises):
    collection = "investigations"

    def addresses(self, keys: Sequence[str]) -> Iterator[str]:
        """A case has no versions."""
        return (url for url in super().addresses(keys) if not url.endswith("/history"))

    def fill(self, world: Any) -> Sequence[str]:
        return self._opened(world, 2, 0)

    def more(self, world: Any, count: int) -> None:
        self._opened(world, count, 500)

    def _opened(self, world: Any, count: int, first: int) -> list[str]:
        made = Firms(world)
        made._codes = iter(range(first + 1, first + count + 1))
        path = world.towns["柏庄镇"].division.path
        for number in range(first, first + count):
            plant = made.firm(f"第{number}化工厂")
            point = judging_world.point(
                world, f"GW-{number}", kind="self", medium="groundwater", source_code=plant.credit_code
            )
            finding = {"rule": "warning.rises", "zh": "连续上升", "en": "rises", "mark": "V-ex"}
            Alert.objects.create(
                number=f"YJ-{number}", key=f"k{number}", level="warning", point=point, medium="groundwater", analyte="arsenic",
                title=f"第{number}化工厂地下水砷上升", findings=[finding], opened_on=date(2026, 10, 8), opened_at=AT, division_path=path,
                owner_department=world.departments["ecology"],
            )  # fmt: skip
        investigations.check_warnings(by=made.officer, at=AT)
        return [str(uid) for uid in Investigation.objects.values_list("uid", flat=True)]


HEAD = ("单位名称", "事项", "日期", "期次", "对象")


def book(rows: Sequence[Sequence[str]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        sheet = workbook.add_worksheet("事项")
        for at, row in enumerate([HEAD, *rows]):
            sheet.write_row(at, 0, row)
    return out.getvalue()


def test_many_facts_from_one_file(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    made = Firms(world)
    plants = [made.firm(f"第{n}化工厂", since=date(2020, 1, 1)) for n in range(3)]
    for plant in plants:
        made.listed(plant, "soil_key", date(2024, 3, 20))
    kind, purpose = imports.kind_called("happenings"), Purpose(made.officer, AT)
    good = [
        ("第0化工厂", "报告有毒有害物质排放", "2026-03-01", "", ""),
        (plants[1].credit_code, "报告有毒有害物质排放", "2026-03-02", "2026", ""),
        ("第2化工厂", "计划拆除", "2026-12-20", "", "老车间"),
    ]
    bad = [
        ("没有这家", "报告有毒有害物质排放", "2026-03-01", "", ""),
        ("第0化工厂", "没有这种事", "2026-03-01", "", ""),
        ("第0化工厂", "开始拆除", "2026-03-01", "", ""),
        ("第0化工厂", "完成自行监测", "2026-11-21", "", ""),
    ]
    mixed = imports.preview(kind, book([*good, *bad]), "事项.xlsx", purpose)
    assert [row.verdict for row in mixed.rows.all()] == ["ok"] * 3 + ["refused"] * 4
    with pytest.raises(ImportRefused):
        imports.accept(mixed, purpose)
    assert not Happening.objects.exists()
    imports.accept(imports.preview(kind, book(good), "事项2.xlsx", purpose), purpose)
    assert Happening.objects.count() == 3
    done = Duty.objects.filter(title__contains="有毒有害物质排放", period="2026", done_on__isnull=False)
    assert done.count() == 2
    # another file: the same bytes again would give the first batch with its receipt
    (again,) = imports.preview(kind, book(good[:1]), "事项3.xlsx", purpose).rows.all()
    assert again.verdict == "refused"
    assert "已经登记过" in again.messages[0]
