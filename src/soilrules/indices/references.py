"""What a content is divided by: an evaluation standard Si or a background B, each with value, unit, source and mark."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from soilrules.indices.contents import known_element
from soilrules.indices.wording import reason, short
from soilrules.messages import Message
from soilrules.standards.model import Limit, Medium
from soilrules.strict import BadRuleData, Record, load_yaml
from soilrules.units import parse
from soilrules.verdict import Mark


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference value in mg/kg for `element`; `source` says where it is from and may not be blank.

    `use` and `ph` say where a limit holds: the key of the use and the band.
    """

    element: str
    value_mg_kg: float
    source: str
    mark: Mark
    use: str = ""
    ph: str = ""

    def __post_init__(self) -> None:
        known_element(self.element)
        if not self.source.strip():
            raise ValueError(
                f"the reference value {self.value_mg_kg} mg/kg of {self.element} names no source: say where it is from."
            )

    @classmethod
    def of_limit(cls, limit: Limit, *, use: str = "") -> Reference:
        """Si of a soil limit. Raises ValueError for a limit of another medium."""
        unit = parse("mg/kg")
        assert unit is not None
        if limit.medium is not Medium.SOIL:
            raise ValueError(
                f"{limit.basis} limits {limit.medium}, not soil: expected a soil limit, such as GB 15618 or GB 36600."
            )
        value = float(limit.upper * limit.unit.to(unit))
        ph = "" if limit.ph is None else str(limit.ph)
        return cls(limit.analyte, value, limit.basis, limit.mark, use=use, ph=ph)

    def usable(self) -> float | Message:
        """The value, or why it cannot divide."""
        if not math.isfinite(self.value_mg_kg) or self.value_mg_kg <= 0:
            return reason("reference_not_positive", self.element, value=short(self.value_mg_kg), source=self.source)
        return float(self.value_mg_kg)

    def as_json(self) -> dict[str, Any]:
        """Value, unit, source, mark, and where it holds."""
        found = {"value": self.value_mg_kg, "unit": "mg/kg", "source": self.source, "mark": str(self.mark)}
        return found | {key: text for key, text in (("use", self.use), ("ph", self.ph)) if text}


@dataclass(frozen=True)
class Background:
    """One named set of background values. `national` means of the whole country stand in for no province.

    Raises ValueError for a name or a source left blank.
    """

    name_zh: str
    name_en: str
    source: str
    mark: Mark
    values_mg_kg: Mapping[str, float]
    national: bool = False

    def __post_init__(self) -> None:
        if not all(text.strip() for text in (self.name_zh, self.name_en, self.source)):
            raise ValueError("a background set needs a name in both languages and a source: say where it is from.")
        for element in self.values_mg_kg:
            known_element(element)

    def name(self, language: str = "zh") -> str:
        """The name in `language` (zh or en)."""
        return self.name_en if language == "en" else self.name_zh

    @property
    def references(self) -> Mapping[str, Reference]:
        """One reference per element, each naming the set and its source."""
        source = f"{self.name_zh}，{self.source}"
        return {element: Reference(element, value, source, self.mark) for element, value in self.values_mg_kg.items()}

    def as_json(self, language: str = "zh") -> dict[str, str]:
        """Name, source and mark."""
        return {"name": self.name(language), "source": self.source, "mark": str(self.mark)}


@cache
def national_1990() -> Background:
    """The national means of 1990, A layer: to be used only where the value of the province is not known.

    >>> national_1990().values_mg_kg["cadmium"]
    0.097
    """
    source = files("soilrules") / "data" / "indices" / "background-national-1990.yaml"
    return read_background(load_yaml(source), source.name)


def read_background(data: Mapping[str, Any], place: str) -> Background:
    """A background set from its data. Raises BadRuleData."""
    record = Record(data, place)
    record.only("id", "scope", "name", "source", "mark", "unit", "values")
    if record.text("unit") != "mg/kg":
        raise record.error(f"unit is {data['unit']!r}; expected mg/kg")
    if (scope := record.text("scope")) not in ("national", "provincial", "local"):
        raise record.error(f"scope is {scope!r}; expected national, provincial or local")
    name = Record(data["name"], f"{place} name")
    return Background(
        name_zh=name.text("zh"),
        name_en=name.text("en"),
        source=record.text("source"),
        mark=Mark(record.text("mark")),
        values_mg_kg=MappingProxyType(_values(data["values"], place)),
        national=scope == "national",
    )


def _values(rows: list[Mapping[str, Any]], place: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in rows:
        record = Record(row, f"{place} {row.get('analyte')}")
        record.only("analyte", "value")
        element, value = record.text("analyte"), record.decimal("value")
        if element in found or value <= 0:
            raise BadRuleData(f"{record.place}: {value} stands twice or is not above 0; expected one value above 0.")
        found[element] = float(value)
    return found
