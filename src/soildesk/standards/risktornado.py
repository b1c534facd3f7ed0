"""What an uncertainty analysis gave: percentiles and the tornado, drawn on the server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from soildesk.kit.cells import escape
from soildesk.standards import riskwords
from soildesk.standards.models import RiskUncertainty
from soildesk.standards.refusals import language
from soildesk.standards.riskview import RunView

LABEL, CHART, ROW, TOP = 230, 560, 30, 26
MOST_BARS = 10


@dataclass(frozen=True)
class UncertaintyView:
    """One analysis of a run."""

    kept: RiskUncertainty
    view: RunView

    @property
    def sampler(self) -> str:
        """How it was drawn."""
        return riskwords.SAMPLERS[self.kept.sampler][language()]

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """(input, why with this distribution)."""
        return [(self.input_name(name), because) for name, because in self.kept.result["reasons"].items()]

    @property
    def rows(self) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
        """(substance, quantity, [(percentile, its error)])."""
        for slug, quantity, one in self._each():
            yield (
                self._name(slug),
                riskwords.QUANTITIES[quantity][language()],
                [_with_error(p) for p in one["percentiles"]],
            )

    @property
    def tornados(self) -> Iterator[SafeString]:
        """A drawing for the quantity that matters most of each substance: the one further above its acceptable level."""
        best: dict[str, tuple[float, str, Mapping[str, Any]]] = {}
        for slug, quantity, one in self._each():
            effect = quantity.partition(".")[0]
            if effect in riskwords.EFFECTS and one["tornado"]:
                gravity = one["percentiles"][-1]["value"] / self.view.acceptable[effect]
                best[slug] = max(best.get(slug, (-1.0, "", {})), (gravity, quantity, one), key=lambda each: each[0])
        for slug, (_gravity, quantity, one) in sorted(best.items(), key=lambda each: -each[1][0]):
            yield self._tornado(slug, quantity, one["tornado"])

    def _each(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        for slug, each in self.kept.result["substances"].items():
            for quantity, one in each.items():
                if one:
                    yield slug, quantity, one

    def _name(self, slug: str) -> str:
        return str(self.view.result["substances"][slug]["name"])

    def input_name(self, name: str) -> str:
        """A drawn input in words."""
        slug, _dot, key = name.partition(".")
        if not key:
            return str(self.view.parameters[name]["name"][language()]) if name in self.view.parameters else name
        named = riskwords.MEDIA.get(key, {}).get(language(), key)
        return f"{self.view.result['substances'][slug]['name']} {named}"

    def _tornado(self, slug: str, quantity: str, bars: list[Mapping[str, Any]]) -> SafeString:
        shown, effect = bars[:MOST_BARS], quantity.partition(".")[0]
        title = f"{self._name(slug)} {riskwords.QUANTITIES[quantity][language()]}"
        low = min(min(one["low"], one["high"]) for one in shown)
        high = max(max(one["low"], one["high"]) for one in shown)
        scale = _Scale(low, high)
        height = TOP + ROW * len(shown) + 24
        label = _("%(what)s对各输入的敏感性") % {"what": title}
        parts = [
            f'<svg class="tornado" viewBox="0 0 {LABEL + CHART + 80} {height}" role="img" aria-label="{escape(label)}">',
            f"<title>{escape(label)}</title>",
            f'<text class="tornado-title" x="0" y="16">{escape(title)}</text>',
            *(piece for i, one in enumerate(shown) for piece in self._bar(one, TOP + ROW * i, scale)),
            f'<text class="axis" x="{LABEL}" y="{height - 6}">{riskwords.figure(low)}</text>',
            f'<text class="axis" x="{LABEL + CHART}" y="{height - 6}" text-anchor="end">{riskwords.figure(high)}</text>',
        ]
        said = {
            "limit": (self.view.acceptable[effect], _("可接受水平 %(value)s")),
            "base": (self.view.result["substances"][slug][effect]["total"], _("本次评估的值 %(value)s")),
        }
        for kind, (value, words) in said.items():
            if value is not None and low < value < high:
                parts.append(_line(kind, scale.at(value), height, words % {"value": riskwords.figure(value)}))
        return mark_safe("".join([*parts, "</svg>"]))  # noqa: S308 — every text above is escaped

    def _bar(self, one: Mapping[str, Any], y: int, scale: _Scale) -> Iterator[str]:
        left, right = sorted((scale.at(one["low"]), scale.at(one["high"])))
        name = self.input_name(one["name"])
        clipped = name if len(name) <= 15 else name[:14] + "…"
        said = f"{name}：{riskwords.figure(one['low_input'])} → {riskwords.figure(one['high_input'])}"
        yield f'<text class="bar-name" x="0" y="{y + 17}">{escape(clipped)}<title>{escape(said)}</title></text>'
        yield f'<rect class="bar" x="{left}" y="{y + 5}" width="{max(2.0, right - left):.1f}" height="16"><title>{escape(said)}</title></rect>'
        correlation = one["rank_correlation"]
        if correlation is not None:
            yield f'<text class="axis" x="{LABEL + CHART + 8}" y="{y + 17}">ρ {correlation:.2f}</text>'


def _line(kind: str, x: float, height: int, said: str) -> str:
    return (
        f'<line class="{kind}" x1="{x}" x2="{x}" y1="{TOP - 4}" y2="{height - 20}"><title>{escape(said)}</title></line>'
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float

    def at(self, value: float) -> float:
        """Where a value stands, in drawing units."""
        width = self.high - self.low
        return round(LABEL + (CHART * (value - self.low) / width if width else CHART / 2), 1)


def _with_error(one: Mapping[str, Any]) -> tuple[str, str]:
    """The percentile, and between what its sampling leaves it."""
    if one["low"] is None or one["high"] is None:
        return riskwords.figure(one["value"]), ""
    return riskwords.figure(one["value"]), f"{riskwords.figure(one['low'])}–{riskwords.figure(one['high'])}"
