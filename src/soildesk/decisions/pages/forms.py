"""Forms of the gate; they ask, the services decide."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.decisions.answershown import decider
from soildesk.decisions.services.national import National
from soildesk.kit.languages import called
from soildesk.land.landuse import SHORT, SYSTEMS
from soildesk.land.pages.forms import Day, GroundField
from soildesk.plots.words import LIST_CHOICES, Stage
from soilrules.gate.acts import acts
from soilrules.standards.uses import land_codes

UNKNOWN_YES_NO = [("", _l("不清楚")), ("yes", _l("是")), ("no", _l("否"))]
PLAN_STATES = [
    ("", _l("不清楚")),
    ("not_submitted", _l("规划尚未提交审议")),
    ("reviewed_not_approved", _l("规划已审议、未报批")),
    ("supply_approved", _l("供地方案已报批")),
]
TRANSFERS = [("", _l("不清楚")), ("to_come", _l("将要收回、转让")), ("not_involved", _l("不涉及")), ("done", _l("已经收回、转让"))]  # fmt: skip
SEVERAL = _l("上传的文件里有几个图层（或工作表）的，写要核查的那一个的名称")
WHERE = ("code", "ground", "crs", "file", "layer")
ALSO = ("plan_state", "transfer", "recalled_on", "works_begun", "pollutes", "food", "related")
"""What some acts and places ask besides; it stands folded."""


def _known(value: str) -> bool | None:
    return {"yes": True, "no": False}.get(value)


class AskForm(GroundField):
    """A question to the gate."""

    code = forms.CharField(
        label=_l("宗地代码或地块编号"), max_length=80, required=False,
        help_text=_l("已登记的宗地、地块填这一项就够了；没有登记的，在图上画出、粘贴坐标或上传文件"),
    )  # fmt: skip
    layer = forms.CharField(label=_l("文件中的图层"), max_length=120, required=False, help_text=SEVERAL)
    act = forms.ChoiceField(label=_l("办理事项"))
    use = forms.CharField(
        label=_l("规划用途"), max_length=40, widget=forms.TextInput(attrs={"list": "use-codes", "autocomplete": "off"}),
        help_text=_l("代码或名称，如 0701、R2、幼儿园用地；几种用途并存的用 / 分开"),
    )  # fmt: skip
    use_scheme = forms.ChoiceField(label=_l("用地分类标准"), choices=[("", _l("按代码判断")), *SYSTEMS], required=False)
    current_use = forms.CharField(
        label=_l("现状用途"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"list": "use-codes", "autocomplete": "off"}),
        help_text=_l("留空的，用登记的现状用途；没有登记、宗地与地块登记不一致的，不能判断用途是否改变"),
    )  # fmt: skip
    untouched = forms.BooleanField(label=_l("已到现场看过：调查报告之后没有使用、回填、倾倒"), required=False)
    on = forms.DateField(label=_l("按哪一天核查"), widget=Day)
    project = forms.CharField(label=_l("项目（地块）名称"), max_length=160, required=False)
    document = forms.CharField(label=_l("来文文号"), max_length=120, required=False)
    on_behalf_of = forms.CharField(
        label=_l("代何单位查询"), max_length=160, required=False, help_text=_l("没有账户的单位，由经办人代查")
    )
    plan_state = forms.ChoiceField(label=_l("规划、供地进展"), choices=PLAN_STATES, required=False)
    transfer = forms.ChoiceField(label=_l("土地使用权收回、转让"), choices=TRANSFERS, required=False)
    recalled_on = forms.DateField(label=_l("收回日期"), widget=Day, required=False)
    works_begun = forms.ChoiceField(label=_l("是否已经开工"), choices=UNKNOWN_YES_NO, required=False)
    pollutes = forms.ChoiceField(label=_l("项目是否可能造成土壤污染"), choices=UNKNOWN_YES_NO, required=False)
    food = forms.ChoiceField(label=_l("是否食品加工、储存"), choices=UNKNOWN_YES_NO, required=False)
    related = forms.BooleanField(label=_l("本项目就是风险管控或修复工程"), required=False)
    field_order = [
        *WHERE, "act", "use", "use_scheme", "current_use", "untouched", "on", "project",
        "document", "on_behalf_of", *ALSO,
    ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act"].choices = act_choices()
        self.fields["crs"].help_text = _("粘贴坐标、上传没有写明坐标系的文件时必填；在图上画的自动填 CGCS2000")
        self.fields["ground"].widget.attrs |= {
            "rows": 4,
            "placeholder": _("每行一个拐点；或 WKT、GeoJSON、拐点坐标文本"),
        }

    def asked(self) -> dict[str, Any]:
        """What is said of the question, besides its ground and its current use."""
        said = self.cleaned_data
        return {
            "plan_state": said["plan_state"] or None,
            "transfer": said["transfer"] or None,
            "recalled_on": said["recalled_on"],
            "related": said["related"],
            "untouched": True if said["untouched"] else None,
            **{name: _known(said[name]) for name in ("works_begun", "pollutes", "food")},
        }


class ProvinceForm(forms.Form):
    """What the national system said."""

    asked_on = forms.DateField(label=_l("查询日期"), widget=Day)
    person = forms.CharField(label=_l("查询人"), max_length=60)
    found = forms.ChoiceField(
        label=_l("系统中有没有这个地块"), choices=[("yes", _l("有")), ("no", _l("没有"))], widget=forms.RadioSelect
    )
    stage = forms.ChoiceField(
        label=_l("系统显示的阶段"), choices=[("", _l("没有显示")), *Stage.choices], required=False
    )
    lists = forms.MultipleChoiceField(
        label=_l("系统显示在哪些名单、名录内"), choices=LIST_CHOICES, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_l("都不在的，不选"),
    )  # fmt: skip
    restricted = forms.ChoiceField(
        label=_l("系统显示有没有限制"), choices=[("yes", _l("有")), ("no", _l("没有"))], required=False,
        widget=forms.RadioSelect, help_text=_l("系统中有这个地块的，这一项要选"),
    )  # fmt: skip
    result = forms.CharField(
        label=_l("查询结果"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_l("照系统显示的原文填写；与本系统登记的不一致时，两处并列，结论为“无法判断”"),
    )  # fmt: skip
    picture = forms.FileField(label=_l("查询截图"), required=False, help_text=_l("没有截图的，这一项仍是“无法判断”"))

    def said(self) -> National:
        """The same for the service."""
        held = self.cleaned_data
        upload = held["picture"]
        return National(
            held["asked_on"], held["person"], held["found"] == "yes", held["result"],
            (upload.name, upload.read()) if upload else None, held["stage"], tuple(held["lists"]), _known(held["restricted"]),
        )  # fmt: skip


class WrittenForm(forms.Form):
    """The written ground of a named person."""

    check_id = forms.ChoiceField(label=_l("哪一项条件"))
    person = forms.CharField(label=_l("决定人"), max_length=60, help_text=_l("作出决定的负责人姓名"))
    ground = forms.CharField(label=_l("理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 5}))
    document = forms.CharField(label=_l("文号"), max_length=120)
    on = forms.DateField(label=_l("文件日期"), widget=Day)
    file = forms.FileField(label=_l("文件"), required=False)

    def __init__(self, *args: Any, checks: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["check_id"].choices = checks


class AgainForm(forms.Form):
    """Why the same is asked anew."""

    why = forms.CharField(
        label=_l("重新核查的理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_l("对原结论有什么不同意见，或有什么新的材料；原核查保留不变"),
    )  # fmt: skip
    on = forms.DateField(label=_l("按哪一天核查"), widget=Day)
    untouched = forms.BooleanField(label=_l("已到现场看过：调查报告之后没有使用、回填、倾倒"), required=False)


@lru_cache(maxsize=1)
def use_codes() -> list[tuple[str, str]]:
    """Every land code with its name and classification, to be searched while it is typed."""
    return [(one.code, f"{one.zh}（{SHORT[one.scheme]}）") for one in land_codes() if one.scheme in SHORT]


def act_choices() -> list[tuple[str, str]]:
    """The acts with who decides them."""
    return [("", _("请选择")), *((one.id, f"{called(one)}（{decider(one)}）") for one in acts().values())]
