"""Words of the safe-use rate."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.farmland.queries.rates import Answer, Why
from soilrules.farmland.rates import State

STATES = {State.OK: _l("已算出"), State.NOT_APPLICABLE: _l("不适用"), State.UNKNOWN: _l("无法判断")}
PARTS = {
    "B": _l("B 轻微污染，采取保护措施"),
    "C": _l("C 轻度、中度污染，采取措施且农产品达标"),
    "D": _l("D 重度污染，采取严格管控措施"),
    "safe_use": _l("安全利用类，措施到位"),
    "strict": _l("严格管控类，措施到位"),
}
WHYS = {
    Why.NO_METHOD: _l("%(year)d 年没有核算方法，不能判断。"),
    Why.AHEAD: _l("%(on)s 时 %(year)d 年还没有开始，不能判断。"),
    Why.NO_UNITS: _l("没有登记耕地评价单元：没有登记不等于没有，不能判断。"),
    Why.NO_LEDGER: _l("%(year)d 年没有登记任何措施：没有登记不等于没有采取，不能判断。"),
    Why.PART: _l("您只能查看本地的一部分单元，不能据此判断全部。"),
    Why.UNPLACED: _l("有 %(open)d 个耕地单元没有批准的类别或者污染程度，不能判断。"),
}


def state_word(state: State) -> str:
    """Whether there is a rate."""
    return str(STATES[state])


def part_word(part: str) -> str:
    """A part of the formula."""
    return str(PARTS.get(part, part))


def why_word(answer: Answer) -> str:
    """Why there is no rate; empty where there is one."""
    if answer.why is not None:
        then = answer.place.then
        told = {"year": then.year, "on": then.on, "open": len(answer.found.open) if answer.found else 0}
        return str(WHYS[answer.why]) % told
    if answer.state is State.NOT_APPLICABLE:
        return _("没有受污染耕地，不适用：没有分母，不等于 100%。")
    return ""
