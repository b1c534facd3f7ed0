"""Who is told that it is their turn: the assessed unit, or the office that assesses, by a message with a link to the record."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _l

from soildesk.assessment.models import Assessment
from soildesk.supervision.services.telling import tell_units
from soilrules.assessment.life import Side


class Told(Enum):
    """What is told, and to which side."""

    OPENED = (Side.ASSESSED, _l("%(place)s %(year)d 年考核（%(number)s）已发起：请在 %(due)s 前填写、签报自评。"))
    SIGNED = (Side.ASSESSOR, _l("%(place)s已签报 %(year)d 年考核自评（%(number)s）：请抽样核查、核定。"))
    SENT_BACK = (Side.ASSESSED, _l("考核自评（%(number)s）被退回：%(text)s。请修改后重新签报。"))
    ANNOUNCED = (
        Side.ASSESSED,
        _l("考核初核结果（%(number)s）：%(score)s 分。有不同意见的请提出异议；没有的等待核定。"),
    )
    ANNOUNCED_UNTIL = (
        Side.ASSESSED,
        _l(
            "考核初核结果（%(number)s）：%(score)s 分。有不同意见的请在 %(until)s 前（含当日）提出异议；没有的等待核定。"
        ),
    )
    OBJECTED = (Side.ASSESSOR, _l("%(place)s对考核结果（%(number)s）提出异议：%(text)s。请答复。"))
    UPHELD = (Side.ASSESSED, _l("考核异议已采纳（%(number)s）：%(text)s。"))
    NOT_UPHELD = (Side.ASSESSED, _l("考核异议没有采纳（%(number)s）：%(text)s。"))
    FINISHED = (Side.ASSESSED, _l("考核结果已核定（%(number)s）：%(score)s 分，%(document)s。"))


MOST = 160
"""Characters of what somebody wrote that a message repeats."""


@translation.override("zh-hans")  # what others read is Chinese whoever acts
def tell(assessment: Assessment, what: Told, said: Mapping[str, Any] | None = None) -> None:
    """A message for everybody of the side whose turn it is; `text` of `said` are the words somebody wrote."""
    side, sentence = what.value
    department = assessment.unit_id if side is Side.ASSESSED else assessment.owner_department_id
    told = {"number": assessment.number, "place": assessment.place.name, "year": assessment.year, **(said or {})}
    if "text" in told:
        told["text"] = str(told["text"]).rstrip("。")[:MOST]
    tell_units([department], str(sentence) % told, reverse("kit:record", args=["assessments", str(assessment.uid)]))
