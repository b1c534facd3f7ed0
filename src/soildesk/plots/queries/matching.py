"""Which plots a candidate may already be: by code, name and space, each part shown with what it adds. A person decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

import numpy as np
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor, place_of
from soildesk.enterprises.queries.sites import StoodHere, stood_on_each
from soildesk.enterprises.sentences import said
from soildesk.land.services.writing import county_of
from soildesk.land.shapes import area_m2
from soildesk.plots.models import Candidate, PlotVersion
from soildesk.plots.queries.plots import shared_areas
from soilrules.plots.matching import Described, InSpace, Match, Verdict, match

MOST = 5
"""Matches shown of one candidate, the best first."""


Held = Sequence[tuple[PlotVersion, Described]]


class Suspect(Protocol):
    """What is compared with the plots: a candidate, or what a feed says of one that is none yet."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def firm_name(self) -> str:
        """The firm it is of."""

    @property
    def credit_code(self) -> str:
        """Its code."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """What more is told; `code` is the plot's code in the national system."""

    @property
    def geometry(self) -> Any:
        """Its ground; None is not known."""


def described(actor: Actor, on: date, county: str) -> Held:
    """The plots of a county as candidates are compared with them: once for all candidates of a feed."""
    found = PlotVersion.objects.visible_to(actor).standing(on).filter(division_path__startswith=county)
    rows = list(found.select_related("plot").order_by("plot__number"))
    stood = stood_on_each([one.geometry for one in rows], actor, on)
    return [(one, _described(one, firms)) for one, firms in zip(rows, stood, strict=True)]


def as_of(candidate: Candidate, actor: Actor, on: date) -> list[dict[str, Any]]:
    """The plots an open candidate may be today; of a decided one those it was decided by."""
    if candidate.state != Candidate.State.OPEN:
        return list(candidate.matches)
    return matches_of(candidate, described(actor, on, county_of(place_of(candidate))))


def told(matches: Sequence[Mapping[str, Any]]) -> str:
    """The best match as a preview says it, with what the score is made of; empty where there is none."""
    if not matches:
        return ""
    best = matches[0]
    speaks = "；".join(part["said"] for part in best["parts"] if part["answer"] != "differs")
    return _("可能已是地块“%(name)s”（%(number)s），相符程度 %(score)s：%(parts)s。") % {
        "name": best["name"],
        "number": best["number"],
        "score": best["score"],
        "parts": speaks,
    }


def _described(plot: PlotVersion, firms: Sequence[StoodHere]) -> Described:
    names = (plot.name, plot.responsible, *(one.name for one in firms))
    codes = (plot.holder_code, plot.responsible_code, *(one.credit_code for one in firms))
    return Described(tuple(filter(None, names)), (), tuple(filter(None, codes)), plot.code)


def matches_of(candidate: Suspect, held: Held) -> list[dict[str, Any]]:
    """The plots a candidate may be, with score and parts, as they are kept with it; the best first."""
    said_of = Described(
        names=tuple(filter(None, (candidate.title, candidate.firm_name))),
        credit_codes=tuple(filter(None, (candidate.credit_code,))),
        plot_code=str(candidate.facts.get("code", "")),
    )
    found = [(plot, match(said_of, one, _in_space(candidate.geometry, plot))) for plot, one in held]
    likely = [pair for pair in found if pair[1].verdict is not Verdict.UNLIKELY]
    likely.sort(key=lambda pair: (-pair[1].score, pair[0].plot.number))
    return [_kept(plot, how) for plot, how in likely[:MOST]]


def _in_space(ground: Any, plot: PlotVersion) -> InSpace:
    if ground is None:
        return InSpace()
    if ground.geom_type in ("Polygon", "MultiPolygon"):
        shared = shared_areas(ground, [plot.geometry])[0]
        smaller = min(area_m2(ground), plot.area_m2) or 1.0
        overlap = Decimal(str(round(shared / smaller, 4)))
        return InSpace(overlap, None if shared else _metres(ground, plot.geometry))
    return InSpace(None, _metres(ground, plot.geometry))


def _metres(one: Any, other: Any) -> Decimal:
    """About how far two grounds lie apart: degrees by the length of a degree there."""
    north = (one.centroid.y + other.centroid.y) / 2
    metres = float(one.distance(other)) * 111_320 * float(np.cos(np.radians(north)))
    return Decimal(str(round(metres, 1)))


def _kept(plot: PlotVersion, how: Match) -> dict[str, Any]:
    return {
        "plot": str(plot.plot.uid),
        "number": plot.plot.number,
        "name": plot.name,
        "score": str(how.score),
        "verdict": str(how.verdict),
        "parts": [
            {
                "kind": str(part.kind),
                "answer": str(part.answer),
                "degree": str(part.degree),
                "worth": str(part.worth),
                "said": said(part.message),
            }
            for part in how.parts
            if part.answer != "not_told"
        ],
    }
