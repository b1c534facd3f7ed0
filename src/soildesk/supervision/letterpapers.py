"""Letters as Word files: in the office's own template where it has one, else in the desk's form; what a template may write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.kit import word
from soildesk.kit.letters import store
from soildesk.kit.letters.store import Field, Purpose
from soildesk.kit.word import WordColumn
from soildesk.supervision.services import letters_text
from soildesk.supervision.services.letters import purpose_of

if TYPE_CHECKING:
    from soildesk.supervision.models import Letter

HEAD: Sequence[tuple[str, Any]] = (
    ("title", _l("标题")),
    ("number", _l("文号")),
    ("office", _l("发文机关")),
    ("date", _l("签发日期")),
    ("units", _l("主送单位")),
    ("copies", _l("抄送单位")),
    ("answer_by", _l("答复时限")),
    ("talk_on", _l("约谈日期")),
    ("talk_where", _l("约谈地点")),
)
ITEM: Sequence[tuple[str, Any]] = (
    ("n", _l("序号")), ("text", _l("事项")), ("unit", _l("责任单位")), ("due", _l("时限")), ("basis", _l("依据")),
)  # fmt: skip
KINDS: Sequence[tuple[str, Any]] = (
    ("reminder", _l("提醒函")),
    ("assign", _l("交办通知")),
    ("supervise", _l("督办函")),
    ("circular", _l("通报")),
    ("talk", _l("约谈通知")),
    ("request", _l("提请（约谈、限批等）")),
)


def fields() -> list[Field]:
    """Every name a template of a letter may use."""
    columns = " ".join(f"{{{{ row.{name} }}}}" for name, _title in ITEM)
    names = "、".join(str(title) for _name, title in ITEM)
    lines = "{%p for line in NAME %} {{ line }} {%p endfor %}"
    tables = "{%p for t in tables %} {{ t.title }} {{ t.note }} {%p for line in t.lines %} {{ line }} {%p endfor %} {%p endfor %}"
    return [
        *(Field(name, title) for name, title in HEAD),
        Field("lead", _("正文，逐段"), lines.replace("NAME", "lead")),
        Field(
            "items",
            _("事项，逐行：%(columns)s") % {"columns": names},
            f"{{%tr for row in items %}} {columns} {{%tr endfor %}}",
        ),
        Field("tables", _("附表（排名、未报单位等），逐行"), tables),
        Field("ending", _("要求，逐段"), lines.replace("NAME", "ending")),
    ]


def sample() -> dict[str, Any]:
    """A letter with every field filled: an uploaded template is tried with it."""
    return {
        **{name: _("样例") for name, _title in HEAD},
        "lead": [_("样例")],
        "items": [{name: _("样例") for name, _title in ITEM}] * 2,
        "tables": [
            {"title": _("样例"), "note": _("样例"), "columns": [_("样例")], "rows": [[_("样例")]], "lines": [_("样例")]}
        ],
        "ending": [_("样例")],
    }


for _id, _title in KINDS:
    store.register(Purpose(f"supervision.letter.{_id}", _title, fields, sample))


def docx(letter: Letter) -> bytes:
    """The letter as it was signed; a draft says that it is one."""
    if letter.state == letter.State.DRAFT:
        content = letters_text.content_of(letter, _("（草稿，签发时编号）"), None)
        template = store.current(purpose_of(letter), letter.owner_department)
    else:
        content, template = letter.content, letter.template
    return store.made(template, content) if template is not None else plain(content)


def plain(content: Mapping[str, Any]) -> bytes:
    """The desk's own form."""
    document = word.a4()
    word.paragraph(document, content["title"], word.TITLE)
    word.paragraph(document, content["number"], word.SUBTITLE)
    word.paragraph(document, _("%(units)s：") % {"units": content["units"]})
    _lines(document, content["lead"])
    if content["items"]:
        columns = [
            WordColumn(_("序号"), 8, centred=True), WordColumn(_("事项"), 46), WordColumn(_("责任单位"), 18),
            WordColumn(_("时限"), 14, centred=True), WordColumn(_("依据"), 14),
        ]  # fmt: skip
        word.table(document, columns, [[row[name] for name, _title in ITEM] for row in content["items"]])
    for table in content["tables"]:
        word.paragraph(document, table["title"], word.SUBHEADING)
        if table["note"]:
            word.paragraph(document, table["note"], word.NOTE)
        share = 100 // max(1, len(table["columns"]))
        word.table(document, [WordColumn(one, share, centred=True) for one in table["columns"]], table["rows"])
    _lines(document, content["ending"])
    if content["talk_on"]:
        said = {"on": content["talk_on"], "where": content["talk_where"]}
        word.paragraph(document, _("　　约谈时间：%(on)s；地点：%(where)s。") % said)
    if content["answer_by"]:
        word.paragraph(document, _("　　请于%(day)s前书面答复。") % {"day": content["answer_by"]})
    word.paragraph(document, content["office"], RIGHT)
    word.paragraph(document, content["date"], RIGHT)
    if content["copies"]:
        word.paragraph(document, _("抄送：%(units)s") % {"units": content["copies"]}, word.NOTE)
    return word.saved(document)


RIGHT = word.Look(space=(120, 0))


def _lines(document: Any, lines: Sequence[str]) -> None:
    for line in lines:
        word.paragraph(document, f"　　{line}")
