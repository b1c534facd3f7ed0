"""Whether what a table says of a row's county may be a place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from soildesk.core.models import Division
from soildesk.kit.folding import narrow

COUNTY = re.compile(".*(?<!开发)(?<!高新)(?<!园)(?<!新)(?<!示范)(?<!管理)[县区市旗]")
"""What a county or city is called; zones that lie in one are not."""
SHORTEST = 4
"""Digits of a city's code; a shorter number is none of a place."""


@dataclass(frozen=True)
class Whereabouts:
    """A place as tables write it: its name, all under it and above it, and its code."""

    name: str
    code: str
    under: Sequence[str]
    above: str

    @classmethod
    def of(cls, path: str) -> Whereabouts:
        """The place at a path."""
        codes = path.strip("/").split("/")
        under = Division.objects.filter(path__startswith=path).order_by("path", "id")
        names = dict(Division.objects.filter(code__in=codes).order_by("since", "id").values_list("code", "name"))
        above = "".join(names.get(code, "") for code in codes[:-1])
        return cls(names.get(codes[-1], ""), codes[-1], list(under.values_list("name", flat=True)), above)

    def holds(self, told: str) -> bool:
        """Whether what a row says of its county may be this place; what is no county's name says nothing."""
        word = "".join(narrow(told).split())
        if word.isdecimal():
            short = word.rstrip("0")
            return len(word) < SHORTEST or word.startswith(self.code) or self.code.startswith(short)
        if any(name in word or word in name for name in self.under) or word in self.above:
            return True
        return COUNTY.fullmatch(word) is None
