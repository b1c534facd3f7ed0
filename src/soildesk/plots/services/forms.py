"""The quality forms of a report: filled by whoever checks; the verdict is computed from the answers and nobody writes another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.permissions import Actor, require
from soildesk.land.services.writing import refuse_future
from soildesk.plots.models import QualityForm, Report, ReportAct
from soildesk.plots.refusals import ReportRefused
from soildesk.plots.services.reports import locked, need_state, write_act
from soilrules import __version__
from soilrules.plots.quality_forms import Answer, FormKey, Judgement, judge_form, quality_forms

State = Report.State


@transaction.atomic
def fill(
    report: Report, key: str, answers: Mapping[str, str], remarks: Mapping[str, str], *, by: Actor, at: datetime,
    on: date | None = None,
) -> QualityForm:  # fmt: skip
    """A form filled in the round that runs; one that lacks answers is kept as it is and its verdict is unknown."""
    held = locked(report, by)
    require(by, "plots.review", held)
    need_state(held, State.SUBMITTED, State.REVIEWING, State.ACCEPTED)
    day = on or by.today
    refuse_future(day, by, ReportRefused, "plots.report.future")
    judged = judge(key, answers)
    made = QualityForm.objects.create(
        report=held,
        round=held.round,
        form=key,
        edition=f"{judged.form.bases[0]} {__version__}"[:40],
        answers={no: one for no, one in answers.items() if one},
        remarks={no: text.strip()[:300] for no, text in remarks.items() if text.strip()},
        verdict=str(judged.verdict),
        on=day,
        by=by.person,
        at=at,
    )
    data = {"form": key, "verdict": made.verdict}
    write_act(held, ReportAct.Kind.FORM, by=by, at=at, on=day, data=data)
    audit.record("plots.report.form", subject=held, by=by, at=at, data={"number": held.number, **data})
    return made


def judge(key: str, answers: Mapping[str, str]) -> Judgement:
    """What answers come to; refused where a form or an answer is none of the data."""
    if key not in list(FormKey):
        raise ReportRefused(_("没有“%(key)s”这张检查表：请选择。") % {"key": key}, code="plots.report.form")
    try:
        return judge_form(FormKey(key), {no: Answer(one) if one else None for no, one in answers.items()})
    except ValueError as wrong:
        form = quality_forms()[FormKey(key)]
        raise ReportRefused(
            _("“%(form)s”的回答不在可选范围内：请逐项选择。") % {"form": form.zh}, code="plots.report.form"
        ) from wrong
