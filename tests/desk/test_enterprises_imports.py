"""The city's table of a list, the template of firms, and the comparison with the permit platform."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
import xlsxwriter

from desk.enterprise_world import Firms, credit_code_of
from soildesk.enterprises import comparing, listimport
from soildesk.enterprises.models import Enterprise, EnterpriseVersion, Listing
from soildesk.kit import imports, tableimport
from soildesk.kit.imports import ImportRefused, Purpose
from soildesk.kit.models import ImportBatch
from soildesk.kit.register import collections

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
FIRST, NEXT = date(2025, 3, 20), date(2026, 3, 20)
HEAD = ("序号", "企业名称", "统一社会信用代码", "所在县区", "类别", "行业类别")


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Firms:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Firms(world)


def book(rows: Sequence[Sequence[Any]], head: Sequence[str] = HEAD, title: str = "云泽市2026年名录") -> bytes:
    """A workbook as offices send it: a title over the heading."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        sheet = workbook.add_worksheet("名录")
        sheet.write(0, 0, title)
        for at, row in enumerate([head, *rows], start=1):
            sheet.write_row(at, 0, row)
    return out.getvalue()


def preview(made: Firms, notice: Any, rows: Sequence[Sequence[Any]], name: str = "名录.xlsx") -> ImportBatch:
    purpose = Purpose(made.officer, AT, {"notice": str(notice.uid)})
    return imports.preview(listimport.KIND, book(rows), name, purpose)


def fates(batch: ImportBatch) -> list[tuple[str, str]]:
    """Verdict and what is written, row by row."""
    return [(row.verdict, (row.after or {}).get("fate", "")) for row in batch.rows.all()]


def accept(made: Firms, batch: ImportBatch) -> ImportBatch:
    return imports.accept(batch, Purpose(made.officer, AT))


def standing(on: date, key: str = "soil_key") -> set[str]:
    rows = Listing.objects.standing(on).filter(list_key=key)
    codes = EnterpriseVersion.objects.filter(superseded_at=None, until=None, enterprise__in=rows.values("enterprise"))
    return set(codes.values_list("name", flat=True))


def test_a_whole_list_of_the_city(made: Firms) -> None:
    stays, goes, enters = (made.firm(name, since=date(2020, 1, 1)) for name in ("甲公司", "乙公司", "丙公司"))
    made.listed(stays, "soil_key", FIRST)
    made.listed(goes, "soil_key", FIRST)
    notice = made.notice("soil_key", NEXT, whole=True)
    batch = preview(
        made, notice,
        [
            (1, "甲公司", stays.credit_code, "青禾区", "土壤污染重点监管单位", ""),
            (2, "丙公司", enters.credit_code.lower(), "青禾区", "土壤污染重点监管单位", "3360"),
            (3, "赤岩公司", credit_code_of(900), "赤岩区", "土壤污染重点监管单位", ""),
            (4, "丁公司", credit_code_of(901), "青禾区柏庄镇", "土壤污染重点监管单位", "3212"),
            (5, "大气公司", credit_code_of(902), "青禾区", "大气环境重点排污单位", ""),
            ("合计", 5, "", "", "", ""),
        ],
    )  # fmt: skip
    assert fates(batch) == [
        ("ok", ""), ("ok", "列入"), ("ok", ""), ("warning", "登记新企业并列入"), ("ok", ""), ("warning", "移出"),
    ]  # fmt: skip
    assert not Enterprise.objects.filter(versions__name="丁公司").exists()
    accept(made, batch)
    assert standing(NEXT) == {"甲公司", "丙公司", "丁公司"}
    assert standing(date(2026, 3, 19)) == {"甲公司", "乙公司"}
    new = EnterpriseVersion.objects.get(name="丁公司")
    assert (new.industry, new.since) == ("3212", NEXT)
    assert new.division_path == made.world.towns["柏庄镇"].division.path


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("甲公司", "91990101MA260000X1"), "MA260000X1"),
        (("甲公司改名了", "own"), "请先核对"),
        (("甲公司", "other"), "登记的代码是"),
        (("没有的公司", ""), "请补上统一社会信用代码"),
        (("没有的公司", "410000000000001"), "15位"),
    ],
)
def test_one_refused_row_stops_the_whole_file(made: Firms, row: tuple[str, str], why: str) -> None:
    firm, other = made.firm("甲公司", since=date(2020, 1, 1)), made.firm("乙公司", since=date(2020, 1, 1))
    code = {"own": firm.credit_code, "other": credit_code_of(905)}.get(row[1], row[1])
    notice = made.notice("soil_key", NEXT)
    batch = preview(
        made, notice, [(1, row[0], code, "青禾区", "", ""), (2, "乙公司", other.credit_code, "青禾区", "", "")]
    )
    verdicts = [line.verdict for line in batch.rows.all()]
    assert verdicts == ["refused", "ok"]
    if "MA260000X1" not in why:
        assert why in batch.rows.all()[0].messages[0]
    with pytest.raises(ImportRefused):
        imports.accept(batch, Purpose(made.officer, AT), partly=True)
    assert not standing(NEXT)


def test_an_unknown_place_is_refused_and_a_firm_named_twice_too(made: Firms) -> None:
    firm = made.firm("甲公司", since=date(2020, 1, 1))
    rows = [
        (1, "甲公司", firm.credit_code, "", "", ""),
        (2, "甲公司", firm.credit_code, "", "", ""),
        (3, "戊公司", credit_code_of(906), "云外县", "", ""),
    ]
    batch = preview(made, made.notice("soil_key", NEXT), rows)
    assert [line.verdict for line in batch.rows.all()] == ["ok", "refused", "refused"]


def test_a_list_that_changed_after_the_preview_is_not_taken(made: Firms) -> None:
    stays, other = made.firm("甲公司", since=date(2020, 1, 1)), made.firm("乙公司", since=date(2020, 1, 1))
    new = made.firm("丙公司", since=date(2020, 1, 1))
    made.listed(stays, "soil_key", FIRST)
    notice = made.notice("soil_key", NEXT, whole=True)
    rows = [(1, "甲公司", stays.credit_code, "", "", ""), (2, "丙公司", new.credit_code, "", "", "")]
    batch = preview(made, notice, rows)
    made.listed(other, "soil_key", date(2025, 9, 1))
    with pytest.raises(ImportRefused, match="已有变动"):
        accept(made, batch)
    assert standing(NEXT) == {"甲公司", "乙公司"}


def test_a_table_without_codes_goes_by_names(made: Firms) -> None:
    made.firm("甲公司", since=date(2020, 1, 1))
    purpose = Purpose(made.officer, AT, {"notice": str(made.notice("cadmium", NEXT).uid)})
    batch = imports.preview(listimport.KIND, book([(1, "甲 公司")], ("序号", "单位名称")), "清单.xlsx", purpose)
    assert fates(batch) == [("warning", "列入")]
    accept(made, batch)
    assert standing(NEXT, "cadmium") == {"甲公司"}


def test_no_notice_and_no_right_no_import(made: Firms) -> None:
    notice = made.notice("soil_key", NEXT)
    data = book([(1, "甲公司")], ("序号", "单位名称"))
    with pytest.raises(ImportRefused):
        imports.preview(listimport.KIND, data, "名录.xlsx", Purpose(made.officer, AT, {}))
    for who in ("stranger", "town"):
        given = {"notice": str(notice.uid)}
        with pytest.raises(Exception, match="名录"):
            imports.preview(listimport.KIND, data, "名录.xlsx", Purpose(made.world.actor(who), AT, given))


def firm_table(made: Firms, rows: Sequence[Sequence[Any]], head: Sequence[str]) -> list[tuple[str, str]]:
    """What the register's own import makes of a table."""
    register = collections()["enterprises"]
    batch = imports.preview(tableimport.kind_of(register), book(rows, head), "企业.xlsx", Purpose(made.officer, AT))
    return [(row.verdict, "".join(row.messages)) for row in batch.rows.all()]


def test_the_register_takes_firms_by_code_and_says_two_names(made: Firms) -> None:
    held = made.firm("青禾电镀有限公司")
    head = ("企业名称", "统一社会信用代码", "曾用名", "地址")
    wrong = held.credit_code[:-1] + ("0" if held.credit_code[-1] != "0" else "1")
    told = firm_table(
        made,
        [
            ("青禾电镀有限公司", held.credit_code, "", "东河路"),
            ("青禾机械有限公司", credit_code_of(920), "", ""),
            ("青禾铸造有限公司", wrong, "", ""),
            ("青禾锻造有限公司", "410000000000001", "", ""),
        ],
        head,
    )
    assert [verdict for verdict, _why in told] == ["ok", "ok", "refused", "refused"]
    assert f"“{held.credit_code[-1]}”" in told[2][1]
    ((verdict, why),) = firm_table(made, [("青禾表面处理有限公司", held.credit_code, "", "")], head)
    assert (verdict, "青禾电镀有限公司" in why) == ("refused", True)
    ((verdict, why),) = firm_table(made, [("青禾表面处理有限公司", held.credit_code, "青禾电镀有限公司", "")], head)
    assert (verdict, why) == ("ok", "")


def test_the_platform_compared(made: Firms) -> None:
    same, differs, gone, renamed = (
        made.firm(name, permit_level="key") for name in ("甲公司", "乙公司", "丙公司", "老名公司")
    )
    head = ("单位名称", "统一社会信用代码", "管理类别", "所在县区")
    rows = [
        ("甲公司", same.credit_code, "重点管理", "青禾区"),
        ("乙公司", differs.credit_code, "简化管理", "青禾区"),
        ("新名公司", renamed.credit_code, "重点管理", "青禾区"),
        ("戊公司", credit_code_of(930), "登记管理", "青禾区"),
        ("赤岩公司", credit_code_of(931), "登记管理", "赤岩区"),
    ]
    batch = imports.preview(comparing.KIND, book(rows, head), "平台.xlsx", Purpose(made.officer, AT))
    rows = list(batch.rows.order_by("pk"))
    told = [(row.verdict, row.before, row.after) for row in rows]
    assert told[0] == ("ok", None, None)
    assert told[1] == (
        "warning",
        {"permit_level": "简化管理"} | {"permit_level": "重点管理"},
        {"permit_level": "简化管理"},
    )
    assert told[2] == ("warning", {"name": "老名公司"}, {"name": "新名公司"})
    assert told[3][0] == "warning"
    assert told[4] == ("ok", None, None)
    assert told[5] == ("warning", None, None)
    assert rows[4].position and rows[5].position == 0, "what the file does not have has no row of it"
    assert gone.credit_code in rows[5].messages[0]
    comparing.decline(batch, rows[2].pk)
    accept(made, batch)
    names = set(EnterpriseVersion.objects.filter(superseded_at=None, until=None).values_list("name", "permit_level"))
    assert names == {
        ("甲公司", "key"), ("乙公司", "simplified"), ("丙公司", "key"), ("老名公司", "key"), ("戊公司", "registered"),
    }  # fmt: skip
