"""Forms of classifications; they ask, the services decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.farmland.models import Classification, ClassOpinion, FarmlandClass
from soildesk.farmland.queries.proposals import MAJORITY, SEVERE
from soildesk.farmland.queries.whatif import Terms
from soildesk.land.pages.forms import Day
from soildesk.monitoring.markwords import mark_word
from soildesk.monitoring.queries.columns import campaigns_of
from soildesk.standards.refusals import language
from soilrules.farmland.rulesets import rulesets

SWITCHES = [
    (MAJORITY, _l("不采用多数点位：点位类别不一致的按最差点位")),
    (SEVERE, _l("土壤Ⅱ类且有农产品严重超标的，定为严格管控类（53号文该情形原文未见）")),
]
YES_NO = [("", _l("看不清")), ("yes", _l("相符")), ("no", _l("不相符"))]
SAID = {"": None, "yes": True, "no": False}


class Offering(forms.TextInput):
    """A box that offers what may stand in it; `offered` are values and what is said beside them."""

    offered: Sequence[tuple[str, str]] = ()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The box and its list."""
        box = super().render(name, value, {**(attrs or {}), "list": f"{name}-offered"}, renderer)
        options = format_html_join("", '<option value="{}">{}</option>', self.offered)
        return format_html('{}<datalist id="{}-offered">{}</datalist>', box, name, options)


class TermsForm(forms.Form):
    """By what units are put into classes."""

    ruleset = forms.ChoiceField(label=_l("规则集"))
    switches = forms.MultipleChoiceField(
        label=_l("规则开关"), choices=SWITCHES, required=False, widget=forms.CheckboxSelectMultiple
    )
    standards_on = forms.DateField(
        label=_l("按哪一天施行的标准"), widget=Day, required=False,
        help_text=_l("不填：每个样品按采样日施行的版本；填新标准施行后的日期，可看换标准的结果"),
    )  # fmt: skip
    local_limits = forms.BooleanField(label=_l("采用已登记的地方标准"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ruleset"].choices = [
            (key, f"{one.name(language())}（{mark_word(one.mark)}）") for key, one in rulesets().items()
        ]  # type: ignore[attr-defined]

    def terms(self) -> Terms:
        """What was chosen."""
        said = self.cleaned_data
        return Terms(said["ruleset"], tuple(sorted(said["switches"])), said["standards_on"], said["local_limits"])


class RoundsForm(TermsForm):
    """A classification that is opened."""

    title = forms.CharField(label=_l("名称"), max_length=160)
    why = forms.ChoiceField(label=_l("事由"), choices=Classification.Why.choices)
    on = forms.DateField(label=_l("评价基准日"), widget=Day, help_text=_l("按这一天登记的单元边界、利用方式和现行类别"))
    soil_rounds = forms.MultipleChoiceField(
        label=_l("土壤监测任务"), widget=forms.CheckboxSelectMultiple, help_text=_l("同一点位以最近一次采样为准")
    )
    produce_rounds = forms.MultipleChoiceField(
        label=_l("农产品监测任务"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_l("一个单元不足 3 个农产品点位的，不改变土壤评价的类别"),
    )  # fmt: skip
    stands_in = forms.CharField(
        label=_l("代为办理的依据"), max_length=200, required=False, help_text=_l("本地没有农业农村部门时填写")
    )
    field_order = (
        "title", "why", "on", "soil_rounds", "produce_rounds", "ruleset", "switches", "standards_on", "local_limits", "stands_in",
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rounds = {one.number: one for one in campaigns_of(actor)}
        for name, medium in (("soil_rounds", "soil"), ("produce_rounds", "produce")):
            choices = [(key, f"{one.title}（{key}）") for key, one in self.rounds.items() if medium in one.media]
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def chosen(self, name: str) -> list[Any]:
        """The campaigns chosen in a field."""
        return [self.rounds[key] for key in self.cleaned_data[name]]


class WhyForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_l("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class MaybeWhyForm(forms.Form):
    """Why, where it is asked for."""

    reason = forms.CharField(
        label=_l("不逐一核实的理由"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_l("还有单元没有外业核实的，必须填写"),
    )  # fmt: skip


class CheckForm(forms.Form):
    """What was found at a unit."""

    unit = forms.CharField(label=_l("单元"), max_length=120, help_text=_l("单元编号、外部代码或全名"), widget=Offering)
    on = forms.DateField(label=_l("核实日期"), widget=Day)
    fits = forms.ChoiceField(label=_l("边界"), choices=YES_NO, required=False)
    use_fits = forms.ChoiceField(label=_l("利用方式"), choices=YES_NO, required=False)
    found = forms.CharField(
        label=_l("发现"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_l("不相符或看不清的必须写明"),
    )  # fmt: skip
    photo = forms.FileField(label=_l("照片"), required=False)
    photo_2 = forms.FileField(label=_l("照片（第二张）"), required=False)

    def facts(self) -> dict[str, Any]:
        """What was said of the unit."""
        said = self.cleaned_data
        return {
            "on": said["on"],
            "fits": SAID[said["fits"]],
            "use_fits": SAID[said["use_fits"]],
            "found": said["found"],
        }

    def photos(self) -> dict[str, bytes]:
        """The photos by their names."""
        given = [self.cleaned_data[name] for name in ("photo", "photo_2") if self.cleaned_data[name]]
        return {one.name: one.read() for one in given}


class OpinionForm(forms.Form):
    """What an office says."""

    line = forms.ChoiceField(
        label=_l("会审单位"), choices=[("agriculture", _l("农业农村部门")), ("ecology", _l("生态环境部门"))]
    )
    verdict = forms.ChoiceField(label=_l("意见"), choices=ClassOpinion.Verdict.choices, widget=forms.RadioSelect)
    opinion = forms.CharField(
        label=_l("说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_l("退回修改的必须写明哪里要改"),
    )  # fmt: skip
    stands_in = forms.CharField(
        label=_l("代为办理的依据"), max_length=200, required=False, help_text=_l("本地没有该部门、由本单位代办时填写")
    )


class SettleForm(forms.Form):
    """The class a review settles on."""

    farmland_class = forms.ChoiceField(
        label=_l("会审类别"), choices=[("", _l("按计算的建议类别")), *FarmlandClass.choices], required=False
    )
    reason = forms.CharField(label=_l("会审理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class SendForm(forms.Form):
    """The letter to the province."""

    document = forms.CharField(label=_l("报送文号"), max_length=120)
    on = forms.DateField(label=_l("报送日期"), widget=Day)
    left_out_why = forms.CharField(
        label=_l("暂不报批单元的说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_l("有无法定类或者孤立Ⅲ类点位没有划出的单元时必须填写：怎样补充、何时再报"),
    )  # fmt: skip


class ApproveForm(forms.Form):
    """The province's approval: of what was sent as it was sent, or one that was imported."""

    decision = forms.ChoiceField(
        label=_l("批准文件"), required=False, help_text=_l("省里改动过清单的：先导入批准成果，再在这里选择该文件")
    )
    number = forms.CharField(label=_l("批准文号"), max_length=120, required=False)
    title = forms.CharField(label=_l("标题"), max_length=200, required=False)
    authority = forms.CharField(
        label=_l("批准机关"), max_length=120, required=False, help_text=_l("省级人民政府；照文件填写")
    )
    authority_why = forms.CharField(label=_l("机关核对说明"), max_length=300, required=False)
    decided_on = forms.DateField(label=_l("批准日期"), widget=Day, required=False)
    since = forms.DateField(label=_l("生效日期"), widget=Day, required=False, help_text=_l("不填：批准日期"))
    file = forms.FileField(label=_l("批准文件（扫描件）"), required=False)

    def __init__(self, *args: Any, decisions: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(str(one.uid), f"{one.number} {one.title}") for one in decisions]
        self.fields["decision"].choices = [("", _l("按报送的清单登记")), *known]  # type: ignore[attr-defined]
