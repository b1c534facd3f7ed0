"""Who the command acts as, and the departments and divisions it names."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from soildesk.cli import Refused
from soildesk.core import clock, queries
from soildesk.core.permissions import Actor

if TYPE_CHECKING:
    from soildesk.core.models import Department
    from soildesk.plans.services.intake import Place

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
    person = queries.person_named(username)
    if person is None:
        raise Refused(f"用户“{username}”不存在或已停用。请核对用户名。", code="cli.unknown_user")
    return Actor.of(person, on=clock.today())


def place_of(actor: Actor, code: str | None = None) -> Place:
    """Where an actor's new plans belong; `code` names another division."""
    from soildesk.plans.services.intake import Place

    department = own_department(actor)
    division = queries.division_of_code(code) if code else department.division
    if division is None:
        raise Refused(f"没有代码为 {code} 的行政区划。请先导入区划，或核对代码。", code="cli.unknown_division")
    return Place(division, department)


def own_department(actor: Actor) -> Department:
    """The department of the actor's person."""
    if actor.person is None or actor.person.department is None:
        raise Refused("本用户没有所属单位。请由系统管理员登记其单位。", code="cli.no_department")
    return actor.person.department


def department_named(name: str | None, actor: Actor) -> Department:
    """A department by its name or another name it is known by, the actor's own division first; without a name, the own."""
    if not name:
        return own_department(actor)
    found = list(queries.departments_named(name, clock.today()))
    if len(found) > 1 and actor.person and actor.person.department:
        path = actor.person.department.division.path
        found = [department for department in found if department.division.path.startswith(path)]
    if len(found) != 1:
        raise Refused(f"没有找到名为“{name}”的单位，或不止一个。请写全称。", code="cli.not_found")
    return found[0]
