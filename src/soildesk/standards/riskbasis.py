"""What an assessment rests on, as plain data that is kept with the result: parameters, toxicity, screening values, reasons.

No Django in here: the command assesses without a database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from soilrules.messages import LANGUAGES, Message
from soilrules.risk import Assessment, SubstanceResult
from soilrules.risk.oracle import parting
from soilrules.risk.parameters import Parameter, ParameterSet
from soilrules.risk.records import shipped as shipped_data
from soilrules.risk.substances import Substance, substance_table, substances
from soilrules.risk.words import said
from soilrules.standards.library import Library, shipped
from soilrules.standards.model import Edition, Limit

Words = dict[str, str]
SCREENED_BY = "gb36600"
LEVELS = ("screening", "control")


def basis_of(assessment: Assessment, on: date, *, division: str = "", library: Library | None = None) -> dict[str, Any]:
    """Everything a reader needs to check the result, as it stood on the day `on`.

    `division` is a code: with it, limits that hold only there are named too. `library` holds the limits (default: shipped).
    """
    editions = _editions(library or shipped(), on, division)
    return {
        "on": on.isoformat(),
        "set": _set(assessment.case.chosen_set),
        "parameters": [_parameter(assessment, one) for one in _parameters(assessment)],
        "properties": {
            key: {"unit": one.unit, "name": dict(one.name)} for key, one in substance_table().properties.items()
        },
        "substances": {slug: _substance(slug) for slug in assessment.substances},
        "limits": {slug: _limits(slug, assessment.case.land_class, editions) for slug in assessment.substances},
        "reasons": {slug: _reasons(one) for slug, one in assessment.substances.items()},
        "refused": {slug: _said(one.refused) for slug, one in assessment.substances.items() if one.refused},
        "caveats": {slug: _caveats(one) for slug, one in assessment.substances.items()},
        "excluded": dict(assessment.case.excluded),
        "partings": _partings(assessment),
        "notes": [_said(note) for note in assessment.notes],
        "sources": _sources(assessment),
    }


def _sources(assessment: Assessment) -> dict[str, str]:
    """Where the numbers used were read, by the tag in brackets that stands in their source."""
    used = [one.source for one in _parameters(assessment)]
    used += [found.source for slug in assessment.substances if (found := substances().get(slug))]
    tags = sorted({tag for source in used for tag in re.findall(r"\[(\w+)\]", source)})
    known = shipped_data("sources")["sources"]
    return {tag: str(known[tag]) for tag in tags if tag in known}


def _set(chosen: ParameterSet) -> dict[str, Any]:
    return {
        "name": chosen.name,
        "title": dict(chosen.title),
        "edition": chosen.edition,
        "toxicity": substance_table().edition,
        "lineage": list(chosen.lineage),
    }


def _parameters(assessment: Assessment) -> Iterator[Parameter]:
    """The parameters that have a meaning for this land, in the order of the set."""
    for key, parameter in assessment.case.chosen_set.parameters.items():
        if key in assessment.values:
            yield parameter


def _parameter(assessment: Assessment, one: Parameter) -> dict[str, Any]:
    override = assessment.case.overrides.get(one.key)
    return {
        "key": one.key,
        "symbol": one.symbol,
        "name": dict(one.name),
        "unit": one.unit,
        "group": one.group,
        "default": one.defaults.get(assessment.case.land_class),
        "used": float(assessment.values[one.key]),
        "changed": override is not None,
        "derived": one.derived and override is None,
        "because": override.because if override else "",
        "source": one.source,
        "mark": str(one.mark),
    }


def _substance(slug: str) -> dict[str, Any]:
    """Toxicity and properties as the table has them; empty for what the table does not hold."""
    found: Substance | None = substances().get(slug)
    if found is None:
        return {}
    return {
        "cas": found.cas,
        "volatile": found.volatile,
        "values": dict(found.values),
        "source": found.source,
        "mark": str(found.mark),
    }


def _editions(library: Library, on: date, division: str) -> list[Edition]:
    """The national edition in force that day, and the local ones over it."""
    nation = library.edition(SCREENED_BY, on)
    return [*([nation] if nation else []), *library.overlays(SCREENED_BY, on, division)]


def _limits(slug: str, land_class: int, editions: list[Edition]) -> list[dict[str, Any]]:
    """Screening and control values of an analyte."""
    return [_limit(one, edition) for edition in editions for one in _of_class(edition, slug, land_class)]


def _of_class(edition: Edition, slug: str, land_class: int) -> Iterator[Limit]:
    for level in LEVELS:
        for one in edition.by_analyte.get(slug, {}).get(level, ()):
            if not one.uses or f"class_{land_class}" in one.uses:
                yield one


def _limit(one: Limit, edition: Edition) -> dict[str, Any]:
    return {
        "level": one.level,
        "value": float(one.upper * one.unit.to(edition.unit)),
        "unit": edition.unit.symbol,
        "basis": one.basis,
        "mark": str(one.mark),
        "local": bool(edition.division),
    }


def _reasons(one: SubstanceResult) -> dict[str, dict[str, Words]]:
    """Why a pathway has no value, by effect and pathway."""
    return {effect: {name: _said(why) for name, why in found.items()} for effect, found in one.missing.items()}


def _caveats(one: SubstanceResult) -> list[Words]:
    return [dict(note) for note in one.notes] + [_said(warning) for warning in one.warnings]


def _said(message: Message) -> Words:
    """The sentence in every language, in the words of people who fill a form."""
    return {language: said(message, language, keys=False) for language in LANGUAGES}


def _partings(assessment: Assessment) -> dict[str, dict[str, Any]]:
    """Where control value and screening value part by the default parameters, by how much and why."""
    rows = (parting(slug, assessment.case.land_class) for slug in assessment.substances)
    return {
        row.slug: {
            "control": row.control,
            "screening": float(row.screening),
            "ratio": row.ratio,
            "why": _said(row.reason),
        }
        for row in rows
        if row and row.reason
    }
