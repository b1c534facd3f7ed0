"""How enterprises and sites are entered: the entries of their forms, templates and imports, and the acts behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.enterprises.firmwords import BETWEEN_NAMES, name_of
from soildesk.enterprises.models import EnterpriseVersion, SiteVersion
from soildesk.enterprises.queries import firms as found_firms
from soildesk.enterprises.queries.sites import parcel_at
from soildesk.enterprises.refusals import FirmRefused, SiteRefused
from soildesk.enterprises.services import firms, lists, sites
from soildesk.kit.faces import Change, Entry, Writing
from soildesk.land.queries.choices import standing_version
from soildesk.land.services.writing import place_at
from soildesk.land.versionentry import TOWN, VersionActs
from soilrules.enterprises.lists import list_kinds

V = EnterpriseVersion


def firm_version(actor: Actor, uid: str, on: date | None = None) -> EnterpriseVersion:
    """An enterprise's version; refused where the actor sees none."""
    found = standing_version(EnterpriseVersion, actor, uid, on)
    if found is None:
        raise FirmRefused(
            _("没有找到这家企业，或当日尚未登记：请回到列表重新打开。"), code="enterprises.firm.not_found"
        )
    return found


def site_version(actor: Actor, uid: str, on: date | None = None) -> SiteVersion:
    """A site's version; refused where the actor sees none."""
    found = standing_version(SiteVersion, actor, uid, on)
    if found is None:
        raise SiteRefused(
            _("没有找到这处用地，或当日尚未登记、已经终止：请回到列表重新打开。"), code="enterprises.site.not_found"
        )
    return found


FIRM_ACTS = VersionActs("enterprise", firms, firm_version, keeps_import=True)
SITE_ACTS = VersionActs("site", sites, site_version, keeps_import=True)


def guard_firm(actor: Actor, change: Change, row: Mapping[str, Any] | None) -> Sequence[str]:
    """What would be refused; a file that calls a known firm by another name must say that it was renamed."""
    told = list(FIRM_ACTS.guard(actor, change, row))
    if told or row is None or change.why or "name" not in change.values:
        return told
    new, held = change.values["name"], row["name"]
    former = (row.get("former_names") or "").split(BETWEEN_NAMES)
    said = str(change.values.get("former_names", "")).split(BETWEEN_NAMES)
    names = {"code": row["credit_code"] or _("无"), "held": held, "new": new}
    if new in former:
        return [_("代码 %(code)s 现名“%(held)s”，“%(new)s”是曾用名：请改用现名，或留空。") % names]
    if held not in said:
        return [
            _(
                "代码 %(code)s 登记的是“%(held)s”，这里写作“%(new)s”：请先核对。确已更名的，在“曾用名”填写“%(held)s”再导入；写错的，请改正。"
            )
            % names
        ]
    return told


def _site_change(actor: Actor, change: Change) -> Change:
    """The enterprise of a site, named by number, code or full name."""
    if "enterprise" not in change.values:
        return change
    text = str(change.values["enterprise"] or "")
    found = found_firms.called(actor, text, actor.today)
    if len(found) != 1:
        raise SiteRefused(
            _("没有找到企业“%(text)s”，或不止一家：请填写已登记企业的编号、统一社会信用代码或全称。") % {"text": text},
            code="enterprises.site.no_firm",
        )
    return replace(change, values={**change.values, "enterprise": found[0].enterprise})


def add_site(actor: Actor, change: Change, at: datetime) -> str:
    """Register a site; its key."""
    return SITE_ACTS.add(actor, _site_change(actor, change), at)


def change_site(actor: Actor, key: str, change: Change, at: datetime) -> None:
    """Change or correct a site."""
    SITE_ACTS.change(actor, key, _site_change(actor, change), at)


def begin_site(actor: Actor, given: Mapping[str, str]) -> Mapping[str, Any]:
    """What is known of the ground of the firm the form was opened for: its place, and the parcel it stands on."""
    try:
        firm = firm_version(actor, str(UUID(given.get("firm", ""))))
    except (FirmRefused, ValueError):
        return {}
    name = f"{firm.name}（{firm.address}）" if firm.address else _("%(name)s厂区") % {"name": firm.name}
    first = {"enterprise": firm.enterprise.number, "name": name[:120], "town": firm.division_path}
    parcel = parcel_at(firm.geometry, actor, actor.today)
    if parcel is not None:
        first["geometry"] = shapely.to_geojson(parcel.geometry)
        first["document"] = _("地块 %(number)s 的登记范围") % {"number": parcel.parcel.number}
    return first


def guard_site(actor: Actor, change: Change, row: Mapping[str, Any] | None) -> Sequence[str]:
    """What would be refused."""
    try:
        return SITE_ACTS.guard(actor, _site_change(actor, change), row)
    except SiteRefused as refusal:
        return [str(refusal)]


def _known(key: str, title: Any, **said: Any) -> Entry:
    """A fact that is yes, no or not known."""
    return Entry(key, title, "yes_no", bulk=True, **said)


FIRMS = Writing(
    entries=[
        Entry("credit_code", _l("统一社会信用代码"), names=["社会信用代码", "信用代码", "统一信用代码", "组织机构代码"], longest=40,
              check=firms.valid_code, example="91990101MA2600006A", note=_l("18位，照营业执照填写；代码推行前已关闭的企业可以留空。")),
        Entry("name", _l("单位名称"), required=True, names=["企业名称", "名称", "单位", "企业", "公司名称"], longest=160, check=firms.plain_name,
              example=_l("青禾电镀有限公司")),
        Entry("former_names", _l("曾用名"), names=["原名称", "更名前名称"], longest=300, note=_l("几个名称之间用“、”分开。")),
        TOWN,
        Entry("industry", _l("行业代码"), names=["行业", "行业类别", "行业类别代码", "国民经济行业代码"], longest=60, check=firms.valid_industry,
              bulk=True, example="3360", note=_l("GB/T 4754 代码，2 至 4 位。")),
        Entry("state", _l("生产状态"), "choice", choices=V.State.choices, names=["状态", "企业状态", "经营状态"], bulk=True),
        Entry("address", _l("地址"), names=["生产经营场所地址", "详细地址", "经营地址"], longest=200),
        Entry("park", _l("所在园区"), names=["园区", "工业园区名称"], longest=120, bulk=True),
        Entry("permit_number", _l("排污许可证编号"), names=["许可证编号", "排污许可证号"], longest=40),
        Entry("permit_level", _l("排污许可管理类别"), "choice", choices=V.PermitLevel.choices, names=["管理类别", "许可管理类别"], bulk=True),
        Entry("permit_state", _l("许可证状态"), "choice", choices=V.PermitState.choices, names=["排污许可证状态"], bulk=True),
        Entry("permit_until", _l("许可证有效期至"), "date", names=["有效期至", "许可证截止日期"]),
        _known("above_scale", _l("规模以上"), names=["规上企业"]),
        _known("handles_toxic", _l("涉及有毒有害物质"), names=["涉有毒有害物质"]),
        _known("discharges_cadmium", _l("排放镉等重金属")),
        _known("has_tanks", _l("有地下储罐"), names=["地下储罐"]),
        _known("near_sensitive", _l("周边 1 公里内有地下水环境敏感区")),
        _known("high_risk_ground", _l("位于潜在高风险地块")),
        _known("produces_waste", _l("产生危险废物"), names=["产废单位"]),
        _known("handles_waste", _l("经营危险废物"), names=["经营单位"]),
        Entry("legal_person", _l("法定代表人"), names=["法人", "法人代表"], longest=60),
        Entry("contact_name", _l("联系人"), names=["环保联系人"], longest=60),
        Entry("contact_phone", _l("联系电话"), names=["电话", "联系方式", "手机"], longest=40),
        Entry("geometry", _l("位置"), "geometry"),
        Entry("note", _l("备注"), longest=300),
    ],
    permission="enterprises.keep",
    add=FIRM_ACTS.add,
    change=FIRM_ACTS.change,
    guard=guard_firm,
    match=("credit_code", "name"),
)  # fmt: skip

SITES = Writing(
    entries=[
        Entry("name", _l("名称"), required=True, names=["用地名称", "厂区名称"], longest=120, example=_l("青禾电镀老厂区")),
        Entry("enterprise", _l("使用单位"), required=True, field="enterprise__number", names=["企业", "单位名称", "企业名称", "统一社会信用代码"],
              longest=160, note=_l("已登记企业的编号、统一社会信用代码或全称。")),
        Entry("kind", _l("类型"), "choice", choices=SiteVersion.Kind.choices, bulk=True),
        TOWN,
        Entry("document", _l("依据"), longest=200, bulk=True, note=_l("不动产权证、租赁合同、调查报告等的名称和文号。")),
        Entry("geometry", _l("范围"), "geometry", required=True),
    ],
    permission="enterprises.keep",
    add=add_site,
    change=change_site,
    guard=guard_site,
    begin=begin_site,
    match=("name",),
)  # fmt: skip


def add_notice(actor: Actor, change: Change, at: datetime) -> str:
    """Register a notice; its key."""
    facts = dict(change.values) | ({"batch": change.batch} if change.batch is not None else {})
    return str(lists.register(facts, place_at("", actor), by=actor, at=at).uid)


def guard_notice(actor: Actor, change: Change, row: Mapping[str, Any] | None) -> Sequence[str]:
    """What would be refused: a notice is registered once and not changed."""
    try:
        lists.check_new(change.values, place_at("", actor), by=actor)
    except (Refusal, NotAllowed) as refusal:
        return [str(refusal)]
    return []


def list_choices(actor: Actor, on: date) -> list[tuple[str, str]]:
    """The kinds of lists, under the names of the reader's language."""
    return [(kind.key, name_of(kind)) for kind in list_kinds().values()]


NOTICES = Writing(
    entries=[
        Entry("list_key", _l("名录"), "choice", required=True, choices=list_choices),
        Entry("number", _l("文号"), required=True, longest=80, example=_l("云环〔2026〕8号")),
        Entry("title", _l("标题"), required=True, longest=200),
        Entry("authority", _l("发布机关"), required=True, longest=120, example=_l("云泽市生态环境局"), note=_l("名录由有权机关确定，本级只登记。")),
        Entry("decided_on", _l("成文日期"), "date", required=True),
        Entry("published_on", _l("公布日期"), "date", note=_l("没有公布就留空：公众页面只列已公布的文件。")),
        Entry("since", _l("生效日期"), "date", note=_l("不填则为公布日期；没有公布日期的，为成文日期。")),
        Entry("whole", _l("全量名录"), "yes_no", note=_l("文件列出整份名录的选“是”：没有列入的单位即移出。只增减个别单位的选“否”。")),
        Entry("address", _l("公布网址"), longest=300),
    ],
    permission="enterprises.keep_lists",
    add=add_notice,
    guard=guard_notice,
    match=("number",),
    dated=False,
)  # fmt: skip
