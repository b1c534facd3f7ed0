"""The register of acts on ground: permits, contracts, approvals, images."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.decisions import entering
from soildesk.decisions.actwords import choices, word
from soildesk.decisions.queries import ground_acts
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Ground, RecordPage
from soildesk.kit.filters import ChoiceFilter
from soildesk.kit.parts import Act
from soildesk.kit.register import Column, Register, Row
from soildesk.land.landuse import shown
from soildesk.plots.register.records import file_part

SECTION = _l("准入核查")


def _page(actor: Actor, row: Row, on: object) -> RecordPage:
    """One act: it can only be taken back."""
    held = ground_acts.act_called(actor, str(row["uid"]))
    stopped = "" if held else _("没有找到这条记录。")
    back = reverse("decisions:ground_act_back", args=[row["uid"]])
    proof = reverse("decisions:ground_act_proof", args=[row["uid"]])
    return RecordPage(
        acts=[
            Act(_("上传证据"), proof, "paperclip", stopped_by=stopped),
            Act(_("撤销"), back, "arrow-counterclockwise", danger=True, stopped_by=stopped),
        ],
        files=[file_part(use, _("证据")) for use in files.uses_of(held)] if held else [],
    )


GROUND_ACTS = register.add(
    Register(
        name="decisions.ground_acts",
        collection="ground-acts",
        subject="decisions.groundact",
        title=_l("用地办理事项"),
        permission="decisions.read",
        queryset=ground_acts.acts,
        knows_past=True,
        key="uid",
        fields=["use_system", "uid"],
        row_url=lambda row: reverse("kit:record", args=["ground-acts", str(row["uid"])]),
        columns=[
            Column("on", _l("日期"), sort="on", width=8, frozen=True, format=cells.day, type="date"),
            Column("act", _l("事项"), lambda row: word(row["act"]), ["act"], sort="act", width=10),
            Column("not_seen_on", _l("此前最近一次未见"), width=8, format=cells.day, type="date", shown=False),
            Column("project", _l("项目名称"), sort="project", width=18, format=cells.link),
            Column("unit", _l("用地单位"), width=16, format=cells.clamp),
            Column("use", _l("用途"), lambda row: shown(row["use_system"], row["use"]), ["use", "use_system"], sort="use", width=14),
            Column("document", _l("文号"), width=16, format=cells.clamp),
            Column("office", _l("办理机关"), width=14, format=cells.clamp),
            Column("town", _l("乡镇（街道）"), width=8),
            Column("area_m2", _l("计算面积（m²）"), sort="area_m2", width=9, numeric=True, format=cells.number, type="number"),
        ],
        filters=[ChoiceFilter("act", _l("事项"), choices=lambda actor, on: choices())],
        search=["project", "unit", "document", "office"],
        default_sort="-on",
        ground=Ground("geometry", area="area_m2", title="project", color="#6a51a3"),
        writing=entering.GROUND_ACTS,
        record=_page,
        about=_l("征收、供地、合同、许可和影像各有日期：先后次序不合规定的，由系统比对后列入问题清单。"),
        empty=_l("还没有用地办理事项。从自然资源、住建的台账导入，或用影像图斑导入。"),
    )
)  # fmt: skip

navigation.register(
    SECTION,
    _l("用地办理事项"),
    "kit:collection",
    "decisions.read",
    order=470,
    icon="signpost-split",
    args=("ground-acts",),
)
navigation.register(SECTION, _l("办理次序比对"), "decisions:watches", "decisions.read", order=472, icon="intersect")
