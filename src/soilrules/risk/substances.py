"""Toxicity and physico-chemical properties (HJ 25.3-2019 appendix B), and the analytes the model refuses."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soilrules.analytes import all_analytes
from soilrules.messages import LANGUAGES
from soilrules.risk.records import mark, number, record, records, shipped, two_languages, two_languages_or_none
from soilrules.verdict import Mark

TABLE = "substances-hj25.3-2019"
VOC_SHARE = 0.33  # HJ 25.3-2019 table G.1: the SAF of volatile organics; 0.5 for the others
_HEAD = ("set", "edition", "mark", "properties", "substances")
_KEYS = ("name", "cas", "gb36600_item", "volatile", "values", "source", "mark", "note")
_TOXICITY = ("SFo", "IUR", "RfDo", "RfC")


@dataclass(frozen=True, slots=True)
class Substance:
    """One substance; `values` holds only the properties the table has, in the units of the table."""

    slug: str
    name: Mapping[str, str]
    cas: str | None
    gb36600_item: str | None
    volatile: bool
    values: Mapping[str, float]
    source: str
    mark: Mark
    note: Mapping[str, str] | None

    @property
    def is_voc(self) -> bool:
        """Whether soil gets the share of the reference dose of volatile organics."""
        return self.values["SAF"] == VOC_SHARE


@dataclass(frozen=True, slots=True)
class Property:
    """A property of substances: its unit and name."""

    key: str
    unit: str
    name: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """All substances of an edition by slug, and the properties they may have."""

    edition: str
    properties: Mapping[str, Property]
    substances: Mapping[str, Substance]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an analyte is not assessed: the id of the reason, and the substances to assess in its place."""

    slug: str
    reason: str
    others: tuple[str, ...]
    mark: Mark


def read_table(data: Mapping[str, Any]) -> Table:
    """The table of substances from its data; raises BadRuleData with the place of what is wrong."""
    head = record(data, "substances", *_HEAD)
    properties = {key: _property(key, row) for key, row in records(head, "properties").items()}
    return Table(
        edition=head.text("edition"),
        properties=properties,
        substances={slug: _substance(slug, row, properties) for slug, row in records(head, "substances").items()},
    )


def _property(key: str, row: object) -> Property:
    found = record(row, f"properties, {key}", "unit", "name")
    return Property(key, found.text("unit"), two_languages(found, "name"))


def _substance(slug: str, row: object, properties: Mapping[str, Property]) -> Substance:
    found = record(row, slug, *_KEYS)
    written = record(found.row.get("values"), f"{slug}, values", *properties)
    values = {key: number(written, key) for key in written.row}
    if below := [key for key, value in values.items() if value < 0]:
        raise written.error(f"{below[0]} is {values[below[0]]:g}; expected 0 or more")
    if "SAF" not in values:
        raise written.error("SAF is missing; expected the share of the reference dose left to soil")
    if found.row.get("volatile") is not ("H" in values):
        raise found.error("volatile and the Henry constant H contradict each other; expected both or none")
    return Substance(
        slug=slug,
        name=two_languages(found, "name"),
        cas=found.text("cas") if "cas" in found.row else None,
        gb36600_item=found.text("gb36600_item") if "gb36600_item" in found.row else None,
        volatile="H" in values,
        values=values,
        source=found.text("source"),
        mark=mark(found),
        note=two_languages_or_none(found, "note"),
    )


@cache
def substance_table() -> Table:
    """The table shipped with the rules."""
    return read_table(shipped(TABLE))


def substances() -> Mapping[str, Substance]:
    """Every substance of the table by slug."""
    return substance_table().substances


@cache
def _refused_by_name() -> Mapping[str, Refusal]:
    head = record(shipped("refusals"), "refusals", "edition", "refusals")
    return {slug: _refusal(slug, row) for slug, row in records(head, "refusals").items()}


def _refusal(slug: str, row: object) -> Refusal:
    found = record(row, slug, "reason", "others", "source", "mark")
    return Refusal(slug, found.text("reason"), found.texts("others"), mark(found))


def refusal(slug: str) -> Refusal | None:
    """Why an analyte is not assessed: refused by name, or without any toxicity value; None where it is assessed."""
    if slug in _refused_by_name():
        return _refused_by_name()[slug]
    if slug in substances() and any(key in substances()[slug].values for key in _TOXICITY):
        return None
    return Refusal(slug, "no_toxicity", (), Mark.SINGLE_SOURCED)


def known_slugs() -> tuple[str, ...]:
    """Every analyte a case may name, assessed or refused."""
    return tuple({**substances(), **all_analytes()})


def name_of(slug: str) -> Mapping[str, str]:
    """The name of an analyte in both languages."""
    if slug in substances():
        return substances()[slug].name
    return {language: all_analytes()[slug].name(language) for language in LANGUAGES}


def properties_of(chosen: Sequence[Substance]) -> dict[str, NDArray[np.float64]]:
    """The properties of several substances as columns of shape (number of substances, 1); unknown is NaN."""
    return {key: np.array([[value] for value in column]) for key, column in _columns(chosen).items()}


def property_values(substance: Substance) -> dict[str, float]:
    """The properties of one substance; unknown is NaN."""
    return {key: column[0] for key, column in _columns([substance]).items()}


def _columns(chosen: Sequence[Substance]) -> dict[str, list[float]]:
    keys = substance_table().properties
    columns = {key: [one.values.get(key, math.nan) for one in chosen] for key in keys}
    return {**columns, "voc": [float(one.is_voc) for one in chosen]}
