"""What acts on grain ask for; the services decide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from soildesk.farmland.grainwords import CONTENT_WORDS
from soildesk.farmland.models import Disposal, GrainNotice, LotPayment
from soildesk.land.pages.forms import Day

Long = forms.Textarea(attrs={"rows": 3})


class ActForm(forms.Form):
    """An act of an office; where the place has no such office, another names the paper by which it stands in."""

    def __init__(self, *args: Any, lacks: bool = False, **said: Any) -> None:
        super().__init__(*args, **said)
        if lacks:
            self.fields["stands_in"] = forms.CharField(
                label=_("代办依据"), max_length=200,
                help_text=_("本地没有登记主管部门：写明由本单位代办所依据的文件。"),
            )  # fmt: skip


class LockForm(ActForm):
    """The ground that is locked."""

    on = forms.DateField(label=_("锁定日期"), widget=Day)
    document = forms.CharField(label=_("锁定依据"), max_length=200, help_text=_("文号、通知或者检测报告编号。"))
    area_mu = forms.DecimalField(label=_("锁定面积（亩）"), max_digits=12, decimal_places=2, min_value=0)
    units = forms.CharField(
        label=_("一并锁定的其他单元"), max_length=500, required=False,
        help_text=_("单元编号、外部代码或名称，几个之间用“、”分开；只锁定超标单元的留空。"),
    )  # fmt: skip
    year = forms.IntegerField(label=_("收获年度"), min_value=2000, max_value=2100)
    note = forms.CharField(label=_("备注"), max_length=300, required=False)


class FollowForm(LockForm):
    """Ground whose grain is followed without a lock."""

    crop = forms.CharField(label=_("作物"), max_length=80)
    on = forms.DateField(label=_("登记日期"), widget=Day)
    document = forms.CharField(label=_("跟踪缘由"), max_length=200, required=False)
    area_mu = forms.DecimalField(label=_("面积（亩）"), max_digits=12, decimal_places=2, min_value=0)
    units = forms.CharField(
        label=_("评价单元"), max_length=500, help_text=_("单元编号、外部代码或名称，几个之间用“、”分开。")
    )
    field_order = ["units", "crop", "year", "area_mu", "on", "document", "note"]


class DismissForm(ActForm):
    """Why ground is not locked."""

    why = forms.CharField(
        label=_("不锁定的理由"),
        max_length=300,
        widget=Long,
        help_text=_("例如：复检合格的报告编号；该单元当季不作口粮。"),
    )


class HarvestForm(forms.Form):
    """What was harvested."""

    tonnes = forms.DecimalField(label=_("产量（吨）"), max_digits=12, decimal_places=3, min_value=0)
    on = forms.DateField(label=_("收获日期"), widget=Day)


class UnlockForm(ActForm):
    """The lifting of a lock."""

    on = forms.DateField(label=_("解除日期"), widget=Day)
    document = forms.CharField(label=_("解除依据"), max_length=200)
    why = forms.CharField(
        label=_("去向不明、混存粮食的处理"), max_length=300, required=False, widget=Long,
        help_text=_("有去向不明的粮食时必填：写明查找的经过和结论。没有单收单储的也必填：写明与哪些粮食混存、整仓怎样处置。其他情形留空。"),
    )  # fmt: skip


class ResultForm(ActForm):
    """The result of a sample taken before."""

    result_on = forms.DateField(label=_("报告日期"), widget=Day)
    laboratory = forms.CharField(label=_("检测机构"), max_length=160, required=False)
    report_number = forms.CharField(label=_("报告编号"), max_length=120, required=False)

    def __init__(self, *args: Any, **said: Any) -> None:
        super().__init__(*args, **said)
        for key, (title, _example) in CONTENT_WORDS.items():
            self.fields[key] = forms.CharField(
                label=f"{title}（mg/kg）",
                max_length=40,
                required=False,
                help_text=_("照报告填写，如 0.12、<0.01、未检出。"),
            )

    @property
    def contents(self) -> dict[str, str]:
        """The contents that were filled in."""
        return {key: text for key in CONTENT_WORDS if (text := self.cleaned_data.get(key, "").strip())}


class KeepForm(forms.Form):
    """What a household keeps."""

    tonnes = forms.DecimalField(
        label=_("自留口粮（吨）"), max_digits=12, decimal_places=3, min_value=0, help_text=_("没有自留的填 0。")
    )
    on = forms.DateField(label=_("登记日期"), widget=Day)


class DisposeForm(ActForm):
    """What became of tonnes."""

    kind = forms.ChoiceField(label=_("处置方式"), choices=Disposal.Kind.choices)
    tonnes = forms.DecimalField(label=_("数量（吨）"), max_digits=12, decimal_places=3, min_value=0)
    on = forms.DateField(label=_("日期"), widget=Day)
    to = forms.CharField(label=_("接收单位"), max_length=160, required=False, help_text=_("定向销售和无害化处置必填。"))
    document = forms.CharField(label=_("凭证编号"), max_length=120)
    test = forms.ChoiceField(label=_("复检样品"), required=False, help_text=_("复检合格的，选择本批次的实验室检测。"))
    note = forms.CharField(label=_("备注"), max_length=300, required=False)

    def __init__(self, *args: Any, tests: Iterable[Any] = (), of_household: bool = False, **said: Any) -> None:
        super().__init__(*args, **said)
        named = [(str(one.uid), f"{one.number} {one.sampled_on}") for one in tests]
        self.fields["test"].choices = [("", _("不选")), *named]  # type: ignore[attr-defined]
        if not of_household:
            kept = [one for one in Disposal.Kind.choices if one[0] != Disposal.Kind.REPLACED]
            self.fields["kind"].choices = kept  # type: ignore[attr-defined]


class PayForm(ActForm):
    """Money that was paid."""

    purpose = forms.ChoiceField(label=_("用途"), choices=LotPayment.Purpose.choices)
    yuan = forms.DecimalField(label=_("金额（元）"), max_digits=14, decimal_places=2, min_value=0)
    on = forms.DateField(label=_("支付日期"), widget=Day)
    payee = forms.CharField(label=_("收款单位"), max_length=160)
    document = forms.CharField(label=_("凭证编号"), max_length=120)
    note = forms.CharField(label=_("备注"), max_length=300, required=False)


class NoticeForm(ActForm):
    """A notice."""

    kind = forms.ChoiceField(label=_("类型"), choices=GrainNotice.Kind.choices)
    to = forms.ChoiceField(label=_("收文单位"))
    on = forms.DateField(label=_("发出日期"), widget=Day)
    due = forms.DateField(
        label=_("答复时限"), widget=Day, required=False, help_text=_("填写后列入收文单位的待办；不要求答复的留空。")
    )
    text = forms.CharField(label=_("内容"), max_length=1000, widget=forms.Textarea(attrs={"rows": 6}))
    field_order = ["kind", "to", "on", "due", "text", "stands_in"]

    def __init__(self, *args: Any, offices: Iterable[tuple[str, str]] = (), **said: Any) -> None:
        super().__init__(*args, **said)
        self.fields["to"].choices = list(offices)  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """An answer."""

    text = forms.CharField(label=_("答复内容"), max_length=1000, widget=forms.Textarea(attrs={"rows": 5}))
    on = forms.DateField(label=_("答复日期"), widget=Day)


class WhyForm(forms.Form):
    """Why something is taken back."""

    why = forms.CharField(label=_("撤销的原因"), max_length=300, widget=Long)


class FileForm(forms.Form):
    """A paper."""

    file = forms.FileField(label=_("文件"), help_text=_("过磅单、合同、处置证明、检测报告或者照片。"))
