"""Who a printed group is: 各镇街, 各（涉农）办事处, 各县级人民政府; 等相关镇街 is for a person to say."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from soildesk.core import units
from soildesk.core.models import Department, Division, DivisionAttribute
from soildesk.core.models.places import valid_on

EVERY = re.compile(r"^(?:(?:[市区县]?辖区内?|全[市区县])?各|(?=\(?涉农))")  # 涉农镇 says every town so marked
VAGUE = re.compile(r"等(?:\d+个|[一二三四五六七八九十]+个)?(?:相关|有关|部门|单位|镇|乡|街|地区)|相关|有关|涉及")
FARMING = "涉农"
COUNTIES = re.compile(r"(?:县级|县\(?市?[、,]?区?\)?|区县|县区|市县|市\(?[、,]?县?[、,]?区?\)?|区)(?:人民)?政府$")
UNNAMED = re.compile(
    r"^(?:乡镇|镇乡|乡|镇)(?:人民)?政府$|^(?:镇街|街镇)$|^(?:乡镇|镇乡|镇|乡)\((?:街道办事处|街道办|街道|办事处|办)\)$|^(?:乡镇|镇乡)$|^(?:乡镇|镇乡|镇)?(?:街道办事处|街道办|街道|街办)$"
)
TOWNSHIP = re.compile(r"^(?:[镇乡街道办事处办\(\)、,/和]|地区|人民政府|政府)+$")


@dataclass(frozen=True)
class Group:
    """Members of a printed group; where `needs_person`, they are only a proposal. `why` says on what ground."""

    departments: tuple[Department, ...]
    needs_person: bool
    why: str


def is_group(name: str) -> bool:
    """Whether a printed name speaks of several bodies; `街道办事处` without a name is all of them: 各镇人民政府、街道办事处."""
    text = _plain(name)
    return bool(EVERY.match(text) or VAGUE.search(text) or UNNAMED.match(text))


def expand_group(name: str, division: Division, on: date) -> Group:
    """Who `name` means in `division` on day `on`; a name that is no group has no members and needs a person."""
    text = _plain(name)
    if not is_group(text):
        return Group((), True, _("“%(name)s”不是各镇街一类的统称。") % {"name": name})
    if VAGUE.search(text):
        return _vague(name, text, division, on)
    what = EVERY.sub("", text)
    farming = FARMING in what
    what = re.sub(r"\(?涉农\)?(?:的)?", "", what)
    if COUNTIES.search(what):
        return _counties(name, division, on)
    if TOWNSHIP.match(what):
        return _towns(name, _types(what), division, on, farming=farming)
    return Group((), True, _("“%(name)s”所指单位文件没有写明，请指定。") % {"name": name})


def _plain(name: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name))


def _types(what: str) -> frozenset[str]:
    """The ranks a group names: 镇街 is towns and streets; 乡镇 is 乡 and 镇."""
    what = what.replace("人民政府", "").replace("政府", "")
    found = {
        kind
        for kind, words in {"镇": "镇", "乡": "乡", "街道": "街|办", "地区": "地区"}.items()
        if re.search(words, what)
    }
    return frozenset(found | ({"民族乡", "苏木"} if "乡" in found else set()))


def _vague(name: str, text: str, division: Division, on: date) -> Group:
    """等相关…: the named ones are proposed, a person says who else."""
    heads = re.split(r"[、,和]", re.split(r"等|相关|有关", text)[0])
    bare = {(units.town_of(head) or (head, ""))[0] for head in heads if head}
    named = [row for row in _town_rows(division, on) if _bare(row) in bare]
    return Group(tuple(named), True, _("“%(name)s”没有写全是哪些单位，请指定一次，以后照此办理。") % {"name": name})


def _counties(name: str, division: Division, on: date) -> Group:
    rows = Department.objects.filter(
        valid_on(on),
        kind=Department.Kind.GOVERNMENT,
        division__level=Division.Level.COUNTY,
        division__path__startswith=division.path,
    ).exclude(division=division)
    return _complete(name, tuple(rows), _("登记的县级人民政府"))


def _towns(name: str, types: frozenset[str], division: Division, on: date, *, farming: bool) -> Group:
    rows = [row for row in _town_rows(division, on) if (units.town_of(_stem(row)) or ("", ""))[1] in types]
    if not farming:
        return _complete(name, tuple(rows), _("登记的镇街"))
    marked = set(
        DivisionAttribute.objects.filter(
            valid_on(on), name=FARMING, division__path__startswith=division.path
        ).values_list("division_id", flat=True)
    )
    chosen = tuple(row for row in rows if row.division_id in marked)
    return _complete(name, chosen, _("登记为涉农的镇街"))


def _complete(name: str, rows: tuple[Department, ...], ground: str) -> Group:
    if not rows:
        return Group(
            (), True, _("“%(name)s”：没有%(ground)s。请先登记，或直接指定单位。") % {"name": name, "ground": ground}
        )
    return Group(rows, False, _("%(ground)s，共 %(count)d 个") % {"ground": ground, "count": len(rows)})


def _town_rows(division: Division, on: date) -> list[Department]:
    below = Q(division__path__startswith=division.path)
    rows = Department.objects.filter(below, valid_on(on), kind=Department.Kind.TOWN).select_related("division")
    return list(rows)


def _stem(row: Department) -> str:
    return units.read(row.name, ()).stem


def _bare(row: Department) -> str:
    return (units.town_of(_stem(row)) or ("", ""))[0]
