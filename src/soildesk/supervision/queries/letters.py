"""Reads of letters: the list, one of them, what of its units' answers an actor sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Count, Model, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core.models import Department, Duty
from soildesk.core.permissions import OF_DEPARTMENT, Actor, grant_covers
from soildesk.kit.languages import called, language, listed
from soildesk.land.queries.choices import keepers
from soildesk.monitoring.queries.network import short_name
from soildesk.plans.queries.states import end_of
from soildesk.supervision.models import Letter, LetterUnit, Talk
from soildesk.supervision.queries import seen
from soildesk.supervision.queries.places import bodies_of, place_for, who_may
from soilrules.supervision import authorities
from soilrules.supervision.authorities import Act

MOST = 12
"""Units offered at once."""
MAIN = Q(units__copied=False)


def letters(actor: Actor | None, on: date) -> QuerySet[Letter]:
    """Letters, with how many units they are addressed to and how many answered."""
    return (
        Letter.objects.visible_to(actor)
        .filter(made_at__lt=end_of(on))
        .annotate(
            issuer=short_name("owner_department"),
            main=Count("units", filter=MAIN),
            answers=Count("units", filter=MAIN & Q(units__answered_on__isnull=False)),
        )
    )


def letter_of(actor: Actor, uid: UUID) -> Letter | None:
    """One letter the actor sees."""
    rows = Letter.objects.visible_to(actor).select_related(
        "owner_department__division", "made_by", "signed_by", "sent_by", "closed_by", "template", "plan", "talk"
    )
    return rows.filter(uid=uid).first()


def unanswered(on: date) -> Q:
    """Letters that wait for an answer."""
    return Q(state=Letter.State.SENT)


def answer_late(on: date) -> Q:
    """Letters some unit has not answered by the day its duty says: an extension may have moved it."""
    late = Duty.objects.late_on(on).filter(subject_type=Letter._meta.label_lower)
    return Q(state=Letter.State.SENT, pk__in=late.values("subject_id"))


def is_answer_late(letter: Letter, on: date) -> bool:
    """The same of one letter."""
    return Letter.objects.filter(answer_late(on), pk=letter.pk).exists()


def sees_all(actor: Actor, letter: Letter) -> bool:
    """Whether every unit's answer is shown: to the office that wrote it, and to those who read the whole place."""
    if actor.system or (actor.person and actor.person.department_id == letter.owner_department_id):
        return True
    whole = (grant for grant in actor.grants if grant.role not in OF_DEPARTMENT and grant.department_id is None)
    return any(grant_covers(grant, letter) for grant in whole)


def rows_of(actor: Actor, letter: Letter) -> list[LetterUnit]:
    """The units of a letter; somebody of a unit sees that of the own unit alone."""
    rows = letter.units.select_related("department", "received_by", "answered_by")
    if not sees_all(actor, letter):
        rows = rows.filter(department_id__in=own_departments(actor))
    return list(rows)


def own_departments(actor: Actor) -> set[int]:
    """The departments somebody works for."""
    named = {grant.department_id for grant in actor.grants if grant.department_id}
    own = actor.person.department_id if actor.person else None
    return named | ({own} if own else set())


def row_of(actor: Actor, pk: int) -> LetterUnit | None:
    """One row whose files an actor may read."""
    row = LetterUnit.objects.filter(pk=pk).select_related("letter").first()
    if row is None or not Letter.objects.visible_to(actor).filter(pk=row.letter_id).exists():
        return None
    return row if sees_all(actor, row.letter) or row.department_id in own_departments(actor) else None


def body_of(letter: Letter) -> str:
    """The body a proposal was put to."""
    row = letter.units.filter(copied=False).select_related("department").first()
    return row.department.name if row else ""


def talk_of(letter: Letter) -> Talk | None:
    """The talk a letter led to."""
    return Talk.objects.filter(letter=letter).first()


def links_of(actor: Actor, *rows: Model) -> list[tuple[str, str]]:
    """Letters drafted from records, the last one first, each with its page."""
    sources = [Q(source_type=row._meta.label_lower, source_id=row.pk) for row in rows]
    found = Letter.objects.visible_to(actor).filter(reduce(or_, sources)).order_by("-made_at")
    return [
        (f"{one.number} {one.title}".strip(), reverse("kit:record", args=["letters", str(one.uid)])) for one in found
    ]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of letter: whether the actor's office may write it, else why not and what it may propose."""

    act: Act
    request: bool
    title: str
    stopped_by: str = ""


def kinds(actor: Actor) -> list[Kind]:
    """What the actor's office may sign in its own name, and what it may propose to others."""
    own = bodies_of(actor.person.department if actor.person else None, actor.today)
    place = place_for(actor)
    found = []
    for value, title in Letter.ACTS:
        act = Act(value)
        answer = authorities.asked(act, own)
        known = listed(who_may(answer.bodies, place, actor.today)) if place else ""
        why = "" if answer.allowed else answer.message.sentence(language()) + (f"（{known}）" if known else "")
        if act is not Act.LIMIT:
            found.append(Kind(act, False, str(title), why))
        if answer.proposes:
            found.append(Kind(act, True, request_title(act)))
    return found


def request_title(act: Act) -> str:
    """What a proposal is called."""
    if act is Act.LIMIT:
        return _("区域限批建议（提请）")
    return _("%(act)s提请") % {"act": called(authorities.authorities()[act])}


def title_of(letter: Any) -> str:
    """What kind of letter it is."""
    return request_title(Act(letter.act)) if letter.request else str(letter.get_act_display())


def receivers(actor: Actor, act: Act, request: bool) -> list[tuple[int, str]]:
    """Whom a letter of a kind may be addressed to."""
    if request:
        place = place_for(actor)
        bodies = authorities.authorities()[act].bodies
        return [(one.pk, one.name) for one in who_may(bodies, place, actor.today)] if place else []
    own = actor.person.department_id if actor.person else None
    return [(pk, label) for pk, label in keepers(actor, actor.today) if pk != own]


def owing(actor: Actor) -> list[tuple[Department, int]]:
    """The departments with overdue matters, most first: a letter may speak of all of them."""
    late = seen.matters(actor, actor.today).filter(seen.late_on(actor.today))
    counts = late.order_by().values_list("unit").annotate(n=Count("pk")).order_by("-n", "unit")
    rows = list(counts[:MOST])
    found = Department.objects.in_bulk([pk for pk, _n in rows])
    return [(found[pk], n) for pk, n in rows]


def departments(keys: Sequence[int]) -> list[Department]:
    """Departments by their keys, in that order."""
    found = Department.objects.in_bulk(list(keys))
    return [found[key] for key in keys if key in found]
