"""The form of the safe-use rate on paper: the approved value where there is one, else our own, and which of them it is."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from soildesk.farmland.mu import to_mu
from soildesk.farmland.queries.differences import Beside
from soildesk.farmland.queries.then import Then
from soildesk.farmland.ratewords import why_word
from soildesk.farmland.usewords import method_word
from soildesk.kit import word
from soildesk.kit.word import WordColumn
from soilrules.farmland.rates import method_of


def made(rows: Sequence[Beside], place: str, then: Then) -> bytes:
    """The Word file."""
    document = word.a4()
    word.paragraph(document, _("%(year)d 年度受污染耕地安全利用率表") % {"year": then.year}, word.TITLE)
    word.paragraph(document, _("填报地区：%(place)s　　截至：%(on)s") % {"place": place, "on": then.on}, word.SUBTITLE)
    columns = [
        WordColumn(_("地区"), 18),
        WordColumn(_("计入面积（亩）"), 17, centred=True),
        WordColumn(_("总面积（亩）"), 17, centred=True),
        WordColumn(_("安全利用率（%）"), 16, centred=True),
        WordColumn(_("数值来源"), 32),
    ]
    word.table(document, columns, [_row(one) for one in rows])
    word.paragraph(document, _method(then), word.NOTE)
    word.paragraph(document, _("有上级核定值的填核定值；没有的填自算值，面积均为自算。"), word.NOTE)
    return word.saved(document)


def value_of(one: Beside) -> tuple[str, str]:
    """The figure that is printed, and where it comes from."""
    if one.approved is not None:
        told = {"authority": one.approved.authority, "number": one.approved.number}
        return f"{one.approved.rate.normalize():f}", _("核定值：%(authority)s %(number)s") % told
    return (f"{one.own}", _("自算值")) if one.own is not None else ("—", why_word(one.answer))


def _row(one: Beside) -> list[str]:
    found = one.answer.found if one.answer.rate is not None else None
    areas = (f"{to_mu(found.numerator_m2):,}", f"{to_mu(found.denominator_m2):,}") if found else ("—", "—")
    value, source = value_of(one)
    return [one.division.name, *areas, value, source]


def _method(then: Then) -> str:
    try:
        method = method_of(then.year)
    except ValueError:
        return _("%(year)d 年没有核算方法。") % {"year": then.year}
    return _("核算方法：%(name)s（%(reading)s）") % {"name": method_word(method), "reading": method.reading}
