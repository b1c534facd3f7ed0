"""How parcels and unused land are entered: the entries of their forms, templates and imports, and the acts behind them."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.kit.faces import Entry, Writing
from soildesk.land import landuse
from soildesk.land.models import ParcelVersion, UnusedLandVersion
from soildesk.land.queries.choices import keepers, standing_version
from soildesk.land.refusals import ParcelRefused, UnusedRefused
from soildesk.land.services import parcels, unused
from soildesk.land.services.rounds import DEFAULT_MONTHS
from soildesk.land.versionentry import TOWN, VersionActs


def parcel_version(actor: Actor, uid: str, on: date | None = None) -> ParcelVersion:
    """A parcel's version; refused where the actor sees none."""
    found = standing_version(ParcelVersion, actor, uid, on)
    if found is None:
        raise ParcelRefused(
            _("没有找到这块地，或当日尚未登记、已经终止：请回到列表重新打开。"), code="land.parcel.not_found"
        )
    return found


def unused_version(actor: Actor, uid: str, on: date | None = None) -> UnusedLandVersion:
    """The version of a piece of unused land; refused where the actor sees none."""
    found = standing_version(UnusedLandVersion, actor, uid, on)
    if found is None:
        raise UnusedRefused(
            _("没有找到这块未利用地，或当日尚未登记、已经终止：请回到列表重新打开。"), code="land.unused.not_found"
        )
    return found


PARCEL_ACTS = VersionActs("parcel", parcels, parcel_version, keeps_import=True)
UNUSED_ACTS = VersionActs("land", unused, unused_version)

USE_NOTE = _l("代码或名称；字母代码按 GB 50137，数字代码按所选标准。")

PARCELS = Writing(
    entries=[
        Entry("code", _l("外部代码"), names=["宗地代码", "宗地号", "图斑编号", "地块编号", "地块编码", "ZDDM", "BSM"], longest=80,
              note=_l("不动产单元号、图斑编号等，照原样填写。"), example="990101100001GB00001"),
        Entry("name", _l("名称"), names=["地块名称", "DKMC"], longest=120, example=_l("原农药厂地块")),
        Entry("kind", _l("类别"), "choice", choices=ParcelVersion.Kind.choices, bulk=True),
        TOWN,
        Entry("location", _l("坐落"), names=["坐落位置", "ZL", "地址"], example=_l("柏庄镇柏庄村东"), bulk=True),
        Entry("use_system", _l("用地分类标准"), "choice", choices=landuse.SYSTEMS, bulk=True),
        Entry("use_now", _l("现状用途"), names=["现状地类", "地类编码", "DLBM"], longest=40, note=USE_NOTE, example="1001", check=landuse.code_alone, bulk=True),
        Entry("use_planned", _l("规划用途"), names=["规划地类", "YDDM", "用地性质"], longest=40, note=USE_NOTE, example="R2", check=landuse.code_alone, bulk=True),
        Entry("holder", _l("使用权人"), names=["权利人", "QLR"], longest=120, note=_l("个人姓名只有经办人可见。")),
        Entry("holder_kind", _l("权属性质"), "choice", choices=ParcelVersion.HolderKind.choices, bulk=True),
        Entry("area_of_record_m2", _l("登记面积"), "decimal", names=["批准面积", "证载面积", "ZDMJ"], unit="m²", area_of_record=1,
              note=_l("证书或批准文件上的面积；与计算面积相差超过 1% 会提示。")),
        Entry("geometry", _l("范围"), "geometry", required=True),
    ],
    permission="land.keep_parcels",
    add=PARCEL_ACTS.add,
    change=PARCEL_ACTS.change,
    guard=PARCEL_ACTS.guard,
    match=("code",),

)  # fmt: skip

UNUSED = Writing(
    entries=[
        Entry("name", _l("名称"), names=["地块名称"], required=True, longest=120, example=_l("东河滩地")),
        Entry("code", _l("图斑编号"), names=["TBBH", "BSM", "地块编号"], longest=80),
        Entry("kind", _l("类型"), "choice", required=True, choices=UnusedLandVersion.Kind.choices, bulk=True),
        Entry("is_reserve", _l("耕地后备资源"), "yes_no", bulk=True),
        TOWN,
        Entry("keeper", _l("管护单位"), "choice", field="keeper_id", choices=keepers, bulk=True, required=True,
              note=_l("由谁按期巡查；到期没有巡查会出现在该单位的“今日”。")),
        Entry("patrol_every_months", _l("巡查周期"), "integer", unit=_l("月"), example=str(DEFAULT_MONTHS), bulk=True,
              note=_l("方案只写“定期”；6 个月是未经核实的缺省值（K），请按本地方案填写。")),
        Entry("geometry", _l("范围"), "geometry", required=True),
    ],
    permission="land.keep_unused",
    add=UNUSED_ACTS.add,
    change=UNUSED_ACTS.change,
    guard=UNUSED_ACTS.guard,
    match=("code",),
)  # fmt: skip
