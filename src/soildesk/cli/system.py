"""Commands that set up, run and look after the desk."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from soildesk.cli import Refused, show, show_json


def load_demo(options: argparse.Namespace) -> None:
    """Load the example district into an empty home."""
    from soildesk.demo.load import load

    done = load()
    sys.stderr.write(("示例区已装入。" if done else "示例区已在，未改动。") + "\n")


def setup(options: argparse.Namespace) -> None:
    """Create or upgrade the database; with --admin also the first administrator."""
    from django.core.management import call_command

    from soildesk.core import calendar, clock
    from soildesk.core.permissions import system_actor

    call_command("migrate", verbosity=0)
    actor = system_actor("setup")
    calendar.load_published(by=actor, at=clock.now())
    if options.admin:
        _first_admin(options)
    show("数据库已就绪。")


def _first_admin(options: argparse.Namespace) -> None:
    from soildesk.core import clock
    from soildesk.core.models import Department, Division, RoleGrant
    from soildesk.core.permissions import system_actor
    from soildesk.core.services.people import NewGrant, NewPerson, create_person, grant

    division = Division.objects.filter(code=options.division or "", until__isnull=True).first()
    if division is None:
        raise Refused(f"没有代码为“{options.division}”的行政区划。请先导入区划（soildesk divisions import），再建管理员。")
    department, _made = Department.objects.get_or_create(division=division, name=options.department or division.name)
    password = getpass.getpass("口令：") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    actor, at = system_actor("setup"), clock.now()
    person = create_person(NewPerson(options.admin, options.admin, department), password=password, by=actor, at=at)
    grant(person, NewGrant(RoleGrant.Role.ADMIN, division), by=actor, at=at)


def serve(options: argparse.Namespace) -> None:
    """Run the web server; static files are collected first."""
    from django.core.management import call_command
    from granian import Granian
    from granian.constants import Interfaces

    call_command("collectstatic", verbosity=0, interactive=False)
    Granian(
        "soildesk.wsgi:application", address=options.host, port=options.port, workers=options.workers,
        interface=Interfaces.WSGI, blocking_threads=4, websockets=False, log_access=False,
    ).serve()


def worker(options: argparse.Namespace) -> None:
    """Run background jobs until stopped."""
    from django.core.management import call_command

    from soildesk.core import jobs

    jobs.fail_orphans()
    call_command("db_worker", interval=1, verbosity=0)


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
    """Bring a backup back into an empty home."""
    from soildesk.core import backup as backups

    backups.restore(Path(options.path))
    show("已恢复。")
