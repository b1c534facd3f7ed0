"""The words of the commands that set up, run and look after the desk."""

from __future__ import annotations

import argparse
from typing import Any

SYSTEM = "soildesk.cli.system"


def add_to(commands: Any) -> None:
    """Add coverage, demo, setup, serve, worker, audit, divisions, backup, restore, db."""
    coverage = _command(
        commands, "coverage", "计划所列事项的覆盖情况", django=False, handler="soildesk.cli.coverage:coverage"
    )
    coverage.add_argument("--json", action="store_true")
    demo = commands.add_parser("demo", help="示例区").add_subparsers(dest="act", required=True)
    _command(demo, "load", "把示例区装入空的 SOILDESK_HOME；已装入则不动", handler=f"{SYSTEM}:load_demo")
    setup = _command(commands, "setup", "建立或升级数据库")
    setup.add_argument("--admin", metavar="USERNAME", help="同时建立系统管理员（口令从标准输入读取）")
    setup.add_argument("--department", help="管理员所在单位全称")
    setup.add_argument("--division", metavar="CODE", help="管理员所在行政区划代码")
    serve = _command(commands, "serve", "启动网页服务")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--workers", type=int, default=1)
    _command(commands, "worker", "启动后台作业进程")
    audit = commands.add_parser("audit", help="审计链").add_subparsers(dest="act", required=True)
    verify = _command(audit, "verify", "校验审计链", handler=f"{SYSTEM}:verify_audit")
    verify.add_argument("--heads", metavar="FILE", help="导出的链头（默认 SOILDESK_HOME/audit-heads.jsonl）")
    verify.add_argument("--json", action="store_true")
    _command(audit, "export", "把当前链头追加到 SOILDESK_HOME/audit-heads.jsonl", handler=f"{SYSTEM}:export_heads")
    divisions = commands.add_parser("divisions", help="行政区划").add_subparsers(dest="act", required=True)
    places = _command(divisions, "import", "从 CSV 导入行政区划，全部或全不", handler=f"{SYSTEM}:import_divisions")
    places.add_argument("path", metavar="FILE")
    places.add_argument("--preview", action="store_true", help="只看每一行的结果，不写入")
    places.add_argument("--json", action="store_true")
    store = commands.add_parser("db", help="数据库").add_subparsers(dest="act", required=True)
    copy = _command(store, "copy", "把全部数据复制到另一个空数据库，逐表核对", handler=f"{SYSTEM}:copy_database")
    copy.add_argument(
        "--to", required=True, metavar="URL", help="postgresql://USER:PASSWORD@HOST/NAME 或 sqlite:///PATH"
    )
    copy.add_argument("--json", action="store_true")
    for name, text in (("backup", "备份 SOILDESK_HOME"), ("restore", "从备份恢复 SOILDESK_HOME")):
        command = _command(commands, name, text)
        command.add_argument("path")
    command.add_argument("--replace", action="store_true", help="替换已有数据；原数据移到旁边保留")


def _command(group: Any, name: str, text: str, *, django: bool = True, handler: str = "") -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = group.add_parser(name, help=text, description=text)
    command.set_defaults(handler=handler or f"{SYSTEM}:{name}", needs_django=django)
    return command
