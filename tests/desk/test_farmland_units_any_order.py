"""Whatever is divided, joined, reshaped or adjusted, and in whichever order: no ground is lost, and none changes its class
but by a decision that names its unit."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import shapely
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from desk import farmland_world
from desk.conftest import made_world
from desk.land_world import square
from soildesk.core.errors import Refusal
from soildesk.farmland.models import UnitClass, UnitVersion
from soildesk.farmland.services import lineage
from soildesk.farmland.services.lineage import Paper, Piece

FIRST = date(2022, 1, 1)
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
CLASSES = ("priority", "safe_use", "strict")
SPOTS = [square(east + x, 0, 0.01, 0.01).centroid for east in range(3) for x in (0.13, 0.38, 0.63, 0.88)]


class Ground:
    """Three units side by side, each of a class, and whatever becomes of them; a day for each act."""

    def __init__(self) -> None:
        self.world = made_world()
        self.officer = self.world.actor("officer")
        self.day = FIRST
        made = [
            farmland_world.unit(self.world, f"甲{east}", square(east, 0), area_of_record_m2=40_000) for east in range(3)
        ]
        farmland_world.approved(
            self.world, {one.unit: kind for one, kind in zip(made, ("safe_use", "safe_use", "strict"), strict=True)}
        )
        self.expected = [("safe_use", "safe_use", "strict")[at // 4] for at in range(len(SPOTS))]

    def standing(self) -> list[UnitVersion]:
        return list(UnitVersion.objects.standing(self.day).select_related("unit").order_by("unit__number"))

    def step(self, what: str, which: int, share: float) -> None:
        """One act on the next day; what is refused changes nothing."""
        self.day += timedelta(days=1)
        rows = self.standing()
        one = rows[which % len(rows)]
        others = [
            each for each in rows if each.pk != one.pk and shapely.intersection(each.geometry, one.geometry).length > 0
        ]
        with suppress(Refusal), transaction.atomic():
            getattr(self, what)(one, others, share)

    def split(self, one: UnitVersion, others: list[UnitVersion], share: float) -> None:
        west, south, east, north = one.geometry.bounds
        middle = west + (east - west) * share
        pieces = [
            shapely.intersection(one.geometry, shapely.box(*edges))
            for edges in ((west, south, middle, north), (middle, south, east, north))
        ]
        lineage.split(one, [Piece(each) for each in pieces], Paper(self.day, "拆分"), by=self.officer, at=AT)

    def merge(self, one: UnitVersion, others: list[UnitVersion], share: float) -> None:
        lineage.merge([one, *others[:1]], {}, Paper(self.day, "合并"), by=self.officer, at=AT)

    def reshape(self, one: UnitVersion, others: list[UnitVersion], share: float) -> None:
        together = shapely.union_all([one.geometry, others[0].geometry]) if others else one.geometry
        west, south, east, north = together.bounds
        middle = west + (east - west) * share
        news = [
            shapely.intersection(together, shapely.box(*edges))
            for edges in ((west, south, middle, north), (middle, south, east, north))
        ]
        lineage.reshape(
            list(zip([one, *others[:1]], news, strict=False)), Paper(self.day, "调整"), by=self.officer, at=AT
        )

    def adjust(self, one: UnitVersion, others: list[UnitVersion], share: float) -> None:
        kind = CLASSES[int(share * 100) % 3]
        farmland_world.approved(
            self.world,
            {one.unit: kind},
            since=self.day,
            number=f"示政函〔2022〕{self.day.timetuple().tm_yday}号",
            at=AT,
        )
        for at, spot in enumerate(SPOTS):
            if one.geometry.covers(spot):
                self.expected[at] = kind

    def classes(self) -> list[str]:
        """The class of each spot."""
        held = dict(UnitClass.objects.standing(self.day).values_list("unit", "farmland_class"))
        rows = self.standing()
        return [next(held[one.unit_id] for one in rows if one.geometry.covers(spot)) for spot in SPOTS]


STEPS = st.tuples(
    st.sampled_from(["split", "merge", "reshape", "adjust"]), st.integers(0, 9), st.sampled_from([0.25, 0.5, 0.75])
)


@pytest.mark.django_db
@settings(max_examples=8, deadline=None)
@given(steps=st.lists(STEPS, min_size=2, max_size=7))
def test_no_order_of_changes_loses_ground_or_its_class(steps: list[tuple[str, int, float]]) -> None:
    with transaction.atomic():
        ground = Ground()
        whole = sum(one.area_m2 for one in ground.standing())
        for what, which, share in steps:
            ground.step(what, which, share)
            rows = ground.standing()
            assert sum(one.area_m2 for one in rows) == pytest.approx(whole, abs=1e-4)
            assert sum(one.area_of_record_m2 for one in rows) == Decimal(120_000)
            assert ground.classes() == ground.expected
            periods = defaultdict(list)
            for one in UnitClass.objects.filter(superseded_at=None).order_by("since"):
                periods[one.unit_id].append((one.since, one.until or date.max))
            for each in periods.values():
                assert all(before[1] <= after[0] for before, after in zip(each, each[1:], strict=False))
        transaction.set_rollback(True)
