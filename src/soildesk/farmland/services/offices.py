"""Which office an act on farmland belongs to, found by the line of work a department is entered with.

Where a place has no office of the line, another office of it stands in, and only by a paper that says so: it is told, kept
with what was written, and never assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from soildesk.core.models import Department
from soildesk.core.models.places import valid_on
from soildesk.core.permissions import Actor, place_of
from soildesk.farmland.officelines import LINES, Line
from soildesk.farmland.refusals import OfficeRefused

__all__ = ["LINES", "Acting", "Line", "acting", "may_act", "offices_of"]


@dataclass(frozen=True, slots=True)
class Acting:
    """The office that acts; `stands_in` is the paper by which it acts for an office the place does not have."""

    department: Department
    line: Line
    stands_in: str = ""

    @property
    def told(self) -> dict[str, str]:
        """For the audit."""
        said = {"office": self.department.name, "line": str(self.line)}
        return said | ({"stands_in": self.stands_in} if self.stands_in else {})


def offices_of(line: Line, path: str, by: Actor) -> QuerySet[Department]:
    """The offices of a line whose place covers a path, the nearest first."""
    codes = [code for code in path.split("/") if code]
    covering = ["".join(f"{code}/" for code in codes[:end]) for end in range(1, len(codes) + 1)]
    rows = Department.objects.filter(valid_on(by.today), function=str(line), division__path__in=covering)
    return rows.select_related("division").order_by("-division__path", "id")


def acting(by: Actor, line: Line, place: object, stands_in: str = "") -> Acting:
    """The office an actor acts for at a place (a path, or what lies there); refused where the act is another office's.

    A system actor acts for the nearest office of the line. `stands_in` names the paper that lets another office act
    where the place has none of the line.
    """
    path = place if isinstance(place, str) else place_of(place)
    nearest = offices_of(line, path, by).first()
    own = by.person.department if by.person else nearest
    if own is not None and own.function == line and path.startswith(own.division.path):
        return Acting(own, line)
    if nearest is not None:
        raise OfficeRefused(
            _("这件事由%(line)s办理：请由%(office)s登记。") % {"line": LINES[line], "office": nearest.name},
            code="farmland.office.other",
        )
    if own is None or not path.startswith(own.division.path):
        raise OfficeRefused(
            _("本地没有登记%(line)s，也没有可以代为办理的部门：请系统管理员先登记部门。") % {"line": LINES[line]},
            code="farmland.office.nobody",
        )
    if not stands_in.strip():
        raise OfficeRefused(
            _("本地没有%(line)s：由%(office)s代为办理的，请写明依据的文件（三定方案、分工文件等）。")
            % {"line": LINES[line], "office": own.name},
            code="farmland.office.unstated",
        )
    return Acting(own, line, stands_in.strip()[:200])


def may_act(by: Actor, line: Line, place: object) -> bool:
    """Whether the act belongs to the actor's office; where the place has no such office, it may stand in."""
    try:
        acting(by, line, place, "?")
    except OfficeRefused:
        return False
    return True
