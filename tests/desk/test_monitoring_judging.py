"""Verdicts on the results of a campaign: by what they are judged, what is written, what stays."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import judging_world as made
import pytest

from soildesk.core.permissions import NotAllowed
from soildesk.monitoring.exceedancesheets import sheets
from soildesk.monitoring.models import FieldRecord, Judgement, Qualifier, Result, ResultVerdict
from soildesk.monitoring.queries import exceedance
from soildesk.monitoring.queries.verdicts import counting, standing
from soildesk.monitoring.rulings import against_words
from soildesk.monitoring.services import judging

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def judge(world: Any, campaign: Any, at: datetime = AT, **asked: Any) -> Judgement:
    return judging.judge(campaign, asked.pop("why", "accepted"), by=world.actor("officer"), at=at, **asked)


def verdict(result: Result) -> ResultVerdict:
    return ResultVerdict.objects.get(result=result, superseded_at=None, trial=False)


def correct(result: Result, value: float) -> Result:
    """The laboratory's correction of a result."""
    new = Result.objects.get(pk=result.pk)
    new.pk, new.uid, new.value, new.printed, new.corrects, new.reason = (
        None,
        made_uid(),
        value,
        str(value),
        result,
        "笔误",
    )
    new.save(force_insert=True)
    Result.objects.filter(pk=result.pk).update(superseded_at=AT)
    return new


def made_uid() -> Any:
    from soildesk.core.models import new_uid

    return new_uid()


def reject(result: Result) -> None:
    Qualifier.objects.create(result=result, role="validator", code="rejected", reason="平行样不合格", at=AT)


@pytest.mark.store
def test_each_medium_is_judged_by_its_standard(world: Any) -> None:
    """Farmland soil, construction land, groundwater, irrigation water, produce: each by its own table and day."""
    farm = made.point(world, "N1", use="paddy")
    plot = made.point(world, "J1", planned_use="070102")
    well = made.point(world, "W1", medium="groundwater")
    canal = made.point(world, "I1", medium="irrigation", use="paddy")
    rice = made.point(world, "C1", medium="produce", crop="稻谷")
    of = made.campaign(world)
    found = made.results(
        world, of,
        {
            farm: {"cadmium": 0.35, "ph": 6.0},
            plot: {"arsenic": 25.0},
            well: {"arsenic": 0.02},
            canal: {"cadmium": 0.02},
            rice: {"cadmium": 0.21},
        },
    )  # fmt: skip
    judgement = judge(world, of)
    assert {key: verdict(one).verdict for key, one in found.items() if key[1] != "ph"} == {
        ("N1", "cadmium"): "meets",
        ("J1", "arsenic"): "exceeds_screening",
        ("W1", "arsenic"): "exceeds",
        ("I1", "cadmium"): "exceeds",
        ("C1", "cadmium"): "exceeds",
    }
    assert judgement.rows == 5
    assert {name.split("-")[0] for name in judgement.standards} == {
        "GB 15618", "GB 36600", "GB/T 14848", "GB 5084", "GB 2762",
    }  # fmt: skip
    ruling = judgement.rulings[verdict(found["J1", "arsenic"]).ruling]
    assert ruling["screening"] == 20
    assert "25 mg/kg" not in ruling["reason"]["zh"]
    assert "{value}" in ruling["reason"]["zh"]


@pytest.mark.parametrize(
    ("ph", "outcome", "cause"), [(None, "unknown", "ph_missing"), (5.5, "exceeds_screening", ""), (7.6, "meets", "")]
)
def test_the_ph_is_that_of_the_sample_or_none(world: Any, ph: float | None, outcome: str, cause: str) -> None:
    """Cadmium 0.35 on paddy: over 0.3 up to pH 5.5, under 0.8 above 7.5, and nothing without a pH."""
    of = made.campaign(world)
    field = made.point(world, "N1", use="paddy")
    task = made.sample(world, of, field, of.starts_on)
    cadmium = made.result(made.batch(world, of), task, "cadmium", 0.35)
    other = made.sample(world, of, made.point(world, "N2", use="paddy"), of.starts_on)
    made.result(made.batch(world, of), other, "ph", 5.0)
    if ph is not None:
        made.result(made.batch(world, of), task, "ph", ph)  # in another batch of the campaign
    judge(world, of)
    assert (verdict(cadmium).verdict, verdict(cadmium).cause, verdict(cadmium).ph) == (outcome, cause, ph)


def test_a_ph_of_a_batch_not_accepted_does_not_count(world: Any) -> None:
    """A pH waits in its batch like any result."""
    of = made.campaign(world)
    task = made.sample(world, of, made.point(world, "N1", use="paddy"), of.starts_on)
    cadmium = made.result(made.batch(world, of), task, "cadmium", 0.35)
    made.result(made.batch(world, of, "checked"), task, "ph", 5.0)
    judge(world, of)
    assert verdict(cadmium).cause == "ph_missing"


def test_a_second_judgement_writes_only_what_differs(world: Any) -> None:
    """The same again writes nothing; a pH measured anew changes one verdict, and the old one stays with its end."""
    of = made.campaign(world)
    points = [made.point(world, f"N{n}", use="paddy") for n in range(3)]
    found = made.results(world, of, {one: {"cadmium": 0.35, "ph": 6.0} for one in points})
    judge(world, of)
    assert judge(world, of, LATER).changed == 0
    assert ResultVerdict.objects.count() == 3
    correct(found["N0", "ph"], 5.0)
    again = judge(world, of, LATER, why="ph")
    assert (again.changed, again.rows, again.meets, again.exceeds_screening) == (1, 3, 2, 1)
    assert ResultVerdict.objects.count() == 4
    first = ResultVerdict.objects.get(result=found["N0", "cadmium"], superseded_at__isnull=False)
    assert (first.verdict, first.superseded_at) == ("meets", LATER)
    assert standing(of, AT).get(result=found["N0", "cadmium"]) == first


def test_a_new_planned_use_counts_for_what_was_sampled_before(world: Any) -> None:
    """Industry becomes housing: 25 mg/kg arsenic was within class 2 and is over class 1."""
    plot = made.point(world, "J1", use="class_2", planned_use="1001")
    of = made.campaign(world)
    found = made.results(world, of, {plot: {"arsenic": 25.0}})
    judge(world, of)
    assert verdict(found["J1", "arsenic"]).verdict == "meets"
    made.revise(plot.versions.get(superseded_at=None), date(2026, 11, 1), use="class_1", planned_use="070102")
    assert judge(world, of, why="use").changed == 1
    assert verdict(found["J1", "arsenic"]).verdict == "exceeds_screening"


def test_a_class_that_contradicts_the_planned_use_is_named(world: Any) -> None:
    """Class 2 with planned housing is judged as class 1, and both fields are named; never as class 2."""
    plot = made.point(world, "J1", use="class_2", planned_use="0701")
    open_ = made.point(world, "J2", use="", planned_use="不明", standard="gb36600")
    of = made.campaign(world)
    found = made.results(world, of, {plot: {"arsenic": 25.0}, open_: {"arsenic": 25.0}})
    judgement = judge(world, of)
    told = {key[0]: judgement.rulings[verdict(one).ruling] for key, one in found.items()}
    assert {one["screening"] for one in told.values()} == {20}
    assert "规划用途“0701”属第一类用地，两者矛盾" in told["J1"]["reason"]["zh"]
    assert "contradict" in told["J1"]["reason"]["en"]
    assert "规划用途未明确" in told["J2"]["reason"]["zh"]


def test_farmland_is_judged_as_it_was_found_on_the_day(world: Any) -> None:
    """The field record says 果园 where the register says 水田: copper 160 is within 200 for orchards, over 50 elsewhere."""
    field = made.point(world, "N1", use="other")
    of = made.campaign(world)
    found = made.results(world, of, {field: {"copper": 160.0, "ph": 7.0}}, land_use="orchard")
    judge(world, of)
    assert verdict(found["N1", "copper"]).verdict == "meets"
    FieldRecord.objects.update(land_use="")
    judge(world, of, LATER)
    assert verdict(found["N1", "copper"]).verdict == "exceeds_screening"


def test_rejected_and_corrected_results_are_left_out_and_counted(world: Any) -> None:
    """A validator's rejection takes a verdict away; the rejected are counted."""
    of = made.campaign(world)
    points = [made.point(world, f"N{n}", use="paddy") for n in range(2)]
    found = made.results(world, of, {one: {"cadmium": 0.5, "ph": 5.0} for one in points})
    judge(world, of)
    reject(found["N0", "cadmium"])
    corrected = correct(found["N1", "cadmium"], 0.2)
    assert list(counting(of)) == []
    again = judge(world, of, LATER, why="corrected")
    assert (again.rows, again.rejected, again.meets) == (1, 1, 1)
    assert [one.result_id for one in standing(of)] == [corrected.pk]


def test_what_nobody_said_is_unknown_with_its_cause(world: Any) -> None:
    """Soil of a point without any word of its land has no standard; surface water has none here."""
    of = made.campaign(world)
    soil, river = made.point(world, "X1"), made.point(world, "S1", medium="surface_water")
    found = made.results(world, of, {soil: {"cadmium": 0.35}, river: {"cadmium": 0.35}})
    judge(world, of)
    assert {verdict(one).cause for one in found.values()} == {"standard_missing"}


def test_a_sum_is_carried_by_the_first_of_its_components(world: Any) -> None:
    """DDT of farmland is a sum of four: one verdict for the sum, the others are parts of it."""
    of = made.campaign(world)
    field = made.point(world, "N1", use="other")
    parts = {"ddt_pp": 0.05, "ddt_op": 0.03, "ddd_pp": 0.02, "dde_pp": 0.02}
    found = made.results(world, of, {field: dict(parts)})
    judge(world, of)
    said = {key[1]: (verdict(one).analyte, verdict(one).verdict, verdict(one).cause) for key, one in found.items()}
    assert said["ddt_pp"] == ("ddt_total", "exceeds_screening", "")
    assert verdict(found["N1", "ddt_pp"]).factor == pytest.approx(1.2)
    assert sum(cause == "part_of_sum" for _slug, _verdict, cause in said.values()) == 3


def test_a_trial_changes_nothing_that_stands(world: Any) -> None:
    """As if sampled before the standard was in force, nothing can be said; what stands stays."""
    of = made.campaign(world)
    found = made.results(world, of, {made.point(world, "N1", use="paddy"): {"cadmium": 0.35, "ph": 5.0}})
    judge(world, of)
    trial = judge(world, of, LATER, as_if_on=date(2017, 1, 1))
    assert (trial.why, trial.unknown) == ("as_if", 1)
    assert verdict(found["N1", "cadmium"]).verdict == "exceeds_screening"
    assert ResultVerdict.objects.get(trial=True).cause == "not_in_force"


def test_judging_needs_its_permission(world: Any) -> None:
    """A reader, and an officer of another district, are turned away."""
    of = made.campaign(world)
    for name in ("reader", "stranger"):
        with pytest.raises(NotAllowed):
            judging.judge(of, "accepted", by=world.actor(name), at=AT)


def test_the_table_splits_what_is_judged_by_other_standards(world: Any) -> None:
    """Lead of a field and of plots of both classes: three lines with a median each; one nobody can judge stays with its own."""
    of = made.campaign(world)
    made.results(
        world, of,
        {
            made.point(world, "N1", use="paddy"): {"lead": 60.0, "ph": 6.0},
            made.point(world, "N2", use="other"): {"lead": 80.0, "ph": 7.8},
            made.point(world, "N3", use="other"): {"lead": 70.0},
            made.point(world, "J1", planned_use="070102"): {"lead": 500.0},
            made.point(world, "J2", planned_use="1001"): {"lead": 700.0},
        },
    )  # fmt: skip
    judge(world, of)
    rows = exceedance.verdicts_of(of)
    lines = {one.key[2:]: (one.total, one.over, one.unknown) for one in exceedance.lines(rows, "analyte")}
    farmland, plots = "GB 15618-2018", "GB 36600-2018"
    assert lines == {(farmland, ""): (3, 0, 1), (plots, "class_1"): (1, 1, 0), (plots, "class_2"): (1, 0, 0)}
    medians = {key[2:]: one.median for key, one in exceedance.figures(rows).items()}
    assert medians == {(farmland, ""): 70.0, (plots, "class_1"): 500.0, (plots, "class_2"): 700.0}
    assert against_words(plots, "class_1") == "GB 36600-2018 第一类用地"
    told = [list(row) for row in sheets(of, rows, AT.date())[0].rows]
    assert {(row[-6], row[-5]) for row in told} == {
        ("GB 15618-2018", 70.0), ("GB 36600-2018 第一类用地", 500.0), ("GB 36600-2018 第二类用地", 700.0),
    }  # fmt: skip
