"""The assessed say their part: values no register tells, remarks, evidence; then they sign."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.assessment.models import Assessment, ItemResult
from soildesk.assessment.queries.records import sees_whole
from soildesk.assessment.queries.standing import Standing
from soildesk.assessment.refusals import AssessmentRefused
from soildesk.assessment.services.acting import Doing, begun, ended
from soildesk.assessment.services.opening import owe, read_facts, weigh
from soildesk.assessment.services.telling import Told, tell
from soildesk.core import audit, files
from soildesk.kit.languages import listed
from soilrules.assessment.life import Act
from soilrules.assessment.scheme import Item

EVIDENCE = "evidence"
MOST = {True: Decimal(100), False: Decimal(9999)}
"""The most a value can be: a share in percent, or a number of cases."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of an item: a value (None: nothing), or that it does not apply."""

    value: Decimal | None = None
    not_applicable: bool = False

    @property
    def nothing(self) -> bool:
        """Whether neither is said."""
        return self.value is None and not self.not_applicable


@transaction.atomic
def fill(assessment: Assessment, item: str, said: Said, doing: Doing) -> ItemResult:
    """Say the value of an item, with a remark (`doing.why`) and evidence.

    What a register tells may be disputed by another value and a remark; it counts only once the office confirms it.
    """
    held = begun(assessment, Act.FILL, doing)
    standing = Standing(held)
    row = row_of(standing, item, said)
    _say_why(standing, row, said, doing)
    row.self_value, row.self_na = None if said.not_applicable else said.value, said.not_applicable
    row.self_remark, row.self_at, row.self_by = doing.why.strip()[:500], doing.at, doing.by.person
    row.save()
    for paper in doing.files:
        files.attach(row, data=paper.data, name=paper.name, kind=EVIDENCE, by=doing.by, at=doing.at)
    weigh(held)
    ended(held, Act.FILL, "filled", doing, {"item": item, "value": str(row.self_value), "files": len(doing.files)})
    return row


def _say_why(standing: Standing, row: ItemResult, said: Said, doing: Doing) -> None:
    """Refuse what says nothing, and what goes without the reason it needs."""
    if doing.why.strip():
        return
    if said.not_applicable:
        raise AssessmentRefused(_("写不适用的，请说明理由。"), code="assessment.item.why")
    if said.value is not None and not standing.stated(row.item):
        raise AssessmentRefused(
            _("没有写说明：写的数与核算数不同的，请说明理由；没有不同意见的不用填写。"), code="assessment.item.why"
        )
    if said.nothing and not doing.files and row.self_at is None:
        raise AssessmentRefused(
            _("什么也没有填：请填数、勾“本地不适用”或者附材料；不知道的项不用保存。"), code="assessment.item.value"
        )


def row_of(standing: Standing, item: str, said: Said) -> ItemResult:
    """The row of an item; refused for one there is not, and for a value there cannot be."""
    value = said.value
    row = standing.results.get(item)
    if row is None or item not in standing.rules:
        raise AssessmentRefused(_("考核方案里没有“%(item)s”这一项。") % {"item": item}, code="assessment.item.unknown")
    rule = standing.rules[item]
    most = MOST[isinstance(rule, Item) and not rule.faults]
    if value is not None and not 0 <= value <= most:
        raise AssessmentRefused(
            _("“%(title)s”的值 %(value)s 不在 0 到 %(most)s 之间：请核对。")
            % {"title": rule.title, "value": value, "most": most},
            code="assessment.item.value",
        )
    if value is not None and most == MOST[False] and value % 1:
        raise AssessmentRefused(
            _("“%(title)s”按件数填，%(value)s 不是整数：请核对。") % {"title": rule.title, "value": value},
            code="assessment.item.value",
        )
    if value is not None and said.not_applicable:
        raise AssessmentRefused(_("写了数，又勾了“本地不适用”：请只留一样。"), code="assessment.item.value")
    return row


@transaction.atomic
def sign(assessment: Assessment, doing: Doing) -> Assessment:
    """Sign it: the facts are read a last time (by whoever sees the whole place) and stay from then on.

    A value somebody states is backed by a file: without one it says nothing.
    """
    held = begun(assessment, Act.SIGN, doing)
    if sees_whole(doing.by, held.place):
        read_facts(held, doing)
    standing = Standing(held)
    bare = [
        standing.rules[name].title
        for name, row in standing.results.items()
        if name in standing.rules and isinstance(standing.rules[name], Item) and standing.stated(name)
        and (row.self_value is not None) and not files.uses_of(row).exists()
    ]  # fmt: skip
    if bare:
        raise AssessmentRefused(
            _("没有佐证材料：%(items)s。自评写了数的项要附材料；没有材料的请清空，按不知道处理。")
            % {"items": listed(bare)},
            code="assessment.item.evidence",
        )
    weigh(held)
    held.self_note, held.signed_at, held.signed_by = doing.why.strip()[:500], doing.at, doing.by.person
    held.self_worst, held.self_best, held.returned_why = held.worst, held.best, ""
    held.self_digest = digest_of(signed_data(standing))
    data = {"sha256": held.self_digest, "worst": str(held.worst), "best": str(held.best)}
    ended(held, Act.SIGN, "signed", doing, data)
    owe([held], by=doing.by)
    tell(held, Told.SIGNED)
    return held


@transaction.atomic
def send_back(assessment: Assessment, doing: Doing) -> Assessment:
    """Give it back to be filled in again."""
    held = begun(assessment, Act.SEND_BACK, doing)
    held.returned_why = doing.why.strip()[:300]
    ended(held, Act.SEND_BACK, "sent_back", doing, {})
    owe([held], by=doing.by)
    tell(held, Told.SENT_BACK, {"text": held.returned_why})
    return held


def signed_data(standing: Standing) -> dict[str, Any]:
    """What was signed: the facts and what was said."""
    return {
        "facts": standing.assessment.facts,
        "said": {
            name: {"value": None if row.self_value is None else f"{row.self_value:.4f}", "not_applicable": row.self_na, "remark": row.self_remark}
            for name, row in sorted(standing.results.items())
        },
    }  # fmt: skip


def digest_of(data: Any) -> str:
    """The hash of what is frozen."""
    return hashlib.sha256(audit.canonical(data).encode()).hexdigest()
