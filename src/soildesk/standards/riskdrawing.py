"""The conceptual site model as SVG made on the server: layers, water, people, and nine pathways as arrows.

An arrow's width is the share of its pathway in the total, its colour and badge say whether the pathway alone is above the
acceptable level; a pathway that could not be computed is dashed and says why, an excluded one is crossed out in grey.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from soildesk.kit.cells import escape
from soildesk.standards import riskwords
from soildesk.standards.refusals import language

WIDTH, HEIGHT = 980, 500
GROUND, SUBSURFACE, VADOSE, WATER, BOTTOM = 232, 292, 362, 412, 470
OUTDOORS, HOUSE = (120, 600), (668, 948)
HEAD = 158
"""Where arrows end: below the people."""
LANES = {
    "soil_ingestion": (160, GROUND + 30),
    "soil_dermal": (224, GROUND + 30),
    "soil_particulates": (288, GROUND + 30),
    "outdoor_vapour_surface": (352, GROUND + 30),
    "outdoor_vapour_subsurface": (416, SUBSURFACE + 35),
    "outdoor_vapour_groundwater": (480, WATER + 26),
    "drinking_groundwater": (560, WATER + 26),
    "indoor_vapour_subsurface": (752, SUBSURFACE + 35),
    "indoor_vapour_groundwater": (864, WATER + 26),
}
"""Where each pathway rises: x, and the y of its medium."""
THIN, THICK = 2.0, 16.0
NEAR = 0.1
"""A pathway above this share of the acceptable level is shown as near it."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One pathway of one substance."""

    number: int
    name: str
    title: str
    value: float | None
    share: float | None
    tone: str
    why: str

    @property
    def is_missing(self) -> bool:
        """Whether it has no value: it could not be computed or is excluded."""
        return self.value is None

    @property
    def is_excluded(self) -> bool:
        """Whether it does not exist at the site."""
        return self.tone == "excluded"


@dataclass(frozen=True)
class SiteModel:
    """The drawing of one substance for one effect. `depths` are parameter values by key; class 1 land has a child."""

    title: str
    lanes: tuple[Lane, ...]
    land_class: int
    depths: Mapping[str, float] = field(default_factory=dict)

    def render(self) -> SafeString:
        """The figure."""
        parts = [
            f'<svg class="site-model" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(self.title)}">',
            f"<title>{escape(self.title)}</title><desc>{escape(self._described())}</desc>",
            *self._ground(),
            *self._house(),
            *self._people(),
            *(piece for lane in self.lanes for piece in _arrow(lane)),
            "</svg>",
        ]
        return mark_safe("".join(parts))  # noqa: S308 — every text above is escaped

    def _described(self) -> str:
        told = [f"{one.title} {one.why if one.is_excluded else riskwords.figure(one.value)}" for one in self.lanes]
        return "；".join(told)

    def _ground(self) -> Iterator[str]:
        layers = (
            ("surface", GROUND, SUBSURFACE, _("表层污染土壤"), self._cm("d")),
            ("subsurface", SUBSURFACE, VADOSE, _("下层污染土壤"), self._cm("dsub")),
            ("vadose", VADOSE, WATER, _("非饱和层"), ""),
            ("water", WATER, BOTTOM, _("地下水"), self._depth()),
        )
        for name, top, end, title, note in layers:
            yield f'<rect class="layer layer-{name}" x="0" y="{top}" width="{WIDTH}" height="{end - top}"/>'
            yield f'<text class="layer-name" x="10" y="{top + 22}">{escape(title)}</text>'
            if note:
                yield f'<text class="layer-note" x="10" y="{top + 40}">{escape(note)}</text>'
        yield f'<line class="water-table" x1="0" x2="{WIDTH}" y1="{WATER}" y2="{WATER}"/>'
        outdoors = escape(_("室外"))  # not inside the f-string: xgettext does not read those
        yield f'<text class="zone" x="{OUTDOORS[0]}" y="26">{outdoors}</text>'

    def _cm(self, key: str) -> str:
        return _("厚 %(cm)s cm") % {"cm": riskwords.plain(self.depths[key])} if key in self.depths else ""

    def _depth(self) -> str:
        return _("埋深 %(cm)s cm") % {"cm": riskwords.plain(self.depths["Lgw"])} if "Lgw" in self.depths else ""

    def _house(self) -> Iterator[str]:
        left, right = HOUSE
        middle, indoors = (left + right) // 2, escape(_("室内"))
        yield f'<path class="roof" d="M{left - 16} 64 L{middle} 16 L{right + 16} 64 Z"/>'
        yield f'<rect class="walls" x="{left}" y="64" width="{right - left}" height="{GROUND - 64}"/>'
        yield f'<line class="slab" x1="{left - 6}" x2="{right + 6}" y1="{GROUND}" y2="{GROUND}"/>'
        yield f'<text class="zone" x="{middle}" y="54" text-anchor="middle">{indoors}</text>'
        yield f'<rect class="well" x="{LANES["drinking_groundwater"][0] - 14}" y="{GROUND - 8}" width="28" height="{WATER + 34 - GROUND}"/>'

    def _people(self) -> Iterator[str]:
        for x in (OUTDOORS[0] + 200, OUTDOORS[0] + 252) if self.land_class == 1 else (OUTDOORS[0] + 220,):
            yield _person(x, 136, small=x == OUTDOORS[0] + 252)
        middle = (HOUSE[0] + HOUSE[1]) // 2
        for x in (middle - 22, middle + 22) if self.land_class == 1 else (middle,):
            yield _person(x, 152, small=x == middle + 22)
        who = _("成人和儿童") if self.land_class == 1 else _("成人")
        yield f'<text class="who" x="{OUTDOORS[0] + 290}" y="96">{escape(who)}</text>'


def _person(x: int, foot: int, *, small: bool) -> str:
    """A figure standing at `foot`."""
    scale = 0.68 if small else 1.0
    return (
        f'<g class="person" transform="translate({x} {foot}) scale({scale})"><circle cx="0" cy="-62" r="9"/>'
        '<path d="M-11 -50 h22 v26 h-5 v24 h-4 v-20 h-4 v20 h-4 v-24 h-5 z"/></g>'
    )


def _arrow(lane: Lane) -> Iterator[str]:
    x, start = LANES[lane.name]
    width = THIN if lane.share is None else round(THIN + (THICK - THIN) * math.sqrt(lane.share), 1)
    kind = "missing" if lane.is_missing and not lane.is_excluded else lane.tone
    head, end = width * 0.9 + 5, HEAD + 26
    said = f"{lane.title}：{riskwords.figure(lane.value)}" + (f"。{lane.why}" if lane.why else "")
    yield f'<g class="path path-{kind}"><title>{escape(said)}</title>'
    yield f'<line x1="{x}" x2="{x}" y1="{start}" y2="{round(end + head, 1)}" stroke-width="{width}"/>'
    yield f'<path class="tip" d="M{x - head:.1f} {end + head:.1f} L{x} {end} L{x + head:.1f} {end + head:.1f} Z"/>'
    yield _badge(lane, x, HEAD)
    if lane.is_excluded:
        middle = (start + end) // 2
        yield f'<path class="cross" d="M{x - 9} {middle - 9} l18 18 M{x + 9} {middle - 9} l-18 18"/>'
    shown = "" if lane.share is None else riskwords.percent(lane.share)
    yield f'<text class="share" x="{x + head + 4:.1f}" y="{end + 16}">{escape(shown)}</text></g>'


def _badge(lane: Lane, x: int, y: int) -> str:
    """The number of the pathway; its shape tells the verdict without colour: ● fine, ◆ above, ▢ not computed (struck out: excluded)."""
    if lane.is_missing:
        shape = f'<rect class="lane-badge" x="{x - 12}" y="{y - 12}" width="24" height="24" rx="3"/>'
    elif lane.tone == "bad":
        shape = f'<path class="lane-badge" d="M{x} {y - 17} l17 17 l-17 17 l-17 -17 z"/>'
    else:
        shape = f'<circle class="lane-badge" cx="{x}" cy="{y}" r="13"/>'
    number = f'<text class="lane-badge-number" x="{x}" y="{y + 5}" text-anchor="middle">{lane.number}</text>'
    struck = f'<path class="cross" d="M{x - 12} {y + 12} l24 -24"/>' if lane.is_excluded else ""
    return f"{shape}{number}{struck}"


def lanes_of(
    row: Mapping[str, Any],
    reasons: Mapping[str, Any],
    effect: str,
    acceptable: float,
    excluded: Collection[str] = (),
) -> tuple[Lane, ...]:
    """The nine pathways of one substance of a result; `excluded` names those that do not exist at the site."""
    values, why = row[effect], reasons.get(effect, {})
    return tuple(
        Lane(
            number=number,
            name=name,
            title=title[language()],
            value=values[name],
            share=_share(values[name], values["total"]),
            tone="excluded" if name in excluded else _tone(values[name], acceptable),
            why=why[name][language()] if name in why else "",
        )
        for number, (name, title) in enumerate(riskwords.PATHWAYS.items(), start=1)
    )


def _share(value: float | None, total: float | None) -> float | None:
    if value is not None and total:
        return value / total
    return 0.0 if value == 0 else None


def _tone(value: float | None, acceptable: float) -> str:
    if value is None:
        return "unknown"
    if value > acceptable * (1 + 1e-9):
        return "bad"
    return "warn" if value > acceptable * NEAR else "calm"
