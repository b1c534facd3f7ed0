"""Forms of the review screen: small, in the user's words, with the sentence beside the field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from soildesk.plans.models import Plan, StandingOrder
from soildesk.plans.pages.wording import ROLES
from soildesk.plans.services.review import Correction, Standing
from soildesk.plans.services.whole_plan import PlanHead
from soilrules.plantext.draft import Role

DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
ROLE_CHOICES = list(ROLES.items())


class HeadForm(forms.Form):
    """The head of a plan."""

    title = forms.CharField(label=_("名称"), max_length=200)
    issuer = forms.CharField(label=_("发文机关"), max_length=400, required=False)
    doc_number = forms.CharField(label=_("文号"), max_length=80, required=False)
    issued_on = forms.DateField(label=_("发文日期"), required=False, widget=DATE)
    region = forms.CharField(label=_("适用区域"), max_length=80, required=False)
    year = forms.IntegerField(
        label=_("年度"),
        required=False,
        min_value=1990,
        max_value=2100,
        help_text=_("改年度后，未审核任务中“年底前”一类的时限按新年度重新推算。"),
    )
    period_start = forms.DateField(label=_("执行期起"), required=False, widget=DATE)
    period_end = forms.DateField(label=_("执行期止"), required=False, widget=DATE)

    @classmethod
    def of(cls, plan: Plan) -> HeadForm:
        """The form with the plan's present values."""
        return cls(initial={name: getattr(plan, name) for name in cls.base_fields})

    def head(self) -> PlanHead:
        """The values as the service takes them; only after `is_valid`."""
        return PlanHead(**self.cleaned_data)


class StandingForm(forms.Form):
    """This year's action of a task that fixes no day."""

    action = forms.CharField(label=_("今年做什么"), max_length=300, required=False)
    result_form = forms.CharField(label=_("成果形式"), max_length=120, required=False)
    person = forms.CharField(label=_("责任人"), max_length=40, required=False)
    rhythm = forms.ChoiceField(
        label=_("填报周期"), choices=StandingOrder.Rhythm.choices, initial=StandingOrder.Rhythm.QUARTER
    )

    @classmethod
    def of(cls, order: StandingOrder | None, read: StandingOrder.Rhythm) -> StandingForm:
        """The form with what was set; before that, with the rhythm read from the task."""
        set_before = {name: getattr(order, name) for name in cls.base_fields} if order else {"rhythm": read}
        return cls(initial=set_before)

    def standing(self) -> Standing:
        """The values as the service takes them; only after `is_valid`."""
        data: dict[str, Any] = dict(self.cleaned_data)
        data["rhythm"] = StandingOrder.Rhythm(data["rhythm"])
        return Standing(**data)


class CorrectionForm(forms.Form):
    """Words of a task; its units come as rows of name and role."""

    number = forms.CharField(label=_("序号"), max_length=40, required=False)
    title = forms.CharField(label=_("重点工作"), max_length=200, required=False)
    text = forms.CharField(label=_("目标任务"), required=False, widget=forms.Textarea(attrs={"rows": 6}))
    deadline_text = forms.CharField(label=_("完成时限"), max_length=200, required=False)

    def correction(self, names: list[str], roles: list[str]) -> Correction:
        """The values as the service takes them; rows without a name are left out."""
        known = {str(role) for role, _word in ROLE_CHOICES}
        units = [
            (name.strip(), Role(role))
            for name, role in zip(names, roles, strict=False)
            if name.strip() and role in known
        ]
        return Correction(**self.cleaned_data, units=units)


class AbolitionForm(forms.Form):
    """The paper that ends a plan before its time."""

    number = forms.CharField(label=_("废止文件的文号"), max_length=80)
    on = forms.DateField(label=_("废止日期"), widget=DATE, help_text=_("文件写明的失效之日；没有写明的填发文日期。"))
    why = forms.CharField(label=_("理由"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    paper = forms.FileField(label=_("废止文件"), help_text=_("Word、PDF 或图片，不超过 50 MB。"))
