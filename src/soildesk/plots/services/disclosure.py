"""What follows the review: a report made public for as long as it has to be, handed up to the national system, checked again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.permissions import Actor, require
from soildesk.enterprises.sentences import said
from soildesk.land.services.writing import Place, refuse_future
from soildesk.plots.models import Recheck, Report, ReportAct
from soildesk.plots.refusals import ReportRefused
from soildesk.plots.services.reports import locked, need_state, need_words, write_act
from soilrules.plots import deadlines
from soilrules.plots.deadlines import DueDay
from soilrules.plots.first_pass import recheck_lot

State, Act = Report.State, ReportAct.Kind
FEWEST = 1


def public_until(since: date | None, on: date) -> DueDay:
    """Until when a report made public on a day has to stay so, at least."""
    return deadlines.due_day(deadlines.Kind.DISCLOSURE, since, "", on=on)


@transaction.atomic
def publish(report: Report, since: date, until: date | None, address: str, *, by: Actor, at: datetime) -> Report:
    """That a report was made public: where, from which day, and until which day where it ended."""
    held = locked(report, by)
    require(by, "plots.accept", held)
    need_state(held, State.ACCEPTED)
    refuse_future(since, by, ReportRefused, "plots.report.future")
    _after_it_was_made(held, since)
    need_words(address, _("请填写公开网址或公开地点：公众和检查人员要能找到。"))
    term = public_until(since, since)
    if until is not None and term.due is not None and until < term.due:
        raise ReportRefused(
            _("公开到 %(until)s，短于规定：%(term)s请延长公开，或等期满再登记截止日期。")
            % {"until": until, "term": said(term.message)},
            code="plots.report.days",
        )
    if until is not None and until < since:
        raise ReportRefused(
            _("公开截止 %(until)s 早于公开日期 %(since)s：请核对。") % {"until": until, "since": since},
            code="plots.report.days",
        )
    held.published_on, held.published_until, held.address = since, until, address.strip()[:300]
    held.save(update_fields=["published_on", "published_until", "address"])
    data = {"since": str(since), "until": str(until or ""), "address": held.address}
    write_act(held, Act.PUBLISHED, by=by, at=at, on=since, data=data)
    audit.record("plots.report.published", subject=held, by=by, at=at, data={"number": held.number, **data})
    return held


@transaction.atomic
def uploaded(report: Report, receipt: str, on: date, *, by: Actor, at: datetime) -> Report:
    """The receipt of the national system for a report that was handed up."""
    held = locked(report, by)
    require(by, "plots.accept", held)
    need_state(held, State.ACCEPTED)
    refuse_future(on, by, ReportRefused, "plots.report.future")
    _after_it_was_made(held, on)
    need_words(receipt, _("请填写全国系统给出的回执号：没有回执不能算已上传。"))
    held.receipt, held.uploaded_on = receipt.strip()[:80], on
    held.save(update_fields=["receipt", "uploaded_on"])
    data = {"receipt": held.receipt, "on": str(on)}
    write_act(held, Act.UPLOADED, by=by, at=at, on=on, data=data)
    audit.record("plots.report.uploaded", subject=held, by=by, at=at, data={"number": held.number, **data})
    return held


def _after_it_was_made(report: Report, on: date) -> None:
    """What is made public or handed up is the report that was finished."""
    if on < report.finished_on:
        raise ReportRefused(
            _("日期 %(on)s 早于报告编制完成的 %(finished)s：请核对。") % {"on": on, "finished": report.finished_on},
            code="plots.report.order",
        )


def urn(year: int, by: Actor) -> dict[str, Decimal]:
    """The reports passed in a year, by number, each with the same weight."""
    rows = Report.objects.visible_to(by).filter(state=State.ACCEPTED, accepted_on__year=year).order_by("number")
    return dict.fromkeys(rows.values_list("number", flat=True), Decimal(1))


@transaction.atomic
def draw(place: Place, year: int, share: Decimal, seed: str, *, by: Actor, at: datetime) -> Recheck:
    """The reports of a year that are checked again, drawn from a published seed: anybody can draw them again."""
    require(by, "plots.draw", place.division)
    need_words(seed, _("请填写随机种子：事先公布、事后可查的文字，如某日某期彩票号码。"))
    found = urn(year, by)
    if len(found) < FEWEST:
        raise ReportRefused(
            _("%(year)d 年还没有评审通过的报告，无从抽取：请核对年度。") % {"year": year}, code="plots.report.too_few"
        )
    if not 0 < share <= 1:
        raise ReportRefused(_("抽取比例应在 0 到 100% 之间，不含 0：请核对。"), code="plots.report.share")
    lot = recheck_lot(found, share, seed.strip())
    made = Recheck.objects.create(
        **place.columns, year=year, seed=seed.strip()[:80], urn=sorted(found), drawn=list(lot.drawn), drawn_at=at,
        drawn_by=by.person,
    )  # fmt: skip
    data = {"year": year, "seed": made.seed, "urn": len(found), "drawn": list(lot.drawn), "digest": digest(made.urn)}
    audit.record("plots.recheck.drawn", subject=made, by=by, at=at, data=data)
    return made


def again(recheck: Recheck) -> bool:
    """Whether the same lot comes from the urn and the seed that were kept."""
    share = Decimal(len(recheck.drawn)) / len(recheck.urn)
    weights: Mapping[str, Decimal] = dict.fromkeys(recheck.urn, Decimal(1))
    return list(recheck_lot(weights, share, recheck.seed).drawn) == list(recheck.drawn)


def digest(numbers: list[str]) -> str:
    """A fingerprint of an urn, for a public notice before the draw."""
    return hashlib.sha256("\n".join(numbers).encode()).hexdigest()[:16]


@transaction.atomic
def rechecked(report: Report, note: str, *, by: Actor, at: datetime) -> Report:
    """What a second look at a drawn report found."""
    held = locked(report, by)
    require(by, "plots.accept", held)
    need_drawn(held, by)
    need_words(note, _("请写明复核结果：发现了什么问题，或没有发现问题。"))
    write_act(held, Act.RECHECKED, by=by, at=at, note=note)
    audit.record("plots.report.rechecked", subject=held, by=by, at=at, data={"number": held.number})
    return held


def need_drawn(report: Report, by: Actor) -> None:
    """Refuse the second look at a report that nobody drew."""
    need_state(report, State.ACCEPTED)
    if report.number not in drawn_numbers(by):
        raise ReportRefused(
            _("%(number)s 没有被抽中：只登记抽中报告的复核结果。") % {"number": report.number},
            code="plots.report.state",
        )


def drawn_numbers(by: Actor) -> set[str]:
    """The numbers of all reports that were drawn."""
    return {one for drawn in Recheck.objects.visible_to(by).values_list("drawn", flat=True) for one in drawn}
