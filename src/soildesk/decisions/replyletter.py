"""The answering letter 复函 as a draft in Word: what was asked, what the gate found, what has to be done. It decides nothing."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from soildesk.decisions import actwords, answershown, outdatedshown
from soildesk.decisions.models import GateQuery, OpinionRequest
from soildesk.decisions.words import DISCLAIMER
from soildesk.enterprises.dutyletters import RIGHT, long_day
from soildesk.kit import word

OPENING = {
    "blocked": "经核查，依据现行法律法规，该地块目前不得办理上述事项。具体如下：",
    "conditions": "经核查，该地块在满足下列条件后，可以按程序办理上述事项：",
    "cannot_say": "经核查，现有资料不足以得出结论，请补充下列资料后再行核查：",
    "pass": "经核查，按目前登记的资料，未发现限制办理上述事项的情形。",
}


def as_word(query: GateQuery, opinion: OpinionRequest | None, on: date) -> bytes:
    """The draft as .docx; of an opinion asked for, with the number of the incoming letter."""
    document = word.a4()
    place = query.project or query.parcel_code or query.number
    word.paragraph(document, _("关于%(place)s土壤环境准入核查意见的复函（草稿）") % {"place": place}, word.TITLE)
    word.paragraph(document, opinion.outgoing if opinion and opinion.outgoing else _("（文号）"), word.SUBTITLE)
    for line in outdatedshown.on_paper(query):
        word.paragraph(document, _("【%(told)s】") % {"told": line})
    for line in lines(query, opinion):
        word.paragraph(document, line)
    word.paragraph(document, _office(query, opinion), RIGHT)
    word.paragraph(document, long_day(on), RIGHT)
    return word.saved(document)


def lines(query: GateQuery, opinion: OpinionRequest | None) -> list[str]:
    """What the letter says, line by line."""
    found = [_to_whom(query, opinion), _incoming(query, opinion), OPENING[query.decision]]
    for number, one in enumerate(answershown.reasons(query), 1):
        cited = _("（依据：%(what)s）") % {"what": "；".join(one.basis)} if one.basis else ""
        found.append(f"{number}．{one.title}：{''.join(one.because)}{cited}")
        if one.change:
            found.append(_("办理意见：%(how)s") % {"how": one.change})
    found += [_("使用限制：%(told)s。") % {"told": one.rstrip("。")} for one in answershown.limits(query)]
    if opinion is not None and opinion.answer:
        found.append(opinion.answer)
    told = {"disclaimer": DISCLAIMER, "act": actwords.word(query.act), "who": answershown.decides(query)}
    found.append(_("本函为%(disclaimer)s；“%(act)s”由%(who)s依法决定。") % told)
    found.append(
        _("附：核查单 %(number)s（核查日 %(day)s，计算面积 %(area).2f m²）。")
        % {"number": query.number, "day": long_day(query.on), "area": query.area_m2}
    )
    return found


def _to_whom(query: GateQuery, opinion: OpinionRequest | None) -> str:
    nobody = _("（来函单位）")
    asked = str(opinion.asked_from) if opinion and opinion.asked_from else query.on_behalf_of
    return f"{asked or nobody}："


def _incoming(query: GateQuery, opinion: OpinionRequest | None) -> str:
    number = (opinion.incoming if opinion else "") or query.document or _("（来函文号）")
    told = {"number": number, "act": actwords.word(query.act), "use": answershown.use_of(query)}
    return _("你单位来函（%(number)s）收悉。来函事项为%(act)s，规划用途为%(use)s。") % told


def _office(query: GateQuery, opinion: OpinionRequest | None) -> str:
    if opinion is not None:
        return str(opinion.asked_of)
    return query.owner_department.name if query.owner_department else ""
