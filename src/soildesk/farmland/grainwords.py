"""Words of produce and grain: stages, parts, contents, what a test says, how a lot stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.enterprises.sentences import language
from soildesk.farmland.models import LockProposal, ProduceTest, ProduceValue
from soildesk.kit.faces import Named
from soildesk.kit.parts import Chip
from soilrules.analytes import get
from soilrules.farmland.custody import Office
from soilrules.farmland.grain import Part, plain
from soilrules.farmland.harvests import OwedState, Risk
from soilrules.farmland.producelimits import Sample
from soilrules.labtables import notation

STAGES = ProduceTest.Stage.choices
WAYS = ProduceTest.Way.choices
WAYS_CALLED = {
    ProduceTest.Way.LABORATORY: ("实验室", "定量检测", "定量"), ProduceTest.Way.RAPID: ("快检", "速测", "快速", "快速筛查"),
}  # fmt: skip
"""What tables call the ways of a test."""
CONTENT_WORDS: Mapping[str, tuple[Any, str]] = {
    "cadmium": (_l("镉"), "0.12"),
    "lead": (_l("铅"), "0.05"),
    "mercury": (_l("汞"), "<0.003"),
    "inorganic_arsenic": (_l("无机砷"), "0.10"),
    "arsenic": (_l("总砷"), ""),
    "chromium": (_l("铬"), "0.2"),
}
PARTS = [
    (Part.STORED.value, _l("收购入库")),
    (Part.KEPT.value, _l("自留口粮")),
    (Part.FEED_SEED.value, _l("饲料和种子")),
    (Part.SOLD.value, _l("其他销售")),
    (Part.LOSS.value, _l("水分和损耗")),
]
SAID = {
    Sample.WITHIN.value: ("good", "check-circle-fill", _l("未超标")),
    Sample.LIGHT.value: ("bad", "x-circle-fill", _l("超标")),
    Sample.SEVERE.value: ("bad", "x-circle-fill", _l("严重超标")),
    Sample.UNKNOWN.value: ("unknown", "question-octagon", _l("没有结论")),
}
WAITING = ("busy", "hourglass-split", _l("待出结果"))
OWED = {
    OwedState.DONE.value: ("good", "check-circle-fill", _l("已检测")),
    OwedState.DUE.value: ("busy", "hourglass-split", _l("待检测")),
    OwedState.OVERDUE.value: ("bad", "x-circle-fill", _l("逾期未检")),
    OwedState.CANNOT_SAY.value: ("unknown", "question-octagon", _l("日期不全")),
    "none": ("calm", "circle", _l("不要求")),
    "no_class": ("unknown", "question-octagon", _l("没有现行类别")),
}
OFFICES = {
    Office.FARMING: _l("农业农村部门"),
    Office.GRAIN: _l("粮食和储备部门"),
    Office.TOWN: _l("乡镇（街道）"),
}


def part_word(part: str) -> str:
    """What a way is called."""
    return str(dict(PARTS).get(part, part))


def ways(actor: Actor, on: date) -> list[tuple[str, Named]]:
    """The ways of a test, with what tables call them."""
    return [(value, Named(str(label), WAYS_CALLED[ProduceTest.Way(value)])) for value, label in WAYS]


def content_names(analyte: str) -> list[str]:
    """The other names laboratories print a content under, as far as a heading without its brackets tells them apart: 总汞, Hg."""
    return [name for name in get(analyte).aliases if not set(name) & set("(（")]


def content_word(analyte: str) -> str:
    """What a content is called."""
    return str(CONTENT_WORDS[analyte][0]) if analyte in CONTENT_WORDS else get(analyte).name(language())


def printed_words(value: ProduceValue) -> str:
    """A content as the laboratory printed it, with its unit where it is a number without one."""
    reading = notation.read(value.printed)
    alone = reading.unit is None and (reading.value, reading.limit, reading.more_than) != (None, None, None)
    return f"{value.printed} {value.unit}" if alone else value.printed


def ratio_words(value: ProduceValue) -> str:
    """Measured ÷ limit; what lies above is never shown as 1."""
    if value.ratio is None:
        return "—"
    rounded = f"{value.ratio:.2f}" if value.ratio >= 1 else f"{value.ratio:.4g}"
    return _("略大于 1") if Sample(value.verdict).above and float(rounded) <= 1 else rounded


def above_words(test: ProduceTest) -> str:
    """The contents of a sample above their limit, with both."""
    told = [one for one in test.values.all() if Sample(one.verdict).above]
    limits = [_("（限量 %(limit)s）") % {"limit": plain(one.limit)} if one.limit is not None else "" for one in told]
    pairs = zip(told, limits, strict=True)
    return "、".join(f"{content_word(one.analyte)} {printed_words(one)}{limit}" for one, limit in pairs)


def element_words(elements: Any) -> str:
    """Elements of soil by name."""
    return "、".join(get(one).name(language()) for one in elements)


def risk_words(risks: Any) -> str:
    """Why a unit is at risk."""
    return "、".join(Risk(one).sentence(language()) for one in risks or ())


def said_chip(said: str, result_known: bool = True) -> Chip:
    """What a test says."""
    tone, icon, word = SAID[said] if result_known else WAITING
    return Chip(tone, str(word), icon)  # type: ignore[arg-type]


def owed_key(owed: Any) -> str:
    """The state of a season's test as it is shown: none owed, no class, or how it stands."""
    if owed is None or owed.risks is None:
        return "no_class"
    return str(owed.state) if owed.risks else "none"


def owed_chip(key: str, why: str = "") -> Chip:
    """How a season's test stands."""
    tone, icon, word = OWED[key]
    return Chip(tone, str(word), icon, why)  # type: ignore[arg-type]


PROPOSALS = {
    LockProposal.State.OPEN.value: ("bad", "exclamation-triangle-fill", LockProposal.State.OPEN.label),
    LockProposal.State.CONFIRMED.value: ("busy", "lock", LockProposal.State.CONFIRMED.label),
    LockProposal.State.DISMISSED.value: ("calm", "slash-circle", LockProposal.State.DISMISSED.label),
}


def proposal_chip(proposal: Any) -> Chip | None:
    """How a proposed lock stands, with the way to it; None where none was proposed."""
    if proposal is None or proposal.superseded_at is not None:
        return None
    tone, icon, word = PROPOSALS[proposal.state]
    url = reverse("kit:record", args=["lock_proposals", str(proposal.uid)])
    return Chip(tone, str(word), icon, proposal.closed_why, url)  # type: ignore[arg-type]


def lot_chip(lot: Any) -> Chip:
    """How a lot stands."""
    if lot.locked_on is None:
        return Chip("calm", _("跟踪，未锁定"), "eye")
    if lot.unlocked_on is None:
        return Chip("bad", _("锁定中"), "lock", lot.lock_document)
    return Chip("good", _("已解除锁定"), "unlock", lot.unlock_document)
