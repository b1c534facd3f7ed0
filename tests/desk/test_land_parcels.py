"""Parcels: registered, changed, corrected and ended by acts that refuse in words; what was known when stays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import shapely
from land_world import AT, SINCE, county, parcel, place, square

from soildesk.core.models import AuditEntry, RoleGrant
from soildesk.core.permissions import NotAllowed
from soildesk.core.versions import Recording, VersionRefused
from soildesk.land import landuse
from soildesk.land.models import LineageEvent, ParcelVersion
from soildesk.land.queries import standing
from soildesk.land.refusals import ParcelRefused, ShapeRefused
from soildesk.land.services import lineage, parcels
from soildesk.land.services.lineage import Paper
from soildesk.land.services.writing import Place

pytestmark = [pytest.mark.django_db, pytest.mark.store]
JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)
LATER = datetime(2026, 8, 1, 2, 0, tzinfo=UTC)


def why(world: Any, at: datetime = LATER, who: str = "officer", reason: str = "核实后更正") -> Recording:
    """Who writes, when, why."""
    return Recording(world.actor(who), at, reason)


def refused(code: str) -> Any:
    """The act is refused with this code."""
    return pytest.raises((ParcelRefused, ShapeRefused), check=lambda error: error.code == code)


class TestRegistering:
    """A parcel gets a number, its computed area and one audit entry."""

    def test_the_area_is_that_of_the_ellipsoid(self, world: Any) -> None:
        made = parcel(world, square(0, 0))
        assert made.area_m2 == pytest.approx(39_970, rel=0.01)
        entry = AuditEntry.objects.latest("id")
        assert (entry.act, entry.data["parcel"]) == ("land.parcel.registered", made.parcel.number)
        assert entry.division_path.endswith("990101100/")

    @pytest.mark.parametrize(
        ("shape", "code"),
        [
            (None, "land.shape.missing"),
            (shapely.Polygon(), "land.shape.empty"),
            (shapely.Point(114, 34), "land.shape.not_polygon"),
            (shapely.box(34.70, 114.3, 34.71, 114.31), "land.shape.outside"),
            (shapely.Polygon([(114, 34), (114.01, 34.01), (114.01, 34), (114, 34.01)]), "land.shape.broken"),
        ],
    )
    def test_a_shape_that_is_no_ground_is_refused(self, world: Any, shape: Any, code: str) -> None:
        with refused(code):
            parcel(world, shape)

    @pytest.mark.parametrize(
        ("facts", "code"),
        [
            ({"colour": "red"}, "land.parcel.unknown_fact"),
            ({"use_now": "99", "use_system": "guide2023"}, "land.parcel.use_unknown"),
            ({"use_now": "X1"}, "land.parcel.use_unknown"),
            ({"area_of_record_m2": "-3"}, "land.parcel.area_of_record"),
            ({"area_of_record_m2": "NaN"}, "land.parcel.area_of_record"),
            ({"area_of_record_m2": "12亩"}, "land.parcel.area_of_record"),
        ],
    )
    def test_facts_that_cannot_be_are_refused(self, world: Any, facts: dict[str, Any], code: str) -> None:
        with refused(code):
            parcel(world, square(0, 0), **facts)

    def test_words_of_use_become_codes_and_letters_say_their_standard(self, world: Any) -> None:
        made = parcel(world, square(0, 0), use_system="guide2023", use_now="工业用地", use_planned="R2")
        assert (made.use_now, made.use_planned, made.use_system) == ("1001", "R2", "guide2023")
        (row,) = standing.parcels(world.actor("officer"), JULY).filter(parcel=made.parcel).values("use_class")
        assert row["use_class"] == "guide2023:10"
        assert landuse.shown("guide2023", "R2") == "R2 二类居住用地"

    @pytest.mark.parametrize(
        ("text", "system", "code"),
        [
            ("0701", "", "0701"),  # 城镇住宅用地 of the survey of land and of the guide of 2023
            ("080403", "guide2023", "080403"),  # of the guide alone
            ("A33", "", "A33"),
            ("0701 （未注明分类标准）", "", "0701"),
            ("A33 中小学用地", "", "A33"),
        ],
    )
    def test_digits_without_a_classification_are_kept_and_said(
        self, world: Any, text: str, system: str, code: str
    ) -> None:
        made = parcel(world, square(0, 0), use_now=text)
        assert (made.use_system, made.use_now) == (system, code)
        assert ("未注明" in landuse.shown(made.use_system, made.use_now)) == (code == "0701")

    def test_a_code_and_a_ground_stand_once(self, world: Any) -> None:
        parcel(world, square(0, 0), code="A-1")
        with refused("land.parcel.code_taken"):
            parcel(world, square(3, 3), code="A-1")
        with refused("land.parcel.duplicate"):
            parcel(world, square(0, 0))
        assert parcel(world, square(0, 0), kind="lot", code="A-1").pk  # another kind of parcel is another register

    def test_tomorrow_is_not_a_fact_yet(self, world: Any) -> None:
        with refused("land.parcel.future"):
            parcel(world, square(0, 0), since=world.day + timedelta(days=1))

    @pytest.mark.parametrize("name", ["reader", "agriculture", "town", "stranger", "admin", "auditor"])
    def test_only_the_offices_of_the_place_register(self, world: Any, name: str) -> None:
        with pytest.raises(NotAllowed):
            parcels.register({"geometry": square(0, 0)}, place(world), since=SINCE, by=world.actor(name), at=AT)
        assert not ParcelVersion.objects.exists()


class TestChanging:
    """A change counts from a day, a correction from the beginning; both leave what was known."""

    def test_a_change_and_a_correction_through_time(self, world: Any) -> None:
        a = county(world).parcels["a"]
        parcels.change(a, {"holder": "青禾区土地储备中心"}, since=JUNE, recording=why(world, reason="收储"))
        actor, before = world.actor("officer"), datetime(2026, 3, 1, tzinfo=UTC)

        def holder(on: date, known_on: datetime | None = None) -> str:
            return standing.parcels(actor, on, known_on).get(parcel=a.parcel).holder

        assert [holder(date(2026, 5, 31)), holder(JUNE)] == ["青禾农化有限公司", "青禾区土地储备中心"]
        assert holder(JULY, before) == "青禾农化有限公司"
        held = standing.parcels(actor, JULY).get(parcel=a.parcel)
        parcels.change(held, {"holder": "青禾区土储中心"}, since=None, recording=why(world, LATER + timedelta(days=1)))
        assert holder(JUNE) == "青禾区土储中心"
        assert holder(JUNE, LATER) == "青禾区土地储备中心"

    def test_refusals(self, world: Any) -> None:
        a = county(world).parcels["a"]
        with pytest.raises(VersionRefused, check=lambda e: e.code == "core.version.why_missing"):
            parcels.change(a, {"name": "甲"}, since=JUNE, recording=why(world, reason=" "))
        with pytest.raises(VersionRefused, check=lambda e: e.code == "core.version.same"):
            parcels.change(a, {"name": a.name}, since=JUNE, recording=why(world))
        with refused("land.parcel.code_taken"):
            parcels.change(a, {"code": "DK-B"}, since=JUNE, recording=why(world))
        with refused("land.parcel.future"):
            parcels.change(a, {"name": "甲"}, since=world.day + timedelta(days=1), recording=why(world))
        with pytest.raises(NotAllowed):
            parcels.change(a, {"name": "甲"}, since=JUNE, recording=why(world, who="stranger"))
        parcels.change(a, {"name": "甲"}, since=JUNE, recording=why(world))
        with pytest.raises(VersionRefused, check=lambda e: e.code == "core.version.stale"):
            parcels.change(a, {"name": "乙"}, since=JUNE, recording=why(world))

    def test_ground_that_moves_from_a_day_is_a_boundary_event(self, world: Any) -> None:
        a = parcel(world, square(0, 0))
        moved = parcels.change(a, {"geometry": square(0, 0, 1.5)}, since=JUNE, recording=why(world))
        event = LineageEvent.objects.get()
        assert (event.kind, event.on, event.links.get().area_m2) == ("boundary", JUNE, pytest.approx(a.area_m2))
        assert moved.area_m2 == pytest.approx(1.5 * a.area_m2, rel=1e-3)

    def test_ground_drawn_wrong_is_corrected_unless_the_lineage_counts_on_it(self, world: Any) -> None:
        land = county(world)
        d = parcels.change(land.parcels["d"], {"geometry": square(0, 1, 1, 0.9)}, since=None, recording=why(world))
        assert not LineageEvent.objects.exists()
        assert d.since == SINCE
        merged = lineage.merge(
            [land.parcels["a"], land.parcels["b"]], {}, Paper(JUNE, "合并"), by=world.actor("officer"), at=LATER
        )
        old = ParcelVersion.objects.get(parcel=land.parcels["a"].parcel, superseded_at=None)
        for version, shape in ((old, square(0, 0, 0.9)), (merged, square(0, 0, 1.9))):
            with refused("land.parcel.lineage_fixed"):
                parcels.change(version, {"geometry": shape}, since=None, recording=why(world))

    def test_ending_and_other_codes(self, world: Any) -> None:
        land = county(world)
        a, b = land.parcels["a"], land.parcels["b"]
        ended = parcels.end(a, on=JUNE, recording=why(world, reason="重复登记"))
        actor = world.actor("officer")
        assert ended.parcel_id not in standing.parcels(actor, JUNE).values_list("parcel", flat=True)
        assert ended.parcel_id in standing.parcels(actor, date(2026, 5, 31)).values_list("parcel", flat=True)
        with refused("land.parcel.later_versions"):
            parcels.end(ended, on=date(2026, 3, 1), recording=why(world))
        parcels.set_code(b, "不动产单元号", "990101100001GB00001", by=actor, at=LATER)
        for scheme, code, expected in (
            ("不动产单元号", "990101100001GB00001", "code_exists"),
            ("", "1", "code_missing"),
        ):
            with refused(f"land.parcel.{expected}"):
                parcels.set_code(b, scheme, code, by=actor, at=LATER)


def test_another_district_sees_nothing_and_the_public_nothing(world: Any) -> None:
    land = county(world)
    assert set(standing.parcels(world.actor("stranger"), SINCE).values_list("parcel", flat=True)) == {
        land.parcels["e"].parcel_id
    }
    assert not standing.parcels(None, SINCE).exists()
    assert standing.parcels(world.actor("town"), SINCE).count() == 4


class TestNaturalResourcesKeepParcels:
    """The parcel the gate asks for is registered by the unit whose record it is; other units may not."""

    def natural(self, world: Any) -> Any:
        """A person of the natural resources bureau, by role no officer."""
        grant = RoleGrant.objects.filter(person=world.people["agriculture"])
        grant.update(department=world.departments["natural_resources"])
        return world.actor("agriculture")

    def test_it_registers_corrects_and_divides_its_own(self, world: Any) -> None:
        natural = self.natural(world)
        said = {"geometry": square(0, 0), "kind": "plot", "name": "收储地块"}
        where = place(world, keeper="natural_resources")
        made = parcels.register(said, where, since=SINCE, by=natural, at=AT)
        assert ParcelVersion.objects.visible_to(natural).filter(pk=made.pk).exists()
        held = parcels.change(
            made, {"use_planned": "0701"}, since=None, recording=Recording(natural, LATER, "补规划用途")
        )
        assert held.use_planned == "0701"

    def test_it_corrects_what_another_unit_registered_in_its_place_and_reaches_no_other_place(self, world: Any) -> None:
        natural, kept = self.natural(world), parcel(world, square(0, 0))
        held = parcels.change(kept, {"name": "东堆场"}, since=None, recording=Recording(natural, LATER, "更正名称"))
        assert held.name == "东堆场"
        with pytest.raises(NotAllowed, match="赤岩区"):
            parcels.check_new({}, Place(world.other, world.departments["other_ecology"]), since=SINCE, by=natural)

    def test_another_line_of_work_registers_none(self, world: Any) -> None:
        with pytest.raises(NotAllowed, match="登记与变更地块"):
            parcels.register(
                {"geometry": square(0, 0), "kind": "plot"},
                place(world),
                since=SINCE,
                by=world.actor("agriculture"),
                at=AT,
            )
