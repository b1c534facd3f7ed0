"""What is owed on tests of produce: one before every harvest of a unit at risk, by the office of its ground. Part of other acts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _

from soildesk.core import duties
from soildesk.core.duties import DutySpec, Life, Standing
from soildesk.core.models import Department, Duty
from soildesk.core.permissions import Actor
from soildesk.farmland.models import Season
from soildesk.farmland.queries import owedtests
from soildesk.farmland.queries.owedtests import Owed
from soildesk.farmland.services.lines import line_of
from soildesk.farmland.services.offices import offices_of
from soildesk.plots.controlwords import basis_of
from soilrules.farmland.harvests import TEST_BASES


def fit(unit_ids: Iterable[int], *, by: Actor) -> int:
    """Make the duties of the seasons of some units fit what is known of them; returns how many rows were written."""
    ids = list(dict.fromkeys(unit_ids))
    wanted: dict[int, Sequence[Standing]] = {
        one.season.pk: _standing(one, by) for one in owedtests.of_units(ids, by.today)
    }
    seasons = Season.objects.filter(unit__in=ids).select_related("owner_department")
    return duties.fit([(one, wanted.get(one.pk, [])) for one in seasons], by=by)


def _standing(one: Owed, by: Actor) -> Sequence[Standing]:
    if not one.risks:
        return []
    season = one.season
    title = _("%(crop)s收获前检测：%(unit)s（%(year)s 年）") % {
        "crop": season.crop,
        "unit": one.version.name,
        "year": season.year,
    }
    basis = basis_of(TEST_BASES, season.harvest_from or by.today)
    spec = DutySpec(
        Duty.Kind.FARM_TEST, title[:300], _office(one, by), basis=basis[:300], period=str(season.year), due=one.due
    )
    return [Standing(spec, Life(season.sown_on or date(season.year, 1, 1)), one.done_on)]


def _office(one: Owed, by: Actor) -> Department:
    """The office of the ground; where the place has none, whoever keeps the unit."""
    return offices_of(line_of(one.version), one.version.division_path, by).first() or one.version.keeper
