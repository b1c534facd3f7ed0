"""Acts on the library of techniques and varieties, and on visits of experts and training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, clock, files
from soildesk.core.permissions import Actor, require
from soildesk.farmland.models import Guidance, Recommendation, Technique, UnitVersion
from soildesk.farmland.queries.recommended import open_stay, stands_on_list, stays_of
from soildesk.farmland.refusals import UseRefused
from soildesk.farmland.services import keeping
from soildesk.farmland.services.keeping import Paper, Subject
from soildesk.land.services.writing import Place, refuse_future
from soilrules.farmland.measures import measures

KEEP = "farmland.keep_library"
TECHNIQUES = Subject(Technique, KEEP, "farmland.technique")
GUIDANCE = Subject(Guidance, KEEP, "farmland.guidance")


@transaction.atomic
def add(facts: Mapping[str, Any], place: Place, *, by: Actor, at: datetime) -> Technique:
    """A technique or variety with where it is known from."""
    check(facts, place, by=by)
    row = keeping.insert(Technique, facts, place, by=by, at=at)
    audit.record("farmland.technique.added", subject=row, by=by, at=at, data={"name": row.name, "what": row.what})
    return row


def check(facts: Mapping[str, Any], place: Place, *, by: Actor) -> None:
    """Refuse one without name or source, with a measure the form has not, or that stands already."""
    require(by, KEEP, place.division)
    if facts.get("what") not in Technique.What.values:
        raise UseRefused(_("类型应为技术或者品种。"), code="farmland.use.kind")
    if not (facts.get("name") and facts.get("source")):
        raise UseRefused(_("没有写名称或者来源：请填写来源文件或者试验单位。"), code="farmland.use.words")
    if facts.get("measure") and facts["measure"] not in measures():
        raise UseRefused(
            _("没有“%(kind)s”这种措施：请在清单中选择。") % {"kind": facts["measure"]}, code="farmland.use.kind"
        )
    same = Technique.objects.filter(superseded_at=None, division_path=place.division.path, name=facts["name"])
    if same.exists():
        raise UseRefused(
            _("“%(name)s”已在库中：有误的先撤销原记录。") % {"name": facts["name"]}, code="farmland.use.twice"
        )


@transaction.atomic
def recommend(
    technique: Technique, on: date, document: str, paper: Paper | None = None, *, by: Actor, at: datetime
) -> Recommendation:
    """Put a technique or variety on the recommended list, by a paper: a catalogue, a certificate, the record of a comparison."""
    held = _listed(technique, on, by)
    if not document.strip():
        raise UseRefused(_("没有写列入依据：请填写推荐目录文号、审定编号或者比选记录。"), code="farmland.use.words")
    if stands_on_list(held):
        raise UseRefused(_("“%(name)s”已在推荐清单上。") % {"name": held.name}, code="farmland.use.twice")
    last = max((one.until for one in stays_of(held) if one.until), default=None)
    if last and on < last:
        raise UseRefused(
            _("列入日期 %(on)s 早于上次移出的 %(last)s：请核对。") % {"on": on, "last": last}, code="farmland.use.days"
        )
    made = _stay(held, {"since": on, "document": document.strip()[:200]}, by, at)
    if paper:
        files.attach(held, data=paper.data, name=paper.name, kind=paper.kind, by=by, at=at)
    data = {"name": held.name, "on": on, "document": made.document}
    audit.record("farmland.technique.recommended", subject=held, by=by, at=at, data=data)
    return made


@transaction.atomic
def strike(technique: Technique, on: date, why: str, *, by: Actor, at: datetime) -> Recommendation:
    """Take a technique or variety off the recommended list; that it stood there until then stays."""
    held = _listed(technique, on, by)
    if not why.strip():
        raise UseRefused(_("请写明移出的依据和原因：会留在历史里。"), code="farmland.use.words")
    if not stands_on_list(held):
        raise UseRefused(_("“%(name)s”不在推荐清单上。") % {"name": held.name}, code="farmland.use.twice")
    before = open_stay(held)
    since, document = (before.since, before.document) if before else (clock.local_day(held.recorded_at), held.source)
    if on < since:
        raise UseRefused(
            _("移出日期 %(on)s 早于列入日期 %(since)s：请核对。") % {"on": on, "since": since}, code="farmland.use.days"
        )
    if before:
        before.superseded_at = at
        before.save(update_fields=["superseded_at"])
    told = {"since": since, "until": on, "document": document, "left_for": why.strip()[:300]}
    made = _stay(held, told, by, at)
    audit.record(
        "farmland.technique.struck", subject=held, by=by, at=at,
        data={"name": held.name, "on": on, "why": made.left_for},
    )  # fmt: skip
    return made


def _listed(technique: Technique, on: date, by: Actor) -> Technique:
    held = keeping.locked(Technique, technique)
    require(by, KEEP, held)
    refuse_future(on, by, UseRefused, "farmland.use.future")
    return held


def _stay(technique: Technique, facts: Mapping[str, Any], by: Actor, at: datetime) -> Recommendation:
    """A stay belongs to the place its technique belongs to."""
    return Recommendation.objects.create(
        technique=technique, division_path=technique.division_path, owner_department_id=technique.owner_department_id,
        recorded_at=at, recorded_by=by.person, **facts,
    )  # fmt: skip


@transaction.atomic
def guide(facts: Mapping[str, Any], units: Sequence[UnitVersion], place: Place, *, by: Actor, at: datetime) -> Guidance:
    """A visit or a training that took place."""
    check_guidance(facts, place, by=by)
    row = keeping.insert(Guidance, facts, place, by=by, at=at)
    row.units.set([one.unit_id for one in units])
    data = {"kind": row.kind, "on": row.on, "units": len(units), "attendees": row.attendees}
    audit.record("farmland.guidance.recorded", subject=row, by=by, at=at, data=data)
    return row


def check_guidance(facts: Mapping[str, Any], place: Place, *, by: Actor) -> None:
    """Refuse what has not happened yet, and what does not say what it was about."""
    require(by, KEEP, place.division)
    if facts.get("kind") not in Guidance.Kind.values:
        raise UseRefused(_("类型应为专家指导或者技术培训。"), code="farmland.use.kind")
    refuse_future(facts["on"], by, UseRefused, "farmland.use.future")
    if not (facts.get("topic") and facts.get("experts")):
        raise UseRefused(_("没有写主题或者专家：请填写。"), code="farmland.use.words")
    if facts.get("attendees") is not None and facts["attendees"] < 0:
        raise UseRefused(_("参加人数不能小于零。"), code="farmland.use.area")
    same = Guidance.objects.filter(
        superseded_at=None, division_path=place.division.path, on=facts["on"], topic=facts["topic"]
    )
    if same.exists():
        raise UseRefused(_("这次“%(topic)s”已经登记过。") % {"topic": facts["topic"]}, code="farmland.use.twice")
