"""Units put into classes from a round of monitoring: what is proposed, why, by which terms, and who sees it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.urls import reverse

from desk import farmclass_world as rounds
from desk import farmland_world, review_client
from soildesk.cli import main
from soildesk.core.models import RoleGrant
from soildesk.farmland.models import StandsFor, UnitProposal
from soildesk.farmland.queries import classifications, whatif
from soildesk.farmland.queries.proposals import MAJORITY, SEVERE, explained, ruleset_of
from soildesk.farmland.queries.whatif import Terms
from soildesk.farmland.refusals import ClassifyRefused
from soildesk.farmland.services import classifying
from soilrules.farmland.rulesets import rulesets

pytestmark = pytest.mark.django_db
GUIDE = "guide2019"
OVER, FAR_OVER = {"cadmium": 0.9}, {"cadmium": 2.5}  # paddy at pH 6.0: screening 0.4, control 2.0


def proposed(made: Any) -> dict[str, UnitProposal]:
    return {one.version.name: one for one in classifications.live(made).select_related("version", "unit")}


@pytest.mark.store
def test_units_get_the_class_their_points_and_produce_say(world: Any) -> None:
    farm = farmland_world.county(world)
    soil = rounds.soil_round(
        world,
        farm,
        {
            "priority_1": {},
            "priority_2": [OVER, {}, {}],
            "priority_3": {"ph": None},
            "safe_1": OVER,
            "safe_2": OVER,
            "strict_1": FAR_OVER,
            "strict_2": FAR_OVER,
            "strict_3": {**FAR_OVER, "arsenic": None},
            "garden_1": {"zinc": 500},
        },
    )
    grain = rounds.grain_round(
        world, farm, {"safe_1": {}, "safe_2": [{}, {}], "strict_1": {}, "strict_2": {"cadmium": 0.9}}
    )
    made = rounds.computed(world, [soil], [grain])
    found = proposed(made)
    said = {name: (one.proposed, one.soil_only, one.controlling) for name, one in found.items()}
    assert said["柏庄镇priority_1"] == ("priority", "priority", "")
    assert said["柏庄镇priority_2"] == ("safe_use", "safe_use", "cadmium"), "a third is no majority: the worst"
    assert said["柏庄镇priority_3"] == ("", "", ""), "no pH, no class"
    assert said["柏庄镇safe_1"] == ("priority", "safe_use", ""), "three good samples of rice"
    assert said["柏庄镇safe_2"] == ("safe_use", "safe_use", "cadmium"), "two samples change nothing"
    assert said["柏庄镇strict_1"] == ("safe_use", "strict", "cadmium")
    assert said["柏庄镇strict_2"] == ("strict", "strict", "cadmium")
    assert said["柏庄镇strict_3"] == ("strict", "strict", "cadmium"), "what is open cannot make it better"
    assert said["军庄镇果园"] == ("priority", "priority", ""), "zinc never decides"
    assert said["军庄镇safe_4"] == ("", "", ""), "nothing was measured: no class"
    assert found["柏庄镇safe_1"].before == "safe_use"
    assert made.told["classes"] == {"priority": 3, "safe_use": 3, "strict": 2, "unknown": 12}
    assert (made.told["points"], made.told["produce_points"]) == (27, 11)
    for one in found.values():
        again = explained(one.detail, rulesets()[GUIDE])
        assert (str(again.farmland_class or ""), "、".join(again.controlling)) == (one.proposed, one.controlling)
    zinc = found["军庄镇果园"].detail["points"][0]["values"]["zinc"]
    assert (zinc["grade"], zinc["control"]) == (2, None)
    assert json.dumps(found["柏庄镇safe_1"].detail)


def test_points_stand_for_units_where_somebody_says_so(world: Any, settings: Any, monkeypatch: Any) -> None:
    review_client.plain_pages(settings, monkeypatch)
    farm = farmland_world.county(world)
    soil = rounds.soil_round(world, farm, {"safe_1": OVER, "safe_2": {}, "bare_1": {}})
    elsewhere = soil.tasks.filter(point__number__contains="safe_1-1").get().point
    client = review_client.of(world.people["agriculture_head"])
    for unit, counts in (("safe_3", "yes"), ("safe_1", "no")):
        said = {"point": elsewhere.number, "counts": counts, "since": rounds.ON.isoformat(), "reason": "土壤类型相同"}
        client.post(reverse("farmland:stands_for", args=[farm.units[unit].uid]), said)
    assert StandsFor.objects.count() == 2
    found = proposed(rounds.computed(world, [soil]))
    assert found["柏庄镇safe_3"].proposed == "safe_use"
    assert len(found["柏庄镇safe_1"].detail["points"]) == 2
    assert found["柏庄镇无类别地块"].proposed == "priority"
    shown = client.get(reverse("kit:record", args=["farmland_units", str(farm.units["safe_1"].uid)])).content.decode()
    assert "不计入本单元" in shown
    told = StandsFor.objects.get(counts=False)
    client.post(reverse("farmland:stands_for_back", args=[told.uid]), {"reason": "误登"})
    assert StandsFor.objects.filter(superseded_at=None).count() == 1


def test_computing_anew_keeps_what_was_computed(world: Any) -> None:
    farm = farmland_world.county(world)
    made = rounds.computed(world, [rounds.soil_round(world, farm, {"safe_1": OVER})])
    by = world.actor("agriculture_head")
    classifying.compute(made, by=by, at=world.at)
    assert made.proposals.filter(superseded_at=None).count() == 20
    assert made.proposals.exclude(superseded_at=None).count() == 20
    assert not classifying.outdated_rounds(made.__class__.objects.get(pk=made.pk))


def test_what_other_terms_would_change(world: Any) -> None:
    farm = farmland_world.county(world)
    most = [FAR_OVER, FAR_OVER, OVER]
    soil = rounds.soil_round(world, farm, {"safe_1": OVER, "strict_1": most, "priority_1": {}})
    grain = rounds.grain_round(world, farm, {"safe_1": {"cadmium": 0.9}})
    made = rounds.opened(world, [soil], [grain])
    severe = whatif.compared(made, Terms(GUIDE, (SEVERE,)))
    assert [(one.name, one.before, one.after) for one in severe.differs] == [("柏庄镇safe_1", "safe_use", "strict")]
    assert severe.moved_m2 == pytest.approx(farm.version("safe_1").area_m2)
    assert sum(severe.before_m2.values()) == pytest.approx(sum(severe.after_m2.values()))
    assert not whatif.compared(made, Terms(GUIDE, (MAJORITY,))).differs
    assert ruleset_of(GUIDE, (MAJORITY, SEVERE)).switched == ("majority", "soil_ii_severe")


def test_only_reviewers_see_proposals_and_only_the_offices_classify(world: Any) -> None:
    farm = farmland_world.county(world)
    soil = rounds.soil_round(world, farm, {"safe_1": OVER})
    made = rounds.computed(world, [soil])
    for who, seen in (("agriculture_head", 20), ("town", 0), ("reader", 0)):
        if who in world.people:
            assert classifications.proposals(world.actor(who), world.day).count() == seen, who
    RoleGrant.objects.create(person=world.people["reader"], role=RoleGrant.Role.AUDITOR, division=world.other)
    assert classifications.classifications(world.actor("reader"), world.day).count() == 0, "auditor of another place"
    with pytest.raises(ClassifyRefused, match="土壤监测任务"):
        rounds.opened(world, [])
    assert made.state == "draft"


def test_the_command_tells_classes_and_why(world: Any, capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", world.day.isoformat())
    farm = farmland_world.county(world)
    monkeypatch.setenv("SOILDESK_USER", "agriculture_head")
    soil = rounds.soil_round(world, farm, {"safe_1": OVER, "priority_1": {}})
    made = rounds.computed(world, [soil])

    def told(*words: str, expect: int = 0) -> dict[str, Any]:
        code = main(["farmland", "classify", *words, "--json"])
        said = capsys.readouterr()
        assert code == expect, said.err
        return dict(json.loads(said.out or said.err))

    kept = told("--campaign", made.number)
    (safe,) = [one for one in kept["units"] if one["class"] == "safe_use"]
    assert (kept["kept"], safe["name"], safe["controlling"], safe["points"]) == (True, "柏庄镇safe_1", ["cadmium"], 3)
    assert "全部点位均为Ⅱ类" in safe["because"]["cadmium"] and kept["classes"]["unknown"] == 18
    tried = told("--campaign", soil.number, "--ruleset", GUIDE)
    assert (tried["kept"], tried["campaign"]) == (False, soil.number)
    assert [one["class"] for one in tried["units"]] == [one["class"] for one in kept["units"]]
    assert main(["farmland", "classify", "--campaign", made.title]) == 0
    assert "安全利用类 1 个单元" in capsys.readouterr().out
    assert main(["farmland", "classify", "--campaign", "没有这个"]) != 0
    assert "没有编号或名称" in capsys.readouterr().err
    monkeypatch.setenv("SOILDESK_USER", "town")
    assert main(["farmland", "classify", "--campaign", made.number]) != 0
