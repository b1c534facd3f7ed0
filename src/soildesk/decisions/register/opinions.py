"""The register of written opinions asked for."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.decisions.models import OpinionRequest
from soildesk.decisions.queries import kept
from soildesk.decisions.register.ground_acts import SECTION
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter
from soildesk.kit.parts import ICON_OF_TONE, Act, Chip, Event, Fact, Tone
from soildesk.kit.register import Column, Register, Row, Stored
from soildesk.plots.register.records import file_part, stopped

State = OpinionRequest.State
TONES: dict[str, Tone] = {State.ASKED: "busy", State.ANSWERED: "good", State.RETURNED: "warn"}
LOOKS = {str(key): (tone, ICON_OF_TONE[tone], State(key).label) for key, tone in TONES.items()}


def opinion_page(actor: Actor, row: Row, on: date) -> RecordPage:
    """One request: the question, the term, the answer."""
    held = kept.opinion_called(actor, str(row["uid"]))
    assert held is not None
    settled = "" if held.state == State.ASKED else _("这份请求已经办结。")
    may = stopped(actor, "decisions.opine", held) or settled
    query = reverse("kit:record", args=["gate-queries", str(held.query.uid)])
    told = [
        Fact(_("核查"), held.query.number, url=query),
        Fact(_("时限说明"), held.due_note),
        Fact(_("答复意见"), held.answer),
        Fact(_("退回原因"), held.returned_why),
    ]
    who = held.recorded_by.name if held.recorded_by else ""
    return RecordPage(
        chips=[Chip(TONES[held.state], str(State(held.state).label))],
        facts=[one for one in told if one.value],
        acts=[
            Act(_("登记答复"), reverse("decisions:opinion_answer", args=[held.uid]), "check", primary=True, stopped_by=may),
            Act(_("复函草稿（Word）"), reverse("decisions:letter", args=[held.query.uid]), "file-earmark-text"),
            Act(_("退回补正"), reverse("decisions:opinion_back", args=[held.uid]), "arrow-counterclockwise", danger=True, stopped_by=may),
        ],
        files=[file_part(use, _("复函")) for use in files.uses_of(held)],
        history=[Event(held.recorded_at, who, _("请求书面意见"), held.incoming)],
        related=[(_("核查 %(number)s") % {"number": held.query.number}, query)],
    )  # fmt: skip


def _late(rows: list[Row], actor: Actor, on: date) -> None:
    """Whether a term has passed unanswered, by the day asked about."""
    for row in rows:
        row["_late"] = bool(row["due"] and row["due"] < on and row["state"] == State.ASKED)


OPINIONS = register.add(
    Register(
        name="decisions.opinions",
        collection="gate-opinions",
        subject="decisions.opinionrequest",
        title=_l("书面意见"),
        permission="decisions.read",
        queryset=kept.opinions,
        knows_past=True,
        key="uid",
        fields=["uid", "due", "state"],
        enrich=_late,
        row_url=lambda row: reverse("kit:record", args=["gate-opinions", str(row["uid"])]),
        columns=[
            Column("query", _l("核查编号"), "query__number", sort="query__number", width=14, frozen=True, format=cells.link),
            Column("state", _l("状态"), sort="state", width=8, format=cells.chip(LOOKS), stored=Stored("state", State.choices)),
            Column("act", _l("事项"), "query__act", width=9),
            Column("incoming", _l("来函文号"), width=14, format=cells.clamp),
            Column("asked_on", _l("来函日期"), sort="asked_on", width=7, format=cells.day, type="date"),
            Column("asked_of", _l("请求对象"), "asked_of__name", width=14, format=cells.clamp),
            Column("due", _l("答复时限"), sort="due", width=8, format=cells.due, type="date"),
            Column("outgoing", _l("复函文号"), width=14, format=cells.clamp),
            Column("answered_on", _l("复函日期"), sort="answered_on", width=7, format=cells.day, type="date"),
        ],
        filters=[ChoiceFilter("state", _l("状态"), choices=State.choices)],
        search=["query__number", "incoming", "outgoing"],
        default_sort="-asked_on",
        record=opinion_page,
        views=[(_l("待答复"), "state=asked")],
        about=_l("需要书面意见的核查：来函、时限、复函各有日期和文号；退回的写明缺什么。"),
        empty=_l("还没有书面意见请求：在核查记录页面用“请求书面意见”登记。"),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("书面意见"), "kit:collection", "decisions.read", order=456, icon="send", args=("gate-opinions",)
)
