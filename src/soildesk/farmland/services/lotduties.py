"""What is owed on grain above its limit: a lock to confirm, a recall to send, a notice to answer. Part of other acts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from soildesk.core import duties
from soildesk.core.duties import DutySpec, Life, Standing
from soildesk.core.models import Department, Duty
from soildesk.core.permissions import Actor
from soildesk.farmland.models import GrainNotice, LockProposal, ProduceTest, UnitVersion
from soildesk.farmland.services.lines import line_of
from soildesk.farmland.services.offices import Line, offices_of
from soildesk.plots.controlwords import basis_of
from soilrules.farmland.custody import BASES
from soilrules.farmland.producelimits import Sample

State = LockProposal.State


def fit_proposals(proposals: Iterable[LockProposal], *, by: Actor) -> None:
    """Make the duties to confirm or put aside fit some proposals. No rule sets a term: the harvest does."""
    duties.fit([(one, _of_proposal(one, by)) for one in proposals], by=by)


def fit_notices(notices: Iterable[GrainNotice], *, by: Actor) -> None:
    """Make the duties to answer fit some notices."""
    duties.fit([(one, _of_notice(one)) for one in notices], by=by)


def fit_recalls(tests: Iterable[ProduceTest], *, by: Actor) -> None:
    """Make the duties to send a recall fit some tests: what lies above and cannot be locked, or not any more."""
    duties.fit([(one, _of_recall(one, by)) for one in tests], by=by)


def _of_recall(one: ProduceTest, by: Actor) -> Sequence[Standing]:
    if one.superseded_at is not None or one.result_on is None or not (_out(one) and Sample(one.said).above):
        return []
    sent = GrainNotice.objects.filter(_about(one), superseded_at=None, kind=GrainNotice.Kind.RECALL).order_by("on")
    title = _("发出召回通知：%(crop)s%(stage)s超标（样品 %(number)s）") % {
        "crop": one.crop,
        "stage": one.get_stage_display(),
        "number": one.number,
    }
    office = offices_of(Line.FARMING, one.division_path, by).first() or one.owner_department
    spec = DutySpec(
        Duty.Kind.FARM_GRAIN, title[:300], office, basis=basis_of(BASES, one.result_on)[:300], issued_on=one.result_on
    )
    return [Standing(spec, Life(one.result_on), sent.values_list("on", flat=True).first())]


def _out(one: ProduceTest) -> bool:
    """Whether what a test is of can be locked no more: it grew nobody knows where, or the lock of its lot was lifted before."""
    if one.lot is not None:
        lifted = one.lot.unlocked_on
        return lifted is not None and one.result_on is not None and lifted <= one.result_on
    return one.unit_id is None


def _about(one: ProduceTest) -> Q:
    """Notices about a test, or sent about its lot since."""
    return Q(test=one) | Q(lot=one.lot_id, lot__isnull=False, on__gte=one.result_on)


def _of_proposal(one: LockProposal, by: Actor) -> Sequence[Standing]:
    if one.superseded_at is not None:
        return []
    unit = UnitVersion.objects.standing(by.today).filter(unit=one.unit_id).first()
    title = _("确认是否锁定：%(unit)s%(crop)s检测超标（样品 %(number)s）") % {
        "unit": unit.name if unit else one.unit.number,
        "crop": one.crop,
        "number": one.test.number,
    }
    spec = DutySpec(
        Duty.Kind.FARM_GRAIN, title[:300], _office(one, unit, by), basis=basis_of(BASES, one.on)[:300],
        due=_harvest(one), issued_on=one.on,
    )  # fmt: skip
    return [Standing(spec, Life(one.on), one.closed_on)]


def _office(one: LockProposal, unit: UnitVersion | None, by: Actor) -> Department:
    line = line_of(unit) if unit else Line.FARMING
    return offices_of(line, one.division_path, by).first() or one.owner_department


def _harvest(one: LockProposal) -> date | None:
    """The day the grain is cut: after it a lock comes too late for the field."""
    days = one.unit.seasons.filter(superseded_at=None, harvest_from__gte=one.test.sampled_on)
    return days.order_by("harvest_from").values_list("harvest_from", flat=True).first()


def _of_notice(one: GrainNotice) -> Sequence[Standing]:
    if one.superseded_at is not None or one.due is None:
        return []
    about = one.lot.number if one.lot else one.test.number if one.test else one.number
    title = _("答复%(what)s %(number)s（%(about)s）") % {
        "what": one.get_kind_display(),
        "number": one.number,
        "about": about,
    }
    spec = DutySpec(Duty.Kind.FARM_GRAIN, title[:300], one.to, basis=basis_of(BASES, one.on)[:300], due=one.due)
    return [Standing(spec, Life(one.on), one.answered_on)]
