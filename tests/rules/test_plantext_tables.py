"""Tables as a format hands them over: real cells, merged cells, a header repeated at page breaks."""

from __future__ import annotations

from soilrules.plantext import Document, as_json, read
from soilrules.plantext.document import Cell, Paragraph, Table

Row = list[str | tuple[str, int, int]]  # words, or (words, row span, column span)


def document(*parts: str | list[Row]) -> Document:
    """A document of paragraphs and tables."""
    text, blocks = "", []
    for part in parts:
        begin = len(text)
        if isinstance(part, str):
            text += part
            blocks.append(Paragraph(begin, len(text)))
        else:
            rows = []
            for row in part:
                cells = []
                for cell in row:
                    words, down, across = cell if isinstance(cell, tuple) else (cell, 1, 1)
                    cells.append(Cell(len(text), len(text) + len(words), down, across))
                    text += words + "\n"
                rows.append(tuple(cells))
            blocks.append(Table(tuple(rows), begin, len(text)))
        text += "\n"
    return Document(text, tuple(blocks))


HEADER: Row = ["序号", "任务", "措施", "牵头单位", "配合单位", "完成时限"]


def test_merged_cells_and_repeated_header() -> None:
    ledger = as_json(
        read(
            document(
                "某县2023年土壤污染防治任务分工表",
                [
                    HEADER,
                    [("一、源头防控", 1, 6)],
                    [("1", 2, 1), ("名录管理", 2, 1), "更新名录。", ("县生态环境局", 2, 1), "县工信局", "3月底前"],
                    ["公开名录。", "——", "4月底前"],
                    HEADER,
                    ["2", "隐患排查", "督促排查。", ("县生态环境局牵头，县应急局配合", 1, 2), "长期"],
                ],
            )
        )
    )
    shown = [
        (
            task["number"],
            task["section"][-1],
            task["title"],
            task["text"],
            task["lead"],
            task["support"],
            task["deadline"],
            task["ongoing"],
        )
        for task in ledger["tasks"]
    ]
    assert shown == [
        ("1", "一、源头防控", "名录管理", "更新名录。", ["县生态环境局"], ["县工信局"], "2023-03-31", False),
        ("1", "一、源头防控", "名录管理", "公开名录。", ["县生态环境局"], [], "2023-04-30", False),
        ("2", "一、源头防控", "隐患排查", "督促排查。", ["县生态环境局"], ["县应急局"], None, True),
    ]


def test_a_table_continued_without_its_header() -> None:
    ledger = as_json(
        read(
            document(
                "某县2023年任务清单",
                [HEADER, ["1", "甲项", "做甲事。", "县水利局", "", "5月底前"]],
                [["2", "乙项", "做乙事。", "县林业局", "县财政局", "6月底前"]],
            )
        )
    )
    assert [(task["number"], task["lead"], task["deadline"]) for task in ledger["tasks"]] == [
        ("1", ["县水利局"], "2023-05-31"),
        ("2", ["县林业局"], "2023-06-30"),
    ]


def test_headings_of_the_format_and_automatic_numbers() -> None:
    text = "工作方案\n重点任务\n加强监测。年底前完成布点。（市生态环境局牵头）\n加强执法。（市公安局负责）"
    places = []
    at = 0
    for line in text.split("\n"):
        places.append((at, at + len(line)))
        at += len(line) + 1
    blocks = (
        Paragraph(*places[0]),
        Paragraph(*places[1], 1),
        Paragraph(*places[2], None, "1."),
        Paragraph(*places[3], None, "2."),
    )
    tasks = read(Document(text, blocks), year=2024).tasks
    assert [(task.number, task.section) for task in tasks] == [("1", ("重点任务",)), ("2", ("重点任务",))]
    assert str(tasks[0].deadlines[0].last) == "2024-12-31"


def test_a_target_matrix_by_township_gives_no_indicators() -> None:
    matrix: list[Row] = [["乡镇", "受污染耕地安全利用率"], ["甲镇", "93%"], ["乙镇", "95%"], ["丙镇", "91%"]]
    assert read(document("某县目标任务分解", matrix)).indicators == ()
