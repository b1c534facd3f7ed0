"""The office looks: a reproducible sample of the rows, values confirmed, the checked score announced, objections answered."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.assessment.models import Assessment, Draw, DrawnRow, ItemResult, Objection
from soildesk.assessment.queries.standing import Standing, objections_until
from soildesk.assessment.refusals import AssessmentRefused
from soildesk.assessment.services.acting import Doing, begun, ended
from soildesk.assessment.services.selfassessing import EVIDENCE, Said, row_of
from soildesk.assessment.services.telling import Told, tell
from soildesk.assessment.words import span
from soildesk.core import clock, files
from soilrules.assessment.life import Act
from soilrules.assessment.sampling import METHOD, drawn_from

Outcome = DrawnRow.Outcome


@transaction.atomic
def draw(assessment: Assessment, share: Decimal, seed: str, doing: Doing) -> Draw:
    """Draw from the rows that are said to be done, item by item. One draw for one signed self-assessment."""
    held = begun(assessment, Act.DRAW, doing)
    standing = Standing(held)
    if standing.draw is not None:
        raise AssessmentRefused(
            _("本次自评已经抽过样（种子 %(seed)s）：不能重抽。") % {"seed": standing.draw.seed},
            code="assessment.sample.open",
        )
    rows = population(held)
    if not any(rows.values()):
        raise AssessmentRefused(_("各项都没有可以核查的记录，无从抽取。"), code="assessment.sample.none")
    if not seed.strip():
        raise AssessmentRefused(
            _("没有写随机种子：请写事先公布、事后可查的文字，如某日某期彩票号码。"), code="assessment.sample.seed"
        )
    if not 0 < share <= 1:
        raise AssessmentRefused(_("抽取比例应在 0 到 100% 之间，不含 0：请核对。"), code="assessment.sample.share")
    sample = drawn_from(rows, share, seed)
    made = Draw.objects.create(
        assessment=held, seed=seed.strip()[:80], share=share, method=METHOD, population=rows, digest=sample.population,
        drawn_at=doing.at, drawn_by=doing.by.person,
    )  # fmt: skip
    names = {(item, one["key"]): one["name"] for item, kept in held.facts.items() for one in kept["rows"]}
    DrawnRow.objects.bulk_create(
        [DrawnRow(draw=made, item=item, key=key, name=names[item, key][:300]) for item, key in sample.drawn]
    )
    data = {"seed": made.seed, "population": made.digest, "method": METHOD, "drawn": len(sample.drawn)}
    ended(held, Act.DRAW, "drawn", doing, data)
    return made


def population(assessment: Assessment) -> dict[str, list[str]]:
    """The rows of each share that are said to be done: what a check can find to be otherwise."""
    return {
        item: [one["key"] for one in kept["rows"] if one["good"]]
        for item, kept in sorted(assessment.facts.items())
        if kept["whole"] is not None
    }


def again(made: Draw) -> bool:
    """Whether the same rows come from what was kept."""
    sample = drawn_from(made.population, made.share, made.seed)
    return sample.population == made.digest and set(sample.drawn) == set(made.rows.values_list("item", "key"))


@transaction.atomic
def check_row(assessment: Assessment, row: DrawnRow, outcome: str, doing: Doing) -> DrawnRow:
    """Write down what a look at a drawn row found. A row found false counts no more; nothing is extrapolated from it."""
    held = begun(assessment, Act.CHECK_ROW, doing)
    if outcome not in Outcome.values or not doing.why.strip():
        raise AssessmentRefused(_("请选属实或不属实，并写明核查情况。"), code="assessment.sample.outcome")
    if row.draw_id != getattr(Standing(held).draw, "pk", None):
        raise AssessmentRefused(_("这一行不属于本次抽样。"), code="assessment.sample.outcome")
    row.outcome, row.note = outcome, doing.why.strip()[:300]
    row.checked_at, row.checked_by = doing.at, doing.by.person
    row.save()
    ended(held, Act.CHECK_ROW, "row_checked", doing, {"item": row.item, "row": row.key, "outcome": outcome})
    return row


@transaction.atomic
def confirm(assessment: Assessment, item: str, said: Said, doing: Doing) -> ItemResult:
    """Put a value in the place of everything else for one item, or take it back where neither is said."""
    held = begun(assessment, Act.CONFIRM, doing)
    standing = Standing(held)
    row = row_of(standing, item, said)
    if said.nothing and row.checked_at is None:
        raise AssessmentRefused(_("这一项还没有核定：请写核定值，或者勾“本地不适用”。"), code="assessment.item.value")
    _confirm(row, said, doing)
    if held.state == Assessment.State.OBJECTED:
        _weigh_checked(held)
    ended(held, Act.CONFIRM, "confirmed", doing, {"item": item, "value": str(row.checked_value)})
    return row


@transaction.atomic
def confirm_said(assessment: Assessment, doing: Doing) -> int:
    """Take over what the assessed say of items no register tells, where nothing was confirmed yet; returns how many."""
    held = begun(assessment, Act.CONFIRM, doing)
    standing = Standing(held)
    rows = [standing.results[name] for name in standing.to_confirm()]
    if not rows:
        raise AssessmentRefused(
            _("没有可以采信的自评：没有台账的各项都已核定，或者被考核单位没有填写。"), code="assessment.item.value"
        )
    for row in rows:
        _confirm(row, Said(row.self_value, row.self_na), doing)
    ended(held, Act.CONFIRM, "confirmed", doing, {"items": [row.item for row in rows]})
    return len(rows)


def _confirm(row: ItemResult, said: Said, doing: Doing) -> None:
    row.checked_value, row.checked_na = None if said.not_applicable else said.value, said.not_applicable
    row.checked_why, row.checked_at, row.checked_by = doing.why.strip()[:300], doing.at, doing.by.person
    if said.nothing:
        row.checked_why, row.checked_at, row.checked_by = "", None, None
    row.save()


def _weigh_checked(assessment: Assessment) -> None:
    found = Standing(assessment).score(own=False)
    assessment.worst, assessment.best = found.worst, found.best
    assessment.grade = found.grade.id if found.grade else ""


@transaction.atomic
def announce(assessment: Assessment, doing: Doing) -> Assessment:
    """Tell the assessed the checked score; every drawn row has been looked at."""
    held = begun(assessment, Act.ANNOUNCE, doing)
    left = [row.name for row in Standing(held).drawn if not row.outcome]
    if left:
        raise AssessmentRefused(
            _("抽中的还有 %(n)d 行没有登记核查结果：%(first)s等。") % {"n": len(left), "first": left[0]},
            code="assessment.sample.open",
        )
    _weigh_checked(held)
    held.announced_at, held.announced_by = doing.at, doing.by.person
    until = objections_until(held)
    told = {"score": span(held.worst, held.best), "until": until}
    tell(held, Told.ANNOUNCED_UNTIL if until else Told.ANNOUNCED, told)
    return ended(held, Act.ANNOUNCE, "announced", doing, {"worst": str(held.worst), "best": str(held.best)})


@transaction.atomic
def raise_objection(assessment: Assessment, item: str, doing: Doing) -> Objection:
    """The assessed object to an item, or (no item) to the whole."""
    held = begun(assessment, Act.OBJECT, doing)
    until = objections_until(held)
    if until and clock.local_day(doing.at) > until:
        raise AssessmentRefused(
            _("异议期已于 %(until)s 结束，不能再提出异议。确有错误的，请与考核单位联系。") % {"until": until},
            code="assessment.objection.late",
        )
    if item:
        row_of(Standing(held), item, Said())
    text = doing.why.strip()[:1000]
    if held.objections.filter(item=item, text=text, upheld=None).exists():
        raise AssessmentRefused(_("同样的异议已经提出，正等待答复：不用再提。"), code="assessment.objection.twice")
    made = Objection.objects.create(
        division_path=held.division_path, owner_department=held.owner_department, assessment=held, item=item,
        text=text, raised_at=doing.at, raised_by=doing.by.person,
    )  # fmt: skip
    for paper in doing.files:
        files.attach(made, data=paper.data, name=paper.name, kind=EVIDENCE, by=doing.by, at=doing.at)
    ended(held, Act.OBJECT, "objected", doing, {"item": item})
    tell(held, Told.OBJECTED, {"text": made.text})
    return made


def need_unanswered(objection: Objection) -> None:
    """Refused where somebody has answered it."""
    if objection.upheld is not None:
        raise AssessmentRefused(_("这条异议已经答复。"), code="assessment.objection.answered")


@transaction.atomic
def answer(assessment: Assessment, objection: Objection, upheld: bool, said: Said | None, doing: Doing) -> Objection:
    """Answer in words; where it is upheld and a value is given, that value counts from now on."""
    held = begun(assessment, Act.ANSWER, doing)
    row: Any = Objection.objects.select_for_update().get(pk=objection.pk, assessment=held)
    need_unanswered(row)
    if said is not None and not (upheld and row.item):
        raise AssessmentRefused(
            _("只有采纳对某一项的异议，才能写核定值：不采纳的请留空；对整个结果的，请到有关的项核定。"),
            code="assessment.item.value",
        )
    row.upheld, row.answer = upheld, doing.why.strip()[:1000]
    row.answered_at, row.answered_by = doing.at, doing.by.person
    row.save()
    if said is not None:
        _confirm(row_of(Standing(held), row.item, said), said, doing)
        _weigh_checked(held)
    ended(held, Act.ANSWER, "answered", doing, {"item": row.item, "upheld": upheld})
    tell(held, Told.UPHELD if upheld else Told.NOT_UPHELD, {"text": row.answer})
    return row
