"""A demolition begun before its filing stands among the candidates of the problem list as soon as it is written down."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from desk.enterprise_world import Firms
from desk.filing_world import sent
from soildesk.enterprises.models import Filing, Happening
from soildesk.enterprises.services import filingreview, happenings, owing
from soildesk.enterprises.services.happenings import Told
from soildesk.home.queries.today import groups
from soildesk.oversight.models import Candidate
from soildesk.oversight.queries import compared
from soildesk.oversight.services import fromrecords
from soilrules.enterprises.facts import EventKind as Kind

pytestmark = pytest.mark.store
TODAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
LISTED = date(2024, 3, 20)


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Firms:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Firms(world)


@pytest.fixture
def plant(made: Firms) -> Any:
    firm = made.firm("青禾电镀有限公司", since=date(2015, 1, 1))
    made.listed(firm, "soil_key", LISTED)
    made.representative(firm)
    return firm


def tell(made: Firms, firm: Any, kind: Kind, on: date, subject: str = "老车间") -> Happening:
    return happenings.record(firm, Told(kind, on, subject=subject), by=made.officer, at=AT)


def today(made: Firms, who: str = "officer") -> list[str]:
    """What 今日 says of candidates."""
    shorts = [one for group in groups(made.world.actor(who), TODAY) for one in group.shorts]
    return [line.what for one in shorts if one.title == "台账比对待登记" for line in one.lines]


def standing() -> int:
    return Candidate.objects.filter(gone_at=None).count()


def test_begun_without_a_filing_is_told_at_once(made: Firms, plant: Any) -> None:
    assert today(made) == []
    started = tell(made, plant, Kind.DEMOLITION_STARTED, date(2026, 11, 2))
    told = today(made)
    assert len(told) == 2, "with each of the two offices it was to be filed"
    assert all("青禾电镀有限公司" in one and "老车间" in one for one in told)
    for blind in ("firm", "stranger", "reader"):
        assert today(made, blind) == [], blind
    first, second = compared.shown(made.officer, TODAY)
    fromrecords.take(first, by=made.officer, at=AT)
    assert len(today(made)) == 1
    fromrecords.dismiss(second, "当日已电话备案", by=made.officer, at=AT)
    assert today(made) == []
    happenings.take_back(started, by=made.officer, at=AT, why="登错单位")
    assert standing() == 0


@pytest.mark.parametrize(("planned", "short"), [("2026-12-11", 0), ("2026-12-10", 1)])
def test_a_filing_a_day_too_short_is_told_when_it_begins(made: Firms, plant: Any, planned: str, short: int) -> None:
    """15 working days after 2026-11-20; the receipt of industry is missing in both."""
    filing = sent(made, plant, Filing.Kind.DEMOLITION_PLAN, subject="老车间", planned_start=planned)
    filingreview.accept(filing, by=made.officer, at=AT)
    filingreview.receipt(filing, number="环备1号", by=made.officer, at=AT)
    assert standing() == 0, "nothing has begun"
    begun = date.fromisoformat(planned)
    later = made.world.actor("officer", begun)
    happenings.record(plant, Told(Kind.DEMOLITION_STARTED, begun, subject="老车间"), by=later, at=AT)
    kinds = sorted(one.origin.split(":")[2] for one in Candidate.objects.filter(gone_at=None))
    assert kinds == ["demolition_filed_short"] * short + ["demolition_unfiled"]


def test_a_filing_that_comes_late_is_still_late_and_said_once(made: Firms, plant: Any) -> None:
    tell(made, plant, Kind.DEMOLITION_STARTED, date(2026, 11, 2))
    before = set(Candidate.objects.values_list("origin", flat=True))
    for kind in (Kind.DEMOLITION_FILED_ECOLOGY, Kind.DEMOLITION_FILED_INDUSTRY):
        tell(made, plant, kind, date(2026, 11, 10))
    assert set(Candidate.objects.values_list("origin", flat=True)) == before and standing() == 2


def test_filed_in_time_but_written_down_later_is_no_candidate_any_more(made: Firms, plant: Any) -> None:
    tell(made, plant, Kind.DEMOLITION_STARTED, date(2026, 11, 2))
    for kind in (Kind.DEMOLITION_FILED_ECOLOGY, Kind.DEMOLITION_FILED_INDUSTRY):
        tell(made, plant, kind, date(2026, 9, 1))
    assert standing() == 0 and Candidate.objects.count() == 2 and today(made) == []


def test_what_is_only_a_hint_is_no_candidate(made: Firms, plant: Any) -> None:
    tell(made, plant, Kind.SELFMON_DONE, date(2023, 6, 1), subject="")
    assert [one.is_hint for one in compared.shown(made.officer, TODAY)] == [True]
    assert standing() == 0


def test_a_store_from_before_is_filled_by_the_daily_chore(
    made: Firms, plant: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(made, plant, Kind.DEMOLITION_STARTED, date(2026, 11, 2))
    Candidate.objects.all().delete()
    monkeypatch.setattr(owing, "_kept_up", [])
    owing.keep_up()
    assert standing() == 2
