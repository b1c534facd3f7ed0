"""The county the tests of monitoring stand on is made by services, and shows what it says."""

from __future__ import annotations

from typing import Any

import pytest
from monitoring_world import SAMPLED_KEYS, county

from soildesk.core import audit
from soildesk.core.models import Duty
from soildesk.monitoring.models import Custody, FieldRecord, PointVersion, PublicPoint, SamplingTask

pytestmark = [pytest.mark.django_db, pytest.mark.store]


def test_everything_stands_and_the_chain_holds(world: Any) -> None:
    net = county(world)
    officer = world.actor("officer")
    assert PointVersion.objects.visible_to(officer).count() == 12
    assert PointVersion.objects.visible_to(world.actor("stranger")).count() == 0
    assert PublicPoint.objects.count() == 2
    assert net.campaign.state == "running"
    states = list(SamplingTask.objects.values_list("state", flat=True))
    assert states.count("received") == len(SAMPLED_KEYS) + 1
    assert FieldRecord.objects.count() == len(SAMPLED_KEYS) + 1
    assert Custody.objects.count() == 2 * (len(SAMPLED_KEYS) + 1)
    assert Duty.objects.for_subject(net.campaign).count() == 3
    assert audit.verify().ok
