"""The forms of a report: what came in, its data, an opinion, what follows. They ask; the services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.enterprises.sentences import language
from soildesk.land import landuse
from soildesk.land.pages.forms import Day, GroundField
from soildesk.plots.eventforms import UNKNOWN, YES_NO
from soildesk.plots.models import Opinion, PlotVersion, Report
from soildesk.plots.reportfields import SURVEYS, shown, typed_fields, values_of
from soildesk.plots.words import level_name
from soilrules.enterprises.lists import Level
from soilrules.plots.lists import list_data
from soilrules.plots.reports import Field, FieldKind

BRANCH = "branch"
LONG = frozenset(
    {"affects", "risks", "targets", "measures", "monitoring_plan", "emergency_measures", "scope_and_targets",
     "route_and_parameters", "secondary_pollution", "works_overview", "measures_taken", "monitoring_results",
     "follow_up", "use_limits", "pollution_source", "control_targets", "control_area"}
)  # fmt: skip
STATISTICS = [*UNKNOWN, ("passed", _l("通过")), ("failed", _l("不通过"))]
COVERS = [("plot", _l("整个地块")), ("ground", _l("下面给出的范围")), ("none", _l("报告没有写明范围"))]
MEDIA = [("soil", _l("土壤")), ("groundwater", _l("地下水"))]
DECLARED = [("", _l("没有声明")), ("0", _l("声明没有利害关系")), ("1", _l("声明有利害关系"))]


class ReportForm(GroundField):
    """A report of a kind: what it is, and the contents that are read. The rest stays in the file."""

    title = forms.CharField(label=_l("报告名称"), max_length=200)
    author = forms.CharField(label=_l("编制单位"), max_length=160)
    author_code = forms.CharField(
        label=_l("编制单位统一社会信用代码"),
        max_length=40,
        help_text=_l("用于核对编制、施工、效果评估单位是否互相独立"),
    )
    client = forms.CharField(label=_l("委托单位"), max_length=160, required=False)
    credit_record = forms.CharField(label=_l("信用系统业绩登记号"), max_length=80, required=False)
    finished_on = forms.DateField(label=_l("编制完成日期"), widget=Day)
    use_system = forms.ChoiceField(label=_l("用地分类标准"), choices=[("", "—"), *landuse.SYSTEMS], required=False)
    use_planned = forms.CharField(
        label=_l("评价所依据的规划用途"), max_length=20, required=False, help_text=_l("代码，照报告填写，如 R2、0701")
    )
    covering = forms.ChoiceField(
        label=_l("报告范围"),
        choices=COVERS,
        initial="plot",
        help_text=_l("调查结论只对报告范围有效；与地块不一致的，请给出范围"),
    )
    paper = forms.FileField(label=_l("报告文件"), required=False, help_text=_l("可在提交前继续上传附件"))

    def __init__(self, *args: Any, kind: str, held: Report | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        kept = values_of(held) if held else {}
        for one in typed_fields(kind):
            self.fields[one.key] = _box(one)
            value = kept.get(one.key)
            self.initial.setdefault(one.key, {True: "1", False: "0"}[value] if isinstance(value, bool) else value)
        first = [
            "title",
            "author",
            "author_code",
            "client",
            "credit_record",
            "finished_on",
            "use_system",
            "use_planned",
        ]
        self.order_fields(
            [*first, *(one.key for one in typed_fields(kind)), "covering", "ground", "crs", "file", "paper"]
        )
        self.fields["file"].label = _("或上传范围文件")

    def facts(self, version: PlotVersion) -> dict[str, Any]:
        """What was typed, as the service takes it."""
        said = self.cleaned_data
        columns = (
            "title",
            "author",
            "author_code",
            "client",
            "credit_record",
            "finished_on",
            "use_system",
            "use_planned",
        )
        return {
            **{name: said[name] for name in columns},
            "covers": self._covers(version),
            "contents": {one.key: said.get(one.key) for one in typed_fields(self.kind)},
        }

    def _covers(self, version: PlotVersion) -> Any:
        if self.cleaned_data["covering"] == "plot":
            return version.geometry
        return self.given() if self.cleaned_data["covering"] == "ground" else None

    def clean(self) -> dict[str, Any]:
        """Ground is given where it is said to be."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("covering") == "ground" and not said.get("ground", "").strip() and not said.get("file"):
            raise ValidationError({"ground": _("选择了“下面给出的范围”，但没有给出：请粘贴坐标或上传文件。")})
        return said


def _box(field: Field) -> forms.Field:
    label = field.name(language())
    if field.kind is FieldKind.FLAG:
        return forms.ChoiceField(label=label, choices=YES_NO, required=False)
    if field.values:
        choices = [*UNKNOWN, *((one, shown(field, one)) for one in field.values)]
        return forms.ChoiceField(label=label, choices=choices, required=False)
    if field.kind is FieldKind.DAY:
        return forms.DateField(label=label, widget=Day, required=False)
    if field.kind is FieldKind.NUMBER:
        return forms.DecimalField(label=label, required=False, min_value=0)
    widget = forms.Textarea(attrs={"rows": 2}) if field.key in LONG else forms.TextInput()
    return forms.CharField(label=label, required=False, max_length=2000, widget=widget)


class SentForm(forms.Form):
    """The day a report came in."""

    on = forms.DateField(label=_l("收到日期"), widget=Day)


class NoteForm(forms.Form):
    """What is said beside it."""

    note = forms.CharField(label=_l("意见"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(forms.Form):
    """Why something is returned or taken back."""

    why = forms.CharField(label=_l("原因"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))


class FileForm(forms.Form):
    """One more file."""

    file = forms.FileField(label=_l("文件"))


class DataForm(forms.Form):
    """The batches a report rests on, and why conclusion or points differ."""

    batches = forms.MultipleChoiceField(
        label=_l("检测批次"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_l("地块范围内已接收的批次"),
    )
    numbers = forms.CharField(
        label=_l("其他批次编号"),
        required=False,
        max_length=400,
        help_text=_l("不在上面的，填写批次编号；几个之间用“、”分开"),
    )
    groundwater_class = forms.ChoiceField(
        label=_l("地下水评价标准"), choices=[("", _l("报告没有写明")), *Report.Groundwater.choices], required=False,
        help_text=_l("照报告选择；自定目标值的，另在报告页面逐项登记目标值"),
    )  # fmt: skip
    explained = forms.CharField(
        label=_l("结论差异说明"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_l("报告结论、统计数值与系统计算不一致时必须说明，如区域背景值、异常值处理"),
    )  # fmt: skip
    groundwater_explained = forms.CharField(
        label=_l("地下水差异说明"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_l("报告对地下水的结论与系统评价不一致时必须说明"),
    )  # fmt: skip
    density_explained = forms.CharField(
        label=_l("布点数量说明"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_l("布点少于规定数量时必须说明，并经评审认可"),
    )  # fmt: skip

    def __init__(self, *args: Any, near: list[Any], kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind not in SURVEYS:
            for name in ("groundwater_class", "groundwater_explained", "density_explained"):
                del self.fields[name]
        self.fields["batches"].choices = [  # type: ignore[attr-defined]
            (
                one.number,
                _("%(number)s %(task)s（%(laboratory)s，%(n)d 个结果）")
                % {
                    "number": one.number,
                    "task": one.campaign.title,
                    "laboratory": one.laboratory,
                    "n": one.rows or 0,
                },
            )
            for one in near
        ]
        if not near:
            self.fields["batches"].help_text = _("地块范围内还没有已接收的检测批次。")


class TargetForm(forms.Form):
    """One target value of a report, and the numbers the report gives of it."""

    medium = forms.ChoiceField(label=_l("介质"), choices=MEDIA)
    analyte = forms.CharField(label=_l("项目"), max_length=80, help_text=_l("名称或 CAS 号，如 砷、苯并[a]芘"))
    area = forms.CharField(
        label=_l("评价单元"), max_length=80, required=False, help_text=_l("如 1 号基坑坑底；整个地块一起评价的留空")
    )
    target = forms.DecimalField(label=_l("目标值"), min_value=0)
    unit = forms.CharField(label=_l("单位"), max_length=20, initial="mg/kg")
    n = forms.IntegerField(label=_l("样品数（报告）"), min_value=1, required=False)
    mean = forms.DecimalField(label=_l("均值（报告）"), min_value=0, required=False)
    ucl95 = forms.DecimalField(label=_l("均值 95% 置信上限（报告）"), min_value=0, required=False)
    maximum = forms.DecimalField(label=_l("最大值（报告）"), min_value=0, required=False)
    above = forms.DecimalField(
        label=_l("超过目标值的比例（%，报告）"), min_value=0, max_value=100, required=False,
        help_text=_l("报告没有给出的数值留空，不作比较"),
    )  # fmt: skip
    points = forms.CharField(
        label=_l("只算这些点位或样品"), max_length=1000, required=False,
        help_text=_l("填编号，几个之间用“、”分开；留空为关联批次中该项目的全部结果"),
    )  # fmt: skip


class GroundForm(forms.Form):
    """Why a report may pass though an expert said it should not."""

    opinion = forms.ChoiceField(label=_l("专家意见"))
    ground = forms.CharField(
        label=_l("仍然通过的理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_l("以您的姓名写入评审经过，不能撤销"),
    )  # fmt: skip
    document = forms.CharField(label=_l("依据文号"), max_length=120, required=False)

    def __init__(self, *args: Any, opinions: list[Opinion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opinion"].choices = [  # type: ignore[attr-defined]
            (str(one.pk), f"{one.expert}（{one.get_verdict_display()}）{one.text[:60]}") for one in opinions
        ]


class OpinionForm(forms.Form):
    """The opinion of the own department, or of another office on paper."""

    whose = forms.ChoiceField(label=_l("谁的意见"))
    authority = forms.CharField(
        label=_l("来文机关"), max_length=120, required=False, help_text=_l("代录书面意见时填写")
    )
    level = forms.ChoiceField(label=_l("机关层级"), required=False)
    document = forms.CharField(label=_l("文号"), max_length=120, required=False)
    verdict = forms.ChoiceField(label=_l("意见"), choices=Opinion.Verdict.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_l("具体意见"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    dissent = forms.BooleanField(
        label=_l("记为不同意见"), required=False, help_text=_l("与多数意见不同、要求保留的，勾选")
    )
    on = forms.DateField(label=_l("日期"), widget=Day)
    paper = forms.FileField(label=_l("意见文件"), required=False)

    def __init__(self, *args: Any, own: str, own_name: str, may_paper: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sides = [
            (one, _("代录：%(side)s的书面意见") % {"side": one.label})
            for one in (Opinion.Side.ECOLOGY, Opinion.Side.RESOURCES)
        ]
        mine = [("own", _("本单位（%(name)s）") % {"name": own_name})] if own else []
        self.fields["whose"].choices = [*mine, *(sides if may_paper or not mine else [])]  # type: ignore[attr-defined]
        levels = [("", "—"), *((str(one), level_name(one)) for one in Level if one is not Level.MINISTRY)]
        branches = [to for level, to in list_data().acting_for if level is Level.COUNTY]
        levels += [(BRANCH, _("分局（以%(level)s机关名义）") % {"level": level_name(one)}) for one in branches]
        self.fields["level"].choices = levels  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Paper needs its office and number."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("whose") != "own":
            for name, title in (("authority", _("来文机关")), ("level", _("机关层级")), ("document", _("文号"))):
                if not said.get(name):
                    self.add_error(name, _("代录书面意见要填写%(what)s：请照来文填写。") % {"what": title})
        return said


class ExpertOpinionForm(forms.Form):
    """The opinion of an expert."""

    expert = forms.ChoiceField(label=_l("专家"))
    declared = forms.ChoiceField(label=_l("利害关系声明"), choices=DECLARED, required=False)
    interest = forms.CharField(label=_l("声明内容"), max_length=300, required=False)
    verdict = forms.ChoiceField(label=_l("意见"), choices=Opinion.Verdict.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_l("具体意见"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    dissent = forms.BooleanField(label=_l("记为不同意见"), required=False)
    on = forms.DateField(label=_l("日期"), widget=Day)

    def __init__(self, *args: Any, experts: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expert"].choices = [  # type: ignore[attr-defined]
            (str(one.uid), f"{one.name}（{one.employer}）") for one in experts
        ]


class AcceptForm(forms.Form):
    """Passing a report, or filing a plan."""

    on = forms.DateField(label=_l("评审通过（备案）日期"), widget=Day)
    filed_on = forms.DateField(label=_l("备案日期"), widget=Day, required=False)
    document = forms.CharField(
        label=_l("评审意见文号"), max_length=120, required=False, help_text=_l("不填则为生态环境部门意见的文号")
    )
    statistics = forms.ChoiceField(
        label=_l("统计检验"),
        choices=STATISTICS,
        required=False,
        help_text=_l("效果评估按统计方法判断是否达到修复目标的结果"),
    )
    note = forms.CharField(label=_l("说明"), max_length=500, required=False)
    paper = forms.FileField(label=_l("评审意见文件"), required=False)


class PublishForm(forms.Form):
    """A report made public."""

    since = forms.DateField(label=_l("公开日期"), widget=Day)
    until = forms.DateField(label=_l("公开截止"), widget=Day, required=False, help_text=_l("仍在公开的留空"))
    address = forms.CharField(label=_l("公开网址或地点"), max_length=300)


class ReceiptForm(forms.Form):
    """The receipt of the national system."""

    receipt = forms.CharField(label=_l("全国系统回执号"), max_length=80)
    on = forms.DateField(label=_l("上传日期"), widget=Day)


class DrawForm(forms.Form):
    """A lot."""

    year = forms.IntegerField(
        label=_l("年度"), min_value=2017, max_value=2100, help_text=_l("从当年评审通过的报告中抽取")
    )
    percent = forms.DecimalField(label=_l("抽取比例（%）"), min_value=1, max_value=100, decimal_places=1)
    seed = forms.CharField(
        label=_l("随机种子"), max_length=80, help_text=_l("事先约定、事后可查的公开文字，例如某一期彩票的开奖号码")
    )
