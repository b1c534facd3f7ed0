"""Toxicity and physico-chemical properties (HJ 25.3-2019 appendix B), and the analytes the model refuses."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soilrules.risk.strict_yaml import RuleDataError, check_keys, mark, number, shipped, two_languages

TABLE = "substances-hj25.3-2019"
VOC_SHARE = 0.33  # HJ 25.3-2019 table G.1: the SAF of volatile organics; 0.5 for the others
_HEAD = ("set", "edition", "mark", "properties", "substances")
_REQUIRED = ("name", "volatile", "values", "source", "mark")
_OPTIONAL = ("cas", "gb36600_item", "note")
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
    mark: str
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
    name: Mapping[str, str]
    reason: str
    others: tuple[str, ...]
    source: str
    mark: str


def read_table(data: Mapping[str, Any]) -> Table:
    """The table of substances from its data; raises RuleDataError with the place of what is wrong."""
    head = check_keys(data, "substances", _HEAD)
    properties = {}
    for key, record in dict(head["properties"]).items():
        fields = check_keys(record, f"properties, {key}", ("unit", "name"))
        properties[key] = Property(key, str(fields["unit"]), two_languages(fields["name"], f"properties, {key}"))
    return Table(
        edition=str(head["edition"]),
        properties=properties,
        substances={slug: _substance(slug, record, properties) for slug, record in dict(head["substances"]).items()},
    )


def _substance(slug: str, record: object, properties: Mapping[str, Property]) -> Substance:
    fields = check_keys(record, slug, _REQUIRED, _OPTIONAL)
    written = check_keys(fields["values"], f"{slug}, values", ("SAF",), tuple(properties))
    values = {key: number(value, f"{slug}, {key}") for key, value in written.items()}
    if below := [key for key, value in values.items() if not (math.isfinite(value) and value >= 0)]:
        raise RuleDataError(f"{slug}, {below[0]}: {values[below[0]]} is no property; expected 0 or more.")
    if fields["volatile"] is not ("H" in values):
        raise RuleDataError(f"{slug}: volatile says {fields['volatile']}, but the Henry constant says otherwise.")
    return Substance(
        slug=slug,
        name=two_languages(fields["name"], slug),
        cas=fields.get("cas"),
        gb36600_item=fields.get("gb36600_item"),
        volatile=fields["volatile"],
        values=values,
        source=str(fields["source"]),
        mark=mark(fields["mark"], slug),
        note=two_languages(fields["note"], slug) if "note" in fields else None,
    )


@cache
def substance_table() -> Table:
    """The table shipped with the rules."""
    return read_table(shipped(TABLE))


def substances() -> Mapping[str, Substance]:
    """Every substance of the table by slug."""
    return substance_table().substances


@cache
def refusals() -> Mapping[str, Refusal]:
    """Analytes that are not assessed, by slug."""
    head = check_keys(shipped("refusals"), "refusals", ("edition", "refusals"))
    found = {}
    for slug, record in head["refusals"].items():
        fields = check_keys(record, slug, ("reason", "name", "source", "mark"), ("others",))
        found[slug] = Refusal(
            slug=slug,
            name=two_languages(fields["name"], slug),
            reason=str(fields["reason"]),
            others=tuple(fields.get("others", ())),
            source=str(fields["source"]),
            mark=mark(fields["mark"], slug),
        )
    return found


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


def has_toxicity(substance: Substance) -> bool:
    """Whether the table has any toxicity value of the substance."""
    return any(key in substance.values for key in _TOXICITY)
