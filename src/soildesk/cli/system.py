"""Commands that set up, run and look after the desk."""

from __future__ import annotations

import argparse
import getpass
import socket
import sys
from dataclasses import asdict
from pathlib import Path

from soildesk.cli import Refused, show, show_json


def load_demo(options: argparse.Namespace) -> None:
    """Load the example district into an empty home."""
    import gc

    from soildesk.demo.load import load

    gc.set_threshold(20_000, 20, 20)  # as often as usual, looking for garbage took a fifteenth of the whole
    done = load()
    sys.stderr.write(("示例区已装入。" if done else "示例区已在，未改动。") + "\n")


def setup(options: argparse.Namespace) -> None:
    """Create or upgrade the database; with --admin also the first administrator."""
    from soildesk.core import commands

    commands.setup()
    if options.admin:
        given = getpass.getpass("口令：") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        password = commands.first_administrator(
            options.admin, division_code=options.division or "", department=options.department or "", password=given
        )
        if not given:
            show(f"{options.admin} 的初始口令：{password}（首次登录须修改）")
    show("数据库已就绪。")


def _refuse_old_tables() -> None:
    """A home from an earlier version is upgraded by a person's command, never by starting a server."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Refused(
            "数据库的结构早于本程序。请先备份（soildesk backup），再运行 soildesk setup 升级。", code="cli.old_tables"
        )


def serve(options: argparse.Namespace) -> None:
    """Run the web server; static files are collected first."""
    _refuse_old_tables()
    _refuse_taken_port(options.host, options.port)
    from django.core.management import call_command
    from granian import Granian
    from granian.constants import Interfaces

    call_command("collectstatic", verbosity=0, interactive=False)
    _sweep_broken_imports()
    Granian(
        "soildesk.wsgi:application",
        address=options.host,
        port=options.port,
        workers=options.workers,
        interface=Interfaces.WSGI,
        blocking_threads=4,
        websockets=False,
        log_access=False,
    ).serve()


def _refuse_taken_port(host: str, port: int) -> None:
    """The server itself would share the port with whoever listens there: each answers every other request."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as error:
        raise Refused(
            f"{host}:{port} 不能使用（{error.strerror}）：可能已有一个程序在用这个端口。请停掉它，或者用 --port 换一个。",
            code="cli.port_taken",
        ) from error


def _sweep_broken_imports() -> None:
    """What a reading left behind that broke off long ago; a recent one goes on when its file is brought again."""
    from soildesk.core import clock
    from soildesk.kit import imports

    imports.drop_orphans(clock.now())


def worker(options: argparse.Namespace) -> None:
    """Run background jobs until stopped, and keep house beside them."""
    _refuse_old_tables()
    from soildesk.core.worker import work

    work()


def verify_audit(options: argparse.Namespace) -> None:
    """Check the audit chain against the exported heads."""
    from soildesk.core import audit

    report = audit.verify(Path(options.heads) if options.heads else None)
    if not report.ok:
        sentences = "；".join(item.sentence for item in report.breaks[:5])
        raise Refused(f"审计链校验不通过：{sentences}", code="core.audit.broken", data=report.as_json())
    if options.json:
        show_json(report.as_json())
    else:
        show(f"审计链完整：{report.entries} 条记录，{report.heads} 个导出的链头相符。")


def backup(options: argparse.Namespace) -> None:
    """Copy the whole home to a file."""
    from soildesk.core import backup as backups

    backups.backup(Path(options.path))
    show(f"已备份到 {options.path}。")


def restore(options: argparse.Namespace) -> None:
    """Bring a backup back into an empty home; with --replace in the place of what is there."""
    from soildesk.core import commands

    manifest = commands.restore(Path(options.path), replace=options.replace)
    show(f"已恢复 {manifest['made_at'][:16]} 的备份，共 {len(manifest['files'])} 个文件。")


def copy_database(options: argparse.Namespace) -> None:
    """Move the district to another store: every table with its count and checksum."""
    from soildesk.core import copying
    from soildesk.settings import database

    try:
        target = database(options.to)
    except ValueError as error:
        raise Refused(
            f"目标地址“{options.to}”无法识别：应为 postgresql://用户@主机/库名 或 sqlite:///文件路径。",
            code="cli.store_url",
        ) from error
    _refuse_old_tables()
    tables = copying.copy(target, step=lambda table, rows: sys.stderr.write(f"\r{table} {rows}\033[K"))
    sys.stderr.write("\r\033[K")
    held = [table for table in tables if table.rows]
    if options.json:
        show_json({"tables": [asdict(table) for table in tables], "rows": sum(table.rows for table in tables)})
        return
    for table in held:
        show(f"{table.rows:>10,}  {table.checksum}  {table.name}")
    show(
        f"已复制 {len(tables)} 张表、{sum(table.rows for table in tables):,} 行，逐表核对一致。附件仍在 SOILDESK_HOME。"
    )
    show("把 SOILDESK_DATABASE_URL 改为新地址后重新启动，即改用新数据库。")


def export_heads(options: argparse.Namespace) -> None:
    """Append the audit chain's present head to the file outside the database (the worker does so daily)."""
    from soildesk.core import audit, clock

    head = audit.export_heads(day=clock.today())
    show(f"已导出链头：第 {head['id']} 条。" if head else "还没有审计记录。")


def import_divisions(options: argparse.Namespace) -> None:
    """Take divisions in from CSV: every row's fate first, then all or nothing."""
    from soildesk.core import clock, divisions
    from soildesk.core.permissions import system_actor

    found = divisions.preview(Path(options.path).read_bytes())
    wrong = [{"line": row.line, "code": row.code, "why": row.sentence} for row in found.wrong]
    data = {"counts": found.counts, "wrong": wrong, "written": found.ok and not options.preview}
    if wrong:
        lines = "\n".join(f"第 {row['line']} 行 {row['code']}：{row['why']}" for row in wrong[:20])
        raise Refused(f"有 {len(wrong)} 行不能导入，未写入任何一行。\n{lines}", code="core.divisions.rows", data=data)
    if not options.preview:
        divisions.apply(found, by=system_actor("divisions-import"), at=clock.now())
    if options.json:
        show_json(data)
    else:
        counts = found.counts
        told = f"新增 {counts['new']}，不变 {counts['same']}，改名 {counts['renamed']}，停用 {counts['closed']}。"
        show(("预览：" if options.preview else "已导入：") + told)
