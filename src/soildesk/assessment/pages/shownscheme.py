"""A scheme as a page: every line with its weight, target, way of scoring, basis and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from soildesk.assessment import words
from soildesk.kit.languages import listed
from soildesk.reporting.queries.reading import offered
from soilrules.assessment.scheme import Item, Method, Scheme


def scheme_context(scheme: Scheme, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What the template of a scheme draws."""
    titles = offered()
    changed = changes or {}
    by_part: dict[str, list[dict[str, Any]]] = {}
    for one in scheme.items:
        by_part.setdefault(one.part, []).append(item_row(one, titles, one.id in changed))
    return {
        "scheme": scheme,
        "parts": [{"title": scheme.parts[name], "rows": rows} for name, rows in by_part.items()],
        "deductions": [(one, figures_words(one.figures, titles), one.id in changed) for one in scheme.deductions],
        "vetoes": [
            (one, figures_words(one.figures, titles), words.cap_words(scheme, one.cap), one.id in changed)
            for one in scheme.vetoes
        ],
        "follows": [
            (one, words.CONSEQUENCES[str(one.kind)], _grades(scheme, one.grades)) for one in scheme.consequences
        ],
        "not_applicable": words.NOT_APPLICABLE[str(scheme.not_applicable)],
    }


def item_row(one: Item, titles: Mapping[str, str], changed: bool) -> dict[str, Any]:
    """One item."""
    return {
        "item": one,
        "method": words.METHODS[str(one.method)],
        "per": one.method is Method.PER,
        "figures": figures_words(one.figures, titles),
        "of": figures_words(one.of, titles) if one.of else "",
        "changed": changed,
        "sign": "≥" if one.comparator == ">=" else "≤",
    }


def figures_words(names: tuple[str, ...], titles: Mapping[str, str]) -> str:
    """The figures by their names; empty where a person states the value."""
    return listed(titles.get(name, name) for name in names)


def _grades(scheme: Scheme, grades: tuple[str, ...]) -> str:
    return listed(words.grade_name(scheme, one) for one in grades)
