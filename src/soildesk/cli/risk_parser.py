"""The words of `soildesk risk`; the handler is imported only when the command runs."""

from __future__ import annotations

from typing import Any

RISK = "soildesk.cli.risk"


def add_to(commands: Any) -> None:
    """Add the command `risk`."""
    text = "健康风险评估（HJ 25.3）：由 TOML 或 JSON 案例计算风险、危害商和风险控制值"
    risk = commands.add_parser("risk", help=text, description=text)
    risk.set_defaults(handler=f"{RISK}:risk", needs_django=False)
    risk.add_argument("input", metavar="INPUT", help="案例文件，.toml 或 .json")
    risk.add_argument("--json", action="store_true", help="以 JSON 输出")
    risk.add_argument("--out", metavar="REPORT.docx", help="同时写出 Word 计算书")
    risk.add_argument("--title", default="", help="计算书上的地块名称（默认：文件名）")
    risk.add_argument("--unit", default="", help="计算书上的编制单位")
    risk.add_argument("--on", metavar="YYYY-MM-DD", help="按哪一天有效的筛选值对照（默认：今天）")
    drawn = risk.add_argument_group("不确定性分析", "案例以 [uncertain.名称] 给出分布时，抽样并给出分位数和敏感性")
    drawn.add_argument("--draws", type=int, metavar="N", help="抽样次数")
    drawn.add_argument("--seed", type=int, default=1, metavar="S", help="随机种子（默认 1）")
    drawn.add_argument("--sampler", choices=["latin_hypercube", "monte_carlo"], default="latin_hypercube")
