"""Acts on enterprises: register, change, correct, deregister. A firm is known by its credit code, then by its name."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import shapely
from django.db import models, transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, versions
from soildesk.core.permissions import Actor, require
from soildesk.core.versions import Recording
from soildesk.enterprises.firmwords import BETWEEN_NAMES, UNKNOWN_FACTS, names_of
from soildesk.enterprises.models import Enterprise, EnterpriseVersion
from soildesk.enterprises.refusals import FirmRefused
from soildesk.enterprises.sentences import said
from soildesk.enterprises.services import owing
from soildesk.kit.gis.shapewords import kind_of
from soildesk.land.services.writing import Place, county_of, number_for, refuse_future
from soildesk.land.shapes import CHINA
from soilrules.enterprises import credit_code, industries

State = EnterpriseVersion.State
TEXTS = (
    "name",
    "former_names",
    "address",
    "park",
    "permit_number",
    "legal_person",
    "contact_name",
    "contact_phone",
    "note",
)
FACTS = frozenset(
    {
        *TEXTS, *UNKNOWN_FACTS, "credit_code", "industry", "state", "permit_level", "permit_state", "permit_until",
        "geometry", "batch", "place",
    }
)  # fmt: skip
CHOICES: Mapping[str, type[models.TextChoices]] = {
    "state": State,
    "permit_level": EnterpriseVersion.PermitLevel,
    "permit_state": EnterpriseVersion.PermitState,
}
WORKING = frozenset({State.OPERATING, State.SUSPENDED})
DECIDE = frozenset({"name", "state", "has_tanks", "near_sensitive", "handles_toxic", "permit_level", "division_path"})
"""Facts that duties follow from or that stand in them."""


@transaction.atomic
def register(
    facts: Mapping[str, Any], place: Place, *, since: date, by: Actor, at: datetime, why: str = ""
) -> EnterpriseVersion:
    """A new enterprise as it is from the day `since`, under our own number."""
    clean = check_new(facts, place, since=since, by=by)
    enterprise = Enterprise.objects.create(number=number_for(place.department, "QY", since.year))
    columns = {"enterprise_id": enterprise.pk, **place.columns, **_columns(clean)}
    made = versions.first(EnterpriseVersion, columns, since=since, until=None, recording=Recording(by, at, why))
    data = {"enterprise": enterprise.number, "since": since}
    audit.record("enterprises.firm.registered", subject=made, by=by, at=at, data=data)
    return made


def check_new(facts: Mapping[str, Any], place: Place, *, since: date, by: Actor) -> dict[str, Any]:
    """The facts of a new enterprise as they may be stored; refused where it may not be registered."""
    require(by, "enterprises.keep", place.division)
    refuse_future(since, by, FirmRefused, "enterprises.firm.future")
    given = {name: value for name, value in facts.items() if value is not None}
    clean = cleaned({"name": "", "credit_code": "", "state": State.OPERATING, **given})
    refuse_without_code(clean)
    county = county_of(place.division.path)
    refuse_code_taken(clean["credit_code"], clean["name"], county)
    refuse_name_taken(clean["name"], county)
    return clean


@transaction.atomic
def change(
    version: EnterpriseVersion, changes: Mapping[str, Any], *, since: date | None, recording: Recording
) -> EnterpriseVersion:
    """Say `changes` of an enterprise too: from `since` on, or (None) from the beginning, as a correction."""
    clean = check_change(version, changes, since=since, by=recording.by)
    if since and "name" in clean and "former_names" not in clean:
        clean["former_names"] = _with_former(version, clean["name"])
    held = versions.revise(version, _columns(clean), since=since, recording=recording)
    if DECIDE.intersection(clean):
        owing.owe(held, by=recording.by, at=recording.at)
    audit.record(
        "enterprises.firm.changed" if since else "enterprises.firm.corrected",
        subject=held,
        by=recording.by,
        at=recording.at,
        data={"enterprise": held.enterprise.number, "facts": sorted(clean), "since": since},
    )
    return held


def check_change(
    version: EnterpriseVersion, changes: Mapping[str, Any], *, since: date | None, by: Actor
) -> dict[str, Any]:
    """Changes as they may be stored; refused where they may not be made."""
    require(by, "enterprises.keep", version)
    clean = cleaned(changes)
    if since:
        refuse_future(since, by, FirmRefused, "enterprises.firm.future")
    if place := clean.pop("place", None):
        require(by, "enterprises.keep", place.division)
        clean["division_path"] = place.division.path
    after = {name: clean.get(name, getattr(version, name)) for name in ("name", "credit_code", "state")}
    county = county_of(version.division_path)
    refuse_without_code(after)
    if after["credit_code"] != version.credit_code:
        refuse_code_taken(after["credit_code"], after["name"], county, version)
    if after["name"] != version.name:
        refuse_name_taken(after["name"], county, version)
    if clean.get("geometry") is not None and clean["geometry"] == version.geometry:
        del clean["geometry"]
    return clean


@transaction.atomic
def deregister(version: EnterpriseVersion, *, on: date, recording: Recording) -> EnterpriseVersion:
    """An enterprise that is struck off from the day `on`: it stays in the register, for its ground remembers it."""
    require(recording.by, "enterprises.keep", version)
    refuse_future(on, recording.by, FirmRefused, "enterprises.firm.future")
    if version.state == State.DEREGISTERED:
        raise FirmRefused(
            _("%(name)s 自 %(day)s 起已注销登记：如日期有误，请用“更正”办理。")
            % {"name": version.name, "day": version.since},
            code="enterprises.firm.ended",
        )
    held = versions.revise(version, {"state": State.DEREGISTERED}, since=on, recording=recording)
    owing.owe(held, by=recording.by, at=recording.at)
    data = {"enterprise": held.enterprise.number, "on": on}
    audit.record("enterprises.firm.deregistered", subject=held, by=recording.by, at=recording.at, data=data)
    return held


def cleaned(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as they may be stored; refused where one of them cannot be."""
    unknown = sorted(set(facts) - FACTS)
    if unknown:
        raise FirmRefused(
            _("企业没有“%(names)s”这样的内容：请核对字段。") % {"names": "、".join(unknown)},
            code="enterprises.firm.unknown_fact",
        )
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    for name in TEXTS:
        if name in clean:
            clean[name] = clean[name] or ""
    if "name" in clean:
        clean["name"] = plain_name(clean["name"])
        if not clean["name"]:
            raise FirmRefused(_("企业没有名称：请照营业执照填写全称。"), code="enterprises.firm.name_missing")
    if "credit_code" in clean:
        clean["credit_code"] = valid_code(clean["credit_code"] or "")
    if "industry" in clean:
        clean["industry"] = valid_industry(clean["industry"] or "")
    _check_choices(clean)
    if clean.get("geometry") is not None:
        clean["geometry"] = placed(clean["geometry"])
    return clean


def plain_name(text: str) -> str:
    """A firm's name as it is kept: one kind of brackets and no spaces, for both are written either way."""
    plain = unicodedata.normalize("NFKC", text or "")
    return "".join(plain.split()).replace("(", "（").replace(")", "）")


def valid_code(text: str) -> str:
    """A credit code as it is kept, empty where there is none; refused with what is wrong and what it may have been."""
    if not text.strip():
        return ""
    found = credit_code.check(text)
    if found.valid:
        return found.code
    told = [said(problem.message) for problem in found.problems]
    if found.proposals:
        told.append(_("可能是：%(codes)s。") % {"codes": "、".join(found.proposals)})
    raise FirmRefused("".join(told), code="enterprises.firm.credit_code")


def valid_industry(text: str) -> str:
    """An industry's code of GB/T 4754, empty where there is none; refused where none can be read."""
    if not text.strip():
        return ""
    found = industries.read(text)
    if not found.valid:
        raise FirmRefused("".join(said(one) for one in found.problems), code="enterprises.firm.industry")
    return found.code


def _check_choices(facts: dict[str, Any]) -> None:
    titles = {"state": _("生产状态"), "permit_level": _("排污许可管理类别"), "permit_state": _("许可证状态")}
    if facts.get("state", "-") in ("", None):
        del facts["state"]  # left empty: what stood, or operating
    for name, choices in CHOICES.items():
        if name not in facts:
            continue
        facts[name] = facts[name] or ""
        if facts[name] and facts[name] not in choices.values:
            raise FirmRefused(
                _("%(what)s“%(value)s”不在可选范围内：请选择%(choices)s之一。")
                % {"what": titles[name], "value": facts[name], "choices": "、".join(map(str, choices.labels))},
                code="enterprises.firm.choice",
            )


def placed(shape: Any) -> Any:
    """One point in our part of the world; refused where it is none."""
    flat = shapely.force_2d(shape)
    if flat.geom_type == "MultiPoint" and len(flat.geoms) == 1:
        flat = flat.geoms[0]
    if flat.geom_type != "Point" or flat.is_empty:
        raise FirmRefused(
            _("企业位置是%(kind)s，应为一个点：请点出大门或生产区的位置；厂区范围请在“企业用地”登记。")
            % {"kind": kind_of(flat)},
            code="enterprises.firm.place_missing",
        )
    if not CHINA.contains(flat):
        raise FirmRefused(
            _("位置（%(x).4f，%(y).4f）不在我国境内：请检查坐标系与坐标顺序。") % {"x": flat.x, "y": flat.y},
            code="enterprises.firm.outside",
        )
    return flat


def refuse_without_code(facts: Mapping[str, Any]) -> None:
    """Whoever works has a credit code; who ceased before there were any may have none."""
    if not facts["credit_code"] and facts["state"] in WORKING:
        raise FirmRefused(
            _(
                "“%(name)s”没有统一社会信用代码：在产、停产企业请照营业执照填写18位代码；代码推行前已关闭的企业，请先填明生产状态。"
            )
            % {"name": facts["name"]},
            code="enterprises.firm.code_missing",
        )


def refuse_code_taken(code: str, name: str, county: str, beside: EnterpriseVersion | None = None) -> None:
    """One code is one firm, whatever it is called: two names of one code are told, not decided."""
    if not code:
        return
    rows = EnterpriseVersion.objects.filter(superseded_at=None, credit_code=code)
    taken = rows.exclude(enterprise=beside.enterprise_id if beside else None).order_by("-since").first()
    if taken and not taken.division_path.startswith(county):
        raise FirmRefused(
            _("代码 %(code)s 已由其他地区登记：请与上级生态环境部门核对，由实际生产经营地登记。") % {"code": code},
            code="enterprises.firm.code_taken",
        )
    if taken:
        raise FirmRefused(
            _("代码 %(code)s 已登记为“%(known)s”（%(number)s），这里写作“%(name)s”：同一代码只能是一家企业。已更名的，请在该企业办理变更；代码写错的，请改正。")
            % {"code": code, "known": taken.name, "number": taken.enterprise.number, "name": name},
            code="enterprises.firm.code_taken",
        )  # fmt: skip


def refuse_name_taken(name: str, county: str, beside: EnterpriseVersion | None = None) -> None:
    """A name stands once in a county."""
    rows = EnterpriseVersion.objects.filter(superseded_at=None, until=None, name=name, division_path__startswith=county)
    taken = rows.exclude(enterprise=beside.enterprise_id if beside else None).first()
    if taken:
        raise FirmRefused(
            _("“%(name)s”已登记（%(number)s，代码 %(code)s）：如是同一家企业，请按该代码填写或在该企业更正代码；如确为另一家企业，请照营业执照核对全称。")
            % {"name": name, "number": taken.enterprise.number, "code": taken.credit_code or _("无")},
            code="enterprises.firm.name_taken",
        )  # fmt: skip


def _with_former(version: EnterpriseVersion, new: str) -> str:
    held = [one for one in dict.fromkeys(names_of(version)) if one != new]
    return BETWEEN_NAMES.join(held)[:300]


def _columns(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts by attribute name of their column."""
    found = dict(facts)
    if "batch" in found:
        held = found.pop("batch")
        found["batch_id"] = held.pk if held else None
    return found
