"""The register of periodic reports of liable parties: which are owed by when, what they say of measures and monitoring."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.calendar import working_calendar
from soildesk.core.permissions import Actor
from soildesk.farmland import planentering
from soildesk.farmland.models import ControlReport
from soildesk.farmland.queries import owed
from soildesk.farmland.queries.then import Then
from soildesk.farmland.queries.units import town
from soildesk.farmland.register import usepages
from soildesk.farmland.services.controlreports import ASK, BASES, REPORTS
from soildesk.farmland.usewords import HOW, cited_then
from soildesk.kit import cells, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter, TextFilter
from soildesk.kit.parts import Act, Chip, Fact
from soildesk.kit.register import Column, Register, Row
from soildesk.plots.register.records import stopped
from soilrules import deadlines
from soilrules.deadlines.state import Due

KEPT = usepages.keep(usepages.Kept(REPORTS, "control_reports", "report", _l("上传报告附件")))


def reports(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[ControlReport]:
    """The reports asked for."""
    return Then(on.year, on, known_on).known(ControlReport.objects.visible_to(actor)).annotate(town=town())


def _how(rows: list[Row], actor: Actor, on: date) -> None:
    """How each report of a page stands on the day, by the one function that says late."""
    calendar = working_calendar()
    for row in rows:
        row["_how"] = deadlines.state(Due(row["due"], row["received_on"]), on, calendar)


def page(actor: Actor, row: Row, on: date) -> RecordPage:
    """A report: who owes it by when, what it says, its papers."""
    found = ControlReport.objects.select_related("recorded_by", "owner_department").get(pk=row["pk"])
    tone, icon, word = HOW[deadlines.state(Due(found.due, found.received_on), on, working_calendar())]
    gone = _("这条记录已经撤销。") if found.superseded_at else ""
    no = stopped(actor, ASK, found) or gone or (_("已登记收到。") if found.received_on else "")
    facts = [
        Fact(_("依据"), cited_then(BASES, found.due, on), note=_("报告的间隔法律没有规定，按风险评估报告、方案或者主管部门的要求")),
        Fact(_("报告要求的依据"), found.asked_by),
        Fact(_("向谁报告"), found.owner_department.name),
    ]  # fmt: skip
    facts += [Fact(_("统一社会信用代码"), found.party_code)] if found.party_code else []
    if found.received_on:
        facts += [Fact(_("管控措施落实情况"), found.measures), Fact(_("监测与评价结果"), found.monitoring)]
    url = reverse("farmland:report_receive", args=[found.uid])
    return usepages.page(
        actor, found, KEPT,
        chips=[Chip(tone, str(word), icon)],  # type: ignore[arg-type]
        facts=facts,
        acts=[Act(_("登记收到"), url, "check", primary=not found.received_on, stopped_by=no)],
        related=usepages.unit_links(actor, found.units.all()),
    )  # fmt: skip


STATES: dict[str, Any] = {
    "late": lambda on: Q(pk__in=owed.late(ControlReport, on).values("subject_id")),
    "open": lambda on: Q(received_on=None) | Q(received_on__gt=on),
    "received": lambda on: Q(received_on__lte=on),
    "received_late": Q(received_on__gt=F("due")),
}
REGISTER = register.add(
    Register(
        name="farmland.control_reports",
        collection="control_reports",
        title=_l("风险管控定期报告"),
        permission="farmland.read",
        queryset=reports,
        knows_past=True,
        enrich=_how,
        fields=["due", "received_on"],
        columns=[
            Column("number", _l("编号"), sort="number", width=14, frozen=True, format=cells.link),
            Column("party", _l("土壤污染责任人"), sort="party", width=18, format=cells.clamp),
            Column("period", _l("报告期"), sort="period", width=8),
            Column("due", _l("时限"), sort="due", width=8, format=cells.day, type="date"),
            Column("received_on", _l("收到日期"), sort="received_on", width=8, format=cells.day, type="date"),
            Column("how", _l("办理"), lambda row: row.get("_how"), ["due", "received_on"], width=8, format=cells.chip(HOW), export=lambda value, row: str(HOW[value][2]) if value else ""),
            Column("office", _l("向谁报告"), "owner_department__name", width=12, format=cells.clamp),
            Column("asked_by", _l("报告要求的依据"), width=14, format=cells.clamp),
            Column("measures", _l("管控措施落实情况"), width=16, format=cells.clamp, shown=False),
            Column("monitoring", _l("监测与评价结果"), width=16, format=cells.clamp, shown=False),
            Column("town", _l("行政区"), width=8),
            Column("note", _l("备注"), width=12, format=cells.clamp, shown=False),
        ],
        filters=[
            ChoiceFilter("state", _l("进展"), choices=[("late", _l("逾期未报")), ("open", _l("待报告")), ("received", _l("已收到")), ("received_late", _l("逾期收到"))], conditions=STATES),
            TextFilter("period", _l("报告期"), fields=["period"]),
        ],
        search=["number", "party", "party_code", "asked_by"],
        default_sort="due",
        writing=planentering.REPORTS,
        record=page,
        views=[(_l("逾期未报"), "state=late"), (_l("待报告"), "state=open")],
        about=_l("安全利用类、严格管控类农用地的土壤污染责任人采取管控措施，并定期向农业农村、林业主管部门报告；到期没有收到的列入主管部门的待办。"),
        empty=_l("还没有定期报告：按风险评估报告、方案的要求，逐期登记责任人和时限。"),
    )
)  # fmt: skip
