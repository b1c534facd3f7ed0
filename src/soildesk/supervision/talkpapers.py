"""The notice and the minutes of a talk as Word files, by the office's template or in the desk's form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.kit import word
from soildesk.kit.letters import store
from soildesk.kit.letters.store import Field, Purpose
from soildesk.kit.word import WordColumn
from soildesk.supervision.models import Talk
from soildesk.supervision.services.letters_text import written

NOTICE, MINUTES = "supervision.talk_notice", "supervision.talk_minutes"
HEAD: Sequence[tuple[str, Any]] = (
    ("title", _l("约谈事由")), ("body", _l("约谈机关")), ("document", _l("依据文号")), ("units", _l("被约谈单位")),
    ("office", _l("承办单位")), ("planned_on", _l("约谈日期")), ("place", _l("地点")), ("held_on", _l("实际日期")),
    ("chair", _l("约谈人")), ("attended", _l("被约谈人")),
)  # fmt: skip
PROMISE: Sequence[tuple[str, Any]] = (
    ("n", _l("序号")), ("text", _l("整改要求")), ("unit", _l("责任单位")), ("due", _l("时限")), ("state", _l("状态")),
)  # fmt: skip


def given(talk: Talk) -> dict[str, Any]:
    """A talk as plain dicts, lists and strings."""
    promises = talk.promises.select_related("unit")
    return {
        "title": talk.title,
        "body": talk.body,
        "document": talk.document,
        "units": "、".join(one.name for one in talk.units.order_by("pk")),
        "office": talk.owner_department.name,
        "planned_on": written(talk.planned_on),
        "place": talk.place,
        "held_on": written(talk.held_on),
        "chair": talk.chair,
        "attended": talk.attended,
        "minutes": [line.strip() for line in talk.minutes.splitlines() if line.strip()],
        "promises": [
            {
                "n": str(one.position), "text": one.text, "unit": one.unit.name, "due": written(one.due),
                "state": str(one.get_state_display()),
            }
            for one in promises
        ],
    }  # fmt: skip


def fields() -> list[Field]:
    """Every name a template may use."""
    columns = " ".join(f"{{{{ row.{name} }}}}" for name, _title in PROMISE)
    return [
        *(Field(name, title) for name, title in HEAD),
        Field("minutes", _("约谈记录，逐段"), "{%p for line in minutes %} {{ line }} {%p endfor %}"),
        Field("promises", _("整改要求，逐行"), f"{{%tr for row in promises %}} {columns} {{%tr endfor %}}"),
    ]


def sample() -> dict[str, Any]:
    """A talk with every field filled."""
    return {
        **{name: _("样例") for name, _title in HEAD},
        "minutes": [_("样例")],
        "promises": [{name: _("样例") for name, _title in PROMISE}] * 2,
    }


store.register(Purpose(NOTICE, _l("约谈通知书"), fields, sample))
store.register(Purpose(MINUTES, _l("约谈记录"), fields, sample))


def notice(talk: Talk) -> bytes:
    """The notice."""
    told = given(talk)
    if template := store.current(NOTICE, talk.owner_department):
        return store.made(template, told)
    document = word.a4()
    word.paragraph(document, _("约谈通知书"), word.TITLE)
    word.paragraph(document, told["document"], word.SUBTITLE)
    word.paragraph(document, _("%(units)s：") % told)
    about = {**told, "about": talk.title.partition("：")[2] or talk.title, "place": talk.place or _("另行通知")}
    word.paragraph(document, _("　　经%(body)s同意（%(document)s），就“%(about)s”约谈你单位主要负责人。") % about)
    word.paragraph(document, _("　　时间：%(planned_on)s；地点：%(place)s。") % about)
    word.paragraph(document, _("　　请准备情况说明和整改措施，准时参加。"))
    word.paragraph(document, told["office"])
    word.paragraph(document, written(None) or "　　年　　月　　日")
    return word.saved(document)


def minutes(talk: Talk) -> bytes:
    """The minutes with what was promised."""
    told = given(talk)
    if template := store.current(MINUTES, talk.owner_department):
        return store.made(template, told)
    document = word.a4()
    word.paragraph(document, _("约谈记录"), word.TITLE)
    word.paragraph(document, told["title"], word.SUBTITLE)
    rows = [[str(title), told[name]] for name, title in HEAD if name not in ("title", "planned_on")]
    word.table(document, [WordColumn("", 24), WordColumn("", 76)], rows)
    for line in told["minutes"]:
        word.paragraph(document, f"　　{line}")
    word.paragraph(document, _("整改要求"), word.HEADING)
    columns = [
        WordColumn(_("序号"), 8, centred=True), WordColumn(_("整改要求"), 46), WordColumn(_("责任单位"), 18),
        WordColumn(_("时限"), 16, centred=True), WordColumn(_("状态"), 12, centred=True),
    ]  # fmt: skip
    word.table(document, columns, [[row[name] for name, _title in PROMISE] for row in told["promises"]])
    return word.saved(document)
