"""What is added to an answer: the query of the national system, a written ground, a disagreement. Each asks anew.

An answer is never changed: what was added stands beside it, and the new question follows the old one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, clock, files
from soildesk.core.permissions import Actor, require
from soildesk.decisions.models import GateGround, GateQuery, OpinionRequest, ProvinceQuery
from soildesk.decisions.queries import kept
from soildesk.decisions.queries.facts import Asked
from soildesk.decisions.refusals import GateRefused
from soildesk.decisions.services import gate
from soildesk.decisions.services.gate import Said
from soildesk.decisions.services.national import National
from soildesk.land.services.writing import place_at, refuse_future
from soilrules.gate import facts as rules
from soilrules.gate.results import Force

SAID = ("related", "pollutes", "food", "works_begun", "current_use", "current_scheme", "untouched")
GROUND, PROVINCE = "decisions.ground", "decisions.province"
PICTURE, PAPER = "province", "ground"


@transaction.atomic
def again(
    query: GateQuery, why: str, *, by: Actor, at: datetime, on: date | None = None, changes: Mapping[str, Any] | None = None
) -> GateQuery:  # fmt: skip
    """Ask the same of the same ground anew, with what was added since and why."""
    asked = rebuilt(query, on or day_again(query, by), changes or {})
    said = Said(
        query.project,
        query.parcel_code,
        query.document,
        query.on_behalf_of,
        query,
        why,
        read_as=query.facts.get("read_as", ""),
    )
    return gate.ask(asked, place_at(query.division_path, by), said, by=by, at=at)


def day_again(query: GateQuery, by: Actor) -> date:
    """The day a question is asked anew of: today, unless it was asked of another day than its own."""
    return by.today if query.on == clock.local_day(query.asked_at) else query.on


def rebuilt(query: GateQuery, on: date, changes: Mapping[str, Any]) -> Asked:
    """The question as it was put, with the province's answer and the written grounds that came since."""
    held = query.facts
    said: dict[str, Any] = {name: held.get(name) for name in SAID}
    said |= {"current_scheme": held.get("current_scheme") or "", "related": bool(held.get("related"))}
    if held.get("use_of_record"):  # nobody said it: the parcels of the new day tell it
        said |= {"current_use": None, "current_scheme": ""}
    said |= {
        "plan_state": rules.PlanState(held["plan_state"]) if held.get("plan_state") else None,
        "transfer": rules.Transfer(held["transfer"]) if held.get("transfer") else None,
        "recalled_on": date.fromisoformat(held["recalled_on"]) if held.get("recalled_on") else None,
        "query": _province(query, on),
        "grounds": tuple(_written(one) for one in kept.grounds_of(query)),
        "reply": _reply(query, on),
    }
    return Asked(query.geometry, query.act, query.use, on, query.use_scheme, **{**said, **changes})


def _province(query: GateQuery, on: date) -> rules.ProvinceQuery | None:
    row = next((one for one in kept.province_of(query) if one.asked_on <= on), None)
    if row is None:
        return None
    picture = files.uses_of(row).filter(kind=PICTURE).first()
    return rules.ProvinceQuery(
        row.asked_on, row.person, row.result, picture.name if picture else "", row.found, row.stage, tuple(row.lists),
        row.restricted,
    )  # fmt: skip


def _reply(query: GateQuery, on: date) -> str:
    """The number of the last written reply to a question, by a day."""
    answered = [one for one in kept.opinions_of(query) if one.state == OpinionRequest.State.ANSWERED]
    found = [one for one in answered if one.answered_on is not None and one.answered_on <= on]
    last = max(found, key=lambda one: (one.answered_on, one.pk), default=None)
    return last.outgoing if last else ""


def _written(row: GateGround) -> rules.WrittenGround:
    return rules.WrittenGround(row.check_id, row.person, row.document, row.on, row.ground)


@transaction.atomic
def province(query: GateQuery, said: National, *, by: Actor, at: datetime) -> GateQuery:
    """Keep what the national system said, as a person asked it there, and ask the gate anew."""
    made = told(query, said, by=by, at=at)
    return again(query, _("登记全国系统查询结果（%(day)s）") % {"day": made.asked_on}, by=by, at=at)


def told(query: GateQuery, said: National, *, by: Actor, at: datetime) -> ProvinceQuery:
    """Keep beside an answer what the national system said."""
    require(by, PROVINCE, query)
    refuse_future(said.on, by, GateRefused, "decisions.province.future")
    if not (said.person.strip() and said.result.strip()):
        raise GateRefused(_("请写明查询人和查询结果：两者都要能说清。"), code="decisions.province.words")
    if faults := list(said.shown_faults()):
        raise GateRefused("".join(faults), code="decisions.province.shown")
    made = ProvinceQuery.objects.create(
        division_path=query.division_path, owner_department_id=query.owner_department_id, query=query, asked_on=said.on,
        person=said.person.strip(), found=said.found, stage=said.stage, lists=list(said.lists), restricted=said.restricted,
        result=said.result.strip(), recorded_at=at, recorded_by=by.person,
    )  # fmt: skip
    if said.picture:
        files.attach(made, data=said.picture[1], name=said.picture[0], kind=PICTURE, by=by, at=at)
    data = {"query": query.number, "asked_on": made.asked_on, "found": made.found, "person": made.person}
    data |= {"stage": made.stage, "lists": made.lists, "restricted": made.restricted}
    audit.record("decisions.province.recorded", subject=made, by=by, at=at, data=data)
    return made


@transaction.atomic
def ground(
    query: GateQuery, facts: Mapping[str, Any], paper: tuple[str, bytes] | None, *, by: Actor, at: datetime
) -> GateQuery:
    """Keep the written ground on which a condition held only in principle is passed, and ask the gate anew."""
    require(by, GROUND, query)
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    _must_be_in_principle(query, clean["check_id"])
    refuse_future(clean["on"], by, GateRefused, "decisions.ground.future")
    if not all(clean[name] for name in ("person", "ground", "document")):
        raise GateRefused(_("请写明决定人、理由和文号：缺一项都不能附条件通过。"), code="decisions.ground.words")
    made = GateGround.objects.create(
        division_path=query.division_path, owner_department_id=query.owner_department_id, query=query, **clean,
        at=at, by=by.person,
    )  # fmt: skip
    if paper:
        files.attach(made, data=paper[1], name=paper[0], kind=PAPER, by=by, at=at)
    data = {"query": query.number, "check": made.check_id, "person": made.person, "document": made.document}
    audit.record("decisions.ground.recorded", subject=made, by=by, at=at, data=data)
    return again(query, _("登记书面理由 %(document)s") % {"document": made.document}, by=by, at=at)


def in_principle(query: GateQuery) -> list[dict[str, Any]]:
    """The checks of an answer a named person may pass by a written ground: those held only in principle."""
    return [one for one in query.checks if one["outcome"] == "conditions" and one["force"] == Force.PRINCIPLE]


def need_in_principle(query: GateQuery) -> None:
    """Refuse a written ground for an answer that has no condition held only in principle."""
    if not in_principle(query):
        raise GateRefused(
            _("没有可以凭书面理由通过的条件：只有“原则上、不宜”的条件可以。"), code="decisions.ground.not_in_principle"
        )


def _must_be_in_principle(query: GateQuery, check: str) -> None:
    if check in {one["id"] for one in in_principle(query)}:
        return
    raise GateRefused(
        _("这一项不能凭书面理由通过：法定禁止和属地要求没有例外，只有“原则上、不宜”的条件可以由具名人员书面说明理由。"),
        code="decisions.ground.not_in_principle",
    )
