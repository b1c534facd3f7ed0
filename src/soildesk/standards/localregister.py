"""What kit needs to know of standards of places: the editions and the proposals, and their place in the navigation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.kit import cells, navigation, register
from soildesk.kit.filters import ChoiceFilter
from soildesk.kit.register import Column, PageAct, Register, Row
from soildesk.standards import limitwords
from soildesk.standards.choices import STANDARDS
from soildesk.standards.models import LocalProposal
from soildesk.standards.queries.library import local_rows
from soildesk.standards.riskregister import SECTION

PROPOSAL_STATES = {
    LocalProposal.State.OPEN: ("warn", "hourglass-split", LocalProposal.State.OPEN.label),
    LocalProposal.State.ACCEPTED: ("good", "check-circle-fill", LocalProposal.State.ACCEPTED.label),
    LocalProposal.State.DECLINED: ("calm", "reply", LocalProposal.State.DECLINED.label),
}


def _in_force(day: date) -> Q:
    return Q(since__lte=day) & (Q(until=None) | Q(until__gt=day))


def _standing(rows: list[Row], actor: Actor, on: date) -> None:
    for row in rows:
        begun, ended = row["since"] <= on, row["until"] is not None and row["until"] <= on
        row["standing"] = "ended" if ended else "in_force" if begun else "ahead"


def _family(value: Any, row: Row) -> str:
    return cells.escape(dict(STANDARDS).get(row["family"], row["family"]))


EDITIONS = register.add(
    Register(
        name="standards.local",
        title=_l("地方标准"),
        permission="standards.read",
        queryset=lambda actor, on: local_rows(actor),
        columns=[
            Column("standard", _l("标准编号"), sort="standard", width=12, frozen=True, format=cells.link),
            Column("title", _l("名称"), sort="title", width=24, format=cells.clamp),
            Column("place", _l("地区"), "division__name", sort="division_path", width=6),
            Column("family", _l("补充的国家标准"), sort="family", width=12, format=_family),
            Column(
                "standing",
                _l("状态"),
                lambda row: row.get("standing"),
                ["since", "until"],
                width=7,
                format=cells.chip(limitwords.STANDING),
                export=lambda value, row: str(limitwords.STANDING[value][2]),
            ),
            Column("since", _l("施行"), sort="since", width=7, format=cells.day),
            Column("until", _l("废止"), sort="until", width=7, format=cells.day),
            Column("limits", _l("限值数"), sort="limits", width=5, numeric=True, format=cells.number),
            Column("authority", _l("发布机关"), width=14, format=cells.clamp),
            Column("file_number", _l("文号"), width=10, shown=False),
            Column("recorded_at", _l("采用时间"), sort="recorded_at", width=9, format=cells.moment, shown=False),
        ],
        filters=[
            ChoiceFilter(
                "standing",
                _l("状态"),
                choices=[(key, word) for key, (_tone, _icon, word) in limitwords.STANDING.items()],
                conditions={
                    "in_force": _in_force,
                    "ahead": lambda day: Q(since__gt=day),
                    "ended": lambda day: Q(until__lte=day),
                },
            ),
            ChoiceFilter("family", _l("国家标准"), choices=STANDARDS),
        ],
        search=["standard", "title", "authority", "file_number"],
        enrich=_standing,
        row_url=lambda row: reverse("standards:local_edition", args=[row["uid"]]),
        page_acts=[
            PageAct(_l("待复核的录入单"), "standards:proposals", "standards.local.accept", "inbox"),
            PageAct(
                _l("录入地方标准"),
                "kit:import_new",
                "standards.local.propose",
                "plus-lg",
                primary=True,
                args=("standards.local",),
            ),
        ],
        default_sort="standard",
        totals={"limits": Sum("limits")},
        empty=_l("本地没有录入过地方标准，判定只按国家标准。省里或市里有更严的标准时，由一人录入、另一人复核采用。"),
    )
)

PROPOSALS = register.add(
    Register(
        name="standards.proposals",
        title=_l("地方标准录入单"),
        permission="standards.read",
        queryset=lambda actor, on: LocalProposal.objects.visible_to(actor),
        columns=[
            Column("standard", _l("标准编号"), sort="standard", width=14, frozen=True, format=cells.link),
            Column("place", _l("地区"), "division__name", sort="division_path", width=6),
            Column("family", _l("补充的国家标准"), sort="family", width=12, format=_family),
            Column("state", _l("状态"), sort="state", width=7, format=cells.chip(PROPOSAL_STATES)),
            Column("by", _l("录入人"), "by__name", width=5),
            Column("at", _l("录入时间"), sort="at", width=9, format=cells.moment),
            Column("decided_by", _l("复核人"), "decided_by__name", width=5),
            Column("decided_at", _l("复核时间"), sort="decided_at", width=9, format=cells.moment),
            Column("why", _l("退回原因"), width=16, format=cells.clamp),
        ],
        filters=[ChoiceFilter("state", _l("状态"), choices=LocalProposal.State.choices)],
        search=["standard"],
        row_url=lambda row: reverse("standards:proposal", args=[row["uid"]]),
        default_sort="-at",
        views=[(_l("待复核"), "state=open")],
        empty=_l("录入的地方标准在这里等待另一人复核。"),
    )
)

navigation.register(SECTION, _l("标准库"), "standards:library", "standards.read", order=710, icon="journal-text")
navigation.register(SECTION, _l("地方标准"), "standards:local", "standards.read", order=715, icon="geo-alt")
