"""Acts on notices about grain above its limit: the farming office sends, grain, market and other offices answer by a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.models import Department
from soildesk.core.permissions import Actor, require
from soildesk.farmland.models import GrainNotice, Lot, ProduceTest
from soildesk.farmland.refusals import GrainNoticeRefused
from soildesk.farmland.services.lotduties import fit_notices, fit_recalls
from soildesk.farmland.services.offices import Line, acting
from soildesk.land.services.writing import number_for, refuse_future
from soilrules.farmland.producelimits import Sample

NOTIFY = "farmland.notify"
Kind = GrainNotice.Kind


@dataclass(frozen=True, slots=True)
class Said:
    """What a notice says, to whom, and until when it is to be answered (None: no day is set)."""

    kind: str
    to: Department
    on: date
    text: str
    due: date | None = None


@transaction.atomic
def send(
    about: Lot | ProduceTest, told: Said, *, by: Actor, at: datetime, stands_in: str = ""
) -> GrainNotice:  # fmt: skip
    """A notice about a lot, or about a test above its limit; its answer is a duty of the office it goes to."""
    require(by, NOTIFY, about)
    office = acting(by, Line.FARMING, about.division_path, stands_in)
    check(about, told, by=by)
    lot = about if isinstance(about, Lot) else None
    test = about if isinstance(about, ProduceTest) else None
    made = GrainNotice.objects.create(
        division_path=about.division_path, owner_department=office.department,
        number=number_for(office.department, "LT", told.on.year), kind=told.kind, lot=lot, test=test, to=told.to,
        on=told.on, text=told.text.strip()[:1000], due=told.due, recorded_at=at, recorded_by=by.person,
    )  # fmt: skip
    fit_notices([made], by=by)
    fit_recalls([test] if test else lot.tests.filter(superseded_at=None) if lot else [], by=by)
    data = {"number": made.number, "kind": made.kind, "to": told.to.name, "due": told.due, **office.told}
    audit.record("farmland.grain_notice.sent", subject=made, by=by, at=at, data=data)
    return made


def check(about: Lot | ProduceTest, told: Said, *, by: Actor) -> None:
    """Refuse a notice that says nothing, goes to nobody, or is about nothing."""
    if told.kind not in Kind.values or not told.text.strip():
        raise GrainNoticeRefused(_("没有选择通报类型，或者没有写内容：请填写。"), code="farmland.grain_notice.words")
    refuse_future(told.on, by, GrainNoticeRefused, "farmland.grain_notice.future")
    if told.due and told.due < told.on:
        raise GrainNoticeRefused(
            _("答复时限 %(due)s 早于发出日期 %(on)s：请核对。") % {"due": told.due, "on": told.on},
            code="farmland.grain_notice.days",
        )
    _check_about(about, told)
    since = about.locked_on if isinstance(about, Lot) else about.result_on
    if since and told.on < since:
        raise GrainNoticeRefused(
            _("发出日期 %(on)s 早于锁定或者检测报告的日期 %(since)s：请核对。") % {"on": told.on, "since": since},
            code="farmland.grain_notice.days",
        )
    own = by.person.department if by.person else None
    if own is not None and told.to.pk == own.pk:
        raise GrainNoticeRefused(_("通报不能发给本单位：请选择收文单位。"), code="farmland.grain_notice.to")
    rows = GrainNotice.objects.filter(superseded_at=None, kind=told.kind, to=told.to, answered_on=None)
    same = rows.filter(lot=about) if isinstance(about, Lot) else rows.filter(test=about)
    if one := same.first():
        raise GrainNoticeRefused(
            _("%(number)s 已发给%(to)s，还没有答复：请在那份通报上催办。") % {"number": one.number, "to": told.to.name},
            code="farmland.grain_notice.twice",
        )


@transaction.atomic
def answer(notice: GrainNotice, text: str, on: date, *, by: Actor, at: datetime) -> GrainNotice:
    """The answer of the office a notice went to; it answers once."""
    held = GrainNotice.objects.select_for_update().select_related("to").get(pk=notice.pk)
    require(by, "farmland.move_grain", held)
    own = by.person.department if by.person else held.to
    if own is None or own.pk != held.to_id:
        raise GrainNoticeRefused(
            _("这份通报发给%(to)s：请由该单位答复。") % {"to": held.to.name}, code="farmland.grain_notice.not_yours"
        )
    if held.answered_on is not None:
        raise GrainNoticeRefused(
            _("这份通报已于 %(day)s 答复：请刷新页面。") % {"day": held.answered_on},
            code="farmland.grain_notice.answered",
        )
    refuse_future(on, by, GrainNoticeRefused, "farmland.grain_notice.future")
    if on < held.on or not text.strip():
        raise GrainNoticeRefused(
            _("没有写答复内容，或者答复日期早于发出日期 %(on)s：请核对。") % {"on": held.on},
            code="farmland.grain_notice.days",
        )
    held.answered_on, held.answer = on, text.strip()[:1000]
    held.save(update_fields=["answered_on", "answer"])
    fit_notices([held], by=by)
    data = {"number": held.number, "on": on}
    audit.record("farmland.grain_notice.answered", subject=held, by=by, at=at, data=data)
    return held


def _check_about(about: Lot | ProduceTest, told: Said) -> None:
    if isinstance(about, Lot):
        if about.locked_on is None:
            raise GrainNoticeRefused(
                _("批次 %(lot)s 没有锁定：锁定后才发通报。") % {"lot": about.number}, code="farmland.grain_notice.about"
            )
    elif told.kind != Kind.RECALL or not Sample(about.said).above:
        raise GrainNoticeRefused(
            _("只有超标的检测才发召回通知：锁定和定向收购请在批次上办理。"), code="farmland.grain_notice.about"
        )
