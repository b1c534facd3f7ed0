"""Where the figures of the tables were read (data/standards/sources.yaml); a limit names its sources by their codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from soilrules.strict import Record, load_yaml


@dataclass(frozen=True, slots=True)
class Source:
    """One copy a figure was read from: what it is, and where it is found."""

    code: str
    zh: str
    en: str
    where: str

    def name(self, language: str = "zh") -> str:
        """What it is, in `language` (zh or en)."""
        return self.en if language == "en" else self.zh


@cache
def sources() -> Mapping[str, Source]:
    """Every source by its code.

    >>> sources()["S5"].name()
    'GB/T 14848-2017'
    """
    data = load_yaml(files("soilrules") / "data" / "standards" / "sources.yaml")
    return MappingProxyType({code: _source(code, row) for code, row in data["sources"].items()})


def _source(code: str, row: Mapping[str, str]) -> Source:
    record = Record(row, f"sources.yaml {code}")
    record.only("zh", "what", "where")
    return Source(code, record.text("zh"), record.text("what"), record.text("where"))
