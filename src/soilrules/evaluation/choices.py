"""What the person who has a table judged says for the rows that do not say it themselves."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from soilrules.standards.library import Library
from soilrules.standards.model import Edition

FAMILY_OF_USE = {  # where no standard is named; of several columns the first filled one decides
    "water_use": "gb5084",
    "crop": "gb2762",
    "land_class": "gb36600",
    "planned_use": "gb36600",
    "land": "gb15618",
}
USE_COLUMNS = {
    "gb15618": ("land",),
    "gb36600": ("land_class", "planned_use"),
    "gb2762": ("crop",),
    "gb5084": ("water_use",),
    "gbt14848": (),
}
LAST_RESORT = {"gb36600": ("land",), "gb5084": ("crop", "land")}  # columns asked after the choice


@dataclass(frozen=True, slots=True)
class Choices:
    """A column of the table goes before a choice; only `standard` and `as_if_on` go before the table.

    `on` is the day for results without a sampling day. `as_if_on` judges every result as if sampled on that day.
    `division` is a division code, for limits of a place. `level` is the groundwater class to hold against.
    """

    on: date
    standard: str = ""
    as_if_on: date | None = None
    land: str = ""
    land_class: str = ""
    crop: str = ""
    water_use: str = ""
    ph: Decimal | None = None
    level: str = "III"
    division: str = ""
    unit: str = ""

    def use(self, family: str) -> str:
        """The use chosen for a standard, empty where none was."""
        return next((chosen for name in USE_COLUMNS[family] if (chosen := getattr(self, name, ""))), "")

    def family(self) -> str:
        """The standard that follows from the choices where none is named, empty where none does."""
        return next((family for name, family in FAMILY_OF_USE.items() if getattr(self, name, "")), "")

    def said(self) -> dict[str, object]:
        """The choices that were made."""
        return {one.name: value for one in fields(self) if (value := getattr(self, one.name)) not in ("", None)}

    def chosen(self, library: Library) -> tuple[str, Edition | None]:
        """The standard named, and its edition where the name says one. Raises KeyError for a name we do not hold."""
        return library.find(self.standard) if self.standard else (self.family(), None)
