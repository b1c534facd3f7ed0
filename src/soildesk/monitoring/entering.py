"""How points and backgrounds are entered: the entries of their forms, templates and imports, and the acts behind them."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.kit.faces import Entry, Writing
from soildesk.land.queries.choices import keepers, standing_version
from soildesk.land.versionentry import TOWN, VersionActs
from soildesk.monitoring.models import BackgroundVersion, Medium, PointVersion
from soildesk.monitoring.refusals import BackgroundRefused, PointRefused
from soildesk.monitoring.services import backgrounds, points


def point_version(actor: Actor, uid: str, on: date | None = None) -> PointVersion:
    """A point's version; refused where the actor sees none."""
    found = standing_version(PointVersion, actor, uid, on)
    if found is None:
        raise PointRefused(
            _("没有找到这个点位，或当日尚未登记、已经终止：请回到列表重新打开。"), code="monitoring.point.not_found"
        )
    return found


def background_version(actor: Actor, uid: str, on: date | None = None) -> BackgroundVersion:
    """A background's version; refused where the actor sees none."""
    found = standing_version(BackgroundVersion, actor, uid, on)
    if found is None:
        raise BackgroundRefused(
            _("没有找到这条地质背景，或当日尚未登记、已经终止：请回到列表重新打开。"),
            code="monitoring.background.not_found",
        )
    return found


POINT_ACTS = VersionActs("point", points, point_version, keeps_import=True)
BACKGROUND_ACTS = VersionActs("background", backgrounds, background_version)

STANDARDS = [
    ("gb15618", _l("农用地 GB 15618")),
    ("gb36600", _l("建设用地 GB 36600")),
    ("gb5084", _l("农田灌溉水 GB 5084")),
    ("gbt14848", _l("地下水 GB/T 14848")),
    ("gb3838", _l("地表水 GB 3838")),
    ("gb2762", _l("食品污染物 GB 2762")),
]

USES = [
    ("paddy", _l("水田（GB 15618、GB 5084）")),
    ("orchard", _l("果园（GB 15618）")),
    ("other", _l("其他农用地（GB 15618）")),
    ("class_1", _l("第一类用地（GB 36600）")),
    ("class_2", _l("第二类用地（GB 36600）")),
    ("dryland", _l("旱地作物（GB 5084）")),
    ("vegetable_a", _l("熟食蔬菜（GB 5084）")),
    ("vegetable_b", _l("生食蔬菜、瓜果（GB 5084）")),
    ("I", _l("Ⅰ类水")),
    ("II", _l("Ⅱ类水")),
    ("III", _l("Ⅲ类水")),
    ("IV", _l("Ⅳ类水")),
    ("V", _l("Ⅴ类水")),
]

POINTS = Writing(
    entries=[
        Entry("name", _l("名称"), required=True, names=["点位名称", "监测点名称", "DWMC"], longest=120, example=_l("柏庄镇东河 1 号")),
        Entry("code", _l("外部代码"), names=["点位编码", "点位编号", "点位代码", "DWBM"], longest=80, note=_l("国家或省点位库的编码，照原样填写。")),
        Entry("level", _l("级别"), "choice", required=True, choices=PointVersion.Level.choices, names=["点位级别", "控制级别"], bulk=True),
        Entry("kind", _l("点位类型"), "choice", required=True, choices=PointVersion.Kind.choices, names=["类型", "点位类别"], bulk=True),
        Entry("medium", _l("介质"), "choice", required=True, choices=Medium.choices, names=["监测介质", "环境要素"], bulk=True),
        TOWN,
        Entry("geometry", _l("位置"), "geometry", required=True),
        Entry("depth_from_cm", _l("上界深度"), "integer", unit="cm", names=["起始深度"], bulk=True),
        Entry("depth_to_cm", _l("下界深度"), "integer", unit="cm", names=["终止深度"], bulk=True, note=_l("农用地表层通常为 0 至 20 厘米。")),
        Entry("standard", _l("评价标准"), "choice", choices=STANDARDS, bulk=True, note=_l("不选时按任务的评价标准。")),
        Entry("use", _l("评价用途"), "choice", choices=USES, bulk=True, note=_l("与评价标准对应的用途。")),
        Entry("planned_use", _l("规划用途代码"), longest=20, bulk=True),
        Entry("crop", _l("作物"), longest=40, bulk=True),
        Entry("frequency_months", _l("监测周期"), "integer", unit=_l("月"), names=["周期", "监测频次（月）"], bulk=True, note=_l("没有规定就留空：不会被当作逾期。")),
        Entry("keeper", _l("负责单位"), "choice", field="keeper_id", choices=keepers, bulk=True),
        Entry("unit_class", _l("监测单元类别"), "choice", choices=PointVersion.UnitClass.choices, names=["重点监测单元类别", "单元类别"], bulk=True,
              note=_l("自行监测点位填写：一类单元有隐蔽性重点设施设备；不清楚就留空，应采日期会写明无法判断。")),
        Entry("layer", _l("土壤层位"), "choice", choices=PointVersion.Layer.choices, names=["层位", "表层或深层"], bulk=True, note=_l("不填则按下界深度：50 厘米以内为表层。")),
        Entry("near_sensitive", _l("临近地下水环境敏感区"), "choice", choices=PointVersion.YesNo.choices, names=["周边 1 km 内有地下水环境敏感区"], bulk=True,
              note=_l("周边 1 公里内有没有；不清楚就留空。")),
        Entry("control", _l("对照点"), "choice", choices=PointVersion.YesNo.choices, names=["是否对照点", "对照井"], bulk=True, note=_l("地下水上游的对照井填“是”。")),
        Entry("source", _l("关联污染源"), longest=120, names=["污染源", "关联企业", "监测对象"], note=_l("点位所监测的企业、园区或设施的名称。")),
        Entry("source_code", _l("关联污染源代码"), longest=80, names=["污染源代码", "企业代码", "监测对象代码"], note=_l("来源系统里该企业、园区或设施的代码，照原样填写。")),
        Entry("openness", _l("公开程度"), "choice", choices=PointVersion.Openness.choices, bulk=True,
              note=_l("不填为不公开；公开所在网格时，公众只看到 1 公里网格的中心。")),
        Entry("note", _l("备注"), longest=300),
    ],
    permission="monitoring.keep_points",
    add=POINT_ACTS.add,
    change=POINT_ACTS.change,
    guard=POINT_ACTS.guard,
    match=("code",),
)  # fmt: skip

BACKGROUNDS = Writing(
    entries=[
        Entry("name", _l("名称"), required=True, longest=120, example=_l("东山黑色页岩区")),
        Entry("analyte", _l("分析项目"), required=True, longest=60, example=_l("镉")),
        Entry("upper", _l("背景上限"), "decimal", required=True, example="0.8"),
        Entry("unit", _l("单位"), "choice", choices=[(each, each) for each in backgrounds.UNITS]),
        Entry("document", _l("依据"), required=True, longest=200, example=_l("青禾区土壤地球化学调查报告（2024）"), note=_l("说明背景上限的报告或文件，名称和文号。")),
        TOWN,
        Entry("geometry", _l("范围"), "geometry", required=True),
    ],
    permission="monitoring.keep_points",
    add=BACKGROUND_ACTS.add,
    change=BACKGROUND_ACTS.change,
    guard=BACKGROUND_ACTS.guard,
    match=("name",),
)  # fmt: skip
