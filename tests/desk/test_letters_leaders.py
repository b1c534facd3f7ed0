"""Who leads a unit is told what goes to the leader, and no less is told to the others."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from desk.supervision_world import Supervised, morning
from soildesk.core.models import Message, Person, RoleGrant
from soildesk.core.permissions import NotAllowed
from soildesk.supervision.models import UnitLeader
from soildesk.supervision.refusals import SupervisionRefused
from soildesk.supervision.services import leaders

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Supervised:
    monkeypatch.setenv("SOILDESK_TODAY", TODAY.isoformat())
    made = Supervised(world)
    unit = world.departments["agriculture"]
    head = Person.objects.create(username="head", name="局长", department=unit)
    RoleGrant.objects.create(person=head, role=RoleGrant.Role.DEPARTMENT, division=world.district, department=unit)
    world.people["head"] = head
    return made


def messages(made: Supervised, who: str) -> int:
    return Message.objects.filter(person=made.world.people[who]).count()


def test_the_leader_gets_what_goes_to_the_leader_alone(made: Supervised) -> None:
    unit, chief = made.world.departments["agriculture"], made.world.people["chief"]
    by = made.act("chief").by
    leaders.name(unit, made.world.people["head"], by=by, at=morning(TODAY))
    made.matter("快到期的", due=date(2026, 11, 24))
    made.run(date(2026, 11, 19))
    assert (messages(made, "agriculture") > 0, messages(made, "head")) == (True, 0)
    duty = made.matter("已逾期的", due=date(2026, 11, 18))
    made.run(TODAY)
    red = made.slips(duty)[-1]
    assert "leader" in red.to
    assert Message.objects.filter(person=made.world.people["head"]).count() == 1
    assert chief is not None


def test_without_a_named_leader_everybody_of_the_unit_is_told(made: Supervised) -> None:
    made.matter("快到期的", due=date(2026, 11, 24))
    made.run(TODAY)
    assert messages(made, "head") == messages(made, "agriculture") > 0


def test_a_leader_works_for_the_unit_and_is_named_by_the_office(made: Supervised) -> None:
    unit, head = made.world.departments["agriculture"], made.world.people["head"]
    with pytest.raises(SupervisionRefused, match="不是"):
        leaders.name(unit, made.world.people["officer"], by=made.act("chief").by, at=morning(TODAY))
    with pytest.raises(NotAllowed):
        leaders.name(unit, head, by=made.act("agriculture").by, at=morning(TODAY))
    client = Client()
    client.force_login(made.world.people["chief"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("supervision:name_leader"), {"person": "x"}).status_code == 404
    assert client.post(reverse("supervision:name_leader"), {"person": str(head.pk)}).status_code == 302
    row = UnitLeader.objects.get()
    assert "局长" in client.get(reverse("supervision:rules")).content.decode()
    assert client.post(reverse("supervision:remove_leader", args=[row.pk])).status_code == 302
    assert not UnitLeader.objects.exists()
