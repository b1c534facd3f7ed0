"""A heading in another unit than its entry: 面积（公顷） is turned into 亩 where both are of one kind, and never taken for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from soildesk.kit.faces import Entry
from soilrules.units import CALLED, called, times

_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)(?:[)\]]|$)")  # a .dbf cuts 登记面积(公顷) to ten bytes
_BEHIND = re.compile(r"(.+)[_\-/](.+)")


def unit_in(heading: str) -> str:
    """The unit in the brackets of a heading; empty where none is known.

    >>> unit_in("批准面积（ hm² ）"), unit_in("镉（ug/kg）"), unit_in("数量（年）")
    ('公顷', 'µg/kg', '')
    """
    return next(filter(None, map(called, _said(heading))), "")


def _said(heading: str) -> list[str]:
    """What stands in the brackets of a heading, the last first."""
    folded = "".join(unicodedata.normalize("NFKC", heading).casefold().split())
    return [one.removeprefix("单位:") for one in reversed(_IN_BRACKETS.findall(folded))]


def unit_told(heading: str) -> str:
    """The unit of a heading, also one that cannot be converted: 千公顷, or what a .dbf left of it; empty where it names none.

    >>> unit_told("面积（千公顷）"), unit_told("登记面积(公"), unit_told("数量（年）")
    ('千公顷', '公', '')
    """
    if known := unit_in(heading):
        return known
    odd = (one for one in _said(heading) if any(one.endswith(alias) for alias in CALLED if not alias.isascii()))
    cut = _said(heading)[:1] if not heading.rstrip().endswith((")", "）", "]", "】")) else []
    cut = [one for one in cut if any(alias.startswith(one) for alias in CALLED)]
    return next(filter(None, (*odd, *cut)), "")


def in_brackets(heading: str) -> str:
    """A heading whose unit stands behind a line with the unit in brackets; empty where it has none.

    >>> in_brackets("面积_公顷"), in_brackets("MJ_HA"), in_brackets("面积_1")
    ('面积(公顷)', 'MJ(HA)', '')
    """
    found = _BEHIND.fullmatch(heading.strip())
    return f"{found[1]}({found[2]})" if found and called(found[2]) else ""


def unit_before(text: str) -> str:
    """The unit a text begins with; of several the longest.

    >>> unit_before("万亩，其中安全利用"), unit_before("，其中")
    ('万亩', '')
    """
    folded = unicodedata.normalize("NFKC", text).casefold().lstrip()
    found = max((alias for alias in CALLED if not alias.isascii() and folded.startswith(alias)), key=len, default="")
    return CALLED.get(found, "")


def unit_of(entry: Entry) -> str:
    """The unit an entry is kept in; empty where it has none of these."""
    return unit_in(f"({entry.unit})") or unit_in(str(entry.title))


def another(heading: str, entry: Entry) -> bool:
    """Whether a heading says that its numbers are in another unit than the entry's."""
    said, kept = unit_told(heading), unit_of(entry)
    return bool(said and kept and said != kept)


@dataclass(frozen=True)
class Turned:
    """A column whose numbers are turned into the unit of its entry: one `said` is `factor` `kept`."""

    said: str
    kept: str
    factor: Fraction

    def number(self, number: Decimal) -> Decimal:
        """A number in the unit of the entry, to PLACES decimals."""
        exact = Fraction(number) * self.factor
        return _plain(Decimal(round(exact * 10**PLACES)).scaleb(-PLACES))

    def words(self, number: Decimal) -> dict[str, str]:
        """The conversion of one number, for its sentence."""
        return {"from": f"{_plain(number):f}", "said": self.said, "to": f"{self.number(number):f}", "kept": self.kept}


PLACES = 6


def _plain(number: Decimal) -> Decimal:
    """Without zeros behind the last figure and without a power."""
    short = number.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short


def turned(heading: str, entry: Entry) -> Turned | None:
    """How the numbers under a heading are turned into the entry's unit; None where they need not or cannot be."""
    if entry.kind not in ("decimal", "integer") or not another(heading, entry):
        return None
    said, kept = unit_in(heading), unit_of(entry)
    factor = times(said, kept)
    return Turned(said, kept, factor) if factor is not None else None


def how(turned: Turned | None) -> str:
    """How the numbers of a column are converted; empty where they are not."""
    return _("1 %(said)s 换算为 %(to)s %(kept)s") % turned.words(Decimal(1)) if turned else ""


def left_out(headings: Iterable[str], meant: Callable[[str], Entry | None]) -> list[str]:
    """What is said of the columns that were left out for their unit; `meant`: the entry a heading would be but for that."""
    found = []
    for heading in headings:
        entry = meant(heading)
        if entry is not None and another(heading, entry):
            title, kept = str(entry.title).split("（")[0], unit_of(entry)
            words = {"heading": heading, "said": unit_told(heading), "title": title, "kept": kept}
            found.append(
                _(
                    "“%(heading)s”的单位是%(said)s，“%(title)s”按%(kept)s填写，没有读取这一列：请换算后把表头改为“%(title)s（%(kept)s）”。"
                )
                % words
            )
    return found
