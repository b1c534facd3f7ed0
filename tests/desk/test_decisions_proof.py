"""What soilrules.gate proves holds through the desk: no change to sensitive use passes on ground not wholly covered by an exit."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from desk.enterprise_world import Firms
from desk.land_world import layer, parcel, place, square
from desk.plot_world import WAYS, Plots, noon
from soildesk.decisions.queries.facts import Asked
from soildesk.decisions.services import gate
from soildesk.decisions.services.profiles import adopt
from soilrules.gate.acts import acts
from soilrules.gate.facts import ProvinceQuery
from soilrules.gate.results import Verdict

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)
CHANGING = sorted(one.id for one in acts().values() if not one.to_farmland)
EXITS = ("released", "removed")
QUERY = ProvinceQuery(DAY, "李经办", "系统中没有该地块", "截图.png", found=False)


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Plots:
    monkeypatch.setenv("SOILDESK_TODAY", DAY.isoformat())
    here = place(world)
    adopt("none", "经核对", date(2026, 1, 5), here, by=world.actor("issuer"), at=noon(DAY))
    return Plots(world)


def answering(made: Plots) -> None:
    """Records of every source, far from the ground asked about, and the parcels of the ground itself."""
    firms = Firms(made.world)
    plant = firms.firm("青禾电镀有限公司", industry="3360")
    firms.site(plant, square(12, 12))
    firms.listed(plant, "soil_key", date(2026, 3, 20))
    layer(made.world, "farmland", "basic_farmland", [{"geometry": square(14, 14)}])
    for east in (0, 1):
        parcel(made.world, square(east, 0), use_system="guide2023", use_now="1001")
    made.plot("远处地块", square(16, 16))


def question(shape: BaseGeometry, act: str, use: str) -> Asked:
    return Asked(
        shape, act, use, DAY, scheme="guide2023", current_use="1001", current_scheme="guide2023", query=QUERY,
        untouched=True, works_begun=False, pollutes=False, food=False,
    )  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    stages=st.lists(st.sampled_from(sorted(WAYS)), min_size=0, max_size=2),
    covered=st.sampled_from([0.3, 0.9, 0.999, 1.0]),
    reach=st.sampled_from([0.5, 1.0, 1.4]),
    act=st.sampled_from(CHANGING),
    use=st.sampled_from(["0701", "0804", "08"]),
)
def test_a_change_to_sensitive_use_passes_only_on_ground_an_exit_covers(
    made: Plots, stages: list[str], covered: float, reach: float, act: str, use: str
) -> None:
    """The ground begins with the first plot and may reach beyond it."""
    with transaction.atomic():
        answering(made)
        for number, stage in enumerate(stages):
            ground = square(number, 0)
            held = square(number, 0, covered) if stage in EXITS else None
            made.to(made.plot(f"示例地块{number}", ground), stage, covered=held)
        asked = gate.placed(question(square(0, 0, reach), act, use), place(made.world))
        answer = gate.check(asked, by=made.officer)
        transaction.set_rollback(True)
    wholly = bool(stages) and stages[0] in EXITS and covered >= min(reach, 1.0)
    if reach > 1.0:
        wholly = wholly and len(stages) > 1 and stages[1] in EXITS and covered >= reach - 1.0
    if answer.decision.verdict is Verdict.PASS:
        assert wholly, [(one.id, str(one.outcome)) for one in answer.decision.checks]


def test_ground_an_exit_covers_wholly_passes(made: Plots) -> None:
    """The property above is not kept by never passing."""
    answering(made)
    made.to(made.plot("粮库地块", square(0, 0)), "released", covered=square(0, 0))
    answer = gate.check(gate.placed(question(square(0, 0), "改变用途", "0701"), place(made.world)), by=made.officer)
    told = {one.id: str(one.outcome) for one in answer.decision.checks}
    assert answer.decision.verdict is Verdict.PASS, {
        key: one for key, one in told.items() if one not in ("yes", "not_applicable")
    }
    beyond = gate.check(
        gate.placed(question(square(0, 0, 1.01), "改变用途", "0701"), place(made.world)), by=made.officer
    )
    assert beyond.decision.verdict is Verdict.BLOCKED


@pytest.mark.parametrize("source", ["plots", "lists", "reports", "key_units", "history", "zones", "lineage"])
def test_a_source_without_records_is_never_nothing_found(made: Plots, source: str) -> None:
    answer = gate.check(gate.placed(question(square(8, 8), "改变用途", "0701"), place(made.world)), by=made.officer)
    assert not answer.facts.sources[source].reached
    assert answer.decision.verdict is not Verdict.PASS
    told = {one.id: one for one in answer.decision.checks}
    assert told["sources_reached"].outcome.value == "cannot_say"
