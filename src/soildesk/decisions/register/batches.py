"""The register of batches: whole layers asked about in one go."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.decisions.conflicts import found_in, rows_page
from soildesk.decisions.models import GateBatch
from soildesk.decisions.queries import kept
from soildesk.decisions.register.ground_acts import SECTION
from soildesk.decisions.services.batch import TABLE
from soildesk.decisions.words import DECISIONS
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter
from soildesk.kit.parts import ICON_OF_TONE, Act, Chip, Event, Fact, Tone
from soildesk.kit.register import Column, PageAct, Register, Row, Stored
from soildesk.plots.register.records import file_part
from soilrules.gate.acts import acts

State = GateBatch.State
TONES: dict[str, Tone] = {State.RUNNING: "busy", State.DONE: "good", State.FAILED: "warn"}
LOOKS = {str(key): (tone, ICON_OF_TONE[tone], State(key).label) for key, tone in TONES.items()}
WORDS = {**DECISIONS, "refused": _l("没有核查")}


def batch_page(actor: Actor, row: Row, on: date) -> RecordPage:
    """One batch: how many were answered how, the table and the map of its rows."""
    held = kept.batch_called(actor, str(row["uid"]))
    assert held is not None
    listed = f"{reverse('kit:collection', args=['gate-queries'])}?batch={held.number}"
    stopped = "" if held.state == State.DONE else _("批量核查还没有完成。")
    who = held.asked_by.name if held.asked_by else ""
    kinds = {TABLE: _("结果表")}
    asked = rows_page(held)
    read_as = next((one.facts.get("read_as", "") for one in asked), "")
    return RecordPage(
        template="decisions/batch.html",
        context={
            **found_in(asked),
            "refused": held.refused,
            "shown": len(asked),
            "all_rows": asked.paginator.count,
            "rows_url": reverse("decisions:batch_rows", args=[held.uid]),
        },
        chips=[Chip(TONES[held.state], str(State(held.state).label))],
        facts=[Fact(_("坐标系"), _("请核对"), note=read_as)] if read_as else [],
        acts=[Act(_("逐块查看"), listed, "list", primary=True, stopped_by=stopped)],
        files=[file_part(use, kinds.get(use.kind, _("核查图层"))) for use in files.uses_of(held)],
        history=[Event(held.asked_at, who, _("发起批量核查"), held.title)],
        related=[(_("各块的核查记录、表格和地图"), listed)],
    )


BATCHES = register.add(
    Register(
        name="decisions.batches",
        collection="gate-batches",
        title=_l("批量核查"),
        permission="decisions.read",
        queryset=kept.batches,
        knows_past=True,
        key="uid",
        fields=["uid"],
        row_url=lambda row: reverse("kit:record", args=["gate-batches", str(row["uid"])]),
        columns=[
            Column("number", _l("编号"), sort="number", width=14, frozen=True, format=cells.link),
            Column("title", _l("名称"), sort="title", width=20, format=cells.clamp),
            Column("act", _l("事项"), sort="act", width=9),
            Column("on", _l("核查日"), sort="on", width=7, format=cells.day, type="date"),
            Column("state", _l("状态"), width=8, format=cells.chip(LOOKS), stored=Stored("state", State.choices)),
            *(
                Column(key, word, lambda row, key=key: row["counts"].get(key), ["counts"], width=7, numeric=True, type="number")
                for key, word in WORDS.items()
            ),
        ],
        filters=[ChoiceFilter("act", _l("事项"), choices=lambda actor, on: [(one, one) for one in acts()])],
        search=["number", "title"],
        default_sort="-number",
        record=batch_page,
        page_acts=[PageAct(_l("批量核查"), "decisions:batch_new", "decisions.ask", icon="upload")],
        about=_l("一个图层一次核查：每块地各有结论和编号，一张表、一张图。"),
        empty=_l("还没有批量核查：上传供地计划或规划图层。"),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("批量核查"), "kit:collection", "decisions.read", order=454, icon="files", args=("gate-batches",)
)
