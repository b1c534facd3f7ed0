"""What the command line does for core. Each function takes the parsed arguments, writes its result to stdout and
returns the exit code (0 done, 1 the answer is no); refusals are raised and told by the command line.

Arguments read: `json` (bool), and per function those its docstring names. `actor` is who acts (`--as`); setup,
backup, restore and worker are for whoever holds the machine and act as a named system actor.
"""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from soildesk.core import audit, backup, calendar, clock, divisions, worker
from soildesk.core.errors import Refusal
from soildesk.core.models import Department, Division, Person, RoleGrant
from soildesk.core.permissions import Actor, require, system_actor
from soildesk.core.services import people


def say(args: Namespace, data: Mapping[str, Any], sentence: str) -> None:
    """The result: JSON where asked for, else a sentence."""
    text = json.dumps(data, ensure_ascii=False, default=str) if getattr(args, "json", False) else sentence
    sys.stdout.write(text + "\n")


def actor_named(username: str) -> Actor:
    """The actor behind a username; unknown or switched off, refused."""
    person = Person.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise Refusal(
            _("没有启用的用户“%(username)s”：请用 --as 指定有账户的用户名。") % {"username": username},
            code="core.command.no_such_user",
        )
    return Actor.of(person, clock.today())


def is_set_up() -> bool:
    """Whether database and assets stand as this version wants them."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return not pending and (Path(settings.STATIC_ROOT) / "staticfiles.json").exists()


def setup(args: Namespace) -> int:
    """Create or bring up the database, collect the assets, load the working calendar; again and again without harm."""
    for folder in (settings.HOME, settings.MEDIA_ROOT, settings.EXPORT_ROOT):
        Path(folder).mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0, clear=False)
    added = calendar.load_published(by=system_actor("setup"), at=clock.now())
    say(args, {"home": str(settings.HOME), "calendar_days": added}, _("已就绪：%(home)s") % {"home": settings.HOME})
    return 0


def create_admin(args: Namespace) -> int:
    """The first administrator: `username`, `name`, `division` (code), `department` (name, optional), `password` (optional).

    Without a password a random one is made and written out once; it must be changed at first login.
    """
    by, at = system_actor("create-admin"), clock.now()
    place = Division.objects.filter(code=args.division, until=None).first()
    if place is None:
        raise Refusal(
            _("没有代码为 %(code)s 的区划：请先用 soildesk divisions import 导入。") % {"code": args.division},
            code="core.command.no_such_division",
        )
    department = Department.objects.filter(division=place, name=getattr(args, "department", None) or "").first()
    password = getattr(args, "password", None) or people.first_password()
    person = people.create_person(
        people.NewPerson(args.username, args.name or args.username, department), password=password, by=by, at=at
    )
    people.grant(person, people.NewGrant(RoleGrant.Role.ADMIN, place), by=by, at=at)
    say(
        args,
        {"username": person.username, "password": password},
        _("系统管理员 %(username)s，初始密码 %(password)s（首次登录须修改）")
        % {"username": person.username, "password": password},
    )
    return 0


def audit_verify(args: Namespace) -> int:
    """Verify the chain against `heads` (a file; default: the exported one). Exit 1 where it is broken."""
    if getattr(args, "actor", None):
        require(args.actor, "core.verify_audit")
    heads = getattr(args, "heads", None)
    report = audit.verify(Path(heads) if heads else None)
    told = _("审计链完整：%(entries)d 条，与 %(heads)d 个链头一致。") % {
        "entries": report.entries,
        "heads": report.heads,
    }
    say(args, report.as_json(), told if report.ok else "\n".join(item.sentence for item in report.breaks))
    return 0 if report.ok else 1


def audit_export(args: Namespace) -> int:
    """Append the present head to the file of heads."""
    head = audit.export_heads(day=clock.today())
    say(args, head or {}, _("已导出链头。") if head else _("还没有审计记录，没有可导出的链头。"))
    return 0


def make_backup(args: Namespace) -> int:
    """Back the home up into the new file `to`."""
    manifest = backup.backup(Path(args.to))
    say(
        args,
        {"file": str(args.to), "files": len(manifest["files"])},
        _("已备份到 %(path)s，共 %(count)d 个文件。") % {"path": args.to, "count": len(manifest["files"])},
    )
    return 0


def restore(args: Namespace) -> int:
    """Restore the home from the file `source`; `replace` where the home has data."""
    manifest = backup.restore(Path(args.source), replace=bool(getattr(args, "replace", False)))
    call_command("migrate", interactive=False, verbosity=0)
    say(
        args,
        {"made_at": manifest["made_at"], "files": len(manifest["files"])},
        _("已恢复 %(made_at)s 的备份。") % {"made_at": manifest["made_at"]},
    )
    return 0


def divisions_import(args: Namespace) -> int:
    """Take divisions in from the CSV `file` as `actor`; with `preview`, only say what would happen."""
    found = divisions.preview(Path(args.file).read_bytes())
    if getattr(args, "preview", False):
        wrong = [{"line": row.line, "code": row.code, "why": row.sentence} for row in found.wrong]
        lines = [_("第 %(line)d 行 %(code)s：%(why)s") % row for row in wrong]
        say(args, {"counts": found.counts, "wrong": wrong}, "\n".join([str(found.counts), *lines]))
        return 0 if found.ok else 1
    counts = divisions.apply(found, by=args.actor or system_actor("divisions-import"), at=clock.now())
    say(
        args, {"counts": counts}, _("已导入：新增 %(new)d，不变 %(same)d，改名 %(renamed)d，停用 %(closed)d。") % counts
    )
    return 0


def run_worker(args: Namespace) -> int:
    """Take jobs from the queue until stopped; with `until_empty`, until none waits."""
    worker.work(until_empty=bool(getattr(args, "until_empty", False)))
    return 0
