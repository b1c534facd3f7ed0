"""Ask the gate: the question, what was on record, the checks and the answer, written down once."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import shapely
from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.core import audit, clock
from soildesk.core.permissions import Actor, require, system_actor
from soildesk.decisions.models import GateQuery
from soildesk.decisions.pieces import CutGround
from soildesk.decisions.queries import facts as reading
from soildesk.decisions.queries.facts import Asked
from soildesk.decisions.queries.profiles import adopted_in
from soildesk.decisions.refusals import GateRefused
from soildesk.kit import pasted
from soildesk.kit.day import EARLIEST
from soildesk.kit.gis.values import EARLIEST as FIRST_RECALL
from soildesk.land.services.writing import Place, number_for
from soildesk.land.shapes import area_m2, surface
from soilrules.gate.acts import acts
from soilrules.gate.decide import decide_many
from soilrules.gate.facts import GateFacts
from soilrules.gate.results import CheckResult, Decision
from soilrules.gate.rules import check_rules, largest_m2, least_m2, tolerance
from soilrules.gate.uses import read_use, scheme_name, schemes

ASK = "decisions.ask"
LANGUAGES = ("zh", "en")
LONGEST_USE = 80
SURELY_GROUND = 1e-9
"""Square degrees that are more than one square metre anywhere in the country: what is larger need not be measured."""
SURELY_ONE = 5e-11
"""Square degrees that are less than one square metre anywhere in the country: so is what is smaller."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is written beside a question: for which project, by which paper, for whom, after which earlier answer.

    `request` names what a program sent under a key of its own; `read_as` tells by which coordinate system a file was read
    that names none.
    """

    project: str = ""
    parcel_code: str = ""
    document: str = ""
    on_behalf_of: str = ""
    follows: GateQuery | None = None
    follows_why: str = ""
    request: str = ""
    read_as: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision with the facts and the pieces of ground it rests on."""

    decision: Decision
    facts: GateFacts
    cutting: CutGround


def check(asked: Asked, *, by: Actor) -> Answer:
    """What the gate would answer; nothing is written down."""
    return check_many([prepared(asked)], by=by)[0]


def prepared(asked: Asked) -> Asked:
    """A question as the gate reads it; refused where there is no such act or its ground is no whole surface."""
    if asked.act not in acts():
        raise GateRefused(
            _("没有“%(act)s”这个事项。可以用：%(known)s。") % {"act": asked.act[:80], "known": "、".join(acts())},
            code="decisions.gate.act_unknown",
        )
    if len(asked.use) > LONGEST_USE:
        raise GateRefused(
            _("规划用途有 %(n)d 个字，最多 %(most)d 个字：请写用途代码，几种用途用 / 分开。")
            % {"n": len(asked.use), "most": LONGEST_USE},
            code="decisions.gate.use_long",
        )
    must_be_read(_("规划用途"), asked.use, asked.scheme)
    shape = surface(asked.shape)
    _must_be_ground(shape)
    return dataclasses.replace(asked, shape=shape)


def _must_be_ground(shape: BaseGeometry) -> None:
    """What lies within the error of its own boundary is no ground, and nothing found on it would be no pass; what is
    larger than a county is no one ground."""
    if SURELY_GROUND * float(least_m2()) < shape.area < SURELY_ONE * float(largest_m2()):
        return
    area = area_m2(shape)
    if area > float(largest_m2()):
        raise GateRefused(
            _(
                "范围有 %(area)s km²，超过 %(most)s km²，不是一块地，没有核查：请核对坐标系和坐标；许多块地请用批量核查，一行一块地。"
            )
            % {"area": f"{area / 1e6:,.0f}", "most": f"{float(largest_m2()) / 1e6:,.0f}"},
            code="decisions.gate.ground_large",
        )
    if area <= float(least_m2()):
        raise GateRefused(
            _(
                "范围只有 %(area)s m²，不超过 %(least)s m²（在边界误差以内），没有核查：请核对坐标、单位和坐标系；经纬度至少保留 6 位小数。"
            )
            % {"area": f"{area:.4f}", "least": least_m2()},
            code="decisions.gate.ground_small",
        )


def must_be_read(title: str, use: str, scheme: str) -> None:
    """A word that is no use at all is told before anything is asked; one with several meanings is answered with each."""
    scheme = scheme if scheme in schemes() else ""  # that there is no such scheme is told by itself
    unread = read_use(use, scheme).unread
    if not unread:
        return
    values = {"title": title, "words": "、".join(unread)[:LONGEST_USE], "scheme": scheme_name(scheme) if scheme else ""}
    told = _(
        "%(title)s“%(words)s”不是已知的用地代码或用途名称：请写用地用海分类或 GB 50137 的代码（如 0701、R2），或用途名称。"
    )
    if scheme:
        told = _("%(title)s“%(words)s”不是%(scheme)s的代码，也不是已知的用途名称：请核对代码，或改选用地分类标准。")
    raise GateRefused(told % values, code="decisions.gate.use_unknown")


def check_many(questions: Sequence[Asked], *, by: Actor) -> list[Answer]:
    """What the gate would answer to questions of one day, in their order: the registers are read once for all."""
    found = reading.facts_of(questions, system_actor("gate", by.today))
    decisions = decide_many(facts for facts, _cutting in found)
    return [Answer(decision, *one) for decision, one in zip(decisions, found, strict=True)]


@transaction.atomic
def ask(asked: Asked, place: Place, said: Said, *, by: Actor, at: datetime) -> GateQuery:
    """Ask and keep the answer under a number: it is never changed, a disagreement is a new question."""
    require(by, ASK, place.division)
    must_be_of_our_time(asked.on, by)
    must_have_been_recalled(asked.recalled_on, by)
    _must_say_why(said)
    must_be_read(_("现状用途"), asked.current_use or "", asked.current_scheme)
    asked = dataclasses.replace(placed(asked, place), unplaced=pasted.is_rough(said.read_as))
    return keep(check(asked, by=by), asked, place, said, by=by, at=at)


def must_be_of_our_time(on: date, by: Actor) -> None:
    """Nothing is on record of a day to come, nor of one long before there were records."""
    if on < EARLIEST:
        raise GateRefused(
            _("核查日 %(day)s 早于 %(first)s：请核对年份。") % {"day": on, "first": EARLIEST},
            code="decisions.gate.too_early",
        )
    if on > by.today:
        raise GateRefused(
            _("核查日 %(day)s 晚于今天 %(today)s：那一天的名单、报告还没有登记，请填写今天或更早的日期。")
            % {"day": on, "today": by.today},
            code="decisions.gate.future",
        )


def must_have_been_recalled(on: date | None, by: Actor) -> None:
    """A recall of land that is told has been: not in a century before, and not to come."""
    if on is not None and on < FIRST_RECALL:
        raise GateRefused(
            _("收回日期 %(day)s 早于 %(first)s：请核对年份。") % {"day": on, "first": FIRST_RECALL},
            code="decisions.gate.recalled",
        )
    if on is not None and on > by.today:
        raise GateRefused(
            _("收回日期 %(day)s 晚于今天 %(today)s：还没有收回的留空，并选“将要收回、转让”。")
            % {"day": on, "today": by.today},
            code="decisions.gate.recalled",
        )


def placed(asked: Asked, place: Place) -> Asked:
    """The question with the local rules adopted where the ground lies."""
    if asked.profile is not None:
        return asked
    return dataclasses.replace(asked, profile=adopted_in(place.division, asked.on))


def keep(answer: Answer, asked: Asked, place: Place, said: Said, *, by: Actor, at: datetime) -> GateQuery:
    """Part of an act that asked for the permission: the answer under its number, and the audit entry."""
    number = number_for(place.department, "ZR", clock.local_day(at).year)
    made = written(answer, asked, place, said, by=by, at=at, number=number)
    made.save(force_insert=True)
    data = {"number": made.number, "act": made.act, "decision": made.decision, "rule_set": made.rule_set}
    audit.record("decisions.gate.asked", subject=made, by=by, at=at, data=data)
    return made


def written(
    answer: Answer, asked: Asked, place: Place, said: Said, *, by: Actor, at: datetime, number: str
) -> GateQuery:
    """The answer as it is to be kept."""
    return GateQuery(
        **place.columns,
        number=number,
        token=secrets.token_urlsafe(24),
        act=asked.act,
        use=asked.use,
        use_scheme=asked.scheme,
        on=asked.on,
        project=said.project.strip(),
        parcel_code=said.parcel_code.strip(),
        document=said.document.strip(),
        on_behalf_of=said.on_behalf_of.strip(),
        follows=said.follows,
        follows_why=said.follows_why.strip(),
        request=said.request,
        area_m2=answer.facts.ground.area_m2,
        facts=plain(answer.facts)
        | {
            "untouched": asked.untouched,
            "read_as": said.read_as,
            "use_of_record": asked.current_use is None and answer.facts.current_use is not None,
            "shapes": _shapes(answer.cutting),
        },
        checks=[told(one) for one in answer.decision.checks],
        decision=answer.decision.verdict.value,
        rule_set=answer.decision.rule_set,
        tolerance_m2=float(tolerance().of(answer.facts.ground.area_m2)),
        geometry=surface(asked.shape),
        asked_at=at,
        asked_by=by.person,
    )


def _shapes(cutting: CutGround) -> dict[str, str]:
    """The pieces as they were cut; a ground of one piece is its own shape."""
    shapes = cutting.shapes
    return {key: shapely.to_wkt(one, rounding_precision=9) for key, one in shapes.items()} if len(shapes) > 1 else {}


def _must_say_why(said: Said) -> None:
    if said.follows is not None and not said.follows_why.strip():
        raise GateRefused(
            _("请写明重新核查的理由：原核查 %(number)s 保留，理由与新结论一并留存。") % {"number": said.follows.number},
            code="decisions.gate.why_missing",
        )


def told(result: CheckResult) -> dict[str, Any]:
    """One check as it is kept and printed: outcome, sentences in both languages, citations of the day, area, pieces."""
    change = result.would_change
    return {
        "id": result.id,
        "title": {"zh": check_rules()[result.id].zh, "en": check_rules()[result.id].en},
        "outcome": result.outcome.value,
        "force": result.force.value,
        "because": {key: [one.sentence(key) for one in result.because] for key in LANGUAGES},
        "would_change": {key: change.sentence(key) for key in LANGUAGES} if change else {},
        "basis": [one.cited for one in result.bases],
        "area_m2": round(result.area_m2, 2),
        "pieces": list(result.pieces),
        "place": result.place,
        "mark": result.mark,
    }


def plain(value: Any) -> Any:
    """Facts as JSON keeps them."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(one) for one in value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(one) for one in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
