"""Why a unit has its proposed class, in one screen: element by element, the points, the produce, the row of the table, marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from soildesk.farmland.models import UnitProposal
from soildesk.farmland.queries.proposals import explained, ruleset_of
from soildesk.monitoring.markwords import mark_word
from soildesk.standards.refusals import language
from soilrules.analytes import all_analytes
from soilrules.farmland.adjoining import MARK as ADJOINING_MARK
from soilrules.farmland.contents import factor_of, in_mg_kg
from soilrules.farmland.produce import Samples
from soilrules.farmland.rulesets import Grade, Row, Ruleset
from soilrules.farmland.units import ElementClass, UnitClass


@dataclass(frozen=True)
class ElementTold:
    """One element: counts of points and samples, grades, the row of the table, and the sentences."""

    slug: str
    name: str
    counts: tuple[int, int, int]
    unknown: Sequence[str]
    soil: int
    samples: Samples | None
    row: Row | None
    grade: int
    sentences: Sequence[str]
    decides: bool
    controls: bool


@dataclass(frozen=True)
class Why:
    """Everything the page of a proposal shows."""

    told: UnitClass
    rules: Ruleset
    elements: Sequence[ElementTold]
    slugs: Sequence[tuple[str, str]]
    points: Sequence[Mapping[str, Any]]
    produce: Sequence[Mapping[str, Any]]
    sentence: str
    marks: Mapping[str, str]


def why(proposal: UnitProposal) -> Why:
    """Why a unit has its proposed class."""
    held = proposal.classification
    rules = ruleset_of(held.ruleset, held.switches)
    told = explained(proposal.detail, rules)
    elements = [_told(one, True, told) for one in told.elements] + [_told(one, False, told) for one in told.beside]
    slugs = [(one.slug, one.name) for one in elements]
    elements.sort(key=lambda one: (not one.controls, not one.decides, one.grade == 1))
    deciding = [(slug, name) for slug, name in slugs if slug in rules.elements]
    return Why(
        told, rules, elements, slugs,
        [_line(one, slugs) for one in proposal.detail.get("points", ())],
        [_line(one, deciding) for one in proposal.detail.get("produce", ())],
        told.message.sentence(language()),
        {key: mark_word(mark) for key, mark in {**rules.marks, "ruleset": rules.mark, "adjoining": ADJOINING_MARK}.items()},
    )  # fmt: skip


def _told(one: ElementClass, decides: bool, told: UnitClass) -> ElementTold:
    return ElementTold(
        slug=one.element,
        name=all_analytes()[one.element].name(language()),
        counts=one.soil.counts,
        unknown=one.soil.unknown,
        soil=int(one.soil.grade or 0),
        samples=one.joint.samples if one.joint else None,
        row=one.joint.row if one.joint else None,
        grade=int(one.grade or 0),
        sentences=one.sentences(language()) if _matters(one, decides) else [one.soil.message.sentence(language())],
        decides=decides,
        controls=one.element in told.controlling,
    )


def _matters(one: ElementClass, decides: bool) -> bool:
    """Whether produce has something to say: not of elements it does not decide, nor where everything is clean."""
    return decides and one.grade is not Grade.ONE or (one.joint is not None and one.soil.grade is not one.grade)


def _line(one: Mapping[str, Any], slugs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """A point with a cell for each element in mg/kg, empty where it was not measured."""
    held = [one["values"].get(slug) for slug, _name in slugs]
    return {**one, "cells": [cell and _in_mg_kg(cell) for cell in held]}


def _in_mg_kg(cell: Mapping[str, Any]) -> dict[str, Any]:
    """A content with its limits, which are kept in the unit it was printed in."""
    factor = float(factor_of(cell["unit"]) or 1)
    limits = {name: cell[name] * factor for name in ("limit", "control") if cell.get(name) is not None}
    return {**cell, **limits, "printed": in_mg_kg(cell["printed"], cell["unit"])}
