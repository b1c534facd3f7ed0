"""The boxes of a filing's form, made from what its kind asks for; the service reads what was typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.enterprises.filingforms import MOST_ROWS, Entry, Form
from soildesk.enterprises.filingvalues import NO, YES
from soildesk.enterprises.models import Filing
from soildesk.land.pages.forms import Day

SPARE = 3
"""Empty rows offered under a table."""


class NewForm(forms.Form):
    """What is to be filed."""

    kind = forms.ChoiceField(label=_l("申报事项"), choices=Filing.Kind.choices)
    period = forms.CharField(label=_l("年度"), max_length=4)
    subject = forms.CharField(
        label=_l("对象或批次"), max_length=80, required=False,
        help_text=_l("拆除、项目、地块、方案版本等写明是哪一个；年报和责任书不填。与以前登记的同一对象写法要一致。"),
    )  # fmt: skip


class Boxes(forms.Form):
    """Boxes that take any text: what is wrong with it the service says."""

    def __init__(
        self, entries: Sequence[Entry], values: Mapping[str, Any], problems: Mapping[str, str], prefix: str = ""
    ) -> None:
        super().__init__(initial={one.name: _as_typed(values.get(one.name)) for one in entries}, prefix=prefix or None)
        for one in entries:
            self.fields[one.name] = _box(one)
        self._problems = problems

    @property
    def errors(self) -> Any:
        """The problems of these entries."""
        return {name: self.error_class([self._problems[name]]) for name in self.fields if name in self._problems}


def _as_typed(value: Any) -> Any:
    return {True: YES, False: NO}[value] if isinstance(value, bool) else value


def _box(entry: Entry) -> forms.Field:
    said: dict[str, Any] = {"label": entry.heading, "required": entry.required, "help_text": entry.note}
    if entry.kind in ("yes_no", "choice"):
        choices = [(YES, _("是")), (NO, _("否"))] if entry.kind == "yes_no" else list(entry.choices)
        return forms.ChoiceField(choices=[("", _("请选择")), *choices], **said)
    if entry.kind == "day":
        return forms.CharField(widget=Day, **said)
    widget = forms.Textarea(attrs={"rows": 3}) if entry.kind == "long" else forms.TextInput()
    if entry.kind in ("number", "count"):
        widget.attrs["inputmode"] = "decimal" if entry.kind == "number" else "numeric"
    return forms.CharField(widget=widget, **said)


@dataclass(frozen=True, slots=True)
class Rows:
    """One table of a form: its rows as boxes, the last ones empty."""

    entry: Entry
    boxes: list[Boxes]
    problem: str


def boxes(form: Form, data: Mapping[str, Any], problems: Mapping[str, str]) -> tuple[Boxes, list[Rows]]:
    """The form with what is kept and what is wrong with it."""
    tables = [_rows(one, data.get(one.name) or [], problems) for one in form.tables]
    return Boxes(form.single, data, problems), tables


def _rows(table: Entry, kept: Sequence[Mapping[str, Any]], problems: Mapping[str, str]) -> Rows:
    found = []
    for number, row in enumerate([*kept, *({} for _spare in range(SPARE))], 1):
        start = f"{table.name}.{number}."
        own = {name.removeprefix(start): said for name, said in problems.items() if name.startswith(start)}
        found.append(Boxes(table.columns, row, own, f"{table.name}-{number}"))
    return Rows(table, found, problems.get(table.name, ""))


def typed(form: Form, posted: QueryDict) -> dict[str, Any]:
    """What was typed, as the service reads it."""
    found: dict[str, Any] = {one.name: posted.get(one.name, "") for one in form.single}
    for table in form.tables:
        text = posted.get(f"{table.name}-rows", "")
        count = min(int(text), MOST_ROWS + SPARE) if text.isascii() and text.isdigit() else 0
        found[table.name] = [
            {column.name: posted.get(f"{table.name}-{number}-{column.name}", "") for column in table.columns}
            for number in range(1, count + 1)
        ]
    return found
