"""What an office's own template of a report may use: made from the declaration of the kind, shown on its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.kit.letters import store
from soildesk.kit.letters.store import Field, Purpose
from soildesk.reporting.papers import heading, parts
from soildesk.reporting.queries.kinds import Kind, kinds
from soildesk.reporting.queries.making import spoken
from soildesk.reporting.queries.reading import offered
from soildesk.reporting.queries.tables import tables

HEAD: Sequence[tuple[str, Any]] = (
    ("heading", _l("标题（地区、期次、名称）")),
    ("place", _l("地区")),
    ("year", _l("年度")),
    ("period", _l("期次")),
    ("on", _l("数据截至")),
    ("office", _l("编制单位")),
    ("document", _l("文号")),
    ("state", _l("状态")),
)


def short(name: str) -> str:
    """The id of a figure or table as a template writes it: dots would ask for something inside."""
    return name.replace(".", "_")


def purpose_of(kind: Kind) -> Purpose:
    """What a template of this kind is."""
    return Purpose(f"reporting.{kind.id}", kind.title, lambda: fields_of(kind), lambda: sample_of(kind))


def fields_of(kind: Kind) -> list[Field]:
    """Every field of the kind, in the order of the report."""
    titles = offered()
    found = [Field(name, title) for name, title in HEAD]
    for name in kind.figures:
        found.append(Field(f"f.{short(name)}.text", titles[name]))
    for name in kind.tables:
        table = tables()[name]
        columns = " ".join(f"{{{{ row.{key} }}}}" for key, _title, _share in table.columns)
        names = "、".join(str(title) for _key, title, _share in table.columns)
        title = _("%(title)s，逐行：%(columns)s") % {"title": table.title, "columns": names}
        write = f"{{%tr for row in t.{short(name)} %}} {columns} {{%tr endfor %}}"
        found.append(Field(f"t.{short(name)}", title, write))
    loop = "{%p for s in sections %} {{ s.title }} {%p for x in s.sentences %} {{ x }} {%p endfor %} {%p endfor %}"
    found.append(Field("sections", _("各章节的标题和文字"), loop))
    gaps = "{%p for g in gaps %} {{ g.what }}：{{ g.why }} {%p endfor %}"
    found.append(Field("gaps", _("未能填报的内容"), gaps))
    doubts = gaps.replace(" in gaps ", " in doubts ")
    found.append(Field("doubts", _("有数字但不能据此判断的内容"), doubts))
    return found


FIGURE_PARTS: Sequence[tuple[str, Any]] = (
    ("text", _l("数字；不知道的为空")),
    ("shown", _l("数字和单位；不知道的写“无法填报”")),
    ("unit", _l("单位")),
    ("parts", _l("分子和分母，或记录数")),
    ("why", _l("说明或不能填报的原因")),
    ("title", _l("名称")),
)
"""What of a figure a template may write after its name."""


def given(snapshot: Mapping[str, Any], told: Mapping[str, str]) -> dict[str, Any]:
    """A report as plain dicts, lists and strings for its template."""
    head = {
        "heading": heading(snapshot),
        **{name: str(snapshot[name]) for name in ("place", "year", "period", "on")},
        **{name: told.get(name, "") for name in ("office", "document", "state")},
    }
    figures = {short(name): _figure(one) for name, one in snapshot["figures"].items()}
    rows = {short(name): [row["values"] for row in one["rows"] or ()] for name, one in snapshot["tables"].items()}
    sections = [
        {"title": one["title"], "sentences": [spoken(each, snapshot) for each in one["sentences"]]}
        for one in snapshot["sections"]
    ]
    lists = {name: [{"what": one["what"], "why": one["why"]} for one in snapshot[name]] for name in ("gaps", "doubts")}
    return {**head, "f": figures, "t": rows, "sections": sections, **lists}


def _figure(one: Mapping[str, Any]) -> dict[str, str]:
    return {**{name: str(one[name]) for name in ("text", "shown", "unit", "why", "title")}, "parts": parts(one)}


def sample_of(kind: Kind) -> dict[str, Any]:
    """A report of the kind with every field filled: an uploaded template is tried with it."""
    figure = {name: _("样例") for name, _title in FIGURE_PARTS}
    return {
        **{name: _("样例") for name, _title in HEAD},
        "f": {short(name): figure for name in kind.figures},
        "t": {
            short(name): [{key: _("样例") for key, _title, _share in tables()[name].columns}] * 2
            for name in kind.tables
        },
        "sections": [{"title": _("样例"), "sentences": [_("样例")]}],
        **{name: [{"what": _("样例"), "why": _("样例")}] for name in ("gaps", "doubts")},
    }


for _kind in kinds().values():
    store.register(purpose_of(_kind))
