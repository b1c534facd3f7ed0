"""Forms made from entries: one field an entry, with the words, units and choices declared for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import shapely
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from soildesk.core.errors import Refusal
from soildesk.kit import pasted
from soildesk.kit.entries import Entries, as_text, nothing
from soildesk.kit.faces import Change, Entry
from soildesk.kit.gis import values
from soildesk.kit.keyset import model_field

CRS = "_crs"
DRAWN_UP_TO = 2_000
"""Corners of the ground that stands, up to which it is handed to the page to be drawn on."""
WANTED: Mapping[str, Any] = {
    "polygon": gettext_lazy("图形种类不对：这里要的是面。"),
    "line": gettext_lazy("图形种类不对：这里要的是线。"),
    "point": gettext_lazy("图形种类不对：这里要的是一个点，如“116.35, 39.91”。"),
}
YES_NO = [("", "—"), ("1", gettext_lazy("是")), ("0", gettext_lazy("否"))]


def widget(entry: Entry, choices: Sequence[tuple[str, Any]]) -> forms.Widget:
    """What an entry is typed into."""
    if entry.kind == "geometry":
        return forms.Textarea(attrs={"rows": 6, "class": "geometry", "spellcheck": "false"})
    if entry.kind == "lines":
        return forms.Textarea(attrs={"rows": 4, "maxlength": entry.longest})
    if entry.kind == "yes_no":
        return forms.Select(choices=YES_NO)
    if choices:
        return forms.Select(choices=[("", "—"), *((str(value), label) for value, label in choices)])
    if entry.kind == "date":
        return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    if entry.kind in ("integer", "decimal"):
        return forms.TextInput(attrs={"inputmode": "decimal", "class": "numeric"})
    return forms.TextInput(attrs={"maxlength": entry.longest})


class EntryField(forms.Field):
    """One entry; what a cell of a file may say, a box may say too."""

    def __init__(self, entry: Entry, choices: Sequence[tuple[str, Any]], *, required: bool) -> None:
        super().__init__(label=entry.heading, help_text=entry.note, required=required, widget=widget(entry, choices))
        self.entry, self.offered = entry, choices

    def clean(self, value: Any) -> Any:
        """The value as the room's act takes it."""
        text = (value or "").strip()
        if not text:
            if self.required:
                raise ValidationError(_("请填写%(title)s。") % {"title": self.entry.title})
            return nothing(self.entry)
        try:
            return text if self.entry.kind == "geometry" else values.clean(self.entry, text, self.offered)
        except values.BadValue as bad:
            raise ValidationError(_("“%(value)s”：%(why)s") % {"value": text[:40], "why": bad}) from bad


class EntryForm(forms.Form):
    """The entries of a register, the reason, and the day from which it counts."""

    _since = forms.DateField(
        label=gettext_lazy("从哪一天起算"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        required=False,
    )
    _correction = forms.BooleanField(label=gettext_lazy("这是更正：原来就登记错了，从头算起"), required=False)
    _why = forms.CharField(
        label=gettext_lazy("原因或依据"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("写文号或事由，留在变动历史里。"),
    )

    def __init__(
        self, entries: Entries, row: Mapping[str, Any] | None, data: Any = None, first: Mapping[str, Any] | None = None
    ) -> None:
        """`first`: what a new row begins with."""
        self.entries, self.row = entries, row
        self.read_as: list[str] = []
        """How ground was read where that is not what was written."""
        super().__init__(data, initial=self._standing(row) | dict(first or {}))
        own = dict(self.fields)
        self.fields.clear()
        for entry in entries.all:
            required = entry.required and not (row is not None and entry.kind == "geometry")
            self.fields[entry.key] = EntryField(entry, entries.choices(entry), required=required)
            if entry.kind == "geometry":
                self.fields[CRS] = _crs_field()
        self.fields |= own if entries.writing.dated else {"_why": own["_why"]}
        if "_since" in self.fields:
            self.fields["_since"].required = not (data and data.get("_correction"))
        if row is None:
            self.fields.pop("_correction", None)
            self.fields["_why"].required = False

    def _standing(self, row: Mapping[str, Any] | None) -> dict[str, Any]:
        today = {"_since": self.entries.actor.today}
        if row is None:
            return today
        plain = [entry for entry in self.entries.all if entry.kind != "geometry"]
        return today | {entry.key: as_text(row.get(entry.path)) for entry in plain}

    def clean(self) -> dict[str, Any]:
        """Ground is read with the system the person names."""
        cleaned = super().clean() or {}
        for entry in self.entries.all:
            if entry.kind == "geometry" and cleaned.get(entry.key):
                self._read_ground(entry, cleaned)
        return cleaned

    def _read_ground(self, entry: Entry, cleaned: dict[str, Any]) -> None:
        seen = self.entries.seen
        shape = seen.declared.ground.shape if seen.declared.ground else "polygon"
        try:
            found = pasted.ground(cleaned[entry.key], cleaned.get(CRS, ""), shape, tell=self.read_as.append)
            field: Any = model_field(seen.queryset().model, entry.path)
            cleaned[entry.key] = field.of_kind(found)
        except (Refusal, ValueError) as error:
            told = str(error) if isinstance(error, Refusal) else str(WANTED.get(shape, WANTED["polygon"]))
            self.add_error(entry.key, told)

    def said(self) -> dict[str, Any]:
        """The values by entry; ground that was left empty on a row that stands is left as it is."""
        found = {entry.key: self.cleaned_data[entry.key] for entry in self.entries.all}
        standing = self.row is not None
        kept = [entry.key for entry in self.entries.all if entry.kind == "geometry" and standing]
        return {key: value for key, value in found.items() if not (key in kept and not value)}

    def change(self) -> Change:
        """What is asked to be written: of a row that stands only what differs."""
        said = self.said()
        if self.row is not None:
            said = self.entries.changed(said, self.row)
        else:
            said = {key: value for key, value in said.items() if value not in (None, "")}
        return Change(said, self.cleaned_data["_why"], self._from())

    def _from(self) -> date | None:
        if not self.entries.writing.dated or self.cleaned_data.get("_correction"):
            return None
        since: date = self.cleaned_data["_since"]
        return since

    def boxes(self) -> list[tuple[Any, Entry]]:
        """The fields of entries, bound, each with its entry."""
        return [(self[entry.key], entry) for entry in self.entries.all]

    def crs_box(self) -> Any:
        """The field that names the system of pasted coordinates."""
        return self[CRS]

    def about_writing(self) -> list[Any]:
        """The fields that say from when and why."""
        return [self[name] for name in ("_since", "_correction", "_why") if name in self.fields]

    def drawn(self) -> str:
        """The ground that stands, to be drawn on; empty where there is none or it is too large for a page."""
        entry = next((entry for entry in self.entries.all if entry.kind == "geometry"), None)
        shape = self.row.get(entry.path) if entry and self.row else None
        if shape is None or shapely.get_num_coordinates(shape) > DRAWN_UP_TO:
            return ""
        return str(shapely.to_geojson(shape))


def _crs_field() -> forms.Field:
    return forms.CharField(
        label=gettext_lazy("坐标系"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"list": "known-crs", "placeholder": "CGCS2000"}),
        help_text=gettext_lazy("经纬度不用填；平面坐标写明，如 EPSG:4527 或“CGCS2000 3度带 39带”。"),
    )
