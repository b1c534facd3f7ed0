"""An answer of the gate as a paper: A4 with a QR code to the page that says whether it is genuine."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import qrcode
import typst
from django.utils.translation import gettext as _
from qrcode.image.svg import SvgPathImage

from soildesk.core import clock
from soildesk.decisions import answershown, outdatedshown
from soildesk.decisions.actwords import word
from soildesk.decisions.answershown import CheckShown
from soildesk.decisions.models import GateQuery, ProvinceQuery
from soildesk.decisions.queries import kept
from soildesk.decisions.words import DISCLAIMER
from soildesk.enterprises.dutyletters import long_day

SOURCE = Path(__file__).with_name("certificate_typst.txt")
LOOKS = {
    "piece-no": "fill:#d9594f;fill-opacity:.6;stroke:#333;stroke-width:2",
    "piece-conditions": "fill:#e0b341;fill-opacity:.55;stroke:#333",
    "piece-cannot_say": "fill:#9aa4a8;fill-opacity:.55;stroke:#333;stroke-dasharray:3 2",
    "piece-yes": "fill:#6bb08a;fill-opacity:.45;stroke:#333",
}
"""How pieces look on paper, where no style sheet is read."""


def made(query: GateQuery, verify_url: str) -> bytes:
    """The PDF; the same answer gives the same bytes as long as nothing was added to it and it is not out of date."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "paper.typ").write_bytes(SOURCE.read_bytes())
        (place / "paper.json").write_text(json.dumps(told(query), ensure_ascii=False), encoding="utf-8")
        (place / "verify.svg").write_bytes(_qr(verify_url))
        (place / "ground.svg").write_text(_drawing(query), encoding="utf-8")
        pdf = typst.compile(
            str(place / "paper.typ"),
            format="pdf",
            font_paths=[str(pylopdf_fonts_zh_cn.sans_path().parent)],
            ignore_system_fonts=True,
            timestamp=query.asked_at.astimezone(UTC).replace(microsecond=0),
        )
    return bytes(pdf[0] if isinstance(pdf, list) else pdf)


def told(query: GateQuery) -> dict[str, Any]:
    """Everything the paper says."""
    decides = answershown.decides(query)
    return {
        "title": _("建设用地准入核查单"),
        "number": query.number,
        "disclaimer": _("%(disclaimer)s；“%(act)s”由%(who)s决定")
        % {"disclaimer": DISCLAIMER, "act": word(query.act), "who": decides},
        "verify": _("扫码核验"),
        "outdated": outdatedshown.on_paper(query),
        "decision": _("结论：%(word)s") % {"word": answershown.decision_word(query)},
        "reasons": [_reason(one) for one in answershown.reasons(query)],
        "limits": [_("使用限制：%(told)s") % {"told": one} for one in answershown.limits(query)],
        "facts": _facts(query),
        "piece_head": [_("部分"), _("登记的内容"), "m²", _("最严的一项")],
        "pieces": [[one.id, one.on_it, f"{one.area_m2:.2f}", one.chip.word] for one in answershown.pieces_of(query)],
        "forces": [
            {"title": title, "checks": [_check(one) for one in checks]} for title, checks in answershown.by_force(query)
        ],
        "held_title": _("%(day)s 登记的情况") % {"day": query.on},
        "held": _held(query),
        "added_title": _("以后补充的材料"),
        "added": _added(query),
        "office": query.owner_department.name if query.owner_department else "",
        "day": long_day(clock.local_day(query.asked_at)),
        "foot": _("%(number)s　规则版本 %(rules)s") % {"number": query.number, "rules": query.rule_set},
    }


def _reason(one: CheckShown) -> dict[str, str]:
    change = _("怎样可以改变：%(how)s") % {"how": one.change} if one.change else ""
    return {"title": one.title, "because": one.because[0], "change": change}


def _check(one: CheckShown) -> dict[str, str]:
    return {
        "outcome": one.chip.word,
        "title": one.title,
        "area": f"{one.area_m2:.2f} m²" if one.area_m2 else "",
        "because": "".join(one.because) + (f"（{one.doubt}）" if one.doubt else ""),
        "basis": _("依据：%(what)s") % {"what": "；".join(one.basis)} if one.basis else "",
    }


def _facts(query: GateQuery) -> list[tuple[str, str]]:
    rows = [
        (_("办理事项"), word(query.act)),
        (_("规划用途"), answershown.use_of(query)),
        (_("核查日"), long_day(query.on)),
        (_("计算面积"), f"{query.area_m2:.2f} m²"),
        (_("项目（地块）名称"), query.project),
        (_("宗地代码、地块编号"), query.parcel_code),
        (_("来文文号"), query.document),
        (_("代何单位查询"), query.on_behalf_of),
        (_("核查单位"), query.owner_department.name if query.owner_department else ""),
        (_("核查人"), query.asked_by.name if query.asked_by else ""),
        (_("坐标系（请核对）"), query.facts.get("read_as", "")),
        (_("上一次核查"), f"{query.follows.number}：{query.follows_why}" if query.follows else ""),
        (_("边界容差"), _("%(m2)s m² 以内的重叠、缝隙只列出，不作判断") % {"m2": f"{query.tolerance_m2:g}"}),
    ]
    return [row for row in rows if row[1]]


def _held(query: GateQuery) -> Sequence[tuple[str, str]]:
    held = answershown.on_record(query)
    plots = "；".join(f"{one['name']}（{one['code']}，{one['stage']}）" for one in held["plots"]) or _("没有登记的地块")
    return [(_("地块"), plots), *held["lists"], *held["sources"]]


def _added(query: GateQuery) -> list[str]:
    province = [
        _("全国系统查询：%(day)s，%(person)s，%(result)s")
        % {"day": one.asked_on, "person": one.person, "result": _shown(one)}
        for one in kept.province_of(query)
    ]
    grounds = [
        _("附条件通过的书面理由：%(person)s，%(document)s，%(text)s")
        % {"person": one.person, "document": one.document, "text": one.ground}
        for one in kept.grounds_of(query)
    ]
    return [*province, *grounds]


def _shown(one: ProvinceQuery) -> str:
    """What the national system showed, then its words."""
    return "；".join([*answershown.national_shown(one), one.result])


def _drawing(query: GateQuery) -> str:
    """The drawing of the page with the style of each piece written into it."""
    text = str(answershown.picture(query))
    for look, style in LOOKS.items():
        text = text.replace(f'class="piece {look}"', f'style="{style}"')
    text = text.replace('class="before"', 'style="fill:none;stroke:#222;stroke-width:2;stroke-dasharray:5 4"')
    text = re.sub(r"<text ", '<text style="font-size:12px;text-anchor:middle;font-family:Noto Sans SC" ', text)
    return text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def _qr(text: str) -> bytes:
    made = qrcode.make(text, image_factory=SvgPathImage, border=1, error_correction=qrcode.constants.ERROR_CORRECT_M)
    return bytes(made.to_string())
