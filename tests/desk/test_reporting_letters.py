"""An office's own Word template is filled in a limited process: what is hostile or wrong is refused in words."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import Font
from openpyxl.worksheet.formula import ArrayFormula

from desk.conftest import World
from soildesk.core import files
from soildesk.core.models import AuditEntry
from soildesk.core.sandbox import Limits
from soildesk.kit.letters import gaps, running, store
from soildesk.kit.letters.running import LetterRefused, cells, fill, render
from soildesk.kit.letters.store import Field, Purpose, Upload

GIVEN = {"title": "季度进展", "rows": [{"name": "甲<地块>"}, {"name": "=1+1"}], "deep": {"x": "1"}}


def docx(*paragraphs: str, table: tuple[str, ...] = ()) -> bytes:
    """A Word file with these paragraphs, and a table of one row for each of `table`."""
    document, out = Document(), io.BytesIO()
    for text in paragraphs:
        document.add_paragraph(text)
    if table:
        made = document.add_table(len(table), 2)
        for at, text in enumerate(table):
            made.cell(at, 0).text = text
    document.save(out)
    return out.getvalue()


def text_of(data: bytes) -> str:
    """All words of a Word file."""
    document = Document(io.BytesIO(data))
    cells_text = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells_text])


def changed(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The archive with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def test_values_loops_and_conditions_are_filled() -> None:
    made = render(
        docx(
            "{{ title }}",
            "{%p for one in rows %}",
            "项：{{ one.name }}",
            "{%p endfor %}",
            "{% if deep.x == '1' %}有{% endif %}",
        ),
        "模板.docx",
        GIVEN,
    )

    assert text_of(made).split("\n") == ["季度进展", "项：甲<地块>", "项：=1+1", "有"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{ title.__class__.__mro__ }}", "forbidden"),
        ("{{ ''.__class__ }}", "forbidden"),
        ("{{ (title|default('')).format.__globals__ }}", "forbidden"),
        ("{{ rows.append('x') }}", "forbidden"),
        ("{{ '{0.__class__}'.format(title) }}", "forbidden"),
        ("{{ range(10) }}", "forbidden"),
        ("{{ lipsum.__globals__ }}", "unknown"),
        ("{{ self.__init__.__globals__ }}", "forbidden"),
        ("{{ nothing_like_it }}", "unknown"),
        ("{% include '/etc/passwd' %}", "broken"),
        ("{% import 'os' as os %}", "broken"),
        ("{{ title", "syntax"),
        ("{% for one in rows %}", "syntax"),
        ("{{ 1 / 0 }}", "broken"),
        ("{{ title|attr('__class__') }}", "syntax"),
    ],
)
def test_what_is_more_than_fields_is_refused(text: str, code: str) -> None:
    with pytest.raises(LetterRefused) as refused:
        render(docx(text), "模板.docx", GIVEN)

    assert refused.value.code == f"kit.letter.{code}"
    assert "模板.docx" in str(refused.value)


TIGHT = Limits(cpu_seconds=1, memory_mb=512, output_mb=4, file_mb=1)


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in n %}{% for b in n %}{% for c in n %}{% for d in n %}{{ a }}{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
        "{{ 'x' * 10000000000 }}",
        "{{ 10 ** (10 ** 10) }}",
        "{% for a in n %}{% for b in n %}{% for c in n %}{{ a }}{% endfor %}{% endfor %}{% endfor %}",
    ],
)
def test_endless_work_ends(text: str) -> None:
    with pytest.raises(LetterRefused) as refused:
        render(docx(text), "模板.docx", {"n": [str(one) for one in range(300)]}, TIGHT)

    assert refused.value.code in {"kit.letter.unreadable", "kit.letter.broken"}


def _bomb(parts: dict[str, bytes]) -> None:
    parts["word/media/zeros.xml"] = b"0" * 200_000_000


def _macro(parts: dict[str, bytes]) -> None:
    parts["word/vbaProject.bin"] = b"\x00"


def _entity(parts: dict[str, bytes]) -> None:
    head, tail = parts["word/document.xml"].split(b"?>", 1)
    parts["word/document.xml"] = head + b'?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + tail


def _external(parts: dict[str, bytes]) -> None:
    name = "word/_rels/document.xml.rels"
    link = (
        b'<Relationship Id="rId99" TargetMode="External" Type="x/attachedTemplate" Target="http://127.0.0.1/a.dotm"/>'
    )
    parts[name] = parts[name].replace(b"</Relationships>", link + b"</Relationships>")


def _field(parts: dict[str, bytes]) -> None:
    runs = b"<w:p><w:r><w:instrText>INCLUDE</w:instrText></w:r><w:r><w:instrText>TEXT a.txt</w:instrText></w:r></w:p>"
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:body>", b"<w:body>" + runs)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_bomb, "unreadable"),
        (_macro, "active"),
        (_entity, "unreadable"),
        (_external, "external"),
        (_field, "field"),
    ],
)
def test_a_hostile_file_is_refused(change: Callable[[dict[str, bytes]], None], code: str) -> None:
    with pytest.raises(LetterRefused) as refused:
        render(changed(docx("{{ title }}"), change), "模板.docx", GIVEN)

    assert refused.value.code == f"kit.letter.{code}"


def test_what_is_no_word_file_is_refused() -> None:
    for data in (b"no archive at all", b"PK\x03\x04 cut off"):
        with pytest.raises(LetterRefused, match=r"模板\.docx"):
            render(data, "模板.docx", GIVEN)


def purpose() -> Purpose:
    return store.register(Purpose("tests.letter", "通知", lambda: [Field("title", "标题")], lambda: {"title": "样"}))


def test_an_office_keeps_its_versions(world: World) -> None:
    office, by = world.departments["ecology"], world.actor("officer")
    first = store.store(purpose(), Upload("a.docx", docx("一：{{ title }}")), office, by=by, at=world.at)
    second = store.store(purpose(), Upload("b.docx", docx("二：{{ title }}")), office, by=by, at=world.at)
    with pytest.raises(LetterRefused, match="nothing"):
        store.store(purpose(), Upload("c.docx", docx("{{ nothing }}")), office, by=by, at=world.at)

    held = store.current("tests.letter", office)
    assert held == second and second.version == 2
    assert text_of(store.made(second, {"title": "甲"})) == "二：甲"
    assert text_of(store.made(first, {"title": "甲"})) == "一：甲"
    assert store.current("tests.letter", world.departments["other_ecology"]) is None
    assert not store.versions("tests.letter", world.actor("stranger")).exists()
    assert files.readable(by, store.file_of(second))
    assert not files.readable(world.actor("stranger"), store.file_of(second))
    store.retire(second, by=by, at=world.at)
    assert store.current("tests.letter", office) is None
    assert AuditEntry.objects.filter(act__startswith="kit.letter.").count() == 3


def form() -> bytes:
    """A superior's form: a title over four merged cells, labels and empty cells, one of them merged, with a look."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "附表1"
    sheet["A1"] = "土壤污染防治季度报表"
    sheet.merge_cells("A1:D1")
    sheet["A2"], sheet["C2"] = "填报单位", "年度"
    sheet["A3"] = "安全利用率（%）"
    sheet.merge_cells("B3:D3")
    sheet["B3"].font = Font(name="仿宋_GB2312", size=14, bold=True)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_blank_workbook_tells_its_cells_and_keeps_its_look() -> None:
    (sheet,) = cells(form(), "报表.xlsx")
    told = {one["cell"]: one for one in sheet["cells"]}
    assert told["A1"]["columns"] == 4 and told["B3"]["columns"] == 3 and "C3" not in told
    assert told["A3"]["text"] == "安全利用率（%）" and told["B2"]["text"] == ""

    made = fill(form(), "报表.xlsx", {"cells": {"附表1!B3": 93.5, "附表1!B2": "=HYPERLINK(1)", "附表1!D2": "-5"}})
    filled: Any = openpyxl.load_workbook(io.BytesIO(made))["附表1"]
    assert filled["B3"].value == 93.5 and filled["B3"].font.bold and filled["B3"].font.size == 14
    assert filled["B2"].value == "=HYPERLINK(1)" and filled["B2"].data_type == "s"
    assert filled["D2"].value == "-5"
    assert {str(one) for one in filled.merged_cells.ranges} == {"A1:D1", "B3:D3"}
    with pytest.raises(LetterRefused, match="附表1!ZZZZ1"):
        fill(form(), "报表.xlsx", {"cells": {"附表1!ZZZZ1": "x"}})


def test_a_blank_word_form_is_filled_by_its_cells() -> None:
    document = Document()
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "季度报表"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "面积"
    table.cell(1, 1).text = "目标"
    table.cell(1, 2).paragraphs[0].add_run("旧").bold = True
    out = io.BytesIO()
    document.save(out)

    (told,) = cells(out.getvalue(), "报表.docx")
    assert [(one["cell"], one["rows"], one["columns"]) for one in told["cells"]] == [
        ("r1c1", 1, 3), ("r2c1", 2, 1), ("r2c2", 1, 1), ("r2c3", 1, 1), ("r3c2", 1, 1), ("r3c3", 1, 1),
    ]  # fmt: skip
    made = Document(io.BytesIO(fill(out.getvalue(), "报表.docx", {"cells": {"T1!r2c3": "120 亩"}})))
    assert made.tables[0].cell(1, 2).text == "120 亩" and made.tables[0].cell(1, 2).paragraphs[0].runs[0].bold


def test_the_process_speaks_to_nobody(tmp_path: Any) -> None:
    from soildesk.kit.letters.child import refuse

    for event in ("socket.connect", "subprocess.Popen", "os.system", "os.posix_spawn"):
        with pytest.raises(PermissionError):
            refuse(event, None)
    refuse("open", None)
    assert running.LIMITS.cpu_seconds <= 30


def running_form() -> bytes:
    """A form in running text: underscores over two runs, empty brackets, underlined blanks, a gap in a cell of a table."""
    document = Document()
    document.add_paragraph("关于土壤污染防治工作的报告")
    line = document.add_paragraph("全区共有方案任务总数__")
    line.add_run("__").bold = True
    line.add_run("项，已完成任务（　　）项，其中逾期（）项。")
    line = document.add_paragraph("填报单位：")
    line.add_run("　　　　").underline = True
    line.add_run("（盖章）")
    document.add_table(1, 2).cell(0, 0).text = "安全利用率____%"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_gaps_in_running_text_are_places_and_only_they_change() -> None:
    text, table = cells(running_form(), "表.docx")
    assert (text["name"], text["kind"], table["name"]) == ("P", "text", "T1")
    by_line: dict[int, str] = {}
    for one in text["cells"]:
        by_line[one["row"]] = by_line.get(one["row"], "") + (one["text"] or f"[{one['cell']}]")
    assert list(by_line.values()) == [
        "全区共有方案任务总数[p2g1]项，已完成任务（[p2g2]）项，其中逾期（[p2g3]）项。", "填报单位：[p3g1]（盖章）", "安全利用率[p4g1]%",
    ]  # fmt: skip
    wanted = {
        "P!p2g1": "12",
        "P!p2g2": "7",
        "P!p2g3": "=1+1",
        "P!p3g1": "区生态环境局",
        "P!p4g1": "93.5",
        "T1!r1c2": "备注",
    }
    made = fill(running_form(), "表.docx", {"cells": wanted})
    assert text_of(made).splitlines() == [
        "关于土壤污染防治工作的报告", "全区共有方案任务总数12项，已完成任务（7）项，其中逾期（=1+1）项。", "填报单位：区生态环境局（盖章）",
        "安全利用率93.5%", "备注",
    ]  # fmt: skip
    assert Document(io.BytesIO(made)).paragraphs[2].runs[1].underline, "what is written stands on the line"
    half = fill(running_form(), "表.docx", {"cells": {"P!p2g2": "7"}})
    assert "任务总数____项，已完成任务（7）项，其中逾期（）项。" in text_of(half)
    with pytest.raises(LetterRefused, match="P!p9g1"):
        fill(running_form(), "表.docx", {"cells": {"P!p9g1": "x"}})


@given(
    parts=st.lists(st.sampled_from(["甲、", "__", "____", "（　）", "()", "（盖章）", "共"]), min_size=1, max_size=12),
    words=st.text("12亩，.%", min_size=1, max_size=4),
)
def test_a_gap_filled_leaves_every_other_letter_as_it_was(parts: list[str], words: str) -> None:
    document = Document()
    paragraph = document.add_paragraph()
    for part in parts:
        paragraph.add_run(part)
    (line, *_rest) = gaps.lines(document) or [None]
    if line is None:
        return
    before = [
        line.text[end:start]
        for (_s, end), (start, _e) in zip([(0, 0), *line.gaps], [*line.gaps, (None, None)], strict=True)
    ]
    gaps.fill([line], {f"P!p{line.number}g{at}": words for at in range(1, len(line.gaps) + 1)})
    assert paragraph.text == words.join(before)


def _linked_book(parts: dict[str, bytes]) -> None:
    parts["xl/externalLinks/externalLink1.xml"] = b"<externalLink/>"


def _macro_book(parts: dict[str, bytes]) -> None:
    parts["xl/vbaProject.bin"] = b"\x00"


@pytest.mark.parametrize("change", [_linked_book, _macro_book])
def test_a_hostile_workbook_is_refused(change: Callable[[dict[str, bytes]], None]) -> None:
    with pytest.raises(LetterRefused, match=r"“表\.xlsx”.*不能使用"):
        cells(changed(form(), change), "表.xlsx")


def test_formulas_sheets_and_print_areas_of_a_workbook_stay() -> None:
    book: Any = openpyxl.load_workbook(io.BytesIO(form()))
    second = book.create_sheet("附表2")
    second["A1"], second["B1"], second["B2"] = "任务总数", None, "=SUM(B1:B1)"
    second["B3"] = ArrayFormula("B3:B3", "=B1*2")
    second.print_area, second.print_title_rows = "A1:B2", "1:1"
    out = io.BytesIO()
    book.save(out)
    told = {
        sheet["name"]: {one["cell"]: one["text"] for one in sheet["cells"]}
        for sheet in cells(out.getvalue(), "表.xlsx")
    }
    assert told["附表2"]["B2"] == "=SUM(B1:B1)" and told["附表2"]["B3"] == "=B1*2", "a formula is shown and is no gap"
    made: Any = openpyxl.load_workbook(io.BytesIO(fill(out.getvalue(), "表.xlsx", {"cells": {"附表2!B1": 4.0}})))
    assert made["附表2"]["B1"].value == 4 and made["附表2"]["B2"].value == "=SUM(B1:B1)"
    assert made["附表2"].print_area == "'附表2'!$A$1:$B$2" and made["附表2"].print_title_rows == "$1:$1"
