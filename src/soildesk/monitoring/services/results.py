"""Acts on single results: a correction as a new version, marks of validator and interpreter. Nothing is overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, may, require
from soildesk.monitoring.models import Batch, Judgement, Qualifier, Result, Surface
from soildesk.monitoring.services import judging, surfacemarks
from soilrules import units
from soilrules.labtables import NO_VALUE, notation

CHANGES = "monitoring.qualify"
NOT_COPIED = ("id", "uid", "corrects", "superseded_at", "qualifier")


class ResultRefused(Refusal):
    """A result cannot be corrected or marked so.

    Codes: monitoring.result.not_accepted, .corrected, .reason_missing, .no_value, .unit, .same, .choice, .nothing.
    """

    code = "monitoring.result.refused"


@dataclass(frozen=True, slots=True)
class Correction:
    """What a result should say: as the laboratory's corrected report prints it. `unit` blank: the same."""

    printed: str
    reason: str
    unit: str = ""
    detection_limit: float | None = None


def correct(result: Result, correction: Correction, *, by: Actor, at: datetime) -> Result:
    """A new version of a result, with the reason; the former stays, and the campaign is judged anew."""
    require(by, CHANGES, result)
    _reason(correction.reason)
    with transaction.atomic():
        held = _standing(result)
        new = _corrected(held, correction, at)
        if (new.value, new.censored, new.detection_limit, new.more_than, new.unit) == (
            held.value, held.censored, held.detection_limit, held.more_than, held.unit,
        ):  # fmt: skip
            raise ResultRefused(_("更正后的结果与现在的相同：无需更正。"), code="monitoring.result.same")
        held.superseded_at = at
        held.save(update_fields=["superseded_at"])
        new.save(force_insert=True)
        audit.record(
            "monitoring.result.corrected", subject=new, by=by, at=at,
            data={"sample": held.sample, "analyte": held.analyte, "was": held.printed, "is": new.printed},
        )  # fmt: skip
        _outdate(held, by, at)
        if may(by, judging.PERMISSION, held.batch.campaign):
            judging.judge(held.batch.campaign, Judgement.Why.CORRECTED, by=by, at=at)
    return new


def _outdate(held: Result, by: Actor, at: datetime) -> None:
    """Surfaces drawn from a result that no longer counts as it did."""
    of = [(held.medium, held.analyte)]
    surfacemarks.outdate(held.batch.campaign, of, Surface.Stale.CORRECTED, by=by, at=at)


def _corrected(held: Result, correction: Correction, at: datetime) -> Result:
    read = notation.read(correction.printed)
    if read.problem in NO_VALUE:
        raise ResultRefused(
            _("“%(text)s”不是检测结果：请写数字，未检出写 <检出限。") % {"text": correction.printed[:40]},
            code="monitoring.result.no_value",
        )
    unit = read.unit or correction.unit.strip() or held.unit
    former, now = units.parse(held.unit), units.parse(unit)
    if unit != held.unit and (now is None or (former and former.dimension is not now.dimension)):
        raise ResultRefused(
            _("单位“%(unit)s”与原来的“%(former)s”不是同一类：请核对。") % {"unit": unit[:20], "former": held.unit},
            code="monitoring.result.unit",
        )
    copied = {field.attname: getattr(held, field.attname) for field in Result._meta.concrete_fields}
    for name in NOT_COPIED:
        copied.pop(name, None)
    copied.pop("corrects_id")
    limit = read.limit if read.limit is not None else correction.detection_limit
    return Result(
        **copied
        | {
            "printed": correction.printed.strip()[:60], "value": None if read.censored else read.value, "unit": unit[:20],
            "censored": read.censored, "more_than": read.more_than, "corrects_id": held.pk,
            "detection_limit": held.detection_limit if limit is None else limit, "qualifier": (read.qualifier or "")[:20],
            "reason": correction.reason.strip()[:300], "recorded_at": at,
        }
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """What a validator or an interpreter says of a result."""

    role: str
    code: str
    reason: str


CODES = {
    Qualifier.Role.VALIDATOR: (
        Qualifier.Code.VALID, Qualifier.Code.ESTIMATED, Qualifier.Code.QUESTIONABLE, Qualifier.Code.REJECTED,
    ),
    Qualifier.Role.INTERPRETER: (
        Qualifier.Code.BACKGROUND, Qualifier.Code.OUTLIER, Qualifier.Code.QUESTIONABLE, Qualifier.Code.VALID,
    ),
}  # fmt: skip
"""Which marks each role gives; the laboratory's own stands in the result and is nobody else's to change."""


def qualify(result: Result, mark: Mark, *, by: Actor, at: datetime) -> Qualifier:
    """Mark a result; a former mark of the same role stays as history. A rejected result is judged no more."""
    require(by, CHANGES, result)
    _reason(mark.reason)
    if mark.role not in Qualifier.Role.values or mark.code not in CODES[Qualifier.Role(mark.role)]:
        raise ResultRefused(_("请选择角色和它可以给的标记。"), code="monitoring.result.choice")
    with transaction.atomic():
        held = _standing(result)
        former = held.qualifiers.filter(role=mark.role, superseded_at=None).first()
        if former is not None:
            former.superseded_at = at
            former.save(update_fields=["superseded_at"])
        made = Qualifier.objects.create(
            result=held, role=mark.role, code=mark.code, reason=mark.reason.strip()[:300], by=by.person, at=at
        )
        audit.record(
            "monitoring.result.qualified", subject=held, by=by, at=at,
            data={"sample": held.sample, "analyte": held.analyte, "role": mark.role, "code": mark.code},
        )  # fmt: skip
        _judge_anew(held, former, made, by, at)
    return made


def _judge_anew(result: Result, former: Qualifier | None, made: Qualifier, by: Actor, at: datetime) -> None:
    """What was rejected or no longer is changes what is judged."""
    if Qualifier.Code.REJECTED not in (made.code, former.code if former else ""):
        return
    _outdate(result, by, at)
    if may(by, judging.PERMISSION, result.batch.campaign):
        judging.judge(result.batch.campaign, Judgement.Why.CORRECTED, by=by, at=at)


def _standing(result: Result) -> Result:
    held = Result.objects.select_for_update().get(pk=result.pk)
    if held.batch.state not in Batch.ACCEPTED_STATES:
        raise ResultRefused(
            _("这个结果所在的批次还没有接收：有误请退回检测机构。"), code="monitoring.result.not_accepted"
        )
    if held.superseded_at is not None:
        raise ResultRefused(_("这个结果已被更正：请在更正后的结果上办理。"), code="monitoring.result.corrected")
    return held


def _reason(text: str) -> None:
    if not text.strip():
        raise ResultRefused(_("请写明原因：它会留在结果的历史里。"), code="monitoring.result.reason_missing")
