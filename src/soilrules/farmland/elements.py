"""Under which analytes the elements of a rule set are found in produce: GB 2762 limits some of them by a form of theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

FORMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"arsenic": ("arsenic", "inorganic_arsenic"), "mercury": ("mercury", "methyl_mercury")}
)


def in_produce(elements: Iterable[str]) -> Mapping[str, str]:
    """The element each analyte of produce stands for.

    >>> in_produce(["cadmium", "arsenic"])["inorganic_arsenic"]
    'arsenic'
    """
    return {analyte: element for element in elements for analyte in FORMS.get(element, (element,))}
