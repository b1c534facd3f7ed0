"""Parts of reading a PDF that need no file: lines from characters, paragraphs from lines, tables over pages."""

from __future__ import annotations

import pytest

from soilrules.plantext.formats.builder import GridCell
from soilrules.plantext.formats.pdf_chars import Char, stacked
from soilrules.plantext.formats.pdf_lines import Line, Page, cell_text, measure, paragraphs, without_running_heads
from soilrules.plantext.formats.pdf_pages import continued

SIZE, LEFT, RIGHT, WIDTH, HEIGHT = 12.0, 60.0, 540.0, 600.0, 800.0


def chars(text: str, x: float, y: float, line: int = 0) -> list[Char]:
    return [Char(char, x + at * SIZE, x + (at + 1) * SIZE, y, y + SIZE, line) for at, char in enumerate(text)]


def row(*texts: str) -> list[GridCell]:
    return [GridCell(text, column) for column, text in enumerate(texts)]


def line(text: str, y: float, x0: float = LEFT, x1: float = RIGHT, page: int = 0) -> Line:
    return Line(text, page, x0, x1, y, y + SIZE)


def test_two_lines_of_a_cell_do_not_run_into_each_other() -> None:
    """pdfium counts both as one line where the cell beside them has one line at half their height."""
    found = stacked([*chars("局", 0, 100), *chars("区生态环境", 0, 118)])
    assert cell_text("\n".join(one.text for one in found)) == "区生态环境局"


def test_marks_drawn_later_come_back_to_their_place() -> None:
    drawn = [*chars("完成", 0, 100), *chars("回头看", 36, 100), *chars("“", 24, 101), *chars("”", 72, 101)]
    assert [one.text for one in stacked(drawn)] == ["完成“回头看”"]


def test_latin_words_keep_their_blank_and_figures_get_none() -> None:
    latin = [Char("a", 0, 6, 0, 12, 0), Char("b", 9, 15, 0, 12, 0), Char("年", 18, 30, 0, 12, 0)]
    assert [one.text for one in stacked(latin)] == ["a b年"]


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        (row("", "", "险较高的地块。", "", ""), [row("1", "筛查", "筛选风险较高的地块。", "年底前", "甲局")]),
        (row("2", "", "险较高的地块。", "", ""), None),  # it has a number of its own
        (row("", "", "险较高的地块。", "6月", "乙局"), None),  # it is complete in itself
    ],
)
def test_a_row_cut_by_the_end_of_the_page_is_whole_again(
    below: list[GridCell], expected: list[list[GridCell]] | None
) -> None:
    above = [row("1", "筛查", "筛选风", "年底前", "甲局")]
    if below[3].text:
        above = [row("1", "筛查", "筛选风险。", "年底前", "甲局")]
    assert continued(above, [below]) == (expected or [*above, below])


def test_a_finished_sentence_is_not_continued() -> None:
    above, below = row("1", "筛查", "完成筛查。", "年底前", "甲局"), row("", "", "另行报告。", "", "")
    assert continued([above], [below]) == [above, below]


def test_a_header_repeated_on_the_next_page_stands_once() -> None:
    header = row("序号", "任务", "时限", "牵头单位", "备注")
    grid = continued([header, row("1", "甲", "年底前", "乙局", "")], [header, row("2", "丙", "年底前", "丁局", "")])
    assert [cells[0].text for cells in grid] == ["序号", "1", "2"]


def test_paragraphs_end_with_a_short_line_an_indent_or_a_gap() -> None:
    lines = [
        line("一段的第一行，很长很长很长", 700, x0=LEFT + 24),
        line("一段的第二行。", 680, x1=300),
        line("二段满行", 660, x0=LEFT + 24),
        line("二段完。", 640),
        line("（一）三段另起，前一段正好满行", 620),
        line("四段在空行之后", 560),
        line("跨页接着。", 760, x1=200, page=1),
    ]
    found = paragraphs(lines, measure(lines), WIDTH)
    assert found == ["一段的第一行，很长很长很长一段的第二行。", "二段满行二段完。", "（一）三段另起，前一段正好满行",
                     "四段在空行之后跨页接着。"]  # fmt: skip


def test_running_heads_and_page_numbers_go_and_text_in_the_margin_stays() -> None:
    pages = [
        Page(at, WIDTH, HEIGHT, [line(f"示例县公报第{at}期", 770, page=at), line("正文", 400, page=at),
                                 line(f"— {at} —", 20, page=at), line(f"脚注{'甲乙丙丁'[at]}", 40, page=at)])
        for at in range(4)
    ]  # fmt: skip
    without_running_heads(pages)
    assert [[one.text for one in page.lines] for page in pages] == [["正文", f"脚注{mark}"] for mark in "甲乙丙丁"]
