"""What happened to ground since its survey, and what became of the key unit on it, as the records of a desk tell it to the gate."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from desk.enterprise_world import Firms
from desk.land_world import place, square
from desk.plot_world import Plots, noon
from soildesk.core import files
from soildesk.core.versions import Recording
from soildesk.decisions.models import GroundAct
from soildesk.decisions.queries.facts import Asked
from soildesk.decisions.queries.watches import watched
from soildesk.decisions.refusals import GroundActRefused
from soildesk.decisions.services import gate, ground_acts
from soildesk.enterprises.services import sites
from soilrules.gate.results import CheckResult

pytestmark = [pytest.mark.django_db, pytest.mark.store]
DAY, SURVEYED = date(2026, 11, 20), date(2026, 3, 2)
GROUND = square(0, 0)


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Plots:
    monkeypatch.setenv("SOILDESK_TODAY", DAY.isoformat())
    return Plots(world)


def act(made: Plots, kind: str, on: date, shape: Any = GROUND, **facts: Any) -> GroundAct:
    said = {"act": kind, "on": on, "geometry": shape, "document": "图斑3号", **facts}
    return ground_acts.record(said, place(made.world), by=made.officer, at=noon(on))


def answer(made: Plots, check: str, doing: str = "供地", *, untouched: bool | None = True) -> CheckResult:
    asked = Asked(GROUND, doing, "0701", DAY, "guide2023", current_use="1001", untouched=untouched)
    return next(one for one in gate.check(asked, by=made.officer).decision.checks if one.id == check)


def stale(made: Plots) -> tuple[str, list[str]]:
    found = answer(made, "survey_stale")
    return found.outcome.value, [one.id for one in found.because]


def surveyed(made: Plots) -> None:
    made.released(made.plot("粮库地块", GROUND), on=SURVEYED, covered=GROUND)


@pytest.mark.parametrize(
    ("kind", "before", "told"),
    [
        ("fill_seen", None, ("conditions", "since_filled")),
        ("dump_seen", None, ("conditions", "since_dumped")),
        ("fill_seen", SURVEYED, ("conditions", "since_filled")),
        ("fill_seen", date(2026, 3, 1), ("cannot_say", "maybe_filled")),
        ("building_seen", date(2026, 3, 1), ("cannot_say", "maybe_built")),
        ("use_seen", date(2026, 3, 1), ("conditions", "since_used")),
    ],
)
def test_what_was_seen_after_a_survey(made: Plots, kind: str, before: date | None, told: tuple[str, str]) -> None:
    surveyed(made)
    assert stale(made)[1] != [told[1]]
    act(made, kind, date(2026, 9, 1), not_seen_on=before)
    outcome, sentences = stale(made)
    assert outcome == told[0]
    assert told[1] in sentences


def test_what_was_seen_before_the_survey_or_beside_its_ground_does_not_count(made: Plots) -> None:
    surveyed(made)
    calm = stale(made)
    act(made, "fill_seen", SURVEYED)
    act(made, "dump_seen", date(2026, 9, 1), square(1, 0))
    assert stale(made) == calm


def test_a_firm_that_still_works_there_used_the_ground(made: Plots) -> None:
    surveyed(made)
    firms = Firms(made.world)
    site = firms.site(firms.firm("青禾电镀有限公司"), GROUND)
    assert "since_worked" in stale(made)[1]
    sites.end(site, on=SURVEYED, recording=Recording(made.officer, noon(DAY), "搬迁"))
    assert "since_worked" not in stale(made)[1]


def test_matter_brought_is_not_written_down_without_proof(made: Plots) -> None:
    with pytest.raises(GroundActRefused, match="没有写明证据"):
        act(made, "fill_seen", date(2026, 9, 1), document=" ")
    with pytest.raises(GroundActRefused, match="不早于发现日期"):
        act(made, "dump_seen", date(2026, 9, 1), not_seen_on=date(2026, 9, 1))
    with pytest.raises(GroundActRefused, match="有确定的办理日期"):
        act(made, "供地", date(2026, 9, 1), not_seen_on=date(2026, 8, 1))
    held = act(made, "dump_seen", date(2026, 9, 1), not_seen_on=date(2026, 8, 31))
    client = Client()
    client.force_login(made.world.people["officer"], backend="django.contrib.auth.backends.ModelBackend")
    proof = reverse("decisions:ground_act_proof", args=[held.uid])
    upload = SimpleUploadedFile("现场.txt", "示例证据".encode(), "text/plain")
    assert client.get(proof).status_code == 200
    assert client.post(proof, {"file": upload}).status_code == 302
    assert [one.name for one in files.uses_of(held)] == ["现场.txt"]
    assert "现场.txt" in client.get(reverse("kit:record", args=["ground-acts", str(held.uid)])).content.decode()


@pytest.mark.parametrize(
    ("before", "sure"),
    [(date(2026, 6, 1), True), (date(2026, 5, 31), False), (None, False)],
)
def test_a_building_is_told_as_sure_only_when_all_its_time_was_banned(
    made: Plots, before: date | None, sure: bool
) -> None:
    plot = made.to(made.plot("原青禾农药厂地块", GROUND), "S5")
    made.event(plot, "roster_listed", date(2026, 6, 1))
    act(made, "building_seen", date(2026, 7, 10), square(0, 0, 0.5), related=False, not_seen_on=before)
    (one,) = watched(made.officer, DAY)
    assert one.finding.sure is sure
    assert one.finding.from_day == before


def test_matter_brought_is_no_building(made: Plots) -> None:
    plot = made.to(made.plot("原青禾农药厂地块", GROUND), "S5")
    made.event(plot, "roster_listed", date(2026, 6, 1))
    act(made, "fill_seen", date(2026, 7, 10))
    assert watched(made.officer, DAY) == []


def key_unit(made: Plots) -> tuple[str, list[str], str]:
    found = answer(made, "key_unit_transfer", "收回")
    return found.outcome.value, [one.id for one in found.because], found.mark


def test_a_key_unit_that_is_gone_still_owes_the_survey_of_its_ground(made: Plots) -> None:
    firms = Firms(made.world)
    plant = firms.firm("青禾电镀有限公司", industry="3360")
    site = firms.site(plant, GROUND)
    listing = firms.listed(plant, "soil_key", date(2026, 3, 20))
    assert key_unit(made) == ("no", ["listed"], "V")
    sites.end(site, on=date(2026, 6, 1), recording=Recording(made.officer, noon(DAY), "搬迁"))
    assert key_unit(made) == ("no", ["left_site"], "K-high")
    firms.delisted(listing, date(2026, 9, 1))
    assert key_unit(made) == ("no", ["left_list"], "K-med")


def test_a_survey_older_than_the_unit_is_not_the_one_it_owes(made: Plots) -> None:
    surveyed(made)
    firms = Firms(made.world)
    plant = firms.firm("青禾电镀有限公司", industry="3360")
    firms.site(plant, GROUND)
    firms.listed(plant, "soil_key", date(2026, 3, 20))
    assert key_unit(made)[:2] == ("no", ["listed", "older"])


def test_a_firm_listed_after_it_moved_away_left_no_key_units_ground(made: Plots) -> None:
    firms = Firms(made.world)
    plant = firms.firm("青禾电镀有限公司", industry="3360")
    site = firms.site(plant, GROUND)
    sites.end(site, on=date(2026, 3, 20), recording=Recording(made.officer, noon(DAY), "搬迁"))
    firms.listed(plant, "soil_key", date(2026, 3, 20))
    assert key_unit(made)[1][-1] == "none"
