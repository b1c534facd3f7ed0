"""A kept answer as people read it: the decision with what would change it, its checks by force, what was on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.decisions.models import GateQuery, ProvinceQuery
from soildesk.decisions.words import DECISIONS, FORCES, outcome_chip
from soildesk.enterprises.sentences import how_sure, language
from soildesk.kit.parts import Chip
from soildesk.land.landuse import shown
from soildesk.land.sketch import sketch
from soildesk.plots.words import list_name, stage_word
from soilrules.gate.acts import Act, acts
from soilrules.gate.answers import share
from soilrules.gate.facts import LISTS
from soilrules.gate.rules import sources
from soilrules.gate.uses import read_use
from soilrules.plots.aftercare import says_none
from soilrules.plots.state import Aftercare

CARE_CHECK = "aftercare_limits"
DECISIVE = {"blocked": "no", "cannot_say": "cannot_say", "conditions": "conditions"}
WORST = ("no", "cannot_say", "conditions", "yes")
PAST = {
    "key_industry": _l("重点行业"),
    "industry": _l("工业"),
    "filling_station": _l("加油站"),
    "garage": _l("汽车修理"),
    "none": _l("没有工业使用的记载"),
}


@dataclass(frozen=True, slots=True)
class CheckShown:
    """One check as it is printed."""

    id: str
    title: str
    chip: Chip
    because: Sequence[str]
    change: str
    basis: Sequence[str]
    area_m2: float
    pieces: Sequence[str]
    place: str
    mark: str
    outcome: str

    @property
    def doubt(self) -> str:
        """How far the text a check rests on was compared with the original; empty where it was."""
        return "" if self.mark in ("", "V") else how_sure(self.mark)


def checks_of(query: GateQuery) -> list[CheckShown]:
    """The checks in the order they are printed."""
    return [_check(one) for one in query.checks]


def answer_told(query: GateQuery) -> dict[str, Any]:
    """The answer as programs are told it, in the language they ask in."""
    spoken = language()
    read_as = query.facts.get("read_as", "")
    return {
        **({"read_as": read_as} if read_as else {}),
        "decision": query.decision,
        "number": query.number,
        "checks": [
            {
                "id": one["id"], "title": one["title"][spoken], "outcome": one["outcome"], "force": one["force"],
                "because": ("" if spoken == "zh" else " ").join(one["because"][spoken]),
                "would_change": one["would_change"].get(spoken, ""), "basis": one["basis"], "area_m2": one["area_m2"],
            }
            for one in query.checks
        ],
    }  # fmt: skip


def _check(one: Mapping[str, Any]) -> CheckShown:
    spoken = language()
    outcome = one["outcome"]
    chip = outcome_chip(outcome, one["force"], one["id"], "".join(one["because"]["zh"]))
    return CheckShown(
        one["id"], one["title"][spoken], chip, one["because"][spoken],
        one["would_change"].get(spoken, ""), one["basis"], one["area_m2"], one["pieces"], one["place"], one["mark"], outcome,
    )  # fmt: skip


def national_shown(one: ProvinceQuery) -> list[str]:
    """What the national system showed of ground it holds, besides its words."""
    if not one.found:
        return []
    stage = _("阶段：%(stage)s") % {"stage": stage_word(one.stage) if one.stage else _("没有显示")}
    lists = "、".join(map(list_name, one.lists)) or _("没有")
    limit = {True: _("有限制"), False: _("没有限制"), None: _("有无限制没有写明")}[one.restricted]
    return [stage, _("名单、名录：%(lists)s") % {"lists": lists}, limit]


def by_force(query: GateQuery) -> list[tuple[str, list[CheckShown]]]:
    """The checks that applied, by how binding the text is they rest on; what asks something first."""
    found = []
    for force, word in FORCES.items():
        held = [_check(one) for one in query.checks if one["force"] == force and one["outcome"] != "not_applicable"]
        if held:
            found.append((str(word), sorted(held, key=lambda one: WORST.index(one.outcome))))
    return found


def not_asked(query: GateQuery) -> list[CheckShown]:
    """The checks that do not ask anything of this act and use."""
    return [_check(one) for one in query.checks if one["outcome"] == "not_applicable"]


def reasons(query: GateQuery) -> list[CheckShown]:
    """The checks the decision rests on; none where nothing was found."""
    wanted = DECISIVE.get(query.decision)
    return [_check(one) for one in query.checks if one["outcome"] == wanted]


def asking(query: GateQuery) -> list[CheckShown]:
    """The checks that ask something, whether the decision rests on them or not."""
    return [_check(one) for one in query.checks if one["outcome"] in DECISIVE.values()]


def limits(query: GateQuery) -> list[str]:
    """The limits of use of running aftercare on the ground, which hold whatever the answer is."""
    if all(one["id"] != CARE_CHECK or one["outcome"] == "not_applicable" for one in query.checks):
        return []
    return [_limit(one["name"], one["care"]) for one in query.facts["plots"] if _limited(one.get("care"), query.on)]


def _limited(care: Mapping[str, Any] | None, day: date) -> bool:
    if not care or care["state"] != Aftercare.RUNNING or not care["limits"] or says_none(care["limits"]):
        return False
    return care["until"] is None or day.isoformat() <= care["until"]


def _limit(plot: str, care: Mapping[str, Any]) -> str:
    values = {"plot": plot, "limits": care["limits"], "day": care["until"]}
    if care["until"]:
        return _("%(plot)s（后期管理，至 %(day)s）：%(limits)s") % values
    return _("%(plot)s（后期管理，没有登记期限）：%(limits)s") % values


def decides(query: GateQuery) -> str:
    """The office that decides the act."""
    held = acts().get(query.act)
    return decider(held) if held else ""


def decider(act: Act) -> str:
    """The office that decides an act."""
    return act.decides if language() == "zh" else act.decides_en


def use_of(query: GateQuery) -> str:
    """The planned use with its name; a code of no classification with all that it may mean."""
    if query.use_scheme:
        return shown(query.use_scheme, query.use)
    meant = dict.fromkeys(
        one.zh if language() == "zh" else one.en for part in read_use(query.use).parts for one in part
    )
    words = [one for one in meant if one not in query.use]
    return f"{query.use}（{'、'.join(words)}）" if words else query.use


def decision_word(query: GateQuery) -> str:
    """What the gate decided, in a word."""
    return str(DECISIONS[query.decision])


@dataclass(frozen=True, slots=True)
class PieceShown:
    """A part of the ground: what lies on it and the worst any check says of it."""

    id: str
    area_m2: float
    share: str
    on_it: str
    chip: Chip
    outcome: str


def pieces_of(query: GateQuery) -> list[PieceShown]:
    """The pieces of the ground, the largest first."""
    names = _names(query.facts)
    worst: dict[str, str] = {}
    whole = [one["outcome"] for one in query.checks if not one["pieces"] and one["outcome"] in DECISIVE.values()]
    least = min(["yes", *whole], key=WORST.index)
    for one in query.checks:
        for piece in one["pieces"]:
            held = worst.get(piece, least)
            worst[piece] = min(held, one["outcome"], key=lambda word: WORST.index(word) if word in WORST else 9)
    found = [_piece(one, names, worst.get(one["id"], least), query.area_m2) for one in query.facts["ground"]["pieces"]]
    return sorted(found, key=lambda one: -one.area_m2)


def _piece(one: Mapping[str, Any], names: Mapping[str, str], outcome: str, whole: float) -> PieceShown:
    on_it = "、".join(dict.fromkeys(names[key] for key in one["over"] if key in names)) or _("没有登记的内容")
    chip = outcome_chip(outcome)
    return PieceShown(one["id"], one["area_m2"], share_of(one["area_m2"], whole), on_it, chip, outcome)


def share_of(part: float, whole: float) -> str:
    """A share of the ground in percent, in words where it is a little."""
    return share("share", part, whole)["share" if language() == "zh" else "share_en"] if whole else ""


def _names(facts: Mapping[str, Any]) -> dict[str, str]:
    told = {
        "plots": _("地块 %(name)s"), "reports": _("报告 %(name)s"), "key_units": _("重点监管单位 %(name)s"),
        "history": _("曾用 %(name)s"), "zones": _("区域 %(name)s"), "uses": _("现状用途 %(name)s"),
    }  # fmt: skip
    return {
        one["id"]: word % {"name": one.get("name") or one.get("number") or one.get("use") or one["id"]}
        for kind, word in reversed(told.items())
        for one in facts.get(kind, ())
    }


def picture(query: GateQuery) -> SafeString:
    """The ground with its pieces, each in the look of the worst any check says of it."""
    pieces = {one.id: one for one in pieces_of(query)}
    drawn = query.facts.get("shapes") or {key: "" for key in pieces}
    shapes = [shapely.from_wkt(text) if text else query.geometry for text in drawn.values()]
    return sketch(shapes, list(drawn), before=query.geometry, looks=[f"piece piece-{pieces[key].outcome}" for key in drawn])  # fmt: skip


def on_record(query: GateQuery) -> dict[str, Any]:
    """What every source said that day, as the page and the paper print it."""
    facts = query.facts
    day = query.on
    return {
        "sources": [_source(key, facts["sources"].get(key)) for key in sources()],
        "plots": [
            {
                "name": one["name"],
                "code": one["code"],
                "stage": stage_word(one["stage"]),
                "lists": "、".join(_lists(one["memberships"], day)) or "—",
            }
            for one in facts["plots"]
        ],
        "lists": [(list_name(key), _on_list(facts["plots"], key, day)) for key in LISTS],
        "history": [(one["name"], PAST.get(one["kind"], one["kind"])) for one in facts["history"]],
        "key_units": [(one["name"], one["since"], one["until"]) for one in facts["key_units"]],
        "neighbours": [(one["name"], one["distance_m"]) for one in facts["neighbours"]],
    }


def _source(key: str, held: Mapping[str, Any] | None) -> tuple[str, str]:
    zh, en = sources()[key]
    name = zh if language() == "zh" else en
    if held is not None and held.get("unplaced"):
        return name, _("范围位置不准，不能判断")
    if held is None or not held["reached"]:
        return name, _("没有数据，不能判断")
    return name, _("数据截至 %(day)s") % {"day": held["as_of"]}


def _lists(stays: Sequence[Mapping[str, Any]], day: date) -> list[str]:
    return [list_name(one["list_key"]) for one in stays if counts(one, day)]


def counts(stay: Mapping[str, Any], day: date) -> bool:
    """Whether a stay on a list counts on a day."""
    until = stay["until"]
    return str(stay["since"]) <= day.isoformat() and (until is None or day.isoformat() < until)


def _on_list(plots: Sequence[Mapping[str, Any]], key: str, day: date) -> str:
    held = [one["name"] for one in plots if any(stay["list_key"] == key and counts(stay, day) for stay in one["memberships"])]  # fmt: skip
    return "、".join(held) or _("没有地块")
