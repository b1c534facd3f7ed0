"""Who the command acts as."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from django.conf import settings

from soildesk.cli import Refused
from soildesk.core import clock
from soildesk.core.models import Department, Division, Person
from soildesk.core.permissions import Actor

DEMO_FILE = "demo.json"


def demo_home() -> dict[str, str] | None:
    """What a demo home says of itself (user, password); None in any other home."""
    path = Path(settings.HOME) / DEMO_FILE
    return json.loads(path.read_text("utf-8")) if path.exists() else None


def actor_of(options: argparse.Namespace) -> Actor:
    """The actor named by --as or SOILDESK_USER; in a demo home, its officer."""
    demo = demo_home() or {}
    username = getattr(options, "user", None) or os.environ.get("SOILDESK_USER") or demo.get("user")
    if not username:
        raise Refused("没有指明以谁的身份办理。请加 --as 用户名，或设置环境变量 SOILDESK_USER。", code="cli.no_user")
    person = Person.objects.filter(username=username).select_related("department__division").first()
    if person is None or not person.is_active:
        raise Refused(f"用户“{username}”不存在或已停用。请核对用户名。", code="cli.unknown_user")
    return Actor.of(person, on=clock.today())


def home_of(actor: Actor, code: str | None = None) -> tuple[Division, Department]:
    """The division and department an actor's new plans belong to; `code` names another division."""
    department = actor.person.department if actor.person else None
    if code:
        division = Division.objects.filter(code=code, until__isnull=True).first()
        if division is None:
            raise Refused(f"没有代码为 {code} 的行政区划。请先导入区划，或核对代码。", code="cli.unknown_division")
    elif department:
        division = department.division
    else:
        raise Refused("本用户没有所属单位，不知道方案属于哪个区划。请加 --division 代码。", code="cli.no_division")
    if department is None:
        raise Refused("本用户没有所属单位，不能保管方案。请由系统管理员登记其单位。", code="cli.no_department")
    return division, department
