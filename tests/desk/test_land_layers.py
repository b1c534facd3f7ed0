"""Layers: editions by day and by knowledge, one act to accept, seen by their place only, public when published."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext
from land_world import AT, SINCE, county, edition, place, square

from soildesk.core.models import AuditEntry
from soildesk.core.permissions import NotAllowed
from soildesk.kit import register
from soildesk.kit.seen import all_seen, seen
from soildesk.land.layers import zone_register
from soildesk.land.models import Layer, LayerEdition, Zone
from soildesk.land.queries import standing
from soildesk.land.refusals import LayerRefused
from soildesk.land.services import layers
from soildesk.land.services.layers import EditionFacts, LayerFacts

pytestmark = [pytest.mark.django_db, pytest.mark.store]
JUNE = date(2026, 6, 1)
LATER = datetime(2026, 8, 1, 2, 0, tzinfo=UTC)


def refused(code: str) -> Any:
    """The act is refused with this code."""
    return pytest.raises(LayerRefused, check=lambda error: error.code == f"land.layer.{code}")


def codes(world: Any, layer: Layer, on: date, known_on: datetime | None = None, who: str = "officer") -> list[str]:
    """The zones of a day by code."""
    return sorted(standing.zones(layer, world.actor(who), on, known_on).values_list("code", flat=True))


class TestMaking:
    """A layer has a code of its own."""

    @pytest.mark.parametrize(
        ("facts", "code"),
        [
            (LayerFacts("Red", "红线"), "code"),
            (LayerFacts("1a", "红线"), "code"),
            (LayerFacts("parcels", "红线"), "code"),
            (LayerFacts("unused_land", "红线"), "code"),
            (LayerFacts("control_zones", "管控区"), "code"),  # a register of another room
            (LayerFacts("a", "红线"), "code"),
            (LayerFacts("red_line", " "), "title_missing"),
            (LayerFacts("red_line", "红线", "no_kind"), "kind"),
            (LayerFacts("red_line", "红线", ""), "kind"),
            (LayerFacts("red_line", "红线", attributes=[{"name": ""}]), "attribute"),
            (LayerFacts("red_line", "红线", attributes=[{"name": "a", "type": "blob"}]), "attribute"),
        ],
    )
    def test_what_cannot_be_a_layer_is_refused(self, world: Any, facts: LayerFacts, code: str) -> None:
        with refused(code):
            layers.make(facts, place(world), by=world.actor("officer"), at=AT)

    def test_a_code_stands_once_and_a_layer_is_described_otherwise(self, world: Any) -> None:
        land = county(world)
        with refused("kind"):
            layers.describe(land.layers["red_line"], {"kind": "no_kind"}, by=world.actor("officer"), at=AT)
        with refused("code_taken"):
            layers.make(LayerFacts("water", "水源"), place(world), by=world.actor("officer"), at=AT)
        held = layers.describe(land.layers["water"], {"title": "水源地保护区"}, by=world.actor("officer"), at=AT)
        assert (held.title, held.code) == ("水源地保护区", "water")
        with refused("title_missing"):
            layers.describe(held, {"title": ""}, by=world.actor("officer"), at=AT)
        with pytest.raises(NotAllowed):
            layers.describe(held, {"title": "x"}, by=world.actor("stranger"), at=AT)


class TestEditions:
    """Nobody sees an edition before it is accepted; an earlier knowledge stays as it was."""

    def test_the_next_edition_ends_the_one_before(self, world: Any) -> None:
        red = county(world).layers["red_line"]
        edition(world, red, [{"code": "H2", "geometry": square(1, 0)}], since=JUNE, at=LATER)
        assert codes(world, red, date(2026, 5, 31)) == ["H1"]
        assert codes(world, red, JUNE) == ["H2"]
        assert codes(world, red, JUNE, AT) == ["H1"]  # it was not known yet
        assert codes(world, red, date(2025, 1, 1)) == []

    def test_the_same_first_day_corrects(self, world: Any) -> None:
        red = county(world).layers["red_line"]
        edition(world, red, [{"code": "H1-改", "geometry": square(0, 0, 0.4)}], at=LATER)
        assert codes(world, red, SINCE) == ["H1-改"]
        assert codes(world, red, SINCE, AT) == ["H1"]
        assert LayerEdition.objects.filter(layer=red, superseded_at=LATER).count() == 1
        assert AuditEntry.objects.latest("id").data["corrects"] is True

    def test_an_earlier_edition_brought_in_later_leaves_the_present_one(self, world: Any) -> None:
        red = county(world).layers["red_line"]
        edition(world, red, [{"code": "H0", "geometry": square(0, 0)}], since=date(2020, 1, 1), at=LATER)
        assert codes(world, red, date(2021, 1, 1)) == ["H0"]
        assert codes(world, red, SINCE) == ["H1"]

    def test_loading_is_unseen_and_discarded_without_a_trace(self, world: Any) -> None:
        red, by = county(world).layers["red_line"], world.actor("officer")
        loading = layers.start_edition(red, EditionFacts(JUNE), by=by, at=LATER)
        entries = AuditEntry.objects.count()
        assert layers.add_zones(loading, [{"code": str(n), "geometry": square(n, 0)} for n in range(25)]) == 25
        assert codes(world, red, JUNE) == ["H1"]
        layers.discard(loading)
        assert not Zone.objects.filter(code="24").exists()
        assert AuditEntry.objects.count() == entries

    def test_refusals(self, world: Any) -> None:
        red, by = county(world).layers["red_line"], world.actor("officer")
        held = standing.edition_on(red, SINCE)
        assert held is not None
        for act in (
            lambda: layers.add_zones(held, []),
            lambda: layers.accept(held, by=by, at=LATER),
            lambda: layers.discard(held),
        ):
            with refused("not_loading"):
                act()
        with refused("empty"):
            layers.accept(layers.start_edition(red, EditionFacts(JUNE), by=by, at=LATER), by=by, at=LATER)
        with pytest.raises(NotAllowed):
            layers.start_edition(red, EditionFacts(JUNE), by=world.actor("stranger"), at=LATER)

    def test_levels_are_the_words_of_the_legend(self, world: Any) -> None:
        water = county(world).layers["water"]
        loading = layers.start_edition(
            water, EditionFacts(JUNE, attributes=[{"name": "级别"}]), by=world.actor("officer"), at=LATER
        )
        layers.add_zones(
            loading, [{"geometry": square(0, 0), "attributes": {"级别": "一级保护区"}}, {"geometry": square(1, 0)}]
        )
        assert sorted(loading.zones.values_list("level", flat=True)) == ["", "一级"]
        assert min(loading.zones.values_list("area_m2", flat=True)) > 39_000


class TestPublishing:
    """The public sees what an issuer published, and nothing else."""

    def test_only_the_published_edition_of_the_day(self, world: Any) -> None:
        water = county(world).layers["water"]
        assert standing.public_zones(water, SINCE).count() == 2
        edition(world, water, [{"code": "S3", "geometry": square(2, 0)}], since=JUNE, at=LATER)
        assert standing.public_zones(water, date(2026, 5, 31)).count() == 2
        assert not standing.public_zones(water, JUNE).exists()

    def test_publishing_and_taking_back(self, world: Any) -> None:
        red, issuer = county(world).layers["red_line"], world.actor("issuer")
        held = standing.edition_on(red, SINCE)
        assert held is not None
        assert seen("red_line", None, SINCE) is None
        with pytest.raises(NotAllowed):
            layers.publish(held, by=world.actor("officer"), at=LATER)
        held = layers.publish(held, by=issuer, at=LATER)
        shown = seen("red_line", None, SINCE)
        assert shown is not None and {column.key for column in shown.columns} == {"code", "name", "area_m2"}
        with refused("published"):
            layers.publish(held, by=issuer, at=LATER)
        with refused("why_missing"):
            layers.withdraw(held, why=" ", by=issuer, at=LATER)
        held = layers.withdraw(held, why="界线有误", by=issuer, at=LATER)
        with refused("not_published"):
            layers.withdraw(held, why="再撤", by=issuer, at=LATER)
        assert seen("red_line", None, SINCE) is None

    def test_a_corrected_edition_is_not_published(self, world: Any) -> None:
        red, issuer = county(world).layers["red_line"], world.actor("issuer")
        old = standing.edition_on(red, SINCE)
        assert old is not None
        edition(world, red, [{"code": "H9", "geometry": square(0, 0)}], at=LATER)
        with refused("not_accepted"):
            layers.publish(old, by=issuer, at=LATER)


class TestScope:
    """A layer answers those who work in its place, above it or below it."""

    def test_another_district_sees_neither_layer_nor_zones(self, world: Any) -> None:
        land = county(world)
        stranger = world.actor("stranger")
        assert {one.declared.collection for one in all_seen(stranger, SINCE)}.isdisjoint(land.layers)
        assert all(seen(code, stranger, SINCE) is None for code in land.layers)
        assert codes(world, land.layers["water"], SINCE, who="stranger") == []

    def test_towns_below_see_the_layers_of_their_district(self, world: Any) -> None:
        land = county(world)
        assert codes(world, land.layers["water"], SINCE, who="town") == ["S1", "S2"]
        assert codes(world, land.layers["water"], SINCE, who="admin") == []  # administrators see no business rows

    def test_no_layer_hides_a_register_of_the_house(self, world: Any) -> None:
        layer = layers.make(LayerFacts("zones_of_ours", "管控区"), place(world), by=world.actor("officer"), at=AT)
        Layer.objects.filter(pk=layer.pk).update(code="control_zones")  # made when there was no such register
        assert register.collections()["control_zones"].name == "plots.control_zones"

    def test_the_provider_asks_once_and_the_zones_of_a_day_twice(self, world: Any) -> None:
        from django.db import connection

        county(world)
        actor = world.actor("officer")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert {"water", "red_line", "planning"} <= set(register.collections())
            assert len([one for one in all_seen(actor, SINCE) if one.declared.collection in {"water", "planning"}]) == 2
        assert len(asked) == 2  # once each time the registers are asked for
        with CaptureQueriesContext(connection) as asked:
            list(standing.zones(Layer(pk=0, division_path=""), actor, SINCE)[:5])
        assert len(asked) <= 2

    def test_a_layer_coloured_by_planning_codes(self, world: Any) -> None:
        planning = county(world).layers["planning"]
        ground = zone_register(planning).ground
        assert ground is not None
        assert ground.class_field == "level_class"
        zone = standing.zones(planning, world.actor("officer"), SINCE).values("level", "level_class").get()
        assert zone == {"level": "A33", "level_class": "A"}
        assert zone["level_class"] in {each.value for each in ground.classes}
