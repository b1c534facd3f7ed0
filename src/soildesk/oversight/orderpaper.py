"""The order 问题交办单 as a Word file: what was found, what is asked, by when, and room for the answer."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from soildesk.enterprises.queries.firms import names_of
from soildesk.kit import word
from soildesk.kit.word import WordColumn
from soildesk.oversight.models import Problem


def docx(problem: Problem, on: date) -> bytes:
    """The order as .docx."""
    document = word.a4()
    word.paragraph(document, _("问题交办单"), word.TITLE)
    word.paragraph(document, problem.number, word.SUBTITLE)
    unit = str(problem.unit) if problem.unit else _("（未定）")
    word.paragraph(document, _("%(unit)s：") % {"unit": unit})
    asked = _("下列问题交你单位督促整改。整改完成后请报送整改情况和佐证材料，由本单位验收后销号。")
    word.paragraph(document, asked)
    word.table(document, [WordColumn("", 24), WordColumn("", 76)], _rows(problem, on))
    word.paragraph(document, str(problem.owner_department))
    word.paragraph(document, on.isoformat())
    return word.saved(document)


def _rows(problem: Problem, on: date) -> list[list[str]]:
    firm = problem.enterprise
    name = names_of([firm.pk], on).get(firm.pk, "") if firm else ""
    setter = problem.due_body or (str(problem.due_set_by) if problem.due_set_by else "")
    due = f"{problem.due}（{setter}）" if problem.due and setter else str(problem.due or _("未定"))
    return [
        [_("问题来源"), " ".join(filter(None, (str(problem.get_source_display()), problem.document)))],
        [_("涉及对象"), "，".join(filter(None, (name, problem.object_name))) or "—"],
        [_("发现日期"), str(problem.found_on)],
        [_("问题事实"), problem.fact],
        [_("对应条款"), problem.clause or "—"],
        [_("整改要求"), problem.requirement or "—"],
        [_("整改时限"), due],
        [_("整改情况"), problem.measure or "\n\n"],
        [_("验收意见"), "\n\n"],
    ]
