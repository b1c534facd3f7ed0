"""The agenda and the minutes of a meeting as Word files, by the office's template or in the desk's form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.kit import word
from soildesk.kit.letters import store
from soildesk.kit.letters.store import Field, Purpose
from soildesk.kit.word import WordColumn
from soildesk.supervision.models import Meeting
from soildesk.supervision.queries.meetings import agenda_of, invited
from soildesk.supervision.services.letters_text import written

AGENDA, MINUTES = "supervision.agenda", "supervision.minutes"
HEAD: Sequence[tuple[str, Any]] = (
    ("title", _l("会议名称")), ("office", _l("承办单位")), ("on", _l("会议日期")), ("hour", _l("时间")), ("place", _l("地点")),
    ("chair", _l("主持人")), ("units", _l("参会单位")), ("number", _l("纪要文号")), ("absent", _l("缺席说明")),
)  # fmt: skip
ITEM: Sequence[tuple[str, Any]] = (
    ("n", _l("序号")), ("text", _l("议题")), ("unit", _l("汇报单位")), ("why", _l("情况")), ("kind", _l("来源")),
)  # fmt: skip
LINES = "{%p for line in NAME %} {{ line }} {%p endfor %}"


def given(meeting: Meeting) -> dict[str, Any]:
    """A meeting as plain dicts, lists and strings."""
    rows = invited(meeting)
    came = [one for one in rows if one.came] if meeting.held_on else rows
    return {
        "title": meeting.title,
        "office": meeting.owner_department.name,
        "on": written(meeting.held_on or meeting.on),
        "hour": meeting.hour,
        "place": meeting.place,
        "chair": meeting.chair,
        "units": "、".join(one.department.name for one in came),
        "number": meeting.minutes_number,
        "absent": meeting.absent,
        "note": _lines(meeting.note),
        "minutes": _lines(meeting.minutes_text),
        "items": [
            {
                "n": str(at), "text": one.text, "unit": str(one.unit or ""), "why": one.why,
                "kind": str(one.get_kind_display()),
            }
            for at, one in enumerate(agenda_of(meeting), 1)
        ],
    }  # fmt: skip


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def fields() -> list[Field]:
    """Every name a template may use."""
    columns = " ".join(f"{{{{ row.{name} }}}}" for name, _title in ITEM)
    return [
        *(Field(name, title) for name, title in HEAD),
        Field("items", _("议程，逐行"), f"{{%tr for row in items %}} {columns} {{%tr endfor %}}"),
        Field("note", _("会议要求，逐段"), LINES.replace("NAME", "note")),
        Field("minutes", _("会议纪要，逐段"), LINES.replace("NAME", "minutes")),
    ]


def sample() -> dict[str, Any]:
    """A meeting with every field filled."""
    return {
        **{name: _("样例") for name, _title in HEAD},
        "items": [{name: _("样例") for name, _title in ITEM}] * 2,
        "note": [_("样例")],
        "minutes": [_("样例")],
    }


store.register(Purpose(AGENDA, _l("会议议程"), fields, sample))
store.register(Purpose(MINUTES, _l("会议纪要"), fields, sample))


def agenda(meeting: Meeting) -> bytes:
    """The agenda."""
    told = given(meeting)
    if template := store.current(AGENDA, meeting.owner_department):
        return store.made(template, told)
    document = word.a4()
    word.paragraph(document, told["title"], word.TITLE)
    word.paragraph(document, _("议程"), word.SUBTITLE)
    rows = [[str(title), told[name]] for name, title in HEAD[1:7] if told[name]]
    word.table(document, [WordColumn("", 20), WordColumn("", 80)], rows)
    word.paragraph(document, _("议题"), word.HEADING)
    columns = [
        WordColumn(_("序号"), 8, centred=True), WordColumn(_("议题"), 40), WordColumn(_("汇报单位"), 16),
        WordColumn(_("情况"), 24), WordColumn(_("来源"), 12, centred=True),
    ]  # fmt: skip
    word.table(document, columns, [[row[name] for name, _title in ITEM] for row in told["items"]])
    for line in told["note"]:
        word.paragraph(document, f"　　{line}")
    return word.saved(document)


def minutes(meeting: Meeting) -> bytes:
    """The minutes as they were taken down."""
    told = given(meeting)
    if template := store.current(MINUTES, meeting.owner_department):
        return store.made(template, told)
    document = word.a4()
    word.paragraph(document, _("%(title)s纪要") % told, word.TITLE)
    word.paragraph(document, told["number"], word.SUBTITLE)
    rows = [[str(title), told[name]] for name, title in HEAD[1:7] if told[name]]
    word.table(document, [WordColumn("", 20), WordColumn("", 80)], rows)
    for line in told["minutes"]:
        word.paragraph(document, f"　　{line}")
    return word.saved(document)
