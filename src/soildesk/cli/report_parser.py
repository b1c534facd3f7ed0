"""The words of `soildesk report …`; handlers are imported only when a command runs."""

from __future__ import annotations

from typing import Any

REPORT = "soildesk.cli.report"


def add_to(commands: Any) -> None:
    """Add the group `report`."""
    report = commands.add_parser("report", help="报表：从台账生成").add_subparsers(
        dest="act", required=True, metavar="ACT"
    )
    text = "列出可以生成的报表，和某一年应报的报表（报给谁、何时报、办到哪一步）"
    listing = report.add_parser("list", help=text, description=text)
    listing.set_defaults(handler=f"{REPORT}:list_reports", needs_django=True)
    listing.add_argument("--year", type=int, metavar="Y", help="哪一年的报表日历（默认今年）")
    text = "从台账生成一份报表，写成 Word（.docx）或 Excel（.xlsx）；不知道的数字空着并列入“未能填报的内容”"
    make = report.add_parser("make", help=text, description=text)
    make.set_defaults(handler=f"{REPORT}:make_report", needs_django=True)
    make.add_argument("kind", metavar="KIND", help="报表种类，见 soildesk report list")
    make.add_argument("--year", type=int, metavar="Y", required=True, help="年度")
    make.add_argument(
        "--quarter", type=int, choices=[1, 2, 3, 4], metavar="1-4", help="季度（季度报表；默认最近一个季度）"
    )
    make.add_argument("--out", metavar="FILE", required=True, help="写到哪个文件：扩展名 .docx 或 .xlsx")
    make.add_argument("--place", metavar="CODE", help="行政区划代码（默认本单位所在区划）")
    make.add_argument("--on", metavar="DATE", help="数据截至哪一天（默认期末，未到期末为今天）")
    make.add_argument("--keep", action="store_true", help="同时存入报表登记册，留待签发")
    for command in (listing, make):
        command.add_argument("--as", dest="user", metavar="USER", help="以谁的身份办理（或 SOILDESK_USER）")
        command.add_argument("--json", action="store_true", help="以 JSON 输出")
