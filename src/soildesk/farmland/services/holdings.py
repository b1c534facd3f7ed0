"""Acts on holdings: register, change, end; lines of their ledgers, checks of inputs, and what followed produce above its limit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, versions
from soildesk.core.permissions import Actor, require
from soildesk.core.versions import Recording
from soildesk.farmland.models import Holding, HoldingVersion, InputCheck, InputEntry, SoilCheck
from soildesk.farmland.refusals import InputRefused
from soildesk.farmland.services.telling import Telling, need_choice, need_positive
from soildesk.land.services.writing import Place, number_for, refuse_future

KEEP = "farmland.keep_holdings"
Kind, Form = HoldingVersion.Kind, HoldingVersion.Form
FACTS = frozenset(
    {
        "kind", "form", "name", "code", "location", "area_m2", "produce", "edible", "equipped", "has_outlet", "outlet",
        "outlet_checked_on", "licence", "licence_until", "geometry", "batch",
    }
)  # fmt: skip


@transaction.atomic
def register(
    facts: Mapping[str, Any], place: Place, *, since: date, by: Actor, at: datetime, why: str = ""
) -> HoldingVersion:
    """A holding of a place, from the day `since`."""
    clean = check_new(facts, place, since=since, by=by)
    holding = Holding.objects.create(number=number_for(place.department, "NZ", by.today.year))
    said = {"holding_id": holding.pk, **place.columns, **_columns(clean)}
    made = versions.first(HoldingVersion, said, since=since, until=None, recording=Recording(by, at, why))
    audit.record(
        "farmland.holding.registered", subject=made, by=by, at=at, data={"number": holding.number, "since": since}
    )
    return made


def check_new(facts: Mapping[str, Any], place: Place, *, since: date, by: Actor) -> dict[str, Any]:
    """The facts of a new holding as they may be stored; refused where it may not be registered."""
    require(by, KEEP, HoldingVersion(**place.columns))
    refuse_future(since, by, InputRefused, "farmland.input.future")
    clean = cleaned({"name": "", "kind": "", **{name: value for name, value in facts.items() if value is not None}})
    if clean.get("code"):
        same = HoldingVersion.objects.filter(superseded_at=None, until=None, code=clean["code"], kind=clean["kind"])
        if (held := same.select_related("holding").first()) is not None:
            raise InputRefused(
                _("统一社会信用代码 %(code)s 已登记为“%(name)s”（%(number)s）：请更正那一条，不要重复登记。")
                % {"code": clean["code"], "name": held.name, "number": held.holding.number},
                code="farmland.input.code_taken",
            )
    return clean


@transaction.atomic
def change(
    version: HoldingVersion, changes: Mapping[str, Any], *, since: date | None, recording: Recording
) -> HoldingVersion:
    """Say `changes` of a holding too: from `since` on, or (None) from the beginning."""
    clean = check_change(version, changes, since=since, by=recording.by)
    held = versions.revise(version, _columns(clean), since=since, recording=recording)
    audit.record(
        "farmland.holding.changed" if since else "farmland.holding.corrected",
        subject=held, by=recording.by, at=recording.at,
        data={"number": held.holding.number, "facts": sorted(clean), "since": since},
    )  # fmt: skip
    return held


def check_change(
    version: HoldingVersion, changes: Mapping[str, Any], *, since: date | None, by: Actor
) -> dict[str, Any]:
    """Changes as they may be stored; refused where they may not be made."""
    require(by, KEEP, version)
    if since:
        refuse_future(since, by, InputRefused, "farmland.input.future")
    given = dict(changes)
    if place := given.pop("place", None):
        require(by, KEEP, HoldingVersion(**place.columns))
        return cleaned(given) | {"place": place}
    return cleaned(given)


@transaction.atomic
def end(version: HoldingVersion, *, on: date, recording: Recording) -> HoldingVersion:
    """A holding that is no more; its ledger stays."""
    require(recording.by, KEEP, version)
    refuse_future(on, recording.by, InputRefused, "farmland.input.future")
    if version.until is not None:
        raise InputRefused(
            _("%(number)s 自 %(day)s 起已停办。") % {"number": version.holding.number, "day": version.until},
            code="farmland.input.ended",
        )
    held = versions.end(version, on=on, recording=recording)
    data = {"number": held.holding.number, "on": on}
    audit.record("farmland.holding.ended", subject=held, by=recording.by, at=recording.at, data=data)
    return held


def cleaned(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as they may be stored; refused where one of them cannot be."""
    if unknown := sorted(set(facts) - FACTS):
        raise InputRefused(
            _("经营主体没有“%(names)s”这样的内容：请核对字段。") % {"names": "、".join(unknown)},
            code="farmland.input.unknown_fact",
        )
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    if not clean.get("name", "x"):
        raise InputRefused(_("没有名称：请填写，例如“青禾绿源蔬菜专业合作社”。"), code="farmland.input.name_missing")
    if not clean.get("kind", "x"):
        raise InputRefused(_("没有类别：请选择设施种植主体、规模养殖场等。"), code="farmland.input.choice")
    need_choice(clean, "kind", Kind)
    need_choice(clean, "form", Form)
    need_positive(clean, "area_m2", _("设施种植面积"))
    return clean


def _columns(facts: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(facts)
    if "batch" in found:
        batch = found.pop("batch")
        found["batch_id"] = batch.pk if batch else None
    if place := found.pop("place", None):
        found |= place.columns
    return {name: "" if value is None and name in _TEXTS else value for name, value in found.items()}


_TEXTS = frozenset({"form", "code", "location", "produce", "outlet", "licence"})
FOLLOWED = (InputEntry.Kind.VET_DRUG, InputEntry.Kind.FEED, InputEntry.Kind.MANURE)
"""What is written down with where it came from or went to, or not at all."""
TAKEN_BACK = (InputEntry.Kind.PACKS, InputEntry.Kind.OLD_FILM)


THICKEST_MM = Decimal(1)
"""No film for fields or greenhouses is thicker by far: such a number was read in µm."""


def _check_thickness(facts: Mapping[str, Any]) -> None:
    need_positive(facts, "thickness_mm", _("厚度"))
    told = facts.get("thickness_mm")
    if told is not None and told >= THICKEST_MM:
        raise InputRefused(
            _("厚度 %(told)s 毫米太厚：像是微米，%(told)s 微米请填写 %(mm)s。")
            % {"told": f"{told:f}", "mm": f"{(told / 1000).normalize():f}"},
            code="farmland.input.thickness",
        )


def _check_entry(facts: Mapping[str, Any], by: Actor) -> None:
    need_choice(facts, "kind", InputEntry.Kind)
    need_positive(facts, "amount_kg", _("数量"))
    _check_thickness(facts)
    if facts.get("kind") in FOLLOWED and not facts.get("from_to"):
        raise InputRefused(
            _("兽药、饲料和粪污要写明来源或者去向：从哪里购进、卖给谁、用于哪批畜禽，粪污送到哪里。"),
            code="farmland.input.words",
        )
    if (paid := facts.get("paid_yuan")) is not None and (paid < 0 or facts.get("kind") not in TAKEN_BACK):
        raise InputRefused(
            _("“付给交回人”只用于交回的农药包装和废旧农膜，不小于 0：没有付钱的填 0。"), code="farmland.input.words"
        )
    if facts.get("highly_toxic") and not facts.get("from_to"):
        raise InputRefused(
            _("高毒农药要写明来源和去向（购买人或者使用地块）：流向要能追溯。"), code="farmland.input.words"
        )


def _check_check(facts: Mapping[str, Any], by: Actor) -> None:
    need_choice(facts, "kind", InputCheck.Kind)
    _check_thickness(facts)
    if facts.get("passes") is not None and not facts.get("report_number") and not facts.get("thickness_mm"):
        raise InputRefused(
            _("有抽检或者检查结论的，请填写检测报告、检查记录的编号或者厚度测量值。"), code="farmland.input.document"
        )


def _check_soil(facts: Mapping[str, Any], by: Actor) -> None:
    monitored = facts.get("monitored_on")
    if monitored is not None:
        refuse_future(monitored, by, InputRefused, "farmland.input.future")
        if not facts.get("report_number"):
            raise InputRefused(_("已监测土壤的，请填写监测报告编号。"), code="farmland.input.document")


ENTRIES = Telling(
    InputEntry, KEEP, "farmland.inputentry",
    frozenset({"holding", "on", "kind", "name", "amount_kg", "thickness_mm", "highly_toxic", "from_to", "paid_yuan", "note"}), _check_entry,
)  # fmt: skip
CHECKS = Telling(
    InputCheck, KEEP, "farmland.inputcheck",
    frozenset({"holding", "on", "kind", "product", "maker", "thickness_mm", "report_number", "passes", "done", "note"}), _check_check,
)  # fmt: skip
SOIL = Telling(
    SoilCheck, KEEP, "farmland.soilcheck",
    frozenset({"holding", "on", "soil_suspected", "ground", "monitored_on", "report_number", "found", "note"}), _check_soil,
)  # fmt: skip
