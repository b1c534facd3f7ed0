"""Papers of the field made as PDF: labels with a QR code, the list for the crew, the slip of a hand-over.

A label says the code of the sample and its medium, nothing of the point and nothing of the sample's role: the
laboratory reads it. The list for the crew says all of it and stays with the crew.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import qrcode
import typst
from django.utils import timezone
from django.utils.translation import gettext as _
from qrcode.image.svg import SvgPathImage

from soildesk.core import clock
from soildesk.monitoring.models import Campaign, Custody, SamplingTask

SOURCES = {name: Path(__file__).with_name(f"{name}_typst.txt") for name in ("labels", "listing")}


def labels(campaign: Campaign, tasks: Sequence[SamplingTask], *, at: datetime, copies: int = 1) -> bytes:
    """A4 sheets of 24 labels."""
    told = {
        "labels": [
            {
                "code": task.code,
                "medium": str(task.get_medium_display()),
                "campaign": campaign.number,
                "picture": f"{task.code}.svg",
            }
            for task in tasks
            for _copy in range(copies)
        ],
        "words": {"on": _("采样日期"), "by": _("采样人"), "kept": _("保存")},
        "title": _("样品标签 %(number)s") % {"number": campaign.number},
    }
    pictures = {f"{task.code}.svg": _qr(task.code) for task in tasks}
    return _made("labels", told, at, pictures)


def crew_list(campaign: Campaign, tasks: Sequence[SamplingTask], named: Mapping[int, str], *, at: datetime) -> bytes:
    """Which code is to be taken where: for the crew, never with the samples. `named` are the names of points by key."""
    rows = [
        [
            str(number),
            task.code,
            str(task.get_role_display()),
            named.get(task.point_id or 0, _("新布设")),
            str(task.get_medium_display()),
            _span(task),
            f"{task.planned_at.x:.6f}, {task.planned_at.y:.6f}" if task.planned_at else "",
            str(task.unit or ""),
        ]
        for number, task in enumerate(tasks, 1)
    ]
    told = {
        "title": _("采样对照表"),
        "under": f"{campaign.title}（{campaign.number}）",
        "warning": _("内部资料：含点位与密码平行样，不得随样品交给实验室。"),
        "head": [_("序号"), _("样品编号"), _("样品类别"), _("点位"), _("介质"), _("深度（cm）"), _("经纬度（CGCS2000）"), _("采样单位")],
        "wide": ["auto", "auto", "auto", "1fr", "auto", "auto", "auto", "auto"],
        "rows": rows,
        "signed": [],
        "foot": _foot(at),
    }  # fmt: skip
    return _made("listing", told, at)


def slip(rows: Sequence[Custody], *, at: datetime) -> bytes:
    """The paper of one hand-over, to be signed by both; it says codes and media alone."""
    first = rows[0]
    table = [
        [str(number), row.task.code, str(row.task.get_medium_display()), row.condition, _cold(row), ""]
        for number, row in enumerate(rows, 1)
    ]
    told = {
        "title": _("样品流转单"),
        "under": _("%(slip)s　%(step)s　%(when)s　任务编号 %(campaign)s")
        % {
            "slip": first.slip,
            "step": first.get_step_display(),
            "when": timezone.localtime(first.at).strftime("%Y-%m-%d %H:%M"),
            "campaign": first.task.campaign.number,
        },
        "warning": "",
        "head": [_("序号"), _("样品编号"), _("介质"), _("样品状况"), _("温度（℃）"), _("备注")],
        "wide": ["auto", "auto", "auto", "1fr", "auto", "1fr"],
        "rows": table,
        "signed": [
            _("交样人：%(name)s　签字：") % {"name": first.from_name},
            _("收样人：%(name)s　签字：") % {"name": first.to_name},
        ],
        "foot": _foot(at),
    }
    return _made("listing", told, at)


def listing(told: Mapping[str, Any], *, at: datetime) -> bytes:
    """Any table on A4; `told` is what listing_typst.txt prints."""
    return _made("listing", told, at)


def _foot(at: datetime) -> str:
    return _("打印于 %(day)s") % {"day": clock.local_day(at)}


def _cold(row: Custody) -> str:
    return "" if row.temperature_c is None else f"{row.temperature_c:g}"


def _span(task: SamplingTask) -> str:
    top, bottom = task.depth_from_cm, task.depth_to_cm
    return "" if top is None and bottom is None else f"{'' if top is None else top}–{'' if bottom is None else bottom}"


def _qr(code: str) -> bytes:
    made = qrcode.make(code, image_factory=SvgPathImage, border=1, error_correction=qrcode.constants.ERROR_CORRECT_M)
    return bytes(made.to_string())


def _made(name: str, told: Mapping[str, Any], at: datetime, pictures: Mapping[str, bytes] | None = None) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "paper.typ").write_bytes(SOURCES[name].read_bytes())
        (place / "paper.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        for picture, data in (pictures or {}).items():
            (place / picture).write_bytes(data)
        made = typst.compile(
            str(place / "paper.typ"),
            format="pdf",
            font_paths=[str(pylopdf_fonts_zh_cn.sans_path().parent)],
            ignore_system_fonts=True,
            timestamp=at.astimezone(UTC).replace(microsecond=0),
        )
    return bytes(made[0] if isinstance(made, list) else made)
