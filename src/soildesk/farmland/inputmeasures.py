"""Measures of inputs and wastes: each indicator the plans name, made of the figures of towns, with the towns as rows.

A figure nobody reported leaves the indicator open and says which town; a year without a table is never counted from another.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.enterprises.sentences import how_sure, said
from soildesk.farmland.queries import indicators
from soildesk.farmland.queries.indicators import Row
from soildesk.farmland.services.figures import name_of
from soildesk.farmland.services.figures import unit_of as unit
from soildesk.kit.languages import called
from soildesk.kit.measures import MeasureResult, Outcome, Proof, Reason, measure
from soildesk.monitoring.measuring import BOTH, INDICATOR, Asked, Counted
from soilrules.farmland.inputdata import Indicator, Kind, inputs
from soilrules.farmland.inputs import shown
from soilrules.farmland.inputsums import Made
from soilrules.indicators.shares import share

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

READS = ("farmland.townfigure", "core.division")
FIGURE = "farmland.townfigure"
NO_YEAR = gettext_noop("没有 %(year)d 年的数据（%(why)s）；最近有数据的年度是 %(newest)s。")
OPEN = gettext_noop("不能计算：%(why)s。")
VALUE = gettext_noop("%(year)d 年%(name)s为 %(value)s（%(part)s ÷ %(whole)s）；计算口径：%(mark)s。")
CHANGE = gettext_noop("%(year)d 年%(name)s为 %(value)s（%(part)s，上年 %(whole)s）；计算口径：%(mark)s。")
TOLD = gettext_noop("%(year)d 年%(name)s为 %(value)s（本级测定）；计算口径：%(mark)s。")
COUNT = gettext_noop("%(year)d 年%(name)s为 %(value)s。")
NO_EDGE = gettext_noop("%(year)d 年%(name)s为 %(value)s；目标的写法没有定下界线，是否达到由人判断。")
LAST_YEAR = ("上年", "上一年", "去年")


def _of(
    name: str, key: str, title: str | Promise, words: Sequence[str], subjects: Sequence[str] = BOTH, *, less: bool = False
) -> None:  # fmt: skip
    """Register the measure of one indicator; `less`: of a change that has to go down, where no growth is not enough."""

    @measure(f"farmland.{name}", title=title, reads=READS, words=words, subjects=subjects)
    def made(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
        """An indicator of inputs or wastes of the year, by the figures of towns."""
        asked = Asked.of(actor, subject, on, known_on)
        if stopped := asked.stopped():
            return stopped
        return _answer(asked, key, less)


_of("fertiliser_zero_growth", "fertiliser_change", _("化肥使用量零增长"),
    ("化肥使用量零增长", "化肥使用量实现零增长", "化肥使用量", "化肥施用量", "农药化肥使用量"))  # fmt: skip
_of("pesticide_zero_growth", "pesticide_change", _("农药使用量零增长"),
    ("农药使用量零增长", "农药使用量实现零增长", "农药使用量", "农药化肥使用量"))  # fmt: skip
_of("fertiliser_less", "fertiliser_change", _("化肥使用量下降"),
    ("化肥使用量负增长", "化肥使用量下降", "化肥减量", "农药化肥减量", "农药、化肥减量"), less=True)  # fmt: skip
_of("pesticide_less", "pesticide_change", _("农药使用量下降"),
    ("农药使用量负增长", "农药使用量下降", "农药减量", "化肥农药减量", "化肥、农药减量"), less=True)  # fmt: skip
_of("fertiliser_use", "fertiliser_use", _("化肥利用率"), ("化肥利用率", "化肥和农药利用率"))
_of("pesticide_use", "pesticide_use", _("农药利用率"), ("农药利用率", "化肥和农药利用率"))
_of("soil_test_cover", "soil_test_cover", _("测土配方施肥技术覆盖率"),
    ("测土配方施肥技术覆盖率", "测土配方施肥技术推广覆盖率", "测土配方施肥覆盖率"))  # fmt: skip
_of("organic_return", "organic_return", _("有机肥养分还田率"), ("有机肥养分还田率",))
_of(
    "green_control_cover",
    "green_control_cover",
    _("绿色防控覆盖率"),
    ("主要农作物绿色防控覆盖率", "绿色防控覆盖率", "绿色防控"),
)
_of(
    "unified_control_cover",
    "unified_control_cover",
    _("统防统治覆盖率"),
    ("主要农作物统防统治覆盖率", "统防统治覆盖率", "统防统治"),
)
_of("film_recovery", "film_recovery", _("废弃农膜回收率"),
    ("废弃农膜回收率", "废弃农膜全面回收利用", "废旧农膜回收率", "废弃农膜回收利用", "农膜回收率"))  # fmt: skip
_of(
    "pack_recovery",
    "pack_recovery",
    _("农药包装废弃物回收率"),
    ("农药包装废弃物回收率", "农药包装废弃物回收", "农药包装废弃物"),
)
_of("pack_disposal", "pack_disposal", _("农药包装废弃物回收处置率"), ("农药包装废弃物回收处置率",))
_of("manure_use", "manure_use", _("畜禽粪污综合利用率"), ("畜禽粪污综合利用率", "畜禽粪污资源化利用", "粪污综合利用率"))
_of(
    "large_manure_use",
    "large_manure_use",
    _("规模养殖畜禽粪便综合利用率"),
    ("规模养殖畜禽粪便综合利用率", "规模养殖畜禽粪污综合利用率"),
)
_of("facility_cover", "facility_cover", _("规模养殖场粪污处理设施配套率"),
    ("粪污处理设施配套率", "规模以上养殖场全部配套粪污处理设施", "配套粪污处理设施"))  # fmt: skip
_of(
    "sludge_treatment",
    "sludge_treatment",
    _("城市污泥无害化处理率"),
    ("城市污泥无害化处理率", "污泥无害化处理率", "污泥无害化处理处置率"),
)
_of("certified_products", "certified", _("“三品一标”农产品数"), ("三品一标", "“三品一标”农产品"), (INDICATOR,))
_of("forest_food_bases", "forest_food", _("省级森林食品基地数"), ("森林食品基地", "省级森林食品基地"), (INDICATOR,))


AS_ASKED = gettext_noop("市级提出要求的 %(all)d 项中，%(good)d 项达到（%(percent)s%%）。")
NOT_ASKED = gettext_noop("没有登记 %(year)d 年的市级要求：请在投入品数据台账登记“化肥利用率市级要求”等数据和文件。")


@measure(
    "farmland.rates_as_asked",
    title=_("化肥农药利用、测土配方和有机肥还田达到市级要求"),
    reads=READS,
    words=("有机肥养分还田率达到市级要求", "化肥和农药利用率提高", "达到市级要求"),
    subjects=BOTH,
)
def rates_as_asked(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Each of the rates a superior asks something of, against what it asks; what is asked is a figure with its paper."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    rows = [_against(asked, one) for one in inputs().indicators.values() if one.asked]
    if not any(told for told, _row in rows):
        return asked.cannot_say(NOT_ASKED, year=asked.year)
    return asked.share([row for _told, row in rows], share, AS_ASKED)


def _against(asked: Asked, indicator: Indicator) -> tuple[bool, Counted]:
    """Whether anything is asked of a rate, and how it stands against it."""
    made, _rows, _newest = indicators.of_asked(asked, indicator.key)
    asks = indicators.asked_for(asked, indicator)
    if asks is None:
        note = _t("没有登记%(what)s的市级要求") % {"what": called(indicator)}
        return False, Counted("core.division", asked.division.code, asked.division.name, None, note)
    counts = None if made.value is None else made.value * 100 >= asks.value
    note = _t("%(value)s，市级要求 %(least)s") % {"value": value_words(made), "least": f"{shown(asks.value)}%"}
    return True, Counted(FIGURE, str(asks.uid), called(indicator), counts, note, url=book_page(asked))


def _answer(asked: Asked, key: str, less: bool) -> MeasureResult:
    made, rows, newest = indicators.of_asked(asked, key)
    book = book_page(asked)
    proofs = tuple(_proof(made, row, book) for row in rows)
    part, whole = made.part.value, made.whole.value if made.whole else None
    kind, outcome = made.indicator.kind, Outcome.CANNOT_SAY
    if made.value is None:
        message, told = _why(asked, made, newest)
        outcome = Outcome.NOT_APPLICABLE if made.not_applicable else Outcome.CANNOT_SAY
    else:
        outcome = _outcome(asked, kind, made.value, less)
        message, told = _told(asked, made, outcome)
    return MeasureResult(
        outcome, Reason(message, told), asked.on, part, whole, unit(made.indicator.part), proofs, asked.basis
    )


def _why(asked: Asked, made: Made, newest: int | None) -> tuple[str, dict[str, Any]]:
    why = said(made.why) if made.why else ""
    if made.why is not None and made.why.id == "nobody":
        return NO_YEAR, {"year": asked.year, "why": why, "newest": newest or _t("无")}
    return OPEN, {"why": why}


def _told(asked: Asked, made: Made, outcome: Outcome) -> tuple[str, dict[str, Any]]:
    told = {
        "year": asked.year, "name": called(made.indicator), "value": value_words(made), "mark": how_sure(made.indicator.mark),
        "part": figure_words(made.indicator.part, made.part.value),
        "whole": figure_words(made.indicator.whole or made.indicator.part, made.whole.value if made.whole else None),
    }  # fmt: skip
    if outcome is Outcome.CANNOT_SAY:
        return NO_EDGE, told
    return {Kind.SHARE: VALUE, Kind.CHANGE: CHANGE, Kind.TOLD: TOLD, Kind.COUNT: COUNT}[made.indicator.kind], told


def _changed(asked: Asked, value: Decimal, less: bool) -> Outcome:
    """Zero growth allows no change, what is to go down must; by how much a target may say, of the year before."""
    subject = asked.subject
    words = f"{getattr(subject, 'name', '')}{getattr(subject, 'wording', '')}{getattr(subject, 'target_text', '')}"
    if not hasattr(subject, "comparator") or "零增长" in words or "负增长" in words:
        less = "负增长" in words or (less and "零增长" not in words)
        return Outcome.DONE if value < 0 or (value == 0 and not less) else Outcome.NOT_DONE
    if not less or not any(word in words for word in LAST_YEAR):
        return asked.outcome(value, value) if not less else Outcome.CANNOT_SAY
    return asked.outcome(-value, -value)


def _outcome(asked: Asked, kind: Kind, value: Decimal, less: bool) -> Outcome:
    """Whether a value is what the task or the indicator asks for."""
    subject = asked.subject
    if kind is Kind.CHANGE:
        return _changed(asked, value, less)
    if kind is Kind.COUNT:
        target = getattr(subject, "target_number", None)
        if target is None:
            return Outcome.CANNOT_SAY
        least = subject.comparator in (">=", "=", "~")
        reached = value >= target if least else value <= target
        return Outcome.DONE if reached else Outcome.NOT_DONE
    return asked.outcome(value, value)


def book_page(asked: Asked) -> str:
    """Where the figures of the place and year stand, town by town."""
    return f"{reverse('farmland:inputs')}?{urlencode({'place': asked.division.code, 'year': asked.year})}"


def _proof(made: Made, row: Row, book: str) -> Proof:
    """One place: what it told; a town that told nothing does not count."""
    told = made.indicator
    key = told.whole or told.part
    before = _t("上年") if told.kind is Kind.CHANGE else ""
    named = [
        f"{name_of(told.part)} {figure_words(told.part, row.part.value if row.part else None)}",
        f"{before}{name_of(key)} {figure_words(key, row.whole.value if row.whole else None)}",
    ]
    needs_whole = made.whole is not None
    complete = row.part is not None and (row.whole is not None or not needs_whole)
    note = "；".join(named if needs_whole else named[:1])
    if row.part is not None and row.part.explained:
        note += _t("；说明：%(words)s") % {"words": row.part.explained}
    amount = row.whole.value if row.whole and needs_whole else row.part.value if row.part else Decimal(0)
    return Proof(FIGURE, str(row.part.uid) if row.part else f"{row.name}", row.name, complete, note, book, amount)


def figure_words(key: str, value: Decimal | None) -> str:
    """A figure with its unit; without a value, that nobody told it."""
    return _t("未上报") if value is None else f"{shown(value)} {unit(key)}"


def value_words(made: Made) -> str:
    """An indicator as people read it."""
    if made.value is None:
        return "—"
    if made.indicator.kind is Kind.COUNT:
        return f"{shown(made.value)} {unit(made.indicator.part)}"
    text = f"{made.value * 100:.2f}".rstrip("0").rstrip(".")
    return f"{'+' if made.indicator.kind is Kind.CHANGE and made.value > 0 else ''}{text}%"
