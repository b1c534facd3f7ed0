"""What the printed name of a unit says: place, line of work, kind of body. Pure text, no database.

`read("市公安局青禾分局", places)` gives the stem 公安局 and where it stands; `lines_of` gives the lines of
work its words name, from `data/lines.csv`; `successions` are the dated reforms of `data/successions.csv`.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

CONNECTORS = re.compile(r"[和与及、暨]|管理|监督|事务|发展|服务")
BODY = re.compile(r"((?:行政)?主管部门|部门|分局|总队|支队|大队|局|委员会|委|办公室|办|厅|部|中心|院|社|处|联合社)$")
TOWN = re.compile(
    r"^(?P<bare>.+?)(?P<type>民族乡|苏木|镇|乡|街道办事处|街道办|地区办事处|办事处|街道|街办|地区)"
    r"(?:人民政府|政府|党工委|党委)?$"
)
BRANCH = re.compile(r"^(?P<body>.+?(?:委员会|委|局|厅))(?P<of>.*)分局$")
COORDINATES = re.compile(r"(委员会|领导小组|指挥部|联席会议|专班)(办公室|办)$")
NOTE = re.compile(r"[(（][^()（）]*[)）]$")
STREET_TYPES = frozenset({"街道办事处", "街道办", "办事处", "街道", "街办"})
GENERIC = {
    "province": ("省", "自治区"),
    "city": ("市", "州", "盟", "地区"),
    "county": ("区", "县", "旗"),
    "country": ("国家",),
}
ZONES = ("新区",)
"""Read as a level only where the place itself is called so."""
OWN = ("我", "本", "全")


@dataclass(frozen=True)
class Place:
    """A division a name may begin with: its level, full name (青禾区) and bare name (青禾)."""

    level: str
    name: str

    @property
    def bare(self) -> str:
        """The name without the word for its level."""
        return re.sub(r"(自治区|自治县|自治州|新区|地区|省|市|区|县|旗|盟|州)$", "", self.name) or self.name


@dataclass(frozen=True)
class PrintedUnit:
    """A printed name taken apart. `level` is the level of government it names ("" where it names none)."""

    text: str
    stem: str
    level: str
    branch: bool  # 分局: a city's bureau in the district
    of: str = ""  # whose branch, where it is not that of the place itself: 高新 in 市生态环境局高新分局


@dataclass(frozen=True)
class Succession:
    """Work of old bodies went to a line on a day."""

    line: str
    on: date
    kind: str
    ground: str


def clean(text: str) -> str:
    """One spelling: half width, no blanks, no trailing remark in brackets."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).strip("、,。;:")
    return NOTE.sub("", text) or text


def read(text: str, places: tuple[Place, ...]) -> PrintedUnit:
    """Take a printed name apart. `places` are the division and those above it, nearest first.

    >>> read("市公安局青禾分局", (Place("county", "青禾区"), Place("city", "云泽市"))).stem
    '公安局'
    """
    name = clean(text)
    level, rest = _without_place(name, places)
    own = places[0] if places else None
    branch = rest.endswith("分局")
    if branch and own and (own.bare in rest[:-2] or level == own.level):
        rest = rest.replace(own.name, "").replace(own.bare, "")
    if branch:
        found = BRANCH.match(rest)
        stem, of = (found["body"], found["of"]) if found else (rest[:-2] + "局", "")
        of = "" if of and lines_of(of)[0] >= lines_of(stem)[0] else of  # 市生态环境局青禾生态环境分局
        return PrintedUnit(name, stem, own.level if own else level, True, of)
    return PrintedUnit(name, rest, level, False)


def _without_place(name: str, places: tuple[Place, ...]) -> tuple[str, str]:
    level, rest = "", name
    while True:
        found = _leading_place(rest, places)
        if found is None or len(rest) - len(found[1]) < 2:
            return level, rest
        level, rest = found[0], rest[len(found[1]) :]


def _leading_place(name: str, places: tuple[Place, ...]) -> tuple[str, str] | None:
    for place in places:
        for word in (place.name, place.bare):
            if name.startswith(word) and len(word) > 1 and not TOWN.match(word + _next_type(name, word)):
                return place.level, word
    own_words = next((place for place in places[:1]), None)
    zone = next((word for word in ZONES if own_words and own_words.name.endswith(word) and name.startswith(word)), "")
    if own_words and zone:
        return own_words.level, zone
    for level, words in GENERIC.items():
        for word in words:
            for prefix in ("", *OWN):
                if name.startswith(prefix + word) and not _is_line_start(name, prefix + word):
                    near = own_words.level if prefix and own_words else _named_so(word, places)
                    return near or level, prefix + word
    return None


def _named_so(word: str, places: tuple[Place, ...]) -> str:
    """市 is the nearest place called so: itself in a county-level city's plan, the municipality in that of its district."""
    return next((place.level for place in places if place.name.endswith(word)), "")


def _next_type(name: str, word: str) -> str:
    """The town word right after a bare place name: 青禾 in 青禾镇 is the town's own name, not a prefix."""
    rest = name[len(word) :]
    match = re.match(r"镇|乡|街道|办事处|地区", rest)
    return match.group(0) if match else ""


def _is_line_start(name: str, word: str) -> bool:
    """市场监管局 begins with 市场, not with the level 市."""
    return any(name.startswith(token) and len(token) > len(word) for token in _tokens())


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    text = (files("soildesk.core") / "data" / name).read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def _tokens() -> dict[str, frozenset[str]]:
    tokens: dict[str, set[str]] = {}
    for row in _rows("lines.csv"):
        for token in row["tokens"].split():
            tokens.setdefault(token, set()).add(row["line"])
    return {token: frozenset(tokens[token]) for token in sorted(tokens, key=len, reverse=True)}


@cache
def line_titles() -> dict[str, str]:
    """Lines of work and their names."""
    return {row["line"]: row["title"] for row in _rows("lines.csv")}


def lines_of(stem: str) -> tuple[frozenset[str], str]:
    """The lines of work a stem names, and what of it was not understood ("" where all was).

    >>> lines_of("农业农村和水务局")[0] == {"agriculture", "water"}
    True
    """
    found: set[str] = set()
    rest = stem.replace("人民政府", "")  # it contains 民政
    for token, lines in _tokens().items():
        if token in rest:
            found |= lines
            rest = rest.replace(token, "、")
    rest = CONNECTORS.sub("", BODY.sub("", rest))
    return frozenset(found), CONNECTORS.sub("", rest)


def coordinates(stem: str) -> bool:
    """Whether a body only coordinates others (生态环境保护委员会办公室): it does not stand for the line its words name."""
    for token in _tokens():
        stem = stem.replace(token, "、")
    return bool(COORDINATES.search(stem))


@cache
def _successions() -> dict[str, tuple[Succession, ...]]:
    found: dict[str, list[Succession]] = {}
    for row in _rows("successions.csv"):
        entry = Succession(row["line"], date.fromisoformat(row["on"]), row["kind"], row["ground"])
        for name in row["old_names"].split():
            found.setdefault(name, []).append(entry)
    return {name: tuple(entries) for name, entries in found.items()}


def successions(stem: str) -> tuple[Succession, ...]:
    """What became of the bodies of this name in the reforms of the whole country."""
    return _successions().get(stem, ())


def town_of(stem: str) -> tuple[str, str] | None:
    """Bare name and type of a town-level body: ("柏庄", "镇"); streets and their offices are one type 街道."""
    match = TOWN.match(stem)
    if match is None or BODY.search(match["bare"]):
        return None
    kind = match["type"]
    return match["bare"], "街道" if kind in STREET_TYPES else kind
