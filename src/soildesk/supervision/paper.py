"""A slip as a Word file, as it goes out."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from soildesk.kit import word
from soildesk.kit.word import WordColumn
from soildesk.supervision import words
from soildesk.supervision.models import Slip


def written(day: date | None) -> str:
    """A day as documents write it."""
    return f"{day.year}年{day.month}月{day.day}日" if day else "—"


def docx(slip: Slip) -> bytes:
    """The slip as .docx."""
    document = word.a4()
    word.paragraph(document, words.slip_name(slip), word.TITLE)
    word.paragraph(document, slip.number, word.SUBTITLE)
    word.paragraph(document, _("%(unit)s：") % {"unit": slip.unit or slip.owner_department})
    word.paragraph(document, _("下列事项请抓紧办理，并在答复时限前说明情况。"))
    word.table(document, [WordColumn("", 24), WordColumn("", 76)], _rows(slip))
    word.paragraph(document, str(slip.owner_department.name))
    word.paragraph(document, written(slip.on))
    return word.saved(document)


def _rows(slip: Slip) -> list[list[str]]:
    rows = [
        [_("督办事项"), slip.title],
        [_("事项时限"), written(slip.due)],
        [_("督办缘由"), slip.why],
        [_("依据"), f"{slip.basis}（{slip.mark}）"],
        [_("抄送"), words.to_words([one for one in slip.to if one != "unit"]) or "—"],
        [_("答复时限"), written(slip.answer_by)],
    ]
    if slip.proposes:
        rows.append([_("建议"), _("%(act)s（由有权的机关决定）") % {"act": words.act_name(slip.proposes)}])
    answer = f"{written(slip.answered_on)} {slip.answer}" if slip.answered_on else "\n\n"
    return [*rows, [_("单位答复"), answer]]
