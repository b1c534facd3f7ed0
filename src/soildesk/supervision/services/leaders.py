"""Who leads a unit, as far as supervision writes to it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.models import Department, Person
from soildesk.core.permissions import Actor, require
from soildesk.supervision.models import UnitLeader
from soildesk.supervision.refusals import SupervisionRefused
from soildesk.supervision.services.ruling import RULES


@transaction.atomic
def name(department: Department, person: Person | None, *, by: Actor, at: datetime) -> UnitLeader | None:
    """Say who leads a department: one of its own people. Nobody: what goes to the leader goes to all of them."""
    require(by, RULES, department)
    if person is not None and (person.department_id != department.pk or not person.is_active):
        raise SupervisionRefused(
            _("%(person)s不是%(unit)s的在用人员：请选择本单位的人员。") % {"person": person, "unit": department},
            code="supervision.leader.person",
        )
    if person is None:
        UnitLeader.objects.filter(department=department).delete()
        made = None
    else:
        made, _new = UnitLeader.objects.update_or_create(department=department, defaults={"person": person})
    data = {"set": made is not None}
    audit.record("supervision.leader.named", subject=department, by=by, at=at, data=data)
    return made
