"""What places say of supervision: their offices, the versions of their rules, which place a duty belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q, QuerySet

from soildesk.core.models import Department, Division
from soildesk.core.models.places import valid_on
from soildesk.core.permissions import Actor, divisions_of
from soildesk.supervision.models import Office, SlipRules
from soilrules.supervision.authorities import Body
from soilrules.supervision.slips import Rules, RulesSince, customary, with_changes


def places() -> list[Division]:
    """The places that have rules of their own, those farther down first."""
    rows = Division.objects.filter(pk__in=SlipRules.objects.values("division_id"))
    return sorted(rows, key=lambda one: -len(one.path))


def place_of(path: str) -> Division | None:
    """The place whose rules hold for what lies at a path: the nearest one above it."""
    return next((one for one in places() if path.startswith(one.path)), None)


def of_place(place: Division, known: Iterable[Division]) -> Q:
    """Rows that belong to a place and to none of the places below it that have rules of their own."""
    rows = Q(division_path__startswith=place.path)
    for other in known:
        if other.path != place.path and other.path.startswith(place.path):
            rows &= ~Q(division_path__startswith=other.path)
    return rows


def versions_of(place: Division) -> list[RulesSince]:
    """The versions of a place by their days; where supervision is switched off a version holds no rules."""
    rows = SlipRules.objects.filter(division=place).order_by("since", "id")
    return [RulesSince(row.since, rules_of(row)) for row in rows]


def rules_of(row: SlipRules) -> Rules | None:
    """The rules of a version: the customary ones with what the office changed."""
    return with_changes(customary(), row.changes, row.colours) if row.in_use else None


def version_on(place: Division, day: date) -> SlipRules | None:
    """The version that holds on a day."""
    return SlipRules.objects.filter(division=place, since__lte=day).order_by("since", "id").last()


def offices(actor: Actor, on: date) -> QuerySet[Office]:
    """What departments are in supervision on a day, in the places the actor sees."""
    rows = Office.objects.visible_to(actor).filter(valid_on(on))
    return rows.select_related("division", "department").order_by("-division__path", "body", "id")


def bodies_of(department: Department | None, on: date) -> frozenset[Body]:
    """What a department is in supervision on a day."""
    if department is None:
        return frozenset()
    rows = Office.objects.filter(valid_on(on), department=department)
    return frozenset(Body(one) for one in rows.values_list("body", flat=True))


def office_of(place: Division, body: Body, on: date) -> Department | None:
    """The department that is this body of a place on a day."""
    row = Office.objects.filter(valid_on(on), division=place, body=body.value).select_related("department").first()
    return row.department if row else None


def who_may(bodies: Sequence[Body], place: Division, on: date) -> list[Department]:
    """The departments of a place that are one of these bodies."""
    rows = Office.objects.filter(valid_on(on), division=place, body__in=[one.value for one in bodies])
    return [row.department for row in rows.select_related("department")]


def place_for(actor: Actor) -> Division | None:
    """The place an actor works in: where rules stand, else that of the department, else the first one of the actor's."""
    own = actor.person.department.division if actor.person and actor.person.department else None
    rows = Division.objects.filter(divisions_of(actor) & valid_on(actor.today)).order_by("path")
    return (place_of(own.path) if own else None) or own or rows.first()


def above(place: Division, on: date) -> list[tuple[int, str]]:
    """The departments of the places above, which may be the superior."""
    codes = place.path.split("/")[:-2]
    paths = ["/".join(codes[: depth + 1]) + "/" for depth in range(len(codes))]
    rows = Department.objects.filter(valid_on(on), division__path__in=paths).select_related("division")
    return [(one.pk, f"{one.name}（{one.division.name}）") for one in rows]
