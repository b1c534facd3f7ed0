"""What this room adds to the record pages of enterprises and sites."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor, NotAllowed, may, require
from soildesk.enterprises.firmwords import list_name
from soildesk.enterprises.models import EnterpriseVersion, Listing, SiteVersion, Succession
from soildesk.enterprises.queries import firms, sites
from soildesk.enterprises.register import beside
from soildesk.kit.faces import RecordPage
from soildesk.kit.parts import Act, Chip, Fact, Step
from soildesk.kit.register import Row

State = EnterpriseVersion.State
TONE_OF_STATE = {
    State.OPERATING: "good",
    State.SUSPENDED: "warn",
    State.CLOSED: "calm",
    State.RELOCATED: "calm",
    State.BANKRUPT: "calm",
    State.DEREGISTERED: "calm",
}


def stopped(actor: Actor, permission: str, row: Any) -> str:
    """Why the actor may not; empty where he may."""
    try:
        require(actor, permission, row)
    except NotAllowed as refusal:
        return refusal.sentence
    return ""


def enterprise(actor: Actor, row: Row, on: date) -> RecordPage:
    """An enterprise: what it is, on which lists, where it stands, whom it follows, who speaks for it."""
    version = EnterpriseVersion.objects.select_related("enterprise").get(pk=row["pk"])
    firm = version.enterprise
    stays = firms.stays_of(firm)
    before, after = firms.predecessors(firm), firms.successors(firm)
    grounds = SiteVersion.objects.visible_to(actor).filter(superseded_at=None, enterprise=firm)
    named = may(actor, "enterprises.read_personal", version)
    return RecordPage(
        chips=_chips(version, stays, on),
        life=_life(version, stays, (before, after), on),
        facts=_facts(version),
        acts=_acts(actor, version),
        related=[
            (_("监测"), reverse("enterprises:firm_monitoring", args=[firm.uid])),
            (_("本企业的用地"), f"{reverse('kit:collection', args=['sites'])}?q={firm.number}"),
            (_("危废规范化评估"), f"{reverse('kit:collection', args=['waste_assessments'])}?q={firm.number}"),
        ],
        template="enterprises/enterprise.html",
        context={
            "stays": [(one, list_name(one.list_key)) for one in stays],
            "grounds": list(grounds.select_related("site").order_by("-since")),
            "kin": [*_kin(before, "before", on), *_kin(after, "after", on)],
            "may_keep": may(actor, "enterprises.keep", version),
            "representatives": firms.representatives(firm) if named else None,
            "may_represent": may(actor, "enterprises.represent", version),
            "sections": beside.sections(actor, version, on),
        },
    )


def _chips(version: EnterpriseVersion, stays: Sequence[Listing], on: date) -> Sequence[Chip]:
    state = State(version.state)
    chips = [Chip(TONE_OF_STATE[state], str(state.label))]  # type: ignore[arg-type]
    for one in stays:
        if one.since <= on and (one.until is None or on < one.until):
            url = f"{reverse('enterprises:list', args=[one.list_key])}?on={on}"
            why = _("%(day)s 起，依据 %(number)s") % {"day": one.since, "number": one.notice.number}
            chips.append(Chip("busy", list_name(one.list_key), icon="list-task", why=why, url=url))
    if version.permit_until and version.permit_until < on and version.permit_state in ("", "valid"):
        chips.append(Chip("bad", _("许可证已过期"), why=_("有效期至 %(day)s。") % {"day": version.permit_until}))
    return chips


def _life(
    version: EnterpriseVersion, stays: Sequence[Listing], kin: tuple[list[Succession], list[Succession]], on: date
) -> Sequence[Step]:
    """Registered, renamed, on and off lists, stopped, followed: in the order of days."""
    held = list(version.enterprise.versions.filter(superseded_at=None).order_by("since"))
    marks = [(_("登记"), held[0].since, "")]
    for earlier, later in zip(held, held[1:], strict=False):
        if earlier.state != later.state:
            marks.append((str(State(later.state).label), later.since, later.reason))
        if earlier.name != later.name:
            marks.append((_("更名"), later.since, _("原名 %(name)s") % {"name": earlier.name}))
    for one in stays:
        marks.append((_("列入名录"), one.since, list_name(one.list_key)))
        if one.until and one.notice_out_id:
            marks.append((_("移出名录"), one.until, list_name(one.list_key)))
    marks += [(str(one.get_kind_display()), one.on, one.document) for each in kin for one in each]
    steps = [
        Step(title, "done" if day <= on else "ahead", day, note=note)
        for title, day, note in sorted(marks, key=lambda mark: mark[1])
    ]
    now = sum(1 for step in steps if step.stage == "done")
    return [*steps[:now], Step(_("现状"), "here", None, note=str(State(version.state).label)), *steps[now:]]


def _facts(version: EnterpriseVersion) -> Sequence[Fact]:
    unknown = [str(name) for key, name in firms.UNKNOWN_CHOICES if getattr(version, key) is None]
    found = []
    if version.note:
        found.append(Fact(_("备注"), version.note))
    if not version.credit_code:
        found.append(Fact(_("统一社会信用代码"), _("无"), note=_("代码推行前已停止生产")))
    if unknown:
        told = "、".join(unknown)
        found.append(Fact(_("尚不清楚"), told, doubt=_("不清楚不等于没有：义务判断会提示“无法判断”，请核实后填写。")))
    return found


def _acts(actor: Actor, version: EnterpriseVersion) -> Sequence[Act]:
    uid = version.enterprise.uid
    keeping = stopped(actor, "enterprises.keep", version)
    ended = keeping or (_("这家企业已注销登记。") if version.state == State.DEREGISTERED else "")
    new_site = f"{reverse('kit:collection_add', args=['sites'])}?firm={uid}"
    return [
        Act(_("义务清单"), reverse("enterprises:duty_card", args=[uid]), "list-task", primary=True),
        Act(_("登记列入"), reverse("enterprises:enter", args=[uid]), "list-task", stopped_by=stopped(actor, "enterprises.keep_lists", version)),
        Act(_("登记用地"), new_site, "bounding-box", stopped_by=keeping),
        Act(_("登记承继"), reverse("enterprises:succession", args=[uid]), "diagram-3", stopped_by=keeping),
        Act(_("授权企业人员"), reverse("enterprises:represent", args=[uid]), "person", stopped_by=stopped(actor, "enterprises.represent", version)),
        Act(_("代录纸质申报"), reverse("enterprises:filing_new", args=[uid]), "file-earmark-text", stopped_by=stopped(actor, "enterprises.file", version)),
        Act(_("登记注销"), reverse("enterprises:deregister", args=[uid]), "slash-circle", danger=True, stopped_by=ended),
    ]  # fmt: skip


def _kin(found: Sequence[Succession], side: str, on: date) -> list[dict[str, Any]]:
    """Those before or after, with what they are called."""
    names = firms.names_of([getattr(one, f"{side}_id") for one in found], on)
    return [
        {
            "succession": one,
            "enterprise": getattr(one, side),
            "name": names.get(getattr(one, f"{side}_id"), ""),
            "before": side == "before",
        }
        for one in found
    ]


def site(actor: Actor, row: Row, on: date) -> RecordPage:
    """A site: who used it when, and what else lay on its ground."""
    version = SiteVersion.objects.select_related("site", "enterprise").get(pk=row["pk"])
    others = [one for one in sites.stood_on(version.geometry, actor, on) if one.site.pk != version.pk]
    ended = _("这处用地已经终止，不能再办理。") if version.until is not None else ""
    return RecordPage(
        chips=[Chip("calm", _("已终止"))] if version.until and version.until <= on else [Chip("good", _("在用"))],
        acts=[
            Act(
                _("终止"),
                reverse("enterprises:end_site", args=[version.site.uid]),
                "slash-circle",
                danger=True,
                stopped_by=stopped(actor, "enterprises.keep", version) or ended,
            )
        ],
        related=[(_("使用单位"), reverse("kit:record", args=["enterprises", str(version.enterprise.uid)]))],
        template="enterprises/site.html",
        context={"others": others},
    )
