"""What the pages of letters ask for; the services decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from soildesk.land.pages.forms import Day
from soildesk.monitoring.pages.forms_alerts import FilesField

WORDS = forms.Textarea(attrs={"rows": 4})
SHORT = forms.Textarea(attrs={"rows": 2})
FILES = _("可以多选。")
Units = Sequence[tuple[Any, Any]]


class LetterForm(forms.Form):
    """The letter without its matters."""

    title = forms.CharField(label=_("标题"), max_length=200)
    units = forms.MultipleChoiceField(label=_("主送单位"), widget=forms.CheckboxSelectMultiple)
    lead = forms.CharField(label=_("正文"), widget=WORDS, required=False)
    ending = forms.CharField(label=_("要求"), widget=SHORT, required=False)
    answer_by = forms.DateField(
        label=_("答复时限"), widget=Day, required=False, help_text=_("填写后主送单位要在这一天前答复，列入“今日”。")
    )
    talk_on = forms.DateField(label=_("约谈日期"), widget=Day, required=False)
    talk_where = forms.CharField(label=_("约谈地点"), max_length=120, required=False)
    copies = forms.MultipleChoiceField(
        label=_("抄送单位"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("抄送的只告知，不需要答复。"),
    )

    def __init__(self, *args: Any, units: Units = (), all_units: Units = (), kind: Any = None, **said: Any) -> None:
        super().__init__(*args, **said)
        self.fields["units"].choices = [(str(key), label) for key, label in units]  # type: ignore[attr-defined]
        self.fields["copies"].choices = [(str(key), label) for key, label in all_units]  # type: ignore[attr-defined]
        if kind is not None:
            act, request = kind
            if act != "talk" or request:
                del self.fields["talk_on"], self.fields["talk_where"]
            if request:
                del self.fields["answer_by"]


class ItemForm(forms.Form):
    """One matter of a letter; an empty row is left out."""

    text = forms.CharField(label=_("事项"), max_length=500, widget=SHORT, required=False)
    unit = forms.ChoiceField(label=_("责任单位"), required=False)
    due = forms.DateField(label=_("时限"), widget=Day, required=False)
    basis = forms.CharField(label=_("依据"), max_length=200, required=False)
    url = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)

    def __init__(self, *args: Any, units: Units = (), **said: Any) -> None:
        super().__init__(*args, **said)
        self.fields["unit"].choices = [("", "—"), *((str(key), label) for key, label in units)]  # type: ignore[attr-defined]


Items = forms.formset_factory(ItemForm, extra=3, max_num=60, validate_max=True)


class AnswerForm(forms.Form):
    """What a unit says."""

    note = forms.CharField(label=_("办理情况"), max_length=1000, widget=WORDS)
    files = FilesField(label=_("附件"), required=False, help_text=FILES)


class OfUnitForm(AnswerForm):
    """The same, by the office for one of the units."""

    unit = forms.ChoiceField(label=_("答复单位"))

    def __init__(self, *args: Any, units: Units = (), **said: Any) -> None:
        super().__init__(*args, **said)
        self.fields["unit"].choices = [(str(key), label) for key, label in units]  # type: ignore[attr-defined]


class ReplyForm(forms.Form):
    """What the body said to a proposal."""

    agreed = forms.TypedChoiceField(
        label=_("批复"),
        choices=[("yes", _("同意")), ("no", _("不同意"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    document = forms.CharField(label=_("批复文号"), max_length=120, help_text=_("没有文号的写明批示人和日期。"))
    on = forms.DateField(label=_("批复日期"), widget=Day)
    note = forms.CharField(label=_("批复意见"), max_length=500, widget=SHORT, required=False)
    files = FilesField(label=_("批复文件"), required=False, help_text=FILES)


class CloseForm(forms.Form):
    """A word on the end."""

    note = forms.CharField(label=_("办结说明"), max_length=300, widget=SHORT, required=False)


class VoidForm(forms.Form):
    """Why a signed letter does not go out."""

    note = forms.CharField(label=_("作废理由"), max_length=300, widget=SHORT)


def item_rows(items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the rows of matters begin with."""
    return [
        {
            "text": one["text"],
            "unit": str(one["unit"] or ""),
            "due": one["due"],
            "basis": one["basis"],
            "url": one["url"],
        }
        for one in items
    ]


def own_address(url: str) -> str:
    """An address of the desk itself; anything else is dropped."""
    return url if url.startswith("/") and not url.startswith("//") and "\\" not in url else ""
