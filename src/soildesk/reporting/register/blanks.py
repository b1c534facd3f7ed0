"""What kit needs to know of superiors' blank forms."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.enterprises.register.records import stopped
from soildesk.kit import cells, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.parts import Act, Chip, File
from soildesk.kit.register import Column, PageAct, Register, Row
from soildesk.reporting.pages.grid import grids
from soildesk.reporting.queries import records
from soildesk.reporting.services.blanks import TEMPLATES, fields
from soildesk.reporting.services.copies import MAKE


def blank(actor: Actor, row: Row, on: date) -> RecordPage:
    """One form with its cells and fields."""
    found = records.blank_of(actor, row["uid"])
    assert found is not None
    change, make = stopped(actor, TEMPLATES, found), stopped(actor, MAKE, found)
    known = fields()
    unmapped = "" if found.mapped_at else _("还没有对应字段：先点“对应字段”。")
    return RecordPage(
        chips=[
            Chip("good", _("已对应 %(n)d 格") % {"n": len(found.mapping)}, "columns-gap")
            if found.mapped_at
            else Chip("warn", _("未对应字段"), "exclamation-triangle-fill")
        ],
        acts=[
            Act(_("填一份"), reverse("reporting:fill_blank", args=[found.uid]), "check2-circle", primary=True, stopped_by=make or unmapped),
            Act(_("对应字段"), reverse("reporting:map_blank", args=[found.uid]), "columns-gap", stopped_by=change),
            Act(_("上传新版"), f"{reverse('reporting:new_blank')}?name={found.name}", "upload", stopped_by=change),
            Act(_("停用"), reverse("reporting:retire_blank", args=[found.uid]), "slash-circle", post=True, danger=True, stopped_by=change,
                confirm=_("停用后不再用这张空表填报，已生成的报表不受影响。")),
        ],
        files=[
            File(use.name, reverse("core:file", args=[use.uid]), use.attachment.size, _("空表"), use.added_at, use.added_by.name if use.added_by else "")
            for use in files.uses_of(found)
        ],
        related=[
            (f"{one.number} {one.period}（{one.get_state_display()}）", reverse("kit:record", args=["reports", str(one.uid)]))
            for one in records.copies(actor, on).filter(blank_form=found).order_by("-made_at")[:20]
        ],
        template="reporting/blank.html",
        context={"grids": grids(found.layout, {cell: known.get(name, name) for cell, name in found.mapping.items()})},
    )  # fmt: skip


BLANKS = register.add(
    Register(
        name="reporting.blanks",
        collection="blank_forms",
        title=_l("来表即填"),
        permission="reporting.read",
        queryset=records.blanks,
        record=blank,
        columns=[
            Column("name", _l("空表名称"), sort="name", width=24, frozen=True, format=cells.link),
            Column("version", _l("版本"), sort="version", width=5, numeric=True, format=cells.number, type="integer"),
            Column("receiver", _l("下发单位"), width=14),
            Column("mapped_at", _l("对应字段时间"), width=9, format=cells.day, type="datetime"),
            Column("made_at", _l("登记时间"), sort="made_at", width=9, format=cells.day, type="datetime"),
            Column("office", _l("编制单位"), width=12, shown=False),
        ],
        search=["name", "receiver"],
        default_sort="name",
        page_acts=[PageAct(_l("上传空表"), "reporting:new_blank", TEMPLATES, icon="upload", primary=True)],
        about=_l(
            "上级的空表（Excel 或 Word）：上传一次、把格子和字段对应一次，以后按期自动填；不知道的格子空着并列出。"
        ),
        empty_else=(TEMPLATES, _l("还没有空表：由经办人上传上级下发的空表。")),
        empty=_l("还没有空表。上传上级下发的 .xlsx 或 .docx 空表，对应一次字段，以后一键填报。"),
    )
)
