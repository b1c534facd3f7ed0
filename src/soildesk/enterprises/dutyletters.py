"""Reminder letters 提醒函 to firms as Word: a letter for each firm, or one letter with a table of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from docx.document import Document
from docx.enum.text import WD_BREAK

from soildesk.enterprises.dutywords import line_of
from soildesk.enterprises.queries.cards import Missed
from soildesk.kit import word
from soildesk.kit.word import Look, WordColumn
from soilrules.enterprises.duties import CardLine

RIGHT = Look(space=(240, 0))
DAYS = 14


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes, on which day."""

    office: str
    on: date


def each(found: Sequence[Missed], sender: Sender) -> bytes:
    """A letter for each firm, each on its own page."""
    document = word.a4()
    for number, one in enumerate(found):
        if number:
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        _letter(document, one, sender)
    return word.saved(document)


def _letter(document: Document, one: Missed, sender: Sender) -> None:
    word.paragraph(document, _("提醒函"), word.TITLE)
    word.paragraph(document, _("%(firm)s：") % {"firm": one.firm.name})
    for line in opening(one, sender.on):
        word.paragraph(document, line)
    columns = [
        WordColumn(_("序号"), 8, True), WordColumn(_("义务"), 32), WordColumn(_("期次"), 14, True), WordColumn(_("时限"), 16, True),
        WordColumn(_("依据"), 30),
    ]  # fmt: skip
    rows = [_row(n, line, one) for n, line in enumerate((*one.late, *one.soon), 1)]
    word.table(document, columns, rows)
    word.paragraph(document, _("已经办理的，请提供凭据，以便更正登记；对上述判断有异议的，请书面说明。"))
    word.paragraph(document, sender.office, RIGHT)
    word.paragraph(document, long_day(sender.on))


def opening(one: Missed, on: date) -> list[str]:
    """What a letter says before its table."""
    said = []
    if one.late:
        told = {"day": long_day(on), "n": len(one.late)}
        said.append(_("截至%(day)s，你单位有%(n)d项土壤污染防治义务已过时限，没有完成的记录。请于收到本函之日起10个工作日内办理，或者书面说明原因。") % told)  # fmt: skip
    if one.soon:
        said.append(_("另有%(n)d项将在%(days)d日内到期，请按时办理。") % {"n": len(one.soon), "days": DAYS})
    return said


def _row(number: int, line: CardLine, one: Missed) -> list[str]:
    told = line_of(line, one.firm.row["enterprise__uid"])
    return [str(number), told.title, told.round, str(told.due or "—"), "\n".join(cited.now for cited in told.basis)]


def together(found: Sequence[Missed], sender: Sender) -> bytes:
    """One letter with a table of all firms."""
    document = word.a4(landscape=True)
    word.paragraph(document, _("土壤污染防治义务逾期情况"), word.TITLE)
    late = sum(len(one.late) for one in found)
    said = {"day": long_day(sender.on), "firms": sum(bool(one.late) for one in found), "n": late}
    word.paragraph(document, _("截至%(day)s，%(firms)d家单位的%(n)d项义务已过时限，没有完成的记录。") % said)
    columns = [
        WordColumn(_("单位"), 24), WordColumn(_("义务"), 24), WordColumn(_("期次"), 10, True), WordColumn(_("时限"), 12, True),
        WordColumn(_("依据"), 30),
    ]  # fmt: skip
    rows = [[one.firm.name, *_row(0, line, one)[1:]] for one in found for line in one.late]
    word.table(document, columns, rows)
    word.paragraph(document, sender.office, RIGHT)
    word.paragraph(document, long_day(sender.on))
    return word.saved(document)


def long_day(day: date) -> str:
    """2026年11月21日."""
    return _("%(y)d年%(m)d月%(d)d日") % {"y": day.year, "m": day.month, "d": day.day}
