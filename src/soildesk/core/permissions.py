"""Who may do what where: role × department × division, closed by default.

Each room declares its permissions in its `permissions.py`, loaded when Django starts:

    register("plans.publish", _("发布方案"), {RoleGrant.Role.ISSUER})

Acts call `require(by, "plans.publish", plan)`; reads go through `Model.objects.visible_to(actor)`.
Rights are those of today: a grant counts on the day the actor was made for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import takewhile
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import Department, Division, Person, RoleGrant
from soildesk.core.models.people import OUTSIDE
from soildesk.core.models.places import valid_on
from soildesk.core.models.scoped import scope_by
from soildesk.core.units import line_titles

NO_ROWS = Q(pk__in=())
READERS = frozenset(RoleGrant.Role) - {RoleGrant.Role.ADMIN} - OUTSIDE
"""Roles that see business rows; administrators keep accounts and see none."""
OF_EVERY_LINE = frozenset({RoleGrant.Role.AUDITOR, RoleGrant.Role.TOWN})
"""Auditors read every line of work; a town does the work of all lines in its place."""
OF_DEPARTMENT = frozenset({RoleGrant.Role.DEPARTMENT, RoleGrant.Role.TOWN})


class NotAllowed(PermissionDenied):
    """The actor may not do this. `code` is stable; the sentence says who can."""

    code = "core.not_allowed"

    def __init__(self, sentence: str, *, permission: str = "") -> None:
        super().__init__(sentence)
        self.permission = permission
        self.sentence = sentence


@dataclass(frozen=True)
class Permission:
    """One permission and the roles that carry it; with `lines` only in departments of these lines of work (for auditors and towns everywhere).

    `also`: roles that carry it beside them in departments of some lines only.
    """

    name: str
    title: str | Promise
    roles: frozenset[RoleGrant.Role]
    lines: frozenset[str] = frozenset()
    also: Mapping[RoleGrant.Role, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Actor:
    """Who acts, with the grants that count `today`. A system actor is named and has no person."""

    person: Person | None
    name: str
    grants: tuple[RoleGrant, ...]
    system: bool
    today: date

    @classmethod
    def of(cls, person: Person, on: date) -> Actor:
        """The actor behind `person` on the day `on`; somebody switched off holds no grants."""
        rows = RoleGrant.objects.filter(valid_on(on), person=person).select_related("division", "department")
        grants = tuple(rows) if person.is_active else ()
        return cls(person=person, name=person.username, grants=grants, system=False, today=on)

    def has_role(self, *roles: RoleGrant.Role) -> bool:
        """Whether any grant is of one of `roles`; for menus, never instead of `require`."""
        return self.system or any(grant.role in roles for grant in self.grants)


def system_actor(name: str, today: date | None = None) -> Actor:
    """A named actor of the desk itself (a command, a loader); every act it does carries this name."""
    if not name:
        raise ValueError("a system actor needs a name: say which command or job acts.")
    from soildesk.core import clock

    return Actor(person=None, name=f"system:{name}", grants=(), system=True, today=today or clock.today())


def is_outside(actor: Actor) -> bool:
    """Whether somebody works in no office: every role is one of outside, and there is one."""
    return not actor.system and bool(actor.grants) and all(grant.role in OUTSIDE for grant in actor.grants)


_registry: dict[str, Permission] = {}


def register(
    permission: str, title: str | Promise, roles: Iterable[RoleGrant.Role], lines: Iterable[str] = (),
    also: Mapping[RoleGrant.Role, Iterable[str]] | None = None,
) -> Permission:  # fmt: skip
    """Declare a permission; the same name twice is a fault of the program."""
    beside = {role: frozenset(one) for role, one in (also or {}).items()}
    entry = Permission(permission, title, frozenset(roles), frozenset(lines), beside)
    held = _registry.get(permission, entry)
    if (held.roles, held.lines, held.also) != (entry.roles, entry.lines, entry.also):
        raise ValueError(f"permission {permission!r} is registered twice with different roles: give it one owner.")
    _registry[permission] = entry
    return entry


def registered() -> dict[str, Permission]:
    """All permissions by name."""
    return dict(_registry)


def require(actor: Actor | None, permission: str, obj: object | None = None) -> None:
    """Refuse with `NotAllowed` unless `actor` holds `permission` for `obj` (or anywhere, where `obj` is None)."""
    entry = _entry(permission)
    if actor is None:
        raise NotAllowed(_t("请先登录：“%(act)s”需要有权限的人员。") % {"act": entry.title}, permission=permission)
    if not _holds(actor, entry, obj):
        raise NotAllowed(_who_can(entry, obj), permission=permission)


def may(actor: Actor | None, permission: str, obj: object | None = None) -> bool:
    """Whether `require` would let the actor pass."""
    entry = _entry(permission)
    return actor is not None and _holds(actor, entry, obj)


def holds_for_all(actor: Actor, permission: str, rows: models.QuerySet) -> bool:
    """Whether the actor holds a permission for every one of `rows`, which carry a `division_path`.

    Somebody may be an officer in one place and a reader in another: what is shown for a whole list must then be
    allowed for each of its rows.
    """
    if not may(actor, permission):
        return False
    whole = [g.division.path for g in _granting(actor, permission) if g.department_id is None]
    reading = [g.division.path for g in actor.grants if g.role in READERS]
    if actor.system or all(path.startswith(tuple(whole)) for path in reading):
        return True
    return not rows.exclude(held_for(actor, permission, rows.model)).exists()


def held_for(actor: Actor, permission: str, model: type[models.Model]) -> Q:
    """Rows of `model` for which the actor holds a permission."""
    found = Q(pk__in=())
    for grant in _granting(actor, permission):
        found |= grant_condition(grant, model)
    return found


def _granting(actor: Actor, permission: str) -> list[RoleGrant]:
    """The grants by which an actor holds a permission."""
    entry = _entry(permission)
    return [grant for grant in actor.grants if _carries(actor, grant, entry)]


def _entry(permission: str) -> Permission:
    try:
        return _registry[permission]
    except KeyError:
        raise LookupError(
            f"permission {permission!r} is not registered: declare it in its room's permissions.py."
        ) from None


def _holds(actor: Actor, entry: Permission, obj: object | None) -> bool:
    if actor.system:
        return True
    return any(grant_covers(grant, obj) for grant in _granting(actor, entry.name))


def _carries(actor: Actor, grant: RoleGrant, entry: Permission) -> bool:
    """Whether a grant is of a role that carries a permission, in a line of work in which it does."""
    lines = entry.lines if grant.role in entry.roles else entry.also.get(RoleGrant.Role(grant.role))
    if lines is None:
        return False
    if grant.role in entry.roles and (not lines or grant.role in OF_EVERY_LINE):
        return True
    office = grant.department or (actor.person.department if actor.person else None)
    return office is not None and office.function in lines


def _who_can(entry: Permission, obj: object | None) -> str:
    roles = "、".join(str(RoleGrant.Role(role).label) for role in RoleGrant.Role if role in entry.roles)
    if entry.lines:
        titles = line_titles()
        lines = "、".join(sorted(titles.get(line, line) for line in entry.lines))
        roles = _t("%(lines)s条线部门的%(roles)s") % {"lines": lines, "roles": roles}
    for role, held in entry.also.items():
        named = "、".join(sorted(line_titles().get(line, line) for line in held))
        roles = _t("%(roles)s，或%(lines)s条线部门的%(role)s") % {
            "roles": roles, "lines": named, "role": RoleGrant.Role(role).label,
        }  # fmt: skip
    place = _place(obj)
    if place:
        return _t("“%(act)s”需要%(roles)s角色（%(place)s）。请联系本级系统管理员授权，或请有该角色的人员办理。") % {
            "act": entry.title,
            "roles": roles,
            "place": place,
        }
    return _t("“%(act)s”需要%(roles)s角色。请联系本级系统管理员授权，或请有该角色的人员办理。") % {
        "act": entry.title,
        "roles": roles,
    }


def _place(obj: object | None) -> str:
    path = place_of(obj)
    division = Division.objects.filter(path=path).first() if path else None
    return division.name if division else ""


def place_of(obj: object | None) -> str:
    """The division path an object stands under; empty where it has none."""
    if isinstance(obj, Division):
        return obj.path
    if isinstance(obj, Department):
        return obj.division.path
    if isinstance(obj, Person):
        return obj.department.division.path if obj.department else _place_of_work(obj)
    return str(getattr(obj, "division_path", "") or "")


def _place_of_work(person: Person) -> str:
    """The division that holds every role of an account of no office: of a laboratory, a firm, an expert.

    Roles that ended count only where none is left.
    """
    from soildesk.core import clock

    held = [path.split("/") for path in roles_left(person, clock.today()).values_list("division__path", flat=True)]
    held = held or [path.split("/") for path in person.grants.values_list("division__path", flat=True)]
    shared = [codes[0] for codes in takewhile(lambda codes: len(set(codes)) == 1, zip(*held, strict=False))]
    return "".join(f"{code}/" for code in shared if code)


def roles_left(person: Person, on: date) -> models.QuerySet[RoleGrant]:
    """The grants of a person that have not ended: what counts on a day, and what will."""
    return person.grants.filter(Q(until__isnull=True) | Q(until__gt=on))


def grant_covers(grant: RoleGrant, obj: object | None) -> bool:
    """Whether one grant reaches one object: division above it and, where the grant names one, its department."""
    if obj is None:
        return True
    below = bool(place_of(obj)) and place_of(obj).startswith(grant.division.path)
    if grant.department_id is None or not hasattr(obj, "division_path"):
        return below
    if isinstance(obj, models.Model) and obj.pk is not None:
        return type(obj)._default_manager.filter(grant_condition(grant, type(obj)), pk=obj.pk).exists()
    return below and getattr(obj, "owner_department_id", None) == grant.department_id


def grant_condition(grant: RoleGrant, model: type[models.Model]) -> Q:
    """Rows of `model` one grant reaches.

    A grant without department reaches its whole division subtree. With a department, the model says
    which rows are the department's by `scope_for_department(grant) -> Q` (default: those it owns); for
    department and town staff that bond alone counts, since a town works on rows of its district.
    """
    subtree = Q(division_path__startswith=grant.division.path)
    if grant.department_id is None:
        return subtree
    hook: Any = getattr(model, "scope_for_department", None)
    own = hook(grant) if hook else Q(owner_department_id=grant.department_id)
    return own if grant.role in OF_DEPARTMENT else subtree & own


@scope_by
def scope_condition(actor: Actor | None, model: type[models.Model]) -> Q:
    """The rows `actor` may see, as one condition: no actor or no grant, no rows; a system actor sees all."""
    if actor is None:
        return NO_ROWS
    if actor.system:
        return Q()
    grants = [grant for grant in actor.grants if grant.role in READERS]
    if not grants:
        return NO_ROWS
    condition = Q()
    for grant in grants:
        condition |= grant_condition(grant, model)
    return condition


def divisions_of(actor: Actor | None) -> Q:
    """Condition on `Division`: those at or below the actor's grants (any role)."""
    if actor is None:
        return NO_ROWS
    if actor.system:
        return Q()
    if not actor.grants:
        return NO_ROWS
    condition = Q()
    for grant in actor.grants:
        condition |= Q(path__startswith=grant.division.path)
    return condition


register("core.read_system", _("查看系统页面"), {RoleGrant.Role.ADMIN, RoleGrant.Role.AUDITOR})
register("core.read_places", _("查看行政区划与工作日历"), set(RoleGrant.Role) - OUTSIDE)
register("core.manage_people", _("管理人员与角色"), {RoleGrant.Role.ADMIN})
register(
    "core.manage_departments",
    _("管理部门与名称"),
    {RoleGrant.Role.ADMIN, RoleGrant.Role.OFFICER, RoleGrant.Role.ISSUER},
)
register("core.manage_divisions", _("管理行政区划"), {RoleGrant.Role.ADMIN})
register("core.manage_calendar", _("维护工作日历"), {RoleGrant.Role.ADMIN})
register("core.read_audit", _("查看审计记录"), {RoleGrant.Role.AUDITOR})
register("core.verify_audit", _("校验审计链"), {RoleGrant.Role.AUDITOR, RoleGrant.Role.ADMIN})
