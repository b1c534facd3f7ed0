"""The example's farmland as bin/demo loads it: classes are looked at again by a round that has points in many units."""

from __future__ import annotations

from collections import Counter

import pytest

from soildesk.farmland.models import Classification, UnitProposal
from soildesk.monitoring.models import Alert, Campaign, Expected

pytestmark = pytest.mark.usefixtures("demo_home", "db")


def test_the_whole_place_is_put_into_classes_as_far_as_there_are_points() -> None:
    held = Classification.objects.get(title__contains="类别复核")
    measured = UnitProposal.objects.filter(classification=held, superseded_at=None).exclude(detail__points=[])
    found = Counter(measured.values_list("proposed", flat=True))
    few = [one for one in measured if 0 < len(one.detail["produce"]) < 3]

    assert measured.count() >= 30
    assert set(found) == {"priority", "safe_use", "strict", ""}
    assert {"cadmium", "cadmium、lead", "arsenic"} <= set(measured.values_list("controlling", flat=True))
    assert few and all(one.proposed == one.soil_only for one in few), "two samples of produce change nothing"
    assert any(one.soil_only == "strict" and one.proposed == "safe_use" for one in measured), "three good ones do"


def test_what_was_expected_in_classed_ground_is_no_warning() -> None:
    campaign = Campaign.objects.get(title__contains="（加密）")

    assert Expected.objects.filter(result__batch__campaign=campaign, superseded_at=None).count() == 29
    assert set(Alert.objects.filter(campaign=campaign).values_list("state", flat=True)) == {"closed"}
