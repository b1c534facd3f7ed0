"""Messages to the people of a unit when the office needs them to look again."""

from __future__ import annotations

from soildesk.core import clock
from soildesk.core.models import Message, Person
from soildesk.plans.addresses import task_address
from soildesk.plans.models import Assignment


def tell_unit(assignment: Assignment, text: str) -> None:
    """Leave `text` with a link to the task for everybody of the unit whose account is switched on."""
    link = task_address(assignment.task.uid, clock.today())
    people = Person.objects.working_in([assignment.department_id])
    Message.objects.bulk_create(Message(person=person, text=text[:300], link=link) for person in people)
