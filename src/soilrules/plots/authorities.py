"""Whether the office a paper names is one that decides: its line of work and its level, as far as its name tells.

The desk's own divisions and offices are asked first. What a name plainly contradicts is wrong; what it does not tell is
unsure, and a person confirms it with a ground. Data: data/plots/authorities.yaml.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from soilrules.enterprises.lists import Level
from soilrules.messages import Message
from soilrules.plots.lists import ROOM, ListKey, plot_lists
from soilrules.statistics.rule_data import mark_of
from soilrules.strict import Record, load_yaml

ECOLOGY, GOVERNMENT = "ecology", "government"
_JOINED = re.compile(r"[、,，;；/]|会同")
_LEVELS = frozenset((Level.COUNTY, Level.CITY, Level.PROVINCE))


class Fits(StrEnum):
    """What a name says to the line and the level it is registered with."""

    FITS = "fits"
    WRONG = "wrong"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Office:
    """An office as its name reads. `line`: empty where the name tells none. `sure`: the levels it surely stands at, `maybe`
    those it may stand at. `branch`: a 分局."""

    name: str
    line: str
    sure: frozenset[Level]
    maybe: frozenset[Level] = frozenset()
    branch: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """What a paper names: the office that decided, at which level it is registered, and in whose name it acted. `cities`: the
    names of the city the place lies in, whose bureau alone a branch acts for; empty where that is not known."""

    authority: str
    level: Level
    acting_for: str = ""
    cities: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether the named office is one of the line and level. `message`: why not, or what a person has to confirm."""

    fits: Fits
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """What the desk knows: divisions by name and its offices by name, each with its levels, and the line of an office."""

    places: Mapping[str, frozenset[Level]]
    offices: Mapping[str, Office]


NOTHING = Own({}, {})


def line_asked(list_key: str) -> str:
    """The line that decides a list; empty where no law says so."""
    return str(_data().row["asked"].get(list_key, ""))


def line_of_event(event: str) -> str:
    """The line that decides an event: that of the list it enters or leaves, or of its own."""
    of_list = next((key for key, one in plot_lists().items() if event in (one.enters_by, *one.leaves_by)), None)
    return line_asked(of_list) if of_list else ECOLOGY if event in _data().row["events"] else ""


def judge(named: Named, line: str, own: Own = NOTHING) -> Fit:
    """Whether the named office is of a line (any where empty) and of the level it is registered with; a branch that acts in
    the name of the city's bureau stands at the county, and the bureau at the city.

    >>> judge(Named("云泽市青禾区自然资源局", Level.COUNTY), ECOLOGY).fits
    <Fits.WRONG: 'wrong'>
    """
    found = _best(named.authority, named.level, line, own)
    if not named.acting_for.strip():
        return found
    return _worst(found, _best(named.acting_for, Level.CITY, line, own), _branch(named, own), _of_place(named, own))


def read(name: str, own: Own = NOTHING) -> Office:
    """An office as its name reads.

    >>> read("云中省生态环境厅").sure, sorted(read("云泽市生态环境局").maybe), read("云泽市生态环境局青禾分局").branch
    (frozenset({<Level.PROVINCE: 'province'>}), [<Level.CITY: 'city'>, <Level.COUNTY: 'county'>], True)
    """
    plain = normalised(name)
    if plain in own.offices:
        return own.offices[plain]
    line, at = _line(plain)
    if plain.endswith(_data().texts("below")):
        return Office(name, GOVERNMENT, frozenset())
    if plain.endswith(_data().text("branch")):
        return Office(name, line, frozenset({Level.COUNTY}), branch=True)
    ending = plain[-1:]
    if line and ending in _data().row["bodies"]:
        return Office(name, line, frozenset({Level(_data().row["bodies"][ending])}))
    sure, maybe = _place(plain[:at], own) if line else (frozenset(), _LEVELS)
    return Office(name, line, sure, maybe)


def may_be_government(name: str, own: Own = NOTHING) -> bool:
    """Whether a name may be that of a government of the county or above: a bureau or a town is none.

    >>> may_be_government("青禾区人民政府"), may_be_government("青禾区生态环境局"), may_be_government("青石镇人民政府")
    (True, False, False)
    """
    found = read(name, own)
    if found.line:
        return found.line == GOVERNMENT and bool(found.sure | found.maybe)
    return not normalised(name).endswith(("局", "厅"))


def normalised(name: str) -> str:
    """A name without spaces and widths, as names are compared."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name))


def endings(name: str) -> list[str]:
    """Every ending a place in the name may have: what a desk looks up among its divisions."""
    plain = normalised(name)
    _, at = _line(plain)
    return [plain[start:at] for start in range(at)]


def offices_in(name: str) -> list[str]:
    """The offices a paper names together."""
    return [one for one in map(str.strip, _JOINED.split(name)) if one] or [name]


def _best(name: str, level: Level, line: str, own: Own) -> Fit:
    """Of several offices named together the one that fits best answers."""
    each = [_fit(read(one, own), level, line) for one in offices_in(name)]
    return min(each, key=lambda one: (Fits.FITS, Fits.UNSURE, Fits.WRONG).index(one.fits))


def _worst(*each: Fit) -> Fit:
    return max(each, key=lambda one: (Fits.FITS, Fits.UNSURE, Fits.WRONG).index(one.fits))


def _branch(named: Named, own: Own) -> Fit:
    """Only a branch acts in the name of the city's bureau; a name that is none's has to be confirmed."""
    if read(named.authority, own).branch:
        return Fit(Fits.FITS)
    return Fit(Fits.UNSURE, _say("unsure_branch", authority=named.authority, acting_for=named.acting_for))


def _of_place(named: Named, own: Own) -> Fit:
    """The bureau a branch acts for is that of the city the place lies in."""
    plain = normalised(named.acting_for)
    if not named.cities or plain in own.offices or plain[: _line(plain)[1]].endswith(tuple(named.cities)):
        return Fit(Fits.FITS)
    cities = "、".join(sorted(named.cities))
    return Fit(Fits.WRONG, _say("not_of_place", authority=named.acting_for, cities=cities))


def _fit(office: Office, level: Level, line: str) -> Fit:
    params = {"authority": office.name, "level": level}
    if line and office.line not in (line, GOVERNMENT, ""):
        return Fit(Fits.WRONG, _say("wrong_line", line=line, **params))
    if not office.sure | office.maybe:
        return Fit(Fits.WRONG, _say("below_county", **params))
    if level not in office.sure | office.maybe:
        if office.branch:
            return Fit(Fits.WRONG, _say("branch", **params))
        return Fit(Fits.WRONG, _say("wrong_level", reads=_first(office.sure or office.maybe), **params))
    if line and office.line != line:
        return Fit(Fits.UNSURE, _say("unsure_line", line=line, **params))
    return Fit(Fits.FITS) if level in office.sure else Fit(Fits.UNSURE, _say("unsure_level", **params))


def _first(levels: Iterable[Level]) -> Level:
    return min(levels, key=list(Level).index)


def _say(sentence: str, **params: str) -> Message:
    told = {key: value for key, value in params.items() if key in ("authority", "acting_for", "cities")}
    for key, group in (("level", "levels"), ("reads", "levels"), ("line", "lines")):
        if key in params:
            told |= {f"{key}_{one}": Message(ROOM, group, params[key]).sentence(one) for one in ("zh", "en")}
    return Message(ROOM, "authorities", sentence, told)


def _line(plain: str) -> tuple[str, int]:
    """The line of a name and where it begins; without one the whole name is its place."""
    bureaus = "|".join(_data().row["bureaus"])
    found = [
        (len(word), line, hit.start()) for line, words in _data().row["lines"].items() for word in words
        if (hit := re.search(f"{word}({bureaus})", plain))
    ]  # fmt: skip
    if found:
        return max(found)[1:]
    at = plain.find(_data().text("government"))
    return (GOVERNMENT, at) if at >= 0 else ("", len(plain))


def _place(place: str, own: Own) -> tuple[frozenset[Level], frozenset[Level]]:
    """The levels an office of a place surely stands at, and those it may."""
    capital = next((one for one in _data().row["municipalities"] if place.startswith(one)), "")
    also = frozenset({Level.CITY}) if capital else frozenset[Level]()
    if place == capital and capital:
        return frozenset({Level.PROVINCE}), also
    known = next((own.places[end] for end in (place[at:] for at in range(len(place))) if end in own.places), None)
    if known:
        return (known, also) if len(known) == 1 else (frozenset(), known | also)
    ends = _ends()
    row = next((row for end, row in ends if place.endswith(end)), None)
    if row is None:
        return frozenset(), _LEVELS
    if place.endswith("市") and place.count("市") > 1 or re.search(r"(自治州|盟|地区).+市$", place):
        return frozenset({Level.COUNTY}), also
    return frozenset(map(Level, row["sure"])), frozenset(map(Level, row["maybe"])) | also


@cache
def _ends() -> list[tuple[str, Mapping[str, Any]]]:
    """How places end, the longest first."""
    rows = [(end, row) for row in _data().row["places"] for end in row["ends"]]
    return sorted(rows, key=lambda one: -len(one[0]))


@cache
def _data() -> Record:
    source = files("soilrules") / "data" / "plots" / "authorities.yaml"
    top = Record(load_yaml(source), source.name)
    top.only(
        "mark",
        "lines",
        "bureaus",
        "government",
        "bodies",
        "branch",
        "below",
        "places",
        "municipalities",
        "asked",
        "events",
    )
    mark_of(top)
    if unknown := set(top.row["asked"]) - set(ListKey) or set(top.row["asked"].values()) - set(top.row["lines"]):
        raise top.error(f"asked names {', '.join(sorted(unknown))}; expected keys of lists and their lines")
    return top
