"""The register of dated facts: list, filter, export, and many at once from an Excel file with a look before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed, require
from soildesk.enterprises.eventwords import WORDS, word
from soildesk.enterprises.models import EnterpriseVersion, Happening
from soildesk.enterprises.queries.firms import called
from soildesk.enterprises.refusals import HappeningRefused
from soildesk.enterprises.services import happenings
from soildesk.enterprises.services.happenings import Told
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Change, Entry, Writing
from soildesk.kit.filters import ChoiceFilter
from soildesk.kit.register import Column, Register, Row
from soilrules.enterprises.facts import EventKind


def facts(actor: Actor, on: date) -> QuerySet[Happening]:
    """The facts that stand, with what the firm is called."""
    newest = EnterpriseVersion.objects.filter(enterprise=OuterRef("enterprise"), superseded_at=None).order_by("-since")
    rows = Happening.objects.visible_to(actor).filter(superseded_at=None)
    return rows.annotate(firm=Subquery(newest.values("name")[:1]))


def _firm_url(row: Row) -> str:
    return reverse("enterprises:duty_card", args=[row["enterprise__uid"]]) + f"#h-{row['uid']}"


def _told(actor: Actor, change: Change) -> tuple[EnterpriseVersion, Told]:
    """The firm by number, code or name, and the fact."""
    said = change.values
    found = called(actor, str(said.get("firm") or ""), actor.today)
    if len(found) != 1:
        raise HappeningRefused(
            _("没有找到企业“%(text)s”，或不止一家：请填写已登记企业的编号、统一社会信用代码或全称。")
            % {"text": said.get("firm")},
            code="enterprises.happening.no_firm",
        )
    texts = {name: str(said.get(name) or "") for name in ("period", "subject", "note")}
    return found[0], Told(EventKind(said["kind"]), said["on"], **texts)


def add(actor: Actor, change: Change, at: datetime) -> str:
    """Write one down; its key."""
    firm, told = _told(actor, change)
    return str(happenings.record(firm, told, by=actor, at=at).uid)


def guard(actor: Actor, change: Change, row: Mapping[str, Any] | None) -> Sequence[str]:
    """What would be refused."""
    try:
        firm, told = _told(actor, change)
        require(actor, "enterprises.record", firm)
        happenings.check(firm, told, by=actor)
    except (Refusal, NotAllowed) as refusal:
        return [str(refusal)]
    return []


KINDS = [(str(kind), text) for kind, text in WORDS.items()]

HAPPENINGS = register.add(
    Register(
        name="enterprises.happenings",
        collection="happenings",
        title=_l("企业事项"),
        permission="enterprises.read",
        queryset=facts,
        key="uid",
        fields=["enterprise__uid"],
        row_url=_firm_url,
        columns=[
            Column("on", _l("日期"), sort="on", width=8, frozen=True, format=cells.day, type="date"),
            Column("firm", _l("单位"), sort="firm", width=16, format=cells.link),
            Column("kind", _l("事项"), lambda row: word(row["kind"]), ["kind"], sort="kind", width=14),
            Column("period", _l("期次"), sort="period", width=6),
            Column("subject", _l("对象"), width=14, format=cells.clamp),
            Column("note", _l("说明"), width=18, format=cells.clamp),
            Column("number", _l("申报"), "filing__number", width=10),
            Column("recorded_at", _l("登记时间"), sort="recorded_at", width=10, format=cells.moment),
        ],
        filters=[ChoiceFilter("kind", _l("事项"), choices=KINDS)],
        search=["firm", "subject", "note"],
        default_sort="-on",
        writing=Writing(
            entries=[
                Entry("firm", _l("单位"), required=True, names=["企业", "单位名称", "企业名称", "统一社会信用代码"], longest=160,
                      note=_l("已登记企业的编号、统一社会信用代码或全称。")),
                Entry("kind", _l("事项"), "choice", required=True, choices=KINDS),
                Entry("on", _l("日期"), "date", required=True),
                Entry("period", _l("期次"), longest=20, note=_l("补报往年的写年份，如 2025。")),
                Entry("subject", _l("对象"), longest=80, note=_l("哪一个项目、哪一次拆除或异常，前后写法要一致。")),
                Entry("note", _l("说明"), longest=500),
            ],
            permission="enterprises.record",
            add=add,
            guard=guard,
            match=(),
            dated=False,
        ),
        about=_l("义务由这些有日期的事项推得：登记前先看影响，登错了撤销，历史保留。许多单位的同类事项用 Excel 一次导入。"),
        empty=_l("还没有登记事项。企业申报被接收后自动登记；纸质材料由经办人登记或导入。"),
    )
)  # fmt: skip

navigation.register(
    _l("重点单位"), _l("义务清单"), "enterprises:duties", "enterprises.read", order=320, icon="list-task"
)
