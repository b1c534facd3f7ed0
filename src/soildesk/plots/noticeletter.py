"""A written notice as a letter to be signed: Word to be worked on, PDF to be looked at. It decides nothing by itself."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst
from django.utils.translation import gettext as _

from soildesk.enterprises.dutyletters import RIGHT, long_day
from soildesk.kit import word
from soildesk.plots.models import PlotVersion, WrittenNotice
from soildesk.plots.services.notices import Term

Kind = WrittenNotice.Kind
SOURCE = Path(__file__).with_name("letter_typst.txt")
TITLES = {
    Kind.PRELIMINARY: "关于开展土壤污染状况初步调查的通知",
    Kind.DETAILED: "关于开展土壤污染状况详细调查和风险评估的通知",
    Kind.CONTROL: "关于实施土壤污染风险管控的通知",
    Kind.REMEDIATION: "关于实施土壤污染修复的通知",
    Kind.STOP: "关于立即停止开工建设的通知",
}
ASKED = {
    Kind.PRELIMINARY: "请你单位自收到本通知之日起对上述地块开展土壤污染状况初步调查，编制调查报告，上传全国建设用地土壤环境管理信息系统，并将主要内容向社会公开。",
    Kind.DETAILED: "请你单位对上述地块开展土壤污染状况详细调查和土壤污染风险评估，编制报告并按规定报送评审，将主要内容向社会公开。",
    Kind.CONTROL: "请你单位按照风险评估结论编制风险管控方案，实施风险管控措施，定期报告实施情况。",
    Kind.REMEDIATION: "请你单位按照风险评估结论编制修复方案，备案后实施；完成后另行委托有关单位评估效果。",
    Kind.STOP: "上述地块未达到规定的条件。请你单位自收到本通知之日起立即停止与风险管控、修复无关的开工建设，并书面报告停工情况。",
}


def lines(notice: WrittenNotice, plot: PlotVersion, term: Term) -> list[str]:
    """What the letter says, line by line, without its head and foot."""
    place = plot.location or plot.bounds
    ground = _("地块：%(name)s（编号 %(number)s）") % {"name": plot.name, "number": plot.code or plot.plot.number}
    told = [
        f"{notice.recipient}：",
        ground,
        *([_("坐落：%(place)s") % {"place": place}] if place else []),
        ASKED[Kind(notice.kind)],
    ]
    if notice.due:
        told.append(_("完成时限：%(day)s。") % {"day": long_day(notice.due)})
    elif notice.kind == Kind.PRELIMINARY and not notice.received_on:
        told.append(_("完成时限自收到本通知之日起计算。"))
    basis = notice.basis or term.basis
    if basis:
        told.append(_("依据：%(basis)s。") % {"basis": basis})
    return [*told, _("对本通知有异议的，请书面说明。")]


def as_word(notice: WrittenNotice, plot: PlotVersion, term: Term) -> bytes:
    """The letter as .docx."""
    document = word.a4()
    word.paragraph(document, TITLES[Kind(notice.kind)], word.TITLE)
    word.paragraph(document, notice.number, word.SUBTITLE)
    for line in lines(notice, plot, term):
        word.paragraph(document, line)
    word.paragraph(document, notice.owner_department.name, RIGHT)
    word.paragraph(document, long_day(notice.sent_on))
    return word.saved(document)


def as_pdf(notice: WrittenNotice, plot: PlotVersion, term: Term, *, at: datetime) -> bytes:
    """The letter as PDF."""
    recipient, *rest = lines(notice, plot, term)
    told = {
        "title": TITLES[Kind(notice.kind)],
        "number": notice.number,
        "recipient": recipient,
        "lines": rest,
        "office": notice.owner_department.name,
        "day": long_day(notice.sent_on),
    }
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "paper.typ").write_bytes(SOURCE.read_bytes())
        (place / "paper.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        made = typst.compile(
            str(place / "paper.typ"),
            format="pdf",
            font_paths=[str(pylopdf_fonts_zh_cn.serif_path().parent)],
            ignore_system_fonts=True,
            timestamp=at.astimezone(UTC).replace(microsecond=0),
        )
    return bytes(made[0] if isinstance(made, list) else made)
