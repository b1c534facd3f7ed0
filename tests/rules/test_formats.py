"""Files of every format into `Document`: what is printed, where it stands, and the spans of tables."""

from __future__ import annotations

import base64
import io
import time
from datetime import date
from pathlib import Path

import docx
import pytest
import xlsxwriter
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from soilrules.plantext.document import Document, Paragraph, Table
from soilrules.plantext.formats import load, load_sheets

CASES = Path(__file__).parents[1] / "cases" / "formats"
PLAN = "示例县2026年土壤污染防治工作方案\n\n一、主要任务\n（一）开展隐患排查。9月底前完成。（县生态环境局牵头）\n"
TASK_TABLE = [
    [("序号", 1, 1), ("重点任务", 1, 1), ("目标任务", 1, 1), ("完成时限", 1, 1), ("牵头单位", 1, 1)],
    [("一、源头防控", 1, 5)],
    [("1", 1, 1), ("隐患排查", 2, 1), ("完成10家企业隐患排查", 1, 1), ("9月底前", 1, 1), ("县生态环境局", 1, 1)],
    [("2", 1, 1), ("建立问题台账", 1, 1), ("10月底前", 1, 1), ("县生态环境局、县工业和信息化局", 1, 1)],
    [
        ("3", 1, 1),
        ("农用地安全利用", 1, 1),
        ("落实安全利用措施\n开展效果评估", 1, 1),
        ("长期", 1, 1),
        ("县农业农村局", 1, 1),
    ],
]
NUMBERED = ["一、总体要求", "（一）指导思想", "二、主要任务", "（一）源头防控", "1.排查隐患", "2.建立台账", "（二）安全利用",
            "1.制定方案", "普通段落", "三、保障措施"]  # fmt: skip


def words(document: Document) -> list[str]:
    """Texts of the paragraphs."""
    return [document.text[b.start : b.end] for b in document.blocks if isinstance(b, Paragraph)]


def headings(document: Document) -> dict[str, int]:
    blocks = [b for b in document.blocks if isinstance(b, Paragraph) and b.heading_level]
    return {document.text[b.start : b.end]: b.heading_level or 0 for b in blocks}


def grids(document: Document) -> list[list[list[tuple[str, int, int]]]]:
    """Tables as rows of (text, row span, column span)."""
    return [
        [[(document.text[c.start : c.end], c.row_span, c.col_span) for c in row] for row in block.rows]
        for block in document.blocks
        if isinstance(block, Table)
    ]


def saved(document: docx.document.Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def task_table_docx() -> bytes:
    document = docx.Document()
    document.add_heading("示例县2026年土壤污染防治工作方案", 1)
    document.add_paragraph("为做好全县土壤污染防治工作，制定本方案。")
    table = document.add_table(len(TASK_TABLE), 5)
    table.cell(1, 0).merge(table.cell(1, 4))
    table.cell(2, 1).merge(table.cell(3, 1))
    for row, column, text in [
        *((0, at, cell[0]) for at, cell in enumerate(TASK_TABLE[0])),
        (1, 0, "一、源头防控"),
        *((2, at, cell[0]) for at, cell in enumerate(TASK_TABLE[2])),
        *((3, at, cell[0]) for at, cell in zip((0, 2, 3, 4), TASK_TABLE[3], strict=True)),
        *((4, at, cell[0]) for at, cell in enumerate(TASK_TABLE[4])),
    ]:
        table.cell(row, column).text = text
    document.add_paragraph("联系人：张某")
    return saved(document)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-16-be-sig"]
)
def test_text_in_every_chinese_encoding(encoding: str) -> None:
    data = ("\ufeff" + PLAN).encode("utf-16-be") if encoding == "utf-16-be-sig" else PLAN.encode(encoding)
    assert load(data.replace(b"\r", b""), "plan.txt") == Document.from_text(PLAN)


def test_traditional_characters_in_big5() -> None:
    plan = (
        "示例縣二零二六年土壤污染防治工作方案\n為做好全縣土壤污染防治工作，制定本方案。\n環境保護局負責督導企業落實。"
    )
    assert load(plan.encode("big5"), "plan.txt").text == plan


def test_rare_characters_of_gb18030_survive() -> None:
    plan = "㙍镇、䢺乡人民政府负责落实土壤污染防治工作，按时上报。" * 3
    assert load(plan.encode("gb18030"), "plan.txt").text == plan


def test_a_text_cut_within_a_character_loses_only_that() -> None:
    assert load(PLAN.encode()[:-2], "plan.txt").text == PLAN.strip()[:-1]


def test_windows_line_ends_do_not_shift_paragraphs() -> None:
    document = load(PLAN.replace("\n", "\r\n").encode("gbk"), "plan.txt")
    assert words(document)[1] == "一、主要任务"


def test_markdown_headings_lists_and_pipe_tables() -> None:
    text = (
        "# 示例县工作方案\n\n## 一、主要任务\n\n- **开展排查**。见[附件](a.html)\n\n"
        "| 序号 | 任务 | 时限 |\n|:--|:-:|--:|\n| 1 | 排查\\|整治 | 9月底前 |\n| 2 | 评估 |\n\n结束。\n"
    )
    document = load(text.encode(), "plan.md")
    assert headings(document) == {"示例县工作方案": 1, "一、主要任务": 2}
    assert words(document)[2:] == ["开展排查。见附件", "结束。"]
    assert grids(document) == [
        [
            [("序号", 1, 1), ("任务", 1, 1), ("时限", 1, 1)],
            [("1", 1, 1), ("排查|整治", 1, 1), ("9月底前", 1, 1)],
            [("2", 1, 1), ("评估", 1, 1), ("", 1, 1)],
        ]
    ]


def test_html_headings_lists_layout_and_task_table() -> None:
    page = """<!DOCTYPE html><html><head><meta charset="gb2312"><title>x</title><style>p{}</style></head><body>
    <script>var a="不要";</script><table><tr><td><table><tr><td><h1>示例县工作方案</h1>
    &#12288;&#12288;为做好工作，<b>制定</b>
    本方案。<br>　　一、主要任务<ol><li>排查</li><li>整治</li></ol></td></tr></table>
    <table border=1><tr><th>序号<th>任务<th>时限</tr><tr><td colspan=3>一、源头<tr><td>1<td rowspan=2><p>排查</p><p>整治</p><td>9月底前
    <tr><td>2<td>10月底前</table></td></tr></table><p style="display:none">暗</p></body></html>"""
    document = load(page.encode("gbk"), "plan.html")
    assert headings(document) == {"示例县工作方案": 1}
    assert words(document) == ["示例县工作方案", "为做好工作，制定 本方案。", "一、主要任务", "1. 排查", "2. 整治"]
    assert grids(document) == [
        [
            [("序号", 1, 1), ("任务", 1, 1), ("时限", 1, 1)],
            [("一、源头", 1, 3)],
            [("1", 1, 1), ("排查\n整治", 2, 1), ("9月底前", 1, 1)],
            [("2", 1, 1), ("10月底前", 1, 1)],
        ]
    ]


def test_menus_around_a_published_plan_are_no_text() -> None:
    menu = "".join(f'<li><a href="/{n}">栏目{n}</a></li>' for n in range(8))
    page = f"""<html><body><div class="top"><ul>{menu}</ul></div><div>当前位置：<a>首页</a> &gt; <a>政务公开</a> &gt; <a>通知公告文件</a></div>
    <div id="zoom"><p>示例县工作方案</p><p>详见<a href="b">省方案</a>。</p>
    <p>附件：<a>1.任务分工表</a><a>2.指标表</a><a>3.联系人表</a></p></div><footer>主办：示例县人民政府</footer></body></html>"""
    assert words(load(page.encode(), "a.html")) == [
        "示例县工作方案",
        "详见省方案。",
        "附件：1.任务分工表2.指标表3.联系人表",
    ]


def test_saved_page_with_its_html_part_in_base64() -> None:
    body = "<html><body><p>一、主要任务</p></body></html>".encode("gbk")
    mht = (
        b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="x"\n\n--x\nContent-Type: text/html; '
        b'charset="gb2312"\nContent-Transfer-Encoding: base64\n\n' + base64.encodebytes(body) + b"\n--x--\n"
    )
    assert words(load(mht, "plan.doc")) == ["一、主要任务"]


@pytest.mark.parametrize("name", ["plan.docx", "plan.doc", "plan"])
def test_docx_is_told_by_its_content(name: str) -> None:
    document = load(task_table_docx(), name)
    assert headings(document) == {"示例县2026年土壤污染防治工作方案": 1}
    assert grids(document) == [TASK_TABLE]
    assert words(document)[-1] == "联系人：张某"


@pytest.mark.parametrize("name", ["task_table.doc", "task_table.rtf"])
def test_old_word_formats_give_the_same_table(name: str) -> None:
    for told in (name, "task_table.wps"):
        document = load((CASES / name).read_bytes(), told)
        assert grids(document) == [TASK_TABLE]
        assert words(document)[0] == "示例县2026年土壤污染防治工作方案"
        assert "2026年9月底前完成“回头看”。（县生态环境局牵头，县工业和信息化局配合）" in words(document)[3]


def test_doc_knows_its_headings() -> None:
    document = load((CASES / "task_table.doc").read_bytes(), "a.doc")
    assert headings(document) == {"示例县2026年土壤污染防治工作方案": 1, "一、主要任务": 2}


@pytest.mark.parametrize("name", ["numbered_list.doc", "numbered_list.rtf"])
def test_automatic_numbers_of_old_word_formats(name: str) -> None:
    assert words(load((CASES / name).read_bytes(), name)) == NUMBERED


LEVELS = """<w:abstractNum {ns} w:abstractNumId="77"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl></w:abstractNum>"""


def numbered_docx(items: list[tuple[str, int | None, int]]) -> bytes:
    """Paragraphs of (text, list level, list id); list 78 is the same list begun anew."""
    document = docx.Document()
    numbering = document.part.numbering_part.element
    ns = nsdecls("w")
    numbering.insert(0, parse_xml(LEVELS.format(ns=ns)))
    numbering.append(parse_xml(f'<w:num {ns} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbering.append(parse_xml(f'<w:num {ns} w:numId="78"><w:abstractNumId w:val="77"/>{restart}</w:num>'))
    for text, level, list_id in items:
        paragraph = document.add_paragraph(text)
        if level is not None:
            ref = f'<w:numPr {ns}><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
            paragraph._p.get_or_add_pPr().append(parse_xml(ref))
    return saved(document)


def test_docx_automatic_numbers_restart_under_each_heading_and_where_overridden() -> None:
    items = [("总体要求", 0), ("指导思想", 1), ("主要任务", 0), ("源头防控", 1), ("排查隐患", 2), ("建立台账", 2),
             ("安全利用", 1), ("制定方案", 2), ("普通段落", None), ("保障措施", 0)]  # fmt: skip
    data = numbered_docx([(text, level, 77) for text, level in items] + [("附件总则", 0, 78), ("附件细则", 0, 78)])
    assert words(load(data, "a.docx")) == [*NUMBERED, "一、附件总则", "二、附件细则"]


def test_docx_as_the_last_reader_accepted_it() -> None:
    """Insertions stay, deletions, hidden words and footnotes go; a deleted paragraph mark joins two paragraphs."""
    document = docx.Document()
    ns = nsdecls("w")
    body = document.element.body
    body.insert(0, parse_xml(
        f'<w:p {ns}><w:pPr><w:rPr><w:del w:id="1" w:author="a"/></w:rPr></w:pPr><w:r><w:t>9月底前</w:t></w:r>'
        '<w:del w:id="2" w:author="a"><w:r><w:delText>完成。</w:delText></w:r></w:del>'
        '<w:ins w:id="3" w:author="a"><w:r><w:t>全部</w:t></w:r></w:ins><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    ))  # fmt: skip
    body.insert(1, parse_xml(
        f'<w:p {ns}><w:r><w:t>完成。</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>暗</w:t></w:r><w:r><w:br/></w:r>'
        "<w:r><w:t>新行</w:t></w:r></w:p>"
    ))  # fmt: skip
    assert words(load(saved(document), "a.docx")) == ["9月底前全部完成。", "新行"]


def test_docx_text_box_content_control_and_contents_lines() -> None:
    document = docx.Document()
    document.styles.add_style("toc 1", 1)
    document.add_paragraph("一、主要任务\t3", style="toc 1")
    ns = nsdecls("w") + ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    box = "<w:txbxContent><w:p><w:r><w:t>示政发〔2026〕1号</w:t></w:r></w:p></w:txbxContent>"
    document.element.body.insert(1, parse_xml(
        f"<w:p {ns}><w:r><mc:AlternateContent><mc:Choice Requires='wps'>{box}</mc:Choice><mc:Fallback>{box}"
        "</mc:Fallback></mc:AlternateContent><w:t>标题</w:t></w:r></w:p>"
    ))  # fmt: skip
    document.element.body.insert(2, parse_xml(
        f"<w:sdt {ns}><w:sdtContent><w:p><w:r><w:t>控件内</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    ))  # fmt: skip
    assert words(load(saved(document), "a.docx")) == ["标题", "示政发〔2026〕1号", "控件内"]


def test_docx_of_fifty_pages_within_a_second() -> None:
    document = docx.Document()
    for number in range(600):
        document.add_paragraph(f"（{number}）" + "开展土壤污染隐患排查，建立问题台账，明确整改措施和时限。" * 3)
    table = document.add_table(200, 6)
    for cell in table._cells:
        cell.text = "县生态环境局、县工业和信息化局"
    data = saved(document)
    begun = time.process_time()
    read = load(data, "long.docx")
    assert time.process_time() - begun < 1
    assert len(words(read)) == 600
    assert len(grids(read)[0]) == 200


def test_pdf_lines_become_paragraphs_and_a_table_goes_on_over_pages() -> None:
    document = load((CASES / "plan_text.pdf").read_bytes(), "plan.pdf")
    said = words(document)
    assert said[0] == "示例县2026年土壤污染防治工作方案"
    assert said[1].startswith("为做好全县")
    assert said[1].endswith("认真组织实施。")
    assert len(said) == 25  # title, preamble, heading, 20 items, annex line, signature
    assert all(text.endswith("配合）") for text in said[3:23])
    assert not any("公报" in text or text.startswith("—") for text in said)
    (grid,) = grids(document)
    assert grid[1] == [("一、源头防控", 1, 6)]
    first = next(row for row in grid if row[0][0] == "1")
    assert first[1] == ("隐患排查", 2, 1)
    assert first[2][0] == "第1项任务：组织开展土壤污染隐患排查并建立问题台账、按期完成整改"
    assert [row[0][0] for row in grid if row[0][0].isdigit()] == [str(number) for number in range(1, 31)]


def test_pdf_marks_drawn_out_of_order_stand_where_they_are_printed() -> None:
    document = load((CASES / "task_table.pdf").read_bytes(), "plan.pdf")
    assert words(document)[3].endswith("2026年9月底前完成“回头看”。（县生态环境局牵头，县工业和信息化局配合）")
    (grid,) = grids(document)
    assert grid[:4] == TASK_TABLE[:4]


def test_pdf_page_turned_on_its_side() -> None:
    document = load((CASES / "rotated_table.pdf").read_bytes(), "plan.pdf")
    assert words(document) == ["附表：任务分工明细表"]
    assert grids(document)[0][1:] == [
        [("1", 1, 1), ("隐患排查", 2, 1), ("9月底前", 1, 1), ("县生态环境局", 1, 1)],
        [("2", 1, 1), ("10月底前", 1, 1), ("县农业农村局", 1, 1)],
    ]


def task_workbook() -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("源头防控")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.merge_range(0, 0, 0, 3, "任务分工明细表")
        sheet.write_row(1, 0, ["序号", "任务", "时限", "责任单位"])
        sheet.merge_range(2, 0, 2, 3, "一、源头防控")
        sheet.write(3, 0, 1)
        sheet.merge_range(3, 1, 4, 1, "排查")
        sheet.write_datetime(3, 2, date(2026, 9, 30), day)
        sheet.write(3, 3, "县生态环境局")
        sheet.write_row(4, 0, [2, None, "10月底前", 0.95])
        sheet.write(5, 0, "注：按期报送")
        book.add_worksheet("空")
        other = book.add_worksheet("耕地")
        other.write_row(0, 0, ["序号", "任务"])
        other.write_row(1, 0, [1, "评估"])
        book.add_worksheet("暗").hide()
        book.worksheets()[-1].write(0, 0, "暗")
    return stream.getvalue()


def test_workbook_titles_merges_dates_and_sheets() -> None:
    document = load(task_workbook(), "tasks.xlsx")
    assert words(document) == ["源头防控", "任务分工明细表", "注：按期报送", "耕地"]
    first, second = grids(document)
    assert first == [
        [("序号", 1, 1), ("任务", 1, 1), ("时限", 1, 1), ("责任单位", 1, 1)],
        [("一、源头防控", 1, 4)],
        [("1", 1, 1), ("排查", 2, 1), ("2026年9月30日", 1, 1), ("县生态环境局", 1, 1)],
        [("2", 1, 1), ("10月底前", 1, 1), ("0.95", 1, 1)],
    ]
    assert second[1] == [("1", 1, 1), ("评估", 1, 1)]


@pytest.mark.parametrize("name", ["台账.xls", "台账.doc", "台账"])
def test_old_excel_format(name: str) -> None:
    document = load((CASES / "task_table.xls").read_bytes(), name)
    assert words(document) == ["任务分工明细表"]
    assert grids(document)[0][1:] == [
        [("一、源头防控", 1, 4)],
        [("1", 1, 1), ("隐患排查", 2, 1), ("2026年9月30日", 1, 1), ("县生态环境局", 1, 1)],
        [("2", 1, 1), ("10月底前", 1, 1), ("县应急局", 1, 1)],
    ]


def test_a_page_saved_as_excel_is_read_as_the_page_it_is() -> None:
    """Office systems export HTML tables under the name .xls."""
    page = "<html><body><table><tr><td>序号<td>任务</tr><tr><td>1<td>排查</table></body></html>"
    assert grids(load(page.encode("gbk"), "台账.xls"))[0][1] == [("1", 1, 1), ("排查", 1, 1)]
    (sheet,) = load_sheets(page.encode("gbk"), "台账.xls")
    assert [(row.number, [cell.text for cell in row.cells]) for row in sheet.rows] == [
        (1, ["序号", "任务"]),
        (2, ["1", "排查"]),
    ]


def test_sheets_keep_the_row_numbers_people_see() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        book.add_worksheet("任务").write(6, 1, "排查")
    (sheet,) = load_sheets(stream.getvalue(), "a.xlsx")
    assert [(row.number, row.cells[1].text) for row in sheet.rows] == [(7, "排查")]


def test_the_text_of_a_table_alone_reads_like_a_published_one() -> None:
    """One cell a line behind a tab, a blank line after a row, an empty line where a cell above covers."""
    text = load(task_table_docx(), "a.docx").text
    assert "\t2\n\t\n\t建立问题台账\n\t10月底前\n\t县生态环境局、县工业和信息化局\n\n" in text


@pytest.mark.parametrize("path", sorted(CASES.glob("*_*.*")), ids=lambda path: path.name)
def test_blocks_stand_in_order_inside_the_text(path: Path) -> None:
    document = load(path.read_bytes(), path.name)
    at = 0
    for block in document.blocks:
        assert at <= block.start < block.end <= len(document.text)
        at = block.end


def test_uneven_cell_edges_make_no_extra_columns() -> None:
    """Word stores a grid column for every edge; edges of two rows some hundredths of an inch apart are one edge."""
    ns = nsdecls("w")
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in (1000, 40, 2000, 30, 3000))

    def row(*cells: tuple[str, int]) -> str:
        return "<w:tr>" + "".join(
            f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>'
            for text, span in cells
        ) + "</w:tr>"  # fmt: skip

    rows = row(("序号", 1), ("任务", 2), ("时限", 2)) + row(("1", 2), ("排查", 2), ("长期", 1)) + row(("一、源头", 5))
    document = docx.Document()
    document.element.body.insert(0, parse_xml(f"<w:tbl {ns}><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"))
    assert grids(load(saved(document), "a.docx")) == [
        [
            [("序号", 1, 1), ("任务", 1, 1), ("时限", 1, 1)],
            [("1", 1, 1), ("排查", 1, 1), ("长期", 1, 1)],
            [("一、源头", 1, 3)],
        ]
    ]


def test_no_cell_of_a_broken_grid_is_lost() -> None:
    page = "<table><tr><td rowspan=3 colspan=2>甲<td>乙</tr><tr><td>丙<td>丁</tr><tr><td colspan=9>戊</table>"
    document = load(f"<html><body>{page}</body></html>".encode(), "a.html")
    assert [cell[0] for row in grids(document)[0] for cell in row] == ["甲", "乙", "丙", "丁", "戊"]
