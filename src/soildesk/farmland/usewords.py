"""Words of safe use as pages show them, in the reader's language."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.enterprises.sentences import language
from soildesk.farmland.models import FarmlandClass, UnitVersion
from soildesk.farmland.officelines import LINES, Line
from soilrules.bases import bases, bases_on
from soilrules.deadlines import State
from soilrules.farmland.measures import measures
from soilrules.farmland.rates import Method, methods
from soilrules.farmland.useplans import Block

BLOCKS = {
    Block.AGRONOMY: _l("农艺调控、替代种植"),
    Block.ZONE: _l("特定农产品禁止生产区域建议"),
    Block.MONITORING: _l("协同监测与评价"),
    Block.TRAINING: _l("技术指导和培训"),
    Block.OTHER: _l("其他措施"),
}

HOW = {
    State.DONE: ("good", "check-circle-fill", _l("已完成")),
    State.DONE_LATE: ("warn", "check-circle-fill", _l("逾期完成")),
    State.OVERDUE: ("bad", "x-circle-fill", _l("逾期")),
    State.DUE_TODAY: ("warn", "clock", _l("今天到期")),
    State.DUE_SOON: ("warn", "clock", _l("即将到期")),
    State.DUE_LATER: ("busy", "arrow-clockwise", _l("办理中")),
    State.UNDETERMINED: ("busy", "arrow-clockwise", _l("办理中，没有时限")),
    State.DUE_BEFORE_ISSUE: ("warn", "exclamation-triangle-fill", _l("下达时已过时限")),
}
"""How a task or a report with a day stands, as a chip."""


def measure_word(key: str) -> str:
    """A kind of measure."""
    found = measures().get(key)
    return key if found is None else found.zh if language() == "zh" else found.en


def measure_choices(actor: Actor, on: date) -> list[tuple[str, str]]:
    """The kinds, in the order of the form."""
    return [(key, measure_word(key)) for key in measures()]


def class_word(key: str) -> str:
    """A class of farmland; of one without a class, that it has none."""
    return str(FarmlandClass(key).label) if key else _("没有批准的类别")


def kind_word(key: str) -> str:
    """What a row of a rate is: a class, or how polluted it is."""
    if key in FarmlandClass.values:
        return class_word(key)
    return str(UnitVersion.Pollution(key).label) if key in UnitVersion.Pollution.values else key


def method_word(method: Method) -> str:
    """A method of the rate."""
    return method.zh if language() == "zh" else method.en


def line_word(line: str) -> str:
    """The offices of a line."""
    return str(LINES[Line(line)])


def cited(ids: tuple[str, ...], on: date) -> str:
    """The articles in force on a day; what is not confirmed on it says so."""
    told = [
        one.cited + ("" if one.confirmed(on) else _("（新法施行后是否继续有效未见确认）")) for one in bases_on(ids, on)
    ]
    return "、".join(told)


def cited_then(ids: tuple[str, ...], on: date, today: date) -> str:
    """The articles a record of a day rests on, and those that stand in their place today."""
    then, now = cited(ids, on), cited(ids, today)
    if not then or then == now:
        return then or now
    return _("%(then)s；现为%(now)s") % {"then": then, "now": now}


def known_basis(key: str) -> str:
    """One article."""
    return bases()[key].cited


def method_choices(actor: Actor, on: date) -> list[tuple[str, str]]:
    """The methods of the rate."""
    return [(key, method_word(one)) for key, one in methods().items()]
