"""How many points or wells a survey needs, and whether as many were found: "required n, found m".

Every rule that may hold for the survey gives the fewest and the most it may ask, because a fact that is not known
leaves both open. The count is said only where all agree; below the fewest there are too few whatever the facts are.
Numbers: data/monitoring/density.yaml.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from functools import cache

from soilrules.intervals import EVERYTHING, Interval, cover_everything
from soilrules.intervals import read as interval_of
from soilrules.messages import Message
from soilrules.monitoring.dated import DatedRule, Layer, Medium, origin, read, said, worded, worst_mark
from soilrules.strict import Record

_BAND_NUMBERS = ("at_least", "one_per_m2", "zone_one_per_m2", "per_first_unit", "per_second_unit")


class Stage(StrEnum):
    """What a survey or campaign is: stages of a parcel, designs of a district, the monitoring of a key unit."""

    INITIAL = "initial"
    DETAILED = "detailed"
    CENSUS = "census"
    FARMLAND_DETAILED = "farmland_detailed"
    ROUTINE = "routine"
    SELF_MONITORING = "self_monitoring"


class Ground(StrEnum):
    """What a design of a district lies on."""

    CULTIVATED = "cultivated"
    FOREST_GRASS = "forest_grass"
    UNUSED = "unused"


class Place(StrEnum):
    """Where a well stands in the flow of groundwater."""

    UP_GRADIENT = "up_gradient"
    KEY_AREA = "key_area"
    DOWN_GRADIENT = "down_gradient"


class Enough(StrEnum):
    """Whether as many were found as are needed."""

    MEETS = "meets"
    TOO_FEW = "too_few"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Survey:
    """What is surveyed; None is not known. `suspected_parcel`: a 疑似污染地块 of the order on polluted parcels."""

    stage: Stage
    medium: Medium
    area_m2: Decimal | None
    on: date
    layer: Layer = Layer.SURFACE
    suspected_parcel: bool | None = None
    suspected_zone_m2: Decimal | None = None
    ground: Ground | None = None
    key_area: bool | None = None
    first_class_units: int | None = None
    second_class_units: int | None = None

    def __post_init__(self) -> None:
        if self.area_m2 is not None and self.area_m2 <= 0:
            raise ValueError(
                f"the area is {self.area_m2} m²: expected a number above 0. Give None where it is not known."
            )
        zone = self.suspected_zone_m2
        if zone is not None and not 0 <= zone <= (zone if self.area_m2 is None else self.area_m2):
            raise ValueError(f"the suspected zone is {zone} m² of {self.area_m2} m²: expected a part of the parcel.")

    def fact(self, name: str) -> str:
        """A fact as rule data writes it, empty where it is not known."""
        value = getattr(self, name)
        return "" if value is None else str(value).lower()


@dataclass(frozen=True, slots=True)
class Count:
    """From `fewest` to `most`, None where there is no most; `missing` are the facts that leave it open."""

    fewest: int
    most: int | None
    missing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Band:
    """What is asked of areas in `area_m2`."""

    area_m2: Interval
    numbers: Mapping[str, Decimal]

    def count(self, survey: Survey) -> Count:
        """What the band asks of the survey."""
        at_least = int(self.numbers.get("at_least", 0))
        return _largest([_exactly(at_least), self._by_area(survey), self._by_unit(survey)])

    def _by_area(self, survey: Survey) -> Count:
        per, zone_per = self.numbers.get("one_per_m2"), self.numbers.get("zone_one_per_m2")
        if per is None:
            return _exactly(0)
        if survey.area_m2 is None:
            return Count(1, None, frozenset({"area_m2"}))
        if zone_per is None:
            return _exactly(_cells(survey.area_m2, per))
        if survey.suspected_zone_m2 is None:
            return Count(_cells(survey.area_m2, max(per, zone_per)), None, frozenset({"suspected_zone_m2"}))
        zone = survey.suspected_zone_m2
        return _exactly(_cells(zone, zone_per) + _cells(survey.area_m2 - zone, per))

    def _by_unit(self, survey: Survey) -> Count:
        asked = {"first_class_units": "per_first_unit", "second_class_units": "per_second_unit"}
        each = {units: int(self.numbers[name]) for units, name in asked.items() if self.numbers.get(name)}
        known = sum(times * (getattr(survey, units) or 0) for units, times in each.items())
        missing = frozenset(units for units in each if getattr(survey, units) is None)
        return Count(known, None if missing else known, missing)


@dataclass(frozen=True, slots=True)
class Density(DatedRule):
    """One rule of density; `holds_for` are facts of the survey as text, `places` where a well must stand."""

    stage: Stage
    medium: Medium
    layer: Layer | None
    holds_for: Mapping[str, str]
    places: tuple[Place, ...]
    bands: tuple[Band, ...]

    def concerns(self, survey: Survey) -> bool:
        """Whether the rule is of this stage, medium, layer and day, and no known fact is against it."""
        return (
            (self.stage, self.medium) == (survey.stage, survey.medium)
            and self.layer in (None, survey.layer)
            and self.in_force(survey.on)
            and all(survey.fact(name) in ("", value) for name, value in self.holds_for.items())
        )

    def count(self, survey: Survey) -> Count:
        """What the rule asks of the survey; nothing is the fewest where a fact it holds for is not known."""
        area = survey.area_m2
        counts = [band.count(survey) for band in self.bands if area is None or area in band.area_m2]
        fewest = min(one.fewest for one in counts)
        most = None if any(one.most is None for one in counts) else max(one.most or 0 for one in counts)
        missing = frozenset().union(*(one.missing for one in counts)) | ({"area_m2"} if len(counts) > 1 else set())
        if maybe := {name for name in self.holds_for if not survey.fact(name)}:
            return Count(0, most, missing | maybe)
        return Count(fewest, most, missing)


@dataclass(frozen=True, slots=True)
class Requirement:
    """How many are `needed`, None where that cannot be said; `at_least` are needed whatever is not known."""

    needed: int | None
    at_least: int
    rules: tuple[Density, ...]
    places: tuple[Place, ...]
    message: Message

    @property
    def mark(self) -> str:
        """The mark of the least sure rule the count rests on."""
        return worst_mark(self.rules)

    @property
    def basis(self) -> tuple[Message, ...]:
        """Where the count stands."""
        return tuple(rule.citation for rule in self.rules)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Required and found; `missing_places` are places without a well."""

    verdict: Enough
    required: Requirement
    found: int | None
    missing_places: tuple[Place, ...]
    message: Message


def required(survey: Survey, *, rules: Mapping[str, Density] | None = None) -> Requirement:
    """How many points or wells `survey` needs.

    >>> required(Survey(Stage.INITIAL, Medium.SOIL, Decimal(5000), date(2026, 9, 1))).needed
    3
    """
    held = [rule for rule in (rules or densities()).values() if rule.concerns(survey)]
    asked = [rule for rule in held if rule.in_use]
    if not asked:
        return Requirement(None, 0, (), (), _no_rule(survey, held))
    counts = [rule.count(survey) for rule in asked]
    total = _largest(counts)
    places = tuple(dict.fromkeys(place for rule in asked for place in rule.places))
    if total.most != total.fewest or len(asked) < len(held):
        missing = total.missing if len(asked) == len(held) else {"rule_switched_off", *total.missing}
        message = said(
            "density", "facts_missing", at_least=str(total.fewest), **worded("facts", "facts", sorted(missing))
        )
        return Requirement(None, total.fewest, tuple(asked), places, message)
    deciding = tuple(rule for rule, one in zip(asked, counts, strict=True) if one.fewest == total.fewest)
    standards = " · ".join(dict.fromkeys(f"{rule.standard} ({rule.mark})" for rule in deciding))
    message = said("density", "needed", needed=str(total.fewest), standards=standards)
    return Requirement(total.fewest, total.fewest, deciding, places, message)


def compare(required: Requirement, found: int | None, *, places: Collection[Place] | None = None) -> Comparison:
    """Whether `found` points or wells are enough; `places` where the wells stand, None where that is not known."""
    if found is not None and found < 0:
        raise ValueError(f"{found} points were found: expected 0 or more. Give None where it is not known.")
    lacking = tuple(place for place in required.places if places is not None and place not in places)
    verdict, message = _compared(required, found, lacking, places_known=places is not None or not required.places)
    return Comparison(verdict, required, found, lacking, message)


def _compared(
    required: Requirement, found: int | None, lacking: Sequence[Place], *, places_known: bool
) -> tuple[Enough, Message]:
    counts = {"needed": str(required.needed or required.at_least), "found": str(found)}
    if found is not None and found < required.at_least:
        return Enough.TOO_FEW, said("density", "too_few", **counts)
    if lacking:
        return Enough.TOO_FEW, said("density", "place_missing", **counts, **worded("places", "places", lacking))
    if found is None:
        return Enough.UNKNOWN, said("density", "found_unknown", needed=counts["needed"])
    if required.needed is None:
        return Enough.UNKNOWN, said("density", "needed_unknown", found=str(found))
    if not places_known:
        return Enough.UNKNOWN, said(
            "density", "places_unknown", **counts, **worded("places", "places", required.places)
        )
    return Enough.MEETS, said("density", "meets", **counts)


@cache
def densities() -> Mapping[str, Density]:
    """The rules of data/monitoring/density.yaml by id. Raises BadRuleData."""
    return {record.text("id"): _density(record) for record in read("density")}


def _density(record: Record) -> Density:
    known = origin(record, "stage", "medium", "layer", "holds_for", "places", "bands")
    facts = record.mapping("holds_for")
    facts.only("suspected_parcel", "ground", "key_area")
    bands = tuple(_band(Record(row, record.place)) for row in record.mappings("bands"))
    if wrong := cover_everything([band.area_m2 for band in bands]):
        raise record.error(f"bands: {wrong}; expected every area once")
    return Density(
        **known,
        stage=record.choice("stage", Stage),
        medium=record.choice("medium", Medium),
        layer=record.choice("layer", Layer) if "layer" in record.row else None,
        holds_for={str(name): str(value).lower() for name, value in facts.row.items()},
        places=tuple(Place(one) for one in record.texts("places")),
        bands=bands,
    )


def _band(record: Record) -> Band:
    record.only("area_m2", *_BAND_NUMBERS)
    area = interval_of(record.row["area_m2"], record.place) if "area_m2" in record.row else EVERYTHING
    return Band(area, {name: record.decimal(name) for name in _BAND_NUMBERS if name in record.row})


def _no_rule(survey: Survey, held: Sequence[Density]) -> Message:
    if held:
        return said("density", "switched_off", rules=", ".join(rule.id for rule in held))
    what = {**worded("stage", "stages", [survey.stage]), **worded("medium", "media", [survey.medium])}
    return said("density", "no_rule", day=str(survey.on), **what)


def _largest(counts: Iterable[Count]) -> Count:
    """The most demanding of several counts that all hold."""
    counts = list(counts)
    fewest = max(one.fewest for one in counts)
    open_ = any(one.most is None for one in counts)
    most = None if open_ else max(one.most or 0 for one in counts)
    missing = (one.missing for one in counts if one.most is None or one.most > fewest)
    return Count(fewest, most, frozenset().union(*missing))


def _cells(area_m2: Decimal, per_m2: Decimal) -> int:
    """Cells of `per_m2`, a begun one counts."""
    return int((area_m2 / per_m2).to_integral_value(ROUND_CEILING))


def _exactly(number: int) -> Count:
    return Count(number, number)
