"""What kit needs to know of written notices."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import audit, audit_words, files
from soildesk.core.permissions import Actor
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter
from soildesk.kit.parts import ICON_OF_TONE, Act, Chip, Event, Fact
from soildesk.kit.register import Column, Register, Row, Stored
from soildesk.plots.limits import rules_url
from soildesk.plots.models import WrittenNotice
from soildesk.plots.queries import notices
from soildesk.plots.register.plots import SECTION, TOWN, word
from soildesk.plots.register.records import chip_of, file_part, stopped

Kind = WrittenNotice.Kind
STATES = [
    ("waiting", _l("待送达")),
    ("open", _l("办理中")),
    ("late", _l("已超过时限")),
    ("done", _l("已完成")),
    ("withdrawn", _l("已撤回")),
]

TOLD = ("due", "done_on", "withdrawn_at", "withdrawn_why", "received_on", "term_note")
"""What says how a notice stands."""


def notice(actor: Actor, row: Row, on: date) -> RecordPage:
    """A notice: how it stands, by when and why, what can be done."""
    found = WrittenNotice.objects.select_related("plot", "recorded_by").get(pk=row["pk"])
    gone = _("这份通知已经撤回。") if found.withdrawn_at else ""
    notifying = stopped(actor, "plots.notify", found)
    again = notifying or gone or (_("已经登记送达。") if found.received_on else "")
    facts = [Fact(_("时限说明"), found.term_note)] if found.term_note else []
    return RecordPage(
        chips=[chip_of(found, on)],
        facts=[*facts, *([Fact(_("依据"), found.basis)] if found.basis else [])],
        acts=[
            Act(_("登记送达"), reverse("plots:notice_received", args=[found.uid]), "check", primary=True, stopped_by=again),
            Act(_("通知书（Word）"), reverse("plots:notice_letter", args=[found.uid]), "file-earmark-text", stopped_by=notifying),
            Act(_("通知书（PDF）"), reverse("plots:notice_letter_pdf", args=[found.uid]), "printer", stopped_by=notifying),
            Act(_("撤回"), reverse("plots:notice_withdraw", args=[found.uid]), "slash-circle", danger=True, stopped_by=notifying or gone),
        ],
        files=[file_part(use, _("通知书或送达回证")) for use in files.uses_of(found)],
        history=_history(found),
        related=[
            (_("地块 %(number)s") % {"number": found.plot.number}, reverse("kit:record", args=["plots", str(found.plot.uid)])),
            *([(_("属地规则（省规定的调查期限）"), rules_url())] if found.kind == Kind.PRELIMINARY and rules_url() else []),
        ],
    )  # fmt: skip


def _history(found: WrittenNotice) -> list[Event]:
    """When it was written down, served and withdrawn, and by whom."""
    told = []
    for entry, who in audit.told_of(found, "plots.notice.served", "plots.notice.received", "plots.notice.withdrawn"):
        detail = str(entry.data.get("why") or entry.data.get("on") or found.number)
        told.append(Event(entry.at, who, str(audit_words.word_of(entry.act)), detail))
    return told


def _standing(rows: list[Row], actor: Actor, on: date) -> None:
    """How each stands on the day asked about, and whether its term has passed."""
    for row in rows:
        row["_late"] = bool(row["due"] and row["due"] < on and not row["done_on"] and not row["withdrawn_at"])
        row["_chip"] = chip_of(WrittenNotice(**{name: row[name] for name in TOLD}), on)
        row["state"] = str(row["_chip"].word)


def _state(value: str, row: Row) -> str:
    chip: Chip = row["_chip"]
    return cells.chip_html(chip.tone, chip.icon or ICON_OF_TONE[chip.tone], value, str(chip.why))


WRITTEN = register.add(
    Register(
        name="plots.written",
        collection="written_notices",
        title=_l("书面通知"),
        permission="plots.read",
        queryset=notices.notices,
        knows_past=True,
        fields=["plot_id", *TOLD],
        enrich=_standing,
        columns=[
            Column("number", _l("文号"), sort="number", width=13, frozen=True, format=cells.link),
            Column("plot", _l("地块编号"), "plot__number", sort="plot__number", width=13),
            Column("plot_name", _l("地块名称"), width=15, format=cells.clamp),
            Column("state", _l("办理"), lambda row: row.get("state"), [], width=8, format=_state),
            Column("kind", _l("事项"), word("kind", Kind.choices), ["kind"], width=12, stored=Stored("kind", Kind.choices)),
            Column("recipient", _l("送达对象"), width=13, format=cells.clamp),
            Column("sent_on", _l("发出日期"), sort="sent_on", width=7, format=cells.day, type="date"),
            Column("received_on", _l("送达日期"), sort="received_on", width=7, format=cells.day, type="date"),
            Column("due", _l("完成时限"), sort="due", width=8, format=cells.due, type="date"),
            Column("done_on", _l("完成日期"), sort="done_on", width=7, format=cells.day, type="date"),
            Column("withdrawn_why", _l("撤回原因"), width=12, format=cells.clamp, shown=False),
        ],
        filters=[
            ChoiceFilter("state", _l("办理"), choices=STATES, conditions=notices.STATES),
            ChoiceFilter("kind", _l("事项"), choices=Kind.choices),
            TOWN,
        ],
        search=["number", "plot__number", "recipient"],
        default_sort="-sent_on",
        personal=["recipient"],
        personal_permission="plots.read_personal",
        record=notice,
        views=[(_l("已超过时限"), "state=late"), (_l("待送达"), "state=waiting")],
        about=_l("发给土地使用权人的书面通知：期限自送达之日起算，到期未完成的出现在“今日”。"),
        empty=_l("还没有书面通知：在地块页面用“制发书面通知”登记。"),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("书面通知"), "kit:collection", "plots.read", order=410, icon="send", args=("written_notices",)
)
