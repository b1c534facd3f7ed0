"""Writes last year's task ledger of the made-up district as an official would have kept it in Excel.

Title rows, merged cells, a header in two rows, dates as text: run it with `python examples/district/make_ledger.py`.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import xlsxwriter

FILE = Path(__file__).parent / "plans" / "青禾区2025年土壤污染防治任务台账.xlsx"
WIDTHS = [6, 22, 46, 14, 20, 28, 30, 12, 20]
HEAD = ["序号", "重点工作", "目标任务", "完成时限", "牵头单位", "配合单位", "进展情况", "完成情况", "备注"]
LEDGER = {
    "一、土壤污染状况调查与监测": [
        ("1", "开展耕地土壤污染溯源", "完成柳溪镇集中连片区域成因排查", "2025年9月底前", "区生态环境局", "区农业农村局、柳溪镇",
         "已完成柳溪镇片区排查，形成污染源清单", "已完成", ""),
        ("2", "开展协同监测", "完成土壤和农产品协同监测点位采样20个", "2025年11月底前", "区农业农村局", "区生态环境局",
         "采样20个，已上报数据", "已完成", ""),
    ],
    "二、土壤污染源头防控": [
        ("3", "涉镉等重金属行业企业排查", "更新排查清单和整治清单", "2025年6月底前", "区生态环境局", "区工业和信息化局",
         "清单已更新", "已完成", ""),
        ("4", "落实重点监管单位义务", "完成土壤污染隐患排查", "2025年10月底前", "区生态环境局", "区工业和信息化局、区应急管理局",
         "24家中22家完成，2家整改中", "未完成", "结转2026年"),
        ("", "", "完成土壤和地下水自行监测", "2025年11月底前", "区生态环境局", "区工业和信息化局",
         "24家全部完成", "已完成", ""),
        ("5", "废旧农膜回收", "废旧农膜回收率达到83%以上", "2025年12月底前", "区农业农村局", "区市场监管局、各涉农街道、镇",
         "回收率83.6%", "已完成", ""),
    ],
    "三、农用地分类管理": [
        ("6", "落实安全利用措施", "完成受污染耕地安全利用面积860亩", "2025年11月底前", "区农业农村局", "区财政局、柳溪镇、白鹭镇",
         "完成860亩", "已完成", ""),
        ("7", "落实严格管控措施", "严格管控类耕地退出食用农产品种植120亩", "2025年10月底前", "区农业农村局", "区林业局、柳溪镇",
         "退出95亩", "未完成", "结转2026年"),
        ("8", "超标粮食处置", "超标粮食定点收购、专仓收储", "长期", "区发展改革委", "区市场监管局、区财政局",
         "全年未发现超标粮食进入口粮市场", "长期坚持", ""),
    ],
    "四、建设用地准入与修复": [
        ("9", "暂不开发利用地块风险管控", "制定年度计划", "2025年4月30日前", "区生态环境局", "区自然资源局",
         "计划已印发", "已完成", ""),
        ("", "", "开展四类介质监测", "2025年8月底前", "区生态环境局", "区自然资源局", "监测报告已出具", "已完成", ""),
        ("10", "推进原青禾农药厂地块修复", "完成主体工程", "2025年12月底前", "区住房和城乡建设局", "区生态环境局、区财政局",
         "完成主体工程，开展效果评估", "已完成", ""),
        ("11", "供地审查", "供应地块签订出让合同前完成调查", "签订土地出让合同前", "区自然资源局", "区生态环境局",
         "供应26宗，均完成调查", "已完成", ""),
    ],
}  # fmt: skip


def write(path: Path) -> None:
    """Write the workbook; its creation date is fixed, so the same code gives the same file."""
    book = xlsxwriter.Workbook(path)
    book.set_properties({"title": "青禾区2025年土壤污染防治任务台账（虚构）", "created": datetime(2026, 1, 8)})  # noqa: DTZ001
    sheet = book.add_worksheet("任务台账")
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
    head = book.add_format({"border": 1, "bold": True, "align": "center", "valign": "vcenter", "bg_color": "#E7EEF0"})
    title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.merge_range(0, 0, 0, 8, "青禾区2025年土壤污染防治任务台账", title)
    sheet.merge_range(1, 0, 1, 8, "填报单位：青禾区生态环境局    填报时间：2026年1月8日")
    sheet.write_row(2, 0, HEAD, head)
    row = 3
    for section, rows in LEDGER.items():
        sheet.merge_range(row, 0, row, 8, section, head)
        row = _write_section(sheet, rows, row + 1, cell)
    book.close()


def _write_section(
    sheet: xlsxwriter.worksheet.Worksheet, rows: list[tuple[str, ...]], row: int, cell: xlsxwriter.format.Format
) -> int:
    """Write the rows of one section, number and title merged over rows that have none; the next free row."""
    for index, values in enumerate(rows):
        sheet.write_row(row + index, 2, values[2:], cell)
        if not values[0]:
            continue
        span = next((n for n, later in enumerate(rows[index + 1 :], 1) if later[0]), len(rows) - index)
        for column in (0, 1):
            if span > 1:
                sheet.merge_range(row + index, column, row + index + span - 1, column, values[column], cell)
            else:
                sheet.write(row + index, column, values[column], cell)
    return row + len(rows)


if __name__ == "__main__":
    write(FILE)
