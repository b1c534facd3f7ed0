"""What a firm fills in for each filing: only what a duty, a gate, a list or a measure reads. The report itself is attached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from soildesk.enterprises.models import Filing

K = Filing.Kind
EntryKind = Literal["text", "long", "day", "number", "count", "yes_no", "choice", "rows"]
Word = str | Promise


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing filled in. `past`: a day not after today; `must`: the answer has to be yes; `public`: shown after release."""

    name: str
    title: Word
    kind: EntryKind = "text"
    required: bool = True
    public: bool = False
    unit: str = ""
    note: Word = ""
    choices: Sequence[tuple[str, Word]] = ()
    columns: Sequence[Entry] = ()
    past: bool = False
    must: bool = False

    @property
    def heading(self) -> str:
        """The title with its unit."""
        return f"{self.title}（{self.unit}）" if self.unit else str(self.title)


@dataclass(frozen=True, slots=True)
class Form:
    """The form of one kind of filing.

    `yearly`: one a year, the period is the year of the duty. `subject`: what the filing is about, where there may be
    several. `file`: the document to attach; empty where the entries are the whole report.
    """

    kind: Filing.Kind
    entries: tuple[Entry, ...]
    yearly: bool = False
    subject: Word = ""
    file: Word = ""
    note: Word = ""

    @property
    def public(self) -> tuple[Entry, ...]:
        """What is shown to everybody after release."""
        return tuple(one for one in self.entries if one.public)

    @property
    def single(self) -> tuple[Entry, ...]:
        """The entries that are no table."""
        return tuple(one for one in self.entries if one.kind != "rows")

    @property
    def tables(self) -> tuple[Entry, ...]:
        """The entries that are tables."""
        return tuple(one for one in self.entries if one.kind == "rows")


WAYS = [("air", _l("废气")), ("water", _l("废水")), ("solid", _l("固体废物")), ("leak", _l("渗漏、流失、扬散"))]
MEDIA = [("both", _l("土壤和地下水")), ("soil", _l("土壤")), ("groundwater", _l("地下水"))]
PURPOSES = [("closing", _l("终止生产经营")), ("transfer", _l("变更用途或收回、转让")), ("other", _l("其他"))]

SUBSTANCES = (
    Entry("name", _l("有毒有害物质"), public=True),
    Entry("way", _l("排放方式"), "choice", choices=WAYS, public=True),
    Entry("amount", _l("排放量"), "number", unit="kg", public=True),
    Entry("outlet", _l("排放口或场所"), required=False),
)
POINTS = (
    Entry("code", _l("点位编号")),
    Entry("medium", _l("介质"), "choice", choices=MEDIA[1:]),
    Entry("unit", _l("监测单元"), required=False),
    Entry("analytes", _l("监测项目"), note=_l("用顿号分开")),
    Entry("times", _l("每年次数"), "number"),
)
TANKS = (
    Entry("code", _l("储罐编号")),
    Entry("name", _l("名称"), required=False),
    Entry("installed_on", _l("投用日期"), "day", required=False, past=True),
    Entry("service_years", _l("设计使用年限"), "count", required=False),
    Entry("tank_type", _l("类型"), required=False),
    Entry("spec", _l("规格"), required=False),
    Entry("position", _l("位置"), required=False),
    Entry("use_state", _l("使用情况"), required=False),
)

_FORMS = (
    Form(
        K.TOXIC_REPORT,
        (
            Entry("year", _l("排放年度"), "count", public=True, note=_l("报告哪一年的排放情况，一般为上一年")),
            Entry("none", _l("全年没有排放有毒有害物质"), "yes_no", public=True, note=_l("没有排放也要报告；有排放的逐行填写")),
            Entry("substances", _l("排放的有毒有害物质"), "rows", required=False, public=True, columns=SUBSTANCES),
        ),
        yearly=True,
    ),
    Form(
        K.HAZARD_REPORT,
        (
            Entry("finished_on", _l("排查完成日期"), "day", past=True, public=True),
            Entry("edition", _l("依据的技术文件"), public=True, note=_l("例如：公告2021年第1号、HJ 1478-2026")),
            Entry("inspector", _l("排查单位"), required=False),
            Entry("found", _l("发现隐患数"), "count", public=True),
            Entry("rectified", _l("已整改数"), "count", public=True),
        ),
        subject=_l("排查批次"),
        file=_l("隐患排查报告"),
    ),
    Form(
        K.SELFMON_PLAN,
        (
            Entry("valid_from", _l("执行起始日期"), "day", public=True),
            Entry("first_units", _l("一类单元数"), "count", public=True),
            Entry("second_units", _l("二类单元数"), "count", public=True),
            Entry("points", _l("监测点位"), "rows", columns=POINTS),
        ),
        subject=_l("方案版本"),
        file=_l("自行监测方案"),
    ),
    Form(
        K.SELFMON_DATA,
        (
            Entry("sampled_on", _l("采样完成日期"), "day", past=True, public=True),
            Entry("medium", _l("监测介质"), "choice", choices=MEDIA, public=True),
            Entry("campaign", _l("监测任务编号"), required=False, note=_l("结果由检测机构报入的，填写其监测任务编号")),
            Entry("points", _l("监测点位数"), "count", public=True),
            Entry("exceeded", _l("超标项次"), "count", public=True, note=_l("没有超标填 0")),
        ),
        subject=_l("监测批次"),
        file=_l("自行监测报告"),
    ),
    Form(
        K.TANK_INFO,
        (Entry("tanks", _l("地下储罐"), "rows", columns=TANKS),),
        subject=_l("报送批次"),
        note=_l("从设施台账带入，请核对；企业没有地下储罐的，请联系生态环境部门更正，不必填报。"),
    ),
    Form(
        K.DEMOLITION_PLAN,
        (
            Entry("planned_start", _l("计划开始拆除日期"), "day", public=True),
            Entry("planned_end", _l("计划完成日期"), "day", required=False),
            Entry("basics", _l("已写明被拆除设施设备、构筑物和污染治理设施的基本情况"), "yes_no", must=True),
            Entry("techniques", _l("已写明拆除活动全过程土壤污染防治的技术要求"), "yes_no", must=True),
            Entry("surroundings", _l("已写明针对周边环境的污染防治要求"), "yes_no", must=True),
            Entry("emergency", _l("已写明应急措施"), "yes_no", must=True),
            Entry("residues", _l("有遗留物料或残留污染物"), "yes_no"),
        ),
        subject=_l("拆除对象"),
        file=_l("拆除活动污染防治方案"),
        note=_l("同时报县级生态环境部门和工业和信息化部门备案，两个部门各自登记回执。"),
    ),
    Form(
        K.DEMOLITION_REPORT,
        (
            Entry("started_on", _l("实际开始日期"), "day", past=True, public=True),
            Entry("finished_on", _l("实际完成日期"), "day", past=True, public=True),
            Entry("residues_gone", _l("遗留物料和残留污染物已清理"), "yes_no"),
            Entry("polluted", _l("拆除中发现疑似污染"), "yes_no"),
        ),
        subject=_l("拆除对象"),
        file=_l("拆除活动总结报告"),
        note=_l("“拆除对象”请与方案一致，否则不能对应。"),
    ),
    Form(
        K.BASELINE,
        (
            Entry("surveyed_on", _l("调查完成日期"), "day", past=True, public=True),
            Entry("polluted", _l("是否发现超过筛选值"), "yes_no", public=True),
        ),
        subject=_l("项目名称"),
        file=_l("土壤和地下水现状调查报告"),
    ),
    Form(
        K.SURVEY,
        (
            Entry("purpose", _l("缘由"), "choice", choices=PURPOSES, public=True),
            Entry("surveyed_on", _l("调查完成日期"), "day", past=True, public=True),
            Entry("polluted", _l("是否超过风险管控标准"), "yes_no", public=True),
        ),
        subject=_l("调查地块"),
        file=_l("土壤污染状况调查报告"),
    ),
    Form(
        K.LETTER,
        (
            Entry("signed_on", _l("签订日期"), "day", past=True, public=True),
            Entry("authority", _l("与哪一级人民政府签订"), public=True),
        ),
        yearly=True,
        file=_l("责任书"),
    ),
    Form(
        K.INSURANCE,
        (
            Entry("insurer", _l("保险公司"), public=True),
            Entry("policy", _l("保单号")),
            Entry("since", _l("保险期间自"), "day", past=True, public=True),
            Entry("until", _l("保险期间至"), "day", public=True),
            Entry("amount", _l("责任限额"), "number", unit="万元", required=False),
        ),
        subject=_l("保单"),
        note=_l("投保为鼓励事项，不是义务。"),
    ),
)  # fmt: skip
FORMS: Mapping[str, Form] = {str(one.kind): one for one in _FORMS}
MOST_ROWS = 500
"""Rows of one table."""


def form_of(kind: str) -> Form:
    """The form of a kind of filing."""
    return FORMS[str(kind)]
