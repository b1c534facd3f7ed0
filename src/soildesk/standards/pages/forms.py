"""The form of a judgement: a table, and the choices in the user's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.standards import choices
from soildesk.standards.services.judgement import ENDINGS

if TYPE_CHECKING:
    from soildesk.core.models import Division

BY_SAMPLING, AS_IF = "sampling", "as_if"
UNITS = (("", _l("不补")), ("mg/kg", "mg/kg"), ("µg/kg", "µg/kg"), ("mg/L", "mg/L"), ("µg/L", "µg/L"))
Day = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _select(label: Any, offered: Sequence[tuple[str, Any]], empty: Any, hint: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", empty), *offered], required=False, help_text=hint)


class ChoicesForm(forms.Form):
    """By what to judge. A column of the table goes before a choice."""

    standard = _select(_l("执行标准"), choices.STANDARDS, _l("自动：按表中的用地、作物、用途判断"))
    land_class = _select(_l("用地类别"), choices.LAND_CLASS, _l("没有确定（按第一类判）"))
    land = _select(_l("用地类型"), choices.LAND, _l("以表中为准"))
    crop = forms.CharField(
        label=_l("作物"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"list": "crops", "autocomplete": "off", "placeholder": _l("以表中为准")}),
    )
    water_use = _select(_l("灌溉用途"), choices.WATER_USE, _l("以表中为准"))
    level = forms.ChoiceField(label=_l("水质类别"), choices=choices.LEVELS, initial="III", required=False)
    ph = forms.DecimalField(
        label=_l("没有 pH 的样品按"),
        required=False,
        min_value=0,
        max_value=14,
        help_text=_l("不填则这些样品按 pH 分档的项目无法判断。"),
        widget=forms.NumberInput(attrs={"step": "0.01", "inputmode": "decimal", "placeholder": _l("不补")}),
    )
    unit = _select(_l("没有单位的结果按"), UNITS[1:], UNITS[0][1])
    division = forms.TypedChoiceField(label=_l("地区"), coerce=int, help_text=_l("有地方标准的，一并适用。"))
    on = forms.DateField(label=_l("判定日期"), widget=Day)
    day_rule = forms.ChoiceField(
        label=_l("用哪一天的标准"),
        choices=[
            (BY_SAMPLING, _l("各样品采样那天的；没有采样日期的，判定日期的")),
            (AS_IF, _l("一律判定日期的（看换个日子会怎样）")),
        ],
        widget=forms.RadioSelect,
        initial=BY_SAMPLING,
    )

    def __init__(self, divisions: Sequence[Division], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._divisions = {row.pk: row for row in divisions}
        field: Any = self.fields["division"]
        field.choices = [(row.pk, row.name) for row in divisions]
        if divisions:
            field.initial = divisions[0].pk

    @property
    def place(self) -> Division:
        """Where the results belong; only after `is_valid`."""
        return self._divisions[self.cleaned_data["division"]]

    @property
    def chosen(self) -> dict[str, str]:
        """The choices as they are kept; those the standard does not ask for are left out. Only after `is_valid`."""
        data = dict(self.cleaned_data)
        for name, standards in choices.ASKED_BY.items():
            if data.get("standard", "") not in standards:
                data[name] = ""
        if data.pop("day_rule") == AS_IF:
            data["as_if_on"] = data["on"]
        data["division"] = self.place.code
        return choices.kept({name: data.get(name) for name in choices.TITLES})


class TableForm(ChoicesForm):
    """A pasted table or a file, and by what to judge it."""

    text = forms.CharField(
        label=_l("粘贴检测结果"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "wrap": "off"}),
    )
    file = forms.FileField(
        label=_l("检测结果文件"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(f".{one}" for one in ENDINGS)}),
    )

    def clean(self) -> dict[str, Any]:
        """There is a table."""
        data = super().clean() or {}
        if not self.errors and not data.get("file") and not (data.get("text") or "").strip():
            raise forms.ValidationError(_("还没有检测结果：请从 Excel 复制表格后粘贴，或选择一个文件。"))
        return data

    def table(self) -> tuple[bytes, str]:
        """Bytes and name; a file counts before pasted text. Only after `is_valid`."""
        file = self.cleaned_data["file"]
        if file:
            return file.read(), file.name
        return self.cleaned_data["text"].encode("utf-8"), _("粘贴的表.txt")


def initial_of(kept: Mapping[str, str], division_pk: int, on: date) -> dict[str, Any]:
    """What a form of choices starts with, from choices as they were kept."""
    found: dict[str, Any] = {name: kept[name] for name in choices.TITLES if name in kept}
    as_if = kept.get("as_if_on")
    return {**found, "on": kept.get("on") or on, "division": division_pk, "day_rule": AS_IF if as_if else BY_SAMPLING}
