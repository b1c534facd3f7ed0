"""What the acts on a warning ask for; the services decide."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from soildesk.core import clock
from soildesk.land.pages.forms import Day

_WORDS = forms.Textarea(attrs={"rows": 4})
FARTHEST = timedelta(days=731)


class SeveralFiles(forms.ClearableFileInput):
    """A file field that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files in one field: Django's own field cleans a single one."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Every file cleaned; none is an empty list."""
        if not data:
            super().clean(None, initial)
            return []
        return [super(FilesField, self).clean(one, initial) for one in data]


class NoteForm(forms.Form):
    """A word on it."""

    note = forms.CharField(label=_("说明"), max_length=1000, widget=_WORDS)


class TakeForm(forms.Form):
    """Nothing has to be said to take a warning up."""

    note = forms.CharField(label=_("说明"), max_length=1000, widget=_WORDS, required=False)


class AssignForm(forms.Form):
    """Who disposes of it, who helps."""

    owner = forms.ChoiceField(label=_("处置单位"))
    supports = forms.MultipleChoiceField(
        label=_("配合单位"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("可以多选（按住 Ctrl）。"),
    )
    note = forms.CharField(label=_("理由"), max_length=500, required=False, help_text=_("改派时必填。"))

    def __init__(self, *args: Any, departments: Any = (), **said: Any) -> None:
        super().__init__(*args, **said)
        choices = [(str(key), label) for key, label in departments]
        self.fields["owner"].choices = [("", _("请选择")), *choices]  # type: ignore[attr-defined]
        self.fields["supports"].choices = choices  # type: ignore[attr-defined]


class MeasureForm(forms.Form):
    """What was done, with what proves it."""

    note = forms.CharField(label=_("处置措施"), max_length=1000, widget=_WORDS)
    files = FilesField(
        label=_("佐证材料"),
        required=False,
        help_text=_("检测报告、照片、处置记录，可以多选；申请销号前至少要有一份。"),
    )


class ExtendForm(forms.Form):
    """Another term and why."""

    due = forms.DateField(label=_("新时限"), widget=Day)
    note = forms.CharField(label=_("理由"), max_length=500, widget=_WORDS)

    def clean_due(self) -> date:
        """A term years away is a slip of the pen."""
        due: date = self.cleaned_data["due"]
        if due > clock.today() + FARTHEST:
            raise forms.ValidationError(gettext("新时限 %(due)s 离今天两年以上：请核对年份。") % {"due": due})
        return due


class MergeForm(forms.Form):
    """Into which warning and why."""

    into = forms.ChoiceField(label=_("并入哪一条"))
    note = forms.CharField(label=_("理由"), max_length=500, widget=_WORDS)

    def __init__(self, *args: Any, others: Any = (), **said: Any) -> None:
        super().__init__(*args, **said)
        self.fields["into"].choices = [(str(key), label) for key, label in others]  # type: ignore[attr-defined]
