"""Versions: nothing is edited in place, and every day answers as it did and as it was known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import box

from desk.conftest import World
from soildesk.core import versions
from soildesk.core.permissions import system_actor
from soildesk.core.versions import Recording, VersionRefused
from soildesk.land.models import UnusedLand, UnusedLandVersion

pytestmark = [pytest.mark.store, pytest.mark.django_db]
BEGUN, CHANGED = date(2024, 1, 1), date(2026, 3, 1)
MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BY = system_actor("test", date(2026, 3, 2))


def recorded(hours: int = 0, why: str = "核实") -> Recording:
    """A recording some hours after the first."""
    return Recording(BY, MORNING + timedelta(hours=hours), why)


@pytest.fixture
def version(world: World) -> UnusedLandVersion:
    """A thing with its first version."""
    office = world.departments["ecology"]
    facts = {
        "land": UnusedLand.objects.create(number="W-1"), "name": "河滩", "kind": "shoal", "keeper": office, "area_m2": 1.0,
        "geometry": box(116, 36, 116.1, 36.1), "division_path": world.district.path, "owner_department": office,
    }  # fmt: skip
    return versions.first(UnusedLandVersion, facts, since=BEGUN, until=None, recording=recorded(why="首次登记"))


def named(on: date, known_on: datetime | None = None) -> list[str]:
    """The names standing on a day."""
    return list(UnusedLandVersion.objects.standing(on, known_on).values_list("name", flat=True))


def test_a_change_counts_from_its_day_and_the_past_stays(version: UnusedLandVersion) -> None:
    versions.revise(version, {"name": "东河滩"}, since=CHANGED, recording=recorded(1))
    assert named(CHANGED - timedelta(days=1)) == ["河滩"]
    assert named(CHANGED) == ["东河滩"]
    assert named(BEGUN - timedelta(days=1)) == []
    assert named(CHANGED, known_on=MORNING) == ["河滩"]
    assert UnusedLandVersion.objects.filter(superseded_at=None).count() == 2


def test_a_correction_counts_from_the_beginning(version: UnusedLandVersion) -> None:
    versions.revise(version, {"name": "西河滩"}, since=None, recording=recorded(1))
    assert named(BEGUN) == named(CHANGED) == ["西河滩"]
    assert named(BEGUN, known_on=MORNING) == ["河滩"]


def test_what_was_cut_keeps_its_author_and_reason(version: UnusedLandVersion) -> None:
    versions.revise(version, {"name": "东河滩"}, since=CHANGED, recording=recorded(1, "改名通知"))
    before, after = UnusedLandVersion.objects.filter(superseded_at=None).order_by("since")
    assert (before.reason, before.until) == ("首次登记", CHANGED)
    assert (after.reason, after.since, after.until) == ("改名通知", CHANGED, None)


def test_an_end_leaves_the_past(version: UnusedLandVersion) -> None:
    versions.end(version, on=CHANGED, recording=recorded(1))
    assert named(CHANGED - timedelta(days=1)) == ["河滩"]
    assert named(CHANGED) == []
    assert named(CHANGED, known_on=MORNING) == ["河滩"]


@pytest.mark.parametrize(
    ("changes", "since", "why", "code"),
    [
        ({"name": "河滩"}, CHANGED, "核实", "core.version.same"),
        ({"name": "东河滩"}, CHANGED, "  ", "core.version.why_missing"),
        ({"name": "东河滩"}, BEGUN - timedelta(days=1), "核实", "core.version.before"),
    ],
)
def test_what_changes_nothing_or_has_no_reason_or_no_day_is_refused(
    version: UnusedLandVersion, changes: dict[str, str], since: date, why: str, code: str
) -> None:
    with pytest.raises(VersionRefused) as refused:
        versions.revise(version, changes, since=since, recording=recorded(1, why))
    assert refused.value.code == code
    assert UnusedLandVersion.objects.count() == 1


def test_of_two_who_change_the_same_the_second_is_told(version: UnusedLandVersion) -> None:
    versions.revise(version, {"name": "东河滩"}, since=None, recording=recorded(1))
    with pytest.raises(VersionRefused, match="刚被别人改过"):
        versions.revise(version, {"name": "西河滩"}, since=None, recording=recorded(2))


def test_an_end_on_the_first_day_is_refused(version: UnusedLandVersion) -> None:
    with pytest.raises(VersionRefused) as refused:
        versions.end(version, on=BEGUN, recording=recorded(1))
    assert refused.value.code == "core.version.before"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(0, 900), st.booleans()), min_size=1, max_size=6))
def test_every_day_has_one_version_whatever_is_changed(
    version: UnusedLandVersion, steps: list[tuple[int, bool]]
) -> None:
    """After any changes and corrections each day has exactly one version, now and as known at each hour."""
    mine = UnusedLandVersion.objects.filter(land=version.land)
    for hour, (days, corrects) in enumerate(steps, start=1):
        held = mine.standing(BEGUN + timedelta(days=days)).get()
        since = None if corrects else BEGUN + timedelta(days=days)
        versions.revise(held, {"name": f"第{hour}次{mine.count()}"}, since=since, recording=recorded(hour))
    for hour in range(len(steps) + 1):
        for days in (0, 1, 450, 899, 2000):
            known = MORNING + timedelta(hours=hour)
            assert mine.standing(BEGUN + timedelta(days=days), known).count() == 1
    mine.exclude(pk=version.pk).delete()
    mine.update(superseded_at=None, until=None)
