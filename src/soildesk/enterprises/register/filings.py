"""The register of filings, as an office reviews them."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.enterprises import filingwords
from soildesk.enterprises.filingwords import STATES
from soildesk.enterprises.models import Filing
from soildesk.enterprises.queries.filings import listed
from soildesk.enterprises.register.enterprises import SECTION
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter, TextFilter
from soildesk.kit.register import Column, Register, Row

K, State = Filing.Kind, Filing.State


def filings(actor: Actor | None, on: date) -> QuerySet[Filing]:
    """What was filed, with what the firm is called."""
    return listed(actor)


def page(actor: Actor, row: Row, on: date) -> RecordPage:
    """A filing among the other records; what it says and its files stand on its own page."""
    found = listed(actor).get(pk=row["pk"])
    return RecordPage(
        chips=[filingwords.chip_of(found)],
        acts=filingwords.acts_of(actor, found),
        history=filingwords.history_of(found),
        related=[(_("填报内容、附件与办理"), reverse("enterprises:filing", args=[found.uid]))],
    )


def _kind(row: Row) -> str:
    return str(K(row["kind"]).label)


FILINGS = register.add(
    Register(
        name="enterprises.filings",
        collection="filings",
        title=_l("申报审核"),
        permission="enterprises.read",
        queryset=filings,
        record=page,
        row_url=lambda row: reverse("enterprises:filing", args=[row["uid"]]),
        columns=[
            Column("number", _l("编号"), sort="number", width=14, frozen=True, format=cells.link),
            Column("name", _l("单位名称"), width=16, format=cells.clamp),
            Column("credit_code", _l("统一社会信用代码"), width=15, shown=False),
            Column("kind", _l("申报事项"), _kind, ["kind"], sort="kind", width=14, format=cells.clamp),
            Column("period", _l("年度"), sort="period", width=5),
            Column("subject", _l("对象或批次"), width=12, format=cells.clamp),
            Column("state", _l("状态"), sort="state", width=8, format=cells.chip(STATES),
                   export=lambda value, row: str(State(value).label)),
            Column("submitted_on", _l("报送日期"), sort="submitted_on", width=9, format=cells.day, type="date"),
            Column("accepted_on", _l("接收日期"), sort="accepted_on", width=9, format=cells.day, type="date"),
            Column("released_on", _l("公开日期"), sort="released_on", width=9, format=cells.day, type="date"),
            Column("on_paper", _l("纸质代录"), width=6, format=cells.yes_no, type="boolean", shown=False),
        ],
        filters=[
            ChoiceFilter("kind", _l("申报事项"), choices=K.choices),
            ChoiceFilter("state", _l("状态"), choices=State.choices),
            TextFilter("period", _l("年度"), fields=["period"]),
            TextFilter("firm", _l("单位"), fields=["name", "credit_code"]),
            DateRangeFilter("submitted_on", _l("报送日期")),
        ],
        search=["number", "name", "credit_code", "subject"],
        default_sort="-number",
        views=[(_l("待审核"), "state=submitted"), (_l("已退回"), "state=returned")],
        about=_l("企业报送和单位代录的申报；企业没有报送过的草稿不在这里。审核时限为本级默认 5 个工作日，可由本级另定。"),
        empty=_l("您的范围内还没有申报。企业报送后在这里审核；纸质材料请在企业的义务清单里代录。"),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("申报审核"), "kit:collection", "enterprises.read", order=324, icon="inbox", args=("filings",)
)
navigation.register(_l("我的企业"), _l("我的企业"), "enterprises:own", "enterprises.own", order=300, icon="building")
