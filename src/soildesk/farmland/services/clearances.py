"""Grain of a locked lot that a retest clears: what was above, what the retest answers, what other laboratories say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from soildesk.farmland.grainwords import content_word
from soildesk.farmland.models import LockProposal, Lot, LotMove, ProduceTest, ProduceValue
from soildesk.farmland.queries import bought
from soildesk.farmland.refusals import GrainRefused
from soilrules.farmland.clearing import LotAbove, Retest, Uncleared, contradicts, uncleared
from soilrules.farmland.producelimits import Sample

ABOVE = (Sample.LIGHT, Sample.SEVERE)


def check_cleared(lot: Lot, test: ProduceTest | None, move: LotMove | None, on: date) -> None:
    """Refuse a clearance that no test of this grain proves: of what went one way, or (None) of what a household keeps."""
    if test is None or test.lot_id != lot.pk or test.superseded_at is not None or test.result_on is None:
        raise GrainRefused(
            _("复检合格要有本批次的实验室检测、各项都不超限：请先登记库存检测，再选择它。"), code="farmland.grain.test"
        )
    others = {one: _retest(one) for one in lot.tests.filter(superseded_at=None, result_on__isnull=False)}
    above = _above(lot)
    of_grain = bought.is_of(test, move, on) if move else test.holding_id is None
    why = uncleared(
        replace(_retest(test), of_grain=of_grain), LotAbove(lot.crop, above, grain_since(lot)), others.values()
    )
    if why is None:
        return
    against = "、".join(one.number for one, said in others.items() if contradicts(said))
    raise GrainRefused(_words(why, lot, test, above, against), code="farmland.grain.test")


def grain_since(lot: Lot) -> date | None:
    """The first day a sample can be of this grain: its harvest, else the first sample that led to the lock."""
    if lot.harvested_on is not None:
        return lot.harvested_on
    return min((one.test.sampled_on for one in _grounds(lot)), default=None)


def _grounds(lot: Lot) -> list[LockProposal]:
    return list(lot.proposals.filter(superseded_at=None).select_related("test"))


def _above(lot: Lot) -> set[str]:
    """The contents that lay above in the tests the lock rests on."""
    rows = ProduceValue.objects.filter(test__in=[one.test_id for one in _grounds(lot)], verdict__in=ABOVE)
    return set(rows.values_list("analyte", flat=True))


def _retest(test: ProduceTest) -> Retest:
    answered = test.values.exclude(verdict=Sample.UNKNOWN).values_list("analyte", flat=True)
    laboratory = test.way == ProduceTest.Way.LABORATORY
    return Retest(test.crop, test.sampled_on, laboratory, Sample(test.said), set(answered))


def _words(why: Uncleared, lot: Lot, test: ProduceTest, above: set[str], against: str) -> str:
    named = "、".join(content_word(one) for one in sorted(above))
    words = {
        Uncleared.NO_LABORATORY: _("样品 %(test)s 是快速检测：复检合格要有本批次的实验室检测。"),
        Uncleared.NOT_WITHIN: _("样品 %(test)s 超标或者没有结论：复检合格要各项都不超限。"),
        Uncleared.OTHER_CROP: _("样品 %(test)s 是%(crop)s，批次 %(lot)s 是%(grain)s：请选择本批次粮食的检测。"),
        Uncleared.OTHER_GRAIN: _(
            "样品 %(test)s 不是取自这笔粮食：一个企业的检测不能用于别的企业或者农户的粮食。请登记这笔粮食的检测，写明收购企业或者采样地点。"
        ),
        Uncleared.BEFORE: _("样品 %(test)s 采于 %(day)s，早于批次 %(lot)s 的粮食：请收获后重新采样。"),
        Uncleared.NOT_ANSWERED: _("批次 %(lot)s 因%(above)s超标锁定，样品 %(test)s 没有测全：请补测后再办理。"),
        Uncleared.CONTRADICTED: _(
            "批次 %(lot)s 另有实验室检测超标（%(against)s）：不能按复检合格处理；那次结果有误的，请先撤销它并写明原因。"
        ),
    }
    facts = {"test": test.number, "crop": test.crop, "lot": lot.number, "grain": lot.crop, "day": test.sampled_on}
    return words[why] % (facts | {"above": named, "against": against})
