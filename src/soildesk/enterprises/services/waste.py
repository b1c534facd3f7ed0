"""Acts on results of the assessment of hazardous-waste management: write down what its own system says, take back what was wrong.

The desk does not assess: it keeps the result, and asks back where the points do not give the level.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, files
from soildesk.core.models import FileUse
from soildesk.core.permissions import Actor, require
from soildesk.enterprises.models import EnterpriseVersion, WasteAssessment
from soildesk.enterprises.refusals import WasteRefused
from soildesk.land.services.writing import refuse_future
from soilrules.enterprises import hazardous_waste

Kind, Round, Level = WasteAssessment.Kind, WasteAssessment.Round, WasteAssessment.Level
DOES = {Kind.PRODUCER: "produces_waste", Kind.OPERATOR: "handles_waste"}
"""What a firm does that is assessed so."""


@dataclass(frozen=True, slots=True)
class Result:
    """One result as it is told; without a level the points give it."""

    year: int
    kind: str
    on: date
    round: str = Round.ALL
    body: str = ""
    score: int | None = None
    level: str = ""
    veto: str = ""
    document: str = ""
    note: str = ""

    @property
    def said(self) -> dict[str, Any]:
        """The result as a row holds it, its level too."""
        return {**{name: getattr(self, name) for name in self.__slots__}, "level": self.level or _level(self)}


@transaction.atomic
def record(firm: EnterpriseVersion, told: Result, *, by: Actor, at: datetime, batch: Any = None) -> WasteAssessment:
    """A result of a firm, as its system gives it."""
    require(by, "enterprises.record", firm)
    check(firm, told, by=by)
    made = WasteAssessment.objects.create(
        enterprise_id=firm.enterprise_id, division_path=firm.division_path, owner_department_id=firm.owner_department_id,
        **told.said, batch=batch, recorded_at=at, recorded_by=by.person,
    )  # fmt: skip
    audit.record("enterprises.waste.recorded", subject=made, by=by, at=at, data=_data(made))
    return made


@transaction.atomic
def take_back(found: WasteAssessment, *, why: str, by: Actor, at: datetime) -> WasteAssessment:
    """Say that a result was written down wrongly; it stays in the history and counts no more."""
    held = WasteAssessment.objects.select_for_update().get(pk=found.pk)
    require(by, "enterprises.record", held)
    if held.superseded_at is not None:
        raise WasteRefused(_("这条评估结果已经撤销：请刷新页面。"), code="enterprises.waste.stale")
    if not why.strip():
        raise WasteRefused(_("请写明撤销的原因：原因会留在历史里。"), code="enterprises.waste.why_missing")
    held.superseded_at, held.reason = at, why.strip()[:300]
    held.save(update_fields=["superseded_at", "reason"])
    audit.record("enterprises.waste.taken_back", subject=held, by=by, at=at, data={**_data(held), "why": held.reason})
    return held


@transaction.atomic
def attach(held: WasteAssessment, *, data: bytes, name: str, by: Actor, at: datetime) -> FileUse:
    """The sheet or notice a result stands in."""
    require(by, "enterprises.record", held)
    use = files.attach(held, data=data, name=name, kind="report", by=by, at=at)
    audit.record("enterprises.waste.attached", subject=held, by=by, at=at, data={**_data(held), "file": use.name})
    return use


def check(firm: EnterpriseVersion, told: Result, *, by: Actor) -> None:
    """Refuse what cannot be so, what contradicts itself, and what stands already."""
    _check_words(told)
    _check_days(told, by)
    _check_points(told)
    _check_firm(firm, told)
    same = WasteAssessment.objects.filter(
        enterprise=firm.enterprise_id,
        superseded_at=None,
        year=told.year,
        kind=told.kind,
        round=told.round,
        body=told.body,
    ).first()
    if same is None:
        return
    told_of = {"firm": firm.name, "what": same, "level": same.get_level_display(), "score": _points(same.score)}
    if (same.score, same.level) == (told.score, told.said["level"]):
        raise WasteRefused(
            _("%(firm)s 的“%(what)s”已经登记过，结果相同（%(level)s，%(score)s）：不需要再登记，请删去这一行。")
            % told_of,
            code="enterprises.waste.twice",
        )
    raise WasteRefused(
        _("%(firm)s 的“%(what)s”已登记为%(level)s（%(score)s）：确需更正的，请先撤销原记录再登记。") % told_of,
        code="enterprises.waste.twice",
    )


def _check_words(told: Result) -> None:
    for name, choices in (("kind", Kind), ("round", Round), ("level", Level)):
        value = getattr(told, name)
        if value not in choices.values and not (name == "level" and not value):
            raise WasteRefused(
                _("没有“%(value)s”这个选项：请在%(known)s中选择。")
                % {"value": value, "known": "、".join(str(label) for label in choices.labels)},
                code="enterprises.waste.choice",
            )
    if told.round == Round.SPOT and not told.body:
        raise WasteRefused(
            _("抽查没有写明评估单位：请填写由哪个机关抽查，如市生态环境局。"), code="enterprises.waste.body"
        )


def _check_days(told: Result, by: Actor) -> None:
    refuse_future(told.on, by, WasteRefused, "enterprises.waste.future")
    if not told.year <= told.on.year <= told.year + 1:
        raise WasteRefused(
            _("评估日期 %(day)s 不在 %(year)d 年度或次年：请核对年度和日期。") % {"day": told.on, "year": told.year},
            code="enterprises.waste.days",
        )


def _check_points(told: Result) -> None:
    """The points give the level, unless something fails the whole or a note says why not."""
    by_points = _by_points(told)
    if not told.level and by_points is None:
        raise WasteRefused(
            _("没有评估结果，也不能由得分判定：请填写达标、基本达标或不达标。"), code="enterprises.waste.level"
        )
    if told.veto and told.level not in ("", Level.FAILS) and not told.note:
        raise WasteRefused(
            _("有否决情形“%(veto)s”，结果却是%(level)s：请核对；确实如此的，在备注写明依据。")
            % {"veto": told.veto, "level": Level(told.level).label},
            code="enterprises.waste.level",
        )
    if told.level and not told.veto and by_points not in (None, told.level) and not told.note:
        raise WasteRefused(
            _("得分 %(score)d，按评估规则应为%(by_points)s，填的是%(level)s：请核对；有否决情形的请填写，另有规定的在备注写明依据。")
            % {"score": told.score, "by_points": Level(by_points).label, "level": Level(told.level).label},
            code="enterprises.waste.level",
        )  # fmt: skip


def _by_points(told: Result) -> str | None:
    """The level by rule; None where no points are known or no rule holds."""
    if told.veto:
        return Level.FAILS
    if told.score is None:
        return None
    try:
        level = hazardous_waste.level_of(told.score, told.on)
    except ValueError as error:
        rule = hazardous_waste.assessment_rule()
        most = rule.whole("items") * rule.whole("most")
        raise WasteRefused(
            _("得分 %(score)d 不在 0 至 %(most)d 之间：请核对。") % {"score": told.score, "most": most},
            code="enterprises.waste.score",
        ) from error
    return None if level is hazardous_waste.Level.UNKNOWN else str(level)


def _level(told: Result) -> str:
    return _by_points(told) or ""


def _check_firm(firm: EnterpriseVersion, told: Result) -> None:
    """A firm said not to do it cannot be assessed for it."""
    if getattr(firm, DOES[Kind(told.kind)]) is False:
        raise WasteRefused(
            _("%(firm)s 登记为不%(does)s，却有%(kind)s的评估结果：请先核对，并更正企业资料。")
            % {
                "firm": firm.name,
                "does": _("产生危险废物") if told.kind == Kind.PRODUCER else _("经营危险废物"),
                "kind": Kind(told.kind).label,
            },
            code="enterprises.waste.not_so",
        )


def _points(score: int | None) -> str:
    return _("无得分") if score is None else _("%(score)d 分") % {"score": score}


def _data(row: WasteAssessment) -> dict[str, Any]:
    return {"year": row.year, "kind": row.kind, "round": row.round, "level": row.level, "score": row.score}
