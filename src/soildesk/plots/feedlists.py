"""The lists offices send that feed candidates: which columns each has, what a row must tell, and what it says of a ground."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.errors import Refusal
from soildesk.enterprises.services.firms import plain_name, valid_code, valid_industry
from soildesk.plots.models import Candidate
from soildesk.plots.plotsheets import TITLES, day_in
from soilrules.enterprises.industries import Match, classification, key_industries

Source = Candidate.Source
LONGEST_WHY = 600


@dataclass(frozen=True, slots=True)
class FeedList:
    """One kind of list. `who` are the columns that name the ground, the first filled one counts; `when` gives its day."""

    name: str
    source: str
    title: Any
    hint: Any
    keys: Sequence[str]
    needs: Sequence[str]
    who: Sequence[str]
    when: str
    dated: bool = True  # a row without its day is refused
    tells: Sequence[str] = ()  # columns that are kept as what the source says
    refused_headings: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """What one row says: its facts as they are kept, what of it was not taken, and why it cannot be."""

    facts: Mapping[str, Any]
    notes: Sequence[str]
    wrong: str = ""


GROUND = ("address", "town", "ground")
FIRM = ("firm", "credit_code", "industry", "products")
LISTS = (
    FeedList(
        name="plots.closed",
        source=Source.CLOSED,
        title=_l("关闭搬迁企业名单"),
        hint=_l("选择工信部门的关闭、搬迁企业表（企业名称、行业、地址、产品、关闭或搬迁时间；有范围的可加 WKT 范围列）：每家企业列为一条线索，由经办人核实。"),
        keys=(*FIRM, "closed_on", *GROUND),
        needs=("firm",),
        who=("firm",),
        when="closed_on",
        tells=("closed_on", "products"),
    ),
    FeedList(
        name="plots.recalled",
        source=Source.RECALL,
        title=_l("土地收回收储清单"),
        hint=_l("选择自然资源部门或储备中心的收回、收储清单（地块名称或原使用权人、收回日期、文号、原用途、原行业、范围）：曾有工业企业的每宗列为一条线索，由经办人核实。"),
        keys=("name", *FIRM, "use_before", "recalled_on", "document", *GROUND),
        needs=("recalled_on",),
        who=("name", "firm"),
        when="recalled_on",
        tells=("recalled_on", "document", "use_before", "firm"),
    ),
    FeedList(
        name="plots.history",
        source=Source.INDUSTRY,
        title=_l("重点行业历史用地清单"),
        hint=_l("选择重点行业企业历史用地表（企业名称、行业、地址、投产时间、停产时间、产品、范围）：每处原址列为一条线索，由经办人核实。"),
        keys=(*FIRM, "began_on", "closed_on", *GROUND),
        needs=("firm",),
        who=("firm",),
        when="closed_on",
        dated=False,
        tells=("began_on", "closed_on", "products"),
    ),
    FeedList(
        name="plots.complaints",
        source=Source.COMPLAINT,
        title=_l("投诉举报清单"),
        hint=_l("选择投诉举报清单（受理编号、受理日期、反映对象或地点、反映内容、地址）：每件列为一条线索，由经办人核实。表中不要有举报人姓名、电话等列。"),
        keys=("case", "object", "firm", "complaint", "received_on", *GROUND),
        needs=("complaint",),
        who=("object", "firm", "address"),
        when="received_on",
        tells=("case", "complaint"),
        refused_headings=("举报人", "投诉人", "信访人", "反映人", "联系人", "联系电话", "电话", "手机", "身份证"),
    ),
)  # fmt: skip


def read_row(said: Mapping[str, str], kind: FeedList, today: date) -> Row:
    """A row as it may be taken in."""
    notes: list[str] = []
    facts: dict[str, Any] = {
        key: said[key] for key in ("address", "products", "document", "use_before") if said.get(key)
    }
    facts |= {key: said[key] for key in ("name", "object", "case", "complaint") if said.get(key)}
    facts["firm"] = plain_name(said.get("firm", ""))
    for key, check in (("credit_code", valid_code), ("industry", valid_industry)):
        try:
            facts[key] = check(said.get(key, ""))
        except Refusal as refusal:
            notes.append(_("%(why)s这一项没有采用。") % {"why": str(refusal)})
    if not (title := next((facts[key] for key in kind.who if facts.get(key)), "")):
        names = "、".join(str(TITLES[key]) for key in kind.who)
        return Row(facts, notes, _("“%(names)s”都没有填写：请补充，才知道说的是哪块地。") % {"names": names})
    day, wrong = _day(said, kind, today)
    if kind.source == Source.INDUSTRY:
        notes += _of_key_industry(facts.get("industry", ""))
    shown = _("%(firm)s用地") % {"firm": title} if title == facts["firm"] else title
    return Row(facts | {"title": shown, "found_on": day, "why": _why(said, kind)}, notes, wrong)


def _day(said: Mapping[str, str], kind: FeedList, today: date) -> tuple[date, str]:
    """The day the source gives; a history without one is of the day it was sent."""
    text = said.get(kind.when, "")
    day = day_in(text)
    if day is not None and day > today:
        return today, _("%(title)s %(day)s 晚于今天：请核对。") % {"title": TITLES[kind.when], "day": day}
    if kind.dated:
        wrong = _("没有%(title)s，或“%(text)s”认不出：请填写，例如 2025-06-30。") % {
            "title": TITLES[kind.when],
            "text": text,
        }
        return day or today, "" if day else wrong
    whole = day is not None and len([part for part in _digits(text) if part]) > 1
    return (day if whole and day else today), ""


def _digits(text: str) -> list[str]:
    return "".join(c if c.isdecimal() else " " for c in text).split(" ")


def _why(said: Mapping[str, str], kind: FeedList) -> str:
    """What the list says of the ground, in its own words."""
    told = [f"{TITLES[key]}：{said[key]}" for key in kind.tells if said.get(key)]
    return "；".join(told)[:LONGEST_WHY]


def _of_key_industry(code: str) -> list[str]:
    """What is to be told where a firm of a list of key industries is of none, or nobody can say."""
    if not code:
        return [_("没有可用的行业代码：是否重点行业由经办人核实。")]
    found = key_industries(code)
    if not found:
        return [_("行业代码 %(code)s 不在重点行业表中：请核实后再定。") % {"code": code}]
    if Match.YES not in found.values():
        named = "、".join(classification().key_industries[key].zh for key in found)
        return [_("行业代码 %(code)s 可能是%(names)s，也可能不是：由经办人核实。") % {"code": code, "names": named}]
    return []


def origin_of(facts: Mapping[str, Any], kind: FeedList) -> str:
    """The record a row is: who by code or name, at the address; a case or a document by its number as well."""
    who = facts.get("credit_code") or facts.get("firm") or facts.get("name") or facts.get("object", "")
    parts = [
        facts.get("address", ""),
        *(facts.get(key, "") for key in ("case", "document", "name") if kind.source != Source.CLOSED),
    ]
    if kind.source == Source.COMPLAINT and not facts.get("case"):
        parts.append(facts.get("complaint", ""))
    place = hashlib.sha256("|".join(str(part) for part in parts if part).encode()).hexdigest()[:12]
    return f"{kind.source}:{who}:{place}"[:160]
