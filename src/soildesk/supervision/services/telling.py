"""Whom a slip goes to: the people of the departments it names, by message and, where an address is known, by mail.

Who leads a unit is told what goes to the leader; the others are told everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core.models import Division, Message, Person
from soildesk.supervision.models import Mail, MailAddress, Slip, UnitLeader
from soildesk.supervision.queries.places import office_of
from soilrules.supervision.authorities import Body
from soilrules.supervision.slips import Rules, To

LINES = 40
"""Slips told in one letter; the rest stands on the desk."""


def tell(slips: Sequence[Slip], place: Division, rules: Rules, *, at: datetime, on: date) -> None:
    """One message for each person, one letter for each department with an address, however many slips there are."""
    theirs: dict[int, list[Slip]] = defaultdict(list)
    to_leader: dict[int, list[Slip]] = defaultdict(list)
    offices = {To.CAMPAIGN_OFFICE: Body.CAMPAIGN_OFFICE, To.GOVERNMENT: Body.GOVERNMENT}
    above = {to.value: office_of(place, body, on) for to, body in offices.items()}
    for slip in slips:
        named = {slip.unit_id} if slip.unit_id else set()
        named |= {office.pk for to, office in above.items() if office is not None and to in slip.to}
        for department in named:
            theirs[department].append(slip)
        if slip.unit_id and To.LEADER.value in slip.to:
            to_leader[slip.unit_id].append(slip)
    names = {colour.value: name for colour, name in rules.colours.items()}
    people = Person.objects.working_in(theirs)
    leaders = set(UnitLeader.objects.values_list("person_id", "department_id"))
    told = (
        (person, (to_leader if (person, department) in leaders else theirs)[department])
        for person, department in people.values_list("pk", "department_id")
    )
    Message.objects.bulk_create(
        (
            Message(person_id=person, text=_text(those, names)[:300], link=_link(those))
            for person, those in told
            if those
        ),
        batch_size=500,
    )
    addresses = MailAddress.objects.filter(department_id__in=theirs).values_list("department_id", "address")
    Mail.objects.bulk_create(
        Mail(
            to=address,
            subject=" ".join(_text(theirs[department], names).split())[:200],
            body=_letter(theirs[department], names),
            queued_at=at,
            next_try_at=at,
        )
        for department, address in addresses
    )


def tell_units(departments: Iterable[int], text: str, link: str) -> None:
    """A message with a link for everybody of these departments."""
    people = Person.objects.working_in(departments)
    Message.objects.bulk_create(
        [Message(person_id=pk, text=text[:300], link=link) for pk in people.values_list("pk", flat=True)],
        batch_size=500,
    )


def _text(slips: Sequence[Slip], names: Mapping[str, str]) -> str:
    if len(slips) == 1:
        (slip,) = slips
        told = {"name": names[slip.colour], "number": slip.number, "title": slip.title[:120], "why": slip.why}
        return _("%(name)s%(number)s：%(title)s。%(why)s") % told
    counts = [
        _("%(name)s %(n)d 件") % {"name": name, "n": n}
        for colour, name in names.items()
        if (n := sum(one.colour == colour for one in slips))
    ]
    return _("督办：%(counts)s。请查看并答复。") % {"counts": "，".join(counts)}


def _link(slips: Sequence[Slip]) -> str:
    if len(slips) == 1:
        return reverse("kit:record", args=["slips", str(slips[0].uid)])
    return f"{reverse('kit:collection', args=['slips'])}?state=waiting"


def _letter(slips: Sequence[Slip], names: Mapping[str, str]) -> str:
    lines = [
        f"{names[one.colour]} {one.number} {one.on}\n{one.title}\n{one.why}"
        + ("\n" + _("请于 %(day)s 前答复。") % {"day": one.answer_by} if one.answer_by else "")
        for one in slips[:LINES]
    ]
    if len(slips) > LINES:
        lines.append(_("另有 %(n)d 件，请登录系统查看。") % {"n": len(slips) - LINES})
    return "\n\n".join(lines)
