"""Correlations as a matrix of cells with their numbers, and loadings as bars, component by component."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from soildesk.kit.cells import escape
from soildesk.monitoring.drawings.axes import label
from soildesk.monitoring.drawings.figure import Figure
from soilrules.geostat import Correlations, Loadings

CELL, HEAD = 54, 92
BAR, GAP, LINE = 150, 24, 24
POSITIVE, NEGATIVE = (15, 92, 92), (168, 84, 30)
STRONG = 0.55


def correlation_figure(found: Correlations, names: Sequence[str], title: str) -> Figure:
    """Spearman's ρ of every pair; the deeper the colour the closer."""
    size = len(names)
    width = HEAD + CELL * size + 10
    parts = [
        label(name, HEAD + CELL * (at + 0.5), HEAD - 60, anchor="middle", longest=5) for at, name in enumerate(names)
    ]
    parts += [
        label(name, HEAD - 8, HEAD - 48 + CELL * (at + 0.5) + 4, anchor="end", longest=7)
        for at, name in enumerate(names)
    ]
    parts += [piece for row in range(size) for at in range(row + 1) for piece in _cell(found, names, row, at)]
    pairs = [(row, at) for row in range(size) for at in range(row)]
    return Figure(
        title=title,
        described=_("%(n)d 个项目两两的相关系数；下面有同样内容的表格。") % {"n": size},
        width=width,
        height=HEAD - 48 + CELL * size + 10,
        parts=parts,
        head=[_("项目"), _("项目"), "ρ", "p", _("样品数")],
        rows=[[names[row], names[at], *_numbers(found, row, at)] for row, at in pairs],
        narrow=True,
    )


def _numbers(found: Correlations, row: int, at: int) -> list[str]:
    rho, p = float(found.rho[row, at]), float(found.p[row, at])
    return [_figure(rho), "—" if math.isnan(p) else f"{p:.2g}", str(int(found.n[row, at]))]


def _figure(number: float) -> str:
    return "—" if math.isnan(number) else f"{number:.2f}"


def _cell(found: Correlations, names: Sequence[str], row: int, at: int) -> Iterator[str]:
    rho = float(found.rho[row, at])
    x, y = HEAD + CELL * at, HEAD - 48 + CELL * row
    said = escape(f"{names[row]} – {names[at]}：ρ={_figure(rho)}，n={int(found.n[row, at])}")
    yield f'<rect class="p-cell" x="{x}" y="{y}" width="{CELL}" height="{CELL}" fill="{_shade(rho)}" data-rho="{rho:.4f}"><title>{said}</title></rect>'
    ink = "#ffffff" if abs(rho) > STRONG else "#1d2b2e"
    yield f'<text x="{x + CELL / 2}" y="{y + CELL / 2 + 4}" text-anchor="middle" fill="{ink}" font-size="12.5">{_figure(rho)}</text>'


def _shade(rho: float) -> str:
    """From white to the colour of the sign."""
    if math.isnan(rho):
        return "#e3e7e7"
    end = POSITIVE if rho >= 0 else NEGATIVE
    mixed = (round(255 + (part - 255) * min(abs(rho), 1.0)) for part in end)
    return "#" + "".join(f"{part:02x}" for part in mixed)


def loading_figure(found: Loadings, names: Sequence[str], title: str) -> Figure:
    """A column of bars for each component."""
    kept = found.loadings.shape[1]
    width = HEAD + (BAR + GAP) * kept + 10
    parts = [label(name, HEAD - 8, 62 + LINE * at, anchor="end", longest=7) for at, name in enumerate(names)]
    parts += [piece for at in range(kept) for piece in _component(found, names, at)]
    return Figure(
        title=title,
        described=_("%(n)d 个成分的因子载荷；下面有同样内容的表格。") % {"n": kept},
        width=width,
        height=62 + LINE * len(names) + 8,
        parts=parts,
        head=[_("项目"), *(_("成分 %(n)d") % {"n": at + 1} for at in range(kept)), _("共同度")],
        rows=[
            [name, *(f"{one:.2f}" for one in found.loadings[at]), f"{found.communality[at]:.2f}"]
            for at, name in enumerate(names)
        ],
        narrow=True,
    )


def _component(found: Loadings, names: Sequence[str], at: int) -> Iterator[str]:
    left = HEAD + (BAR + GAP) * at
    middle = left + BAR / 2
    yield label(_("成分 %(n)d") % {"n": at + 1}, middle, 18, anchor="middle")
    yield label(
        _("解释 %(share)s") % {"share": f"{found.explained[at]:.0%}"}, middle, 34, kind="p-small", anchor="middle"
    )
    yield f'<line class="p-axis" x1="{middle}" x2="{middle}" y1="44" y2="{50 + LINE * len(names)}"/>'
    for row, name in enumerate(names):
        loading = float(found.loadings[row, at])
        length = abs(loading) * BAR / 2
        x = middle if loading >= 0 else middle - length
        said = escape(f"{name} {loading:.2f}")
        yield f'<rect class="{"p-bar" if loading >= 0 else "p-bar-neg"}" x="{x:.1f}" y="{50 + LINE * row}" width="{length:.1f}" height="15" data-loading="{loading:.4f}"><title>{said}</title></rect>'
