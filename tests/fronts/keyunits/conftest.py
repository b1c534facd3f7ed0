"""A county with key units and all five plans in force, once for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.utils import translation

from fronts import county
from fronts.conftest import Told
from fronts.county import OFFICE, task_of
from fronts.keyunits.story import CHEMICAL, PLATING, listed
from fronts.monitoring_story import sign_in
from soildesk import cli
from soildesk.core import clock
from soildesk.enterprises.models import Enterprise
from soildesk.plans.models import PlanTask

PLANS = {"000": "county", "001": "county", "002": "county", "003": "county", "004": "city"}
Find = Callable[[str, str], PlanTask]


@pytest.fixture(scope="package")
def standing(
    django_db_setup: None, django_db_blocker: pytest.DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """All five plans as published, in force in a county and its city."""
    yield from county.standing(django_db_blocker, tmp_path_factory.mktemp("anyue"), PLANS)


@pytest.fixture
def soildesk(standing: dict[str, str], db: None, capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., Told]]:
    """Run the command there; what a test changes is undone after it."""

    def run(*arguments: object) -> Told:
        capsys.readouterr()
        code = cli.main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Told(code, out, err)

    yield run
    translation.deactivate()


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Set the day the desk takes for today."""
    return lambda day: monkeypatch.setenv(clock.VARIABLE, day)


@pytest.fixture
def office(soildesk: Callable[..., Told]) -> Client:
    """The county's office for ecology."""
    return sign_in(OFFICE)


@pytest.fixture
def clause(standing: dict[str, str]) -> Find:
    """A task of one of the plans by its words."""
    return lambda plan, words: task_of(standing[plan], words)


@pytest.fixture
def plating(office: Client) -> Enterprise:
    """A plating works on the list of key units since 2025, with somebody who files for it."""
    return listed(office, "安岳电镀有限公司", PLATING)


@pytest.fixture
def chemical(office: Client, plating: Enterprise) -> Enterprise:
    """A chemical works on the same list that does nothing by itself."""
    return listed(office, "安岳化工有限公司", CHEMICAL)
