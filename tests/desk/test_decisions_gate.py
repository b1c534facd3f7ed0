"""The gate over the records of a desk: what is asked, what is found, what is kept."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import shapely

from desk.land_world import layer, parcel, place, square
from desk.plot_world import Plots, noon
from soildesk.decisions import grounds
from soildesk.decisions.models import GateQuery
from soildesk.decisions.queries.facts import Asked
from soildesk.decisions.refusals import GateRefused
from soildesk.decisions.services import gate
from soildesk.decisions.services.gate import Said
from soildesk.land.refusals import ShapeRefused
from soildesk.land.shapes import surface
from soilrules.gate.profiles import profile_of
from soilrules.gate.results import Verdict

pytestmark = [pytest.mark.django_db, pytest.mark.store]
DAY = date(2026, 11, 20)


def ask(world: Any, shape: Any, act: str = "供地", use: str = "0701", **said: Any) -> gate.Answer:
    return gate.check(Asked(shape, act, use, DAY, scheme="guide2023", **said), by=world.actor("officer"))


def outcomes(answer: gate.Answer) -> dict[str, str]:
    return {one.id: one.outcome.value for one in answer.decision.checks}


def test_an_empty_register_answers_nothing(world: Any) -> None:
    answer = ask(world, square(0, 0))
    assert answer.decision.verdict is Verdict.CANNOT_SAY
    assert not any(one.reached for one in answer.facts.sources.values())


def test_listed_ground_is_blocked_with_the_article_of_the_day(world: Any) -> None:
    made = Plots(world)
    farm = made.to(made.plot("原青禾农药厂地块", square(0, 0)), "S5")
    made.event(farm, "roster_listed", date(2026, 6, 1))
    answer = ask(world, square(0, 0))
    assert answer.decision.verdict is Verdict.BLOCKED
    (found,) = [one for one in answer.decision.checks if one.id == "on_roster_sensitive_use"]
    assert found.outcome.value == "no"
    assert "生态环境法典" in found.bases[0].cited
    assert found.area_m2 == pytest.approx(answer.facts.ground.area_m2)


def test_only_the_part_on_the_plot_counts(world: Any) -> None:
    made = Plots(world)
    made.released(made.plot("粮库地块", square(0, 0)), covered=square(0, 0, 0.5))
    answer = ask(world, square(0, 0), untouched=True, current_use="1001", current_scheme="guide2023")
    (coverage,) = [one for one in answer.decision.checks if one.id == "survey_coverage"]
    assert coverage.outcome.value == "no"
    assert 0 < coverage.area_m2 < answer.facts.ground.area_m2
    assert sum(one.area_m2 for one in answer.facts.ground.pieces) == pytest.approx(answer.facts.ground.area_m2)


def test_what_is_kept_is_what_was_answered(world: Any) -> None:
    made = Plots(world)
    made.to(made.plot("原青禾农药厂地块", square(0, 0)), "S2")
    asked = Asked(square(0, 0), "供地", "0701", DAY, scheme="guide2023")
    kept = gate.ask(asked, place(world), Said(project="青禾花园"), by=world.actor("officer"), at=noon(DAY))
    held = GateQuery.objects.get(pk=kept.pk)
    assert held.number.startswith("ZR-")
    assert held.decision == "blocked"
    assert {one["id"] for one in held.checks if one["outcome"] == "no"}
    assert all(one["basis"] for one in held.checks if one["outcome"] == "no")
    assert held.facts["plots"][0]["stage"] == "S2"


def test_ground_within_the_error_of_its_boundary_is_refused_and_never_passed(world: Any) -> None:
    made = Plots(world)
    made.released(made.plot("粮库地块", square(0, 0)))
    by, (x, y) = world.actor("officer"), square(0, 0, 0.5).centroid.coords[0]

    def asked(metres: float) -> Asked:
        return Asked(shapely.box(x, y, x + metres / 91_500, y + metres / 110_940), "供地", "1001", DAY)

    for metres in (0.01, 0.99):
        with pytest.raises(GateRefused, match="在边界误差以内") as refused:
            gate.check(asked(metres), by=by)
        assert refused.value.code == "decisions.gate.ground_small"
    assert gate.check(asked(1.02), by=by).facts.ground.area_m2 == pytest.approx(1.04, rel=0.01)
    with pytest.raises(GateRefused, match="超过 1,000 km²，不是一块地") as refused:
        gate.check(asked(31_800), by=by)
    assert refused.value.code == "decisions.gate.ground_large"
    assert gate.check(asked(31_500), by=by).facts.ground.area_m2 < 1e9


def test_surfaces_in_a_collection_are_one_ground_and_with_a_line_among_them_none(world: Any) -> None:
    one, two = square(0, 0), square(2, 0)
    assert surface(shapely.GeometryCollection([one, shapely.MultiPolygon([two])])).equals(one.union(two))
    with pytest.raises(ShapeRefused, match="应为面"):
        surface(shapely.GeometryCollection([one, one.exterior]))
    with pytest.raises(ShapeRefused, match="空的"):
        surface(shapely.GeometryCollection())


def test_a_disagreement_says_why(world: Any) -> None:
    asked = Asked(square(0, 0), "供地", "0701", DAY, scheme="guide2023")
    first = gate.ask(asked, place(world), Said(), by=world.actor("officer"), at=noon(DAY))
    with pytest.raises(GateRefused):
        gate.ask(asked, place(world), Said(follows=first), by=world.actor("officer"), at=noon(DAY))


def test_an_act_nobody_knows_is_refused_with_those_there_are(world: Any) -> None:
    with pytest.raises(GateRefused) as refused:
        ask(world, square(0, 0), act="卖地")
    assert "供地" in str(refused.value)


def test_of_ground_beyond_the_divisions_kept_nothing_is_said(world: Any) -> None:
    made = Plots(world)
    made.released(made.plot("粮库地块", square(0, 0)), covered=square(0, 0))
    layer(world, "towns", "division", [{"name": "柏庄镇", "geometry": square(-1, -1, 3, 3)}])
    assert any(one.reached for one in ask(world, square(0, 0)).facts.sources.values())
    straddling = square(1.5, 0)
    for beyond in (square(30, 30), straddling):
        answer = ask(world, beyond, use="1001", profile=profile_of("410503", DAY))
        assert answer.decision.verdict is Verdict.CANNOT_SAY
        assert not any(one.reached for one in answer.facts.sources.values())
        told = {one.id: one for one in answer.decision.checks}
        assert [one.id for one in told["sources_reached"].because] == ["beyond"]
        assert (told["local_rules"].outcome.value == "cannot_say") == (beyond is not straddling)


@pytest.mark.parametrize(("use", "scheme"), [("ZZ9", ""), ("0701/豪宅地", ""), ("R2", "guide2023")])
def test_a_use_nobody_knows_is_refused_before_anything_is_kept(world: Any, use: str, scheme: str) -> None:
    asked = Asked(square(0, 0), "供地", use, DAY, scheme=scheme)
    with pytest.raises(GateRefused) as refused:
        gate.ask(asked, place(world), Said(), by=world.actor("officer"), at=noon(DAY))
    assert f"“{use.rpartition('/')[2]}”不是" in str(refused.value)
    now = Asked(square(0, 0), "供地", "0701", DAY, current_use="空城计")
    with pytest.raises(GateRefused, match="现状用途“空城计”不是"):
        gate.ask(now, place(world), Said(), by=world.actor("officer"), at=noon(DAY))
    assert not GateQuery.objects.exists()


def test_another_use_than_the_planned_one_on_record_is_a_hint(world: Any) -> None:
    made = Plots(world)
    made.plot("粮库地块", square(0, 0), use_planned="1001", use_system="guide2023")
    parcel(world, square(0, 0), name="三号宗地", use_planned="0701", use_system="guide2023")
    parcel(world, square(1, 0), name="邻宗地", use_planned="1001", use_system="guide2023")
    (found,) = [one for one in ask(world, square(0, 0)).decision.checks if one.id == "registered_use"]
    assert (found.outcome.value, found.force.value) == ("yes", "encouraged")
    (told,) = [one.sentence() for one in found.because]
    assert "粮库地块登记的规划用途是“1001”" in told
    assert "自然资源" in told
    (other,) = [one for one in ask(world, square(0, 0), use="1001").decision.checks if one.id == "registered_use"]
    assert ["三号宗地登记的规划用途是“0701”" in one.sentence() for one in other.because] == [True]


def test_a_code_is_known_as_keyboards_write_it(world: Any) -> None:
    held = parcel(world, square(2, 2), code="990101100001GB00001")
    for typed in ("990101100001gb00001", " ９９０１０１１００００１ＧＢ００００１ "):
        assert grounds.of_code(typed, world.actor("officer"), DAY).shape.equals(held.geometry)
    with pytest.raises(GateRefused, match="“９９９”找到 0 块地"):
        grounds.of_code("９９９", world.actor("officer"), DAY)
