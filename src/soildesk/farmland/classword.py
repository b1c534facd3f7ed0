"""The report of a classification 类别划分报告 as a Word file: what it rests on, what came of it, what stays open."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _
from docx.shared import Mm

from soildesk.core import clock
from soildesk.core.permissions import Actor
from soildesk.farmland import classdrawing
from soildesk.farmland.approvedwords import element_names
from soildesk.farmland.classwords import class_word
from soildesk.farmland.models import Classification, UnitProposal, UnitVersion
from soildesk.farmland.mu import told
from soildesk.farmland.queries import classifications as far
from soildesk.farmland.queries.classifications import place_names
from soildesk.farmland.queries.proposals import explained, ruleset_of
from soildesk.farmland.services.offices import LINES, Line
from soildesk.kit import word
from soildesk.kit.templatetags.kit import long_day
from soildesk.kit.word import Across, WordColumn
from soildesk.monitoring.markwords import mark_word
from soildesk.monitoring.picturepng import Sheet, png
from soildesk.standards.refusals import language
from soilrules.bases import bases_on
from soilrules.farmland.units import UnitClass

CLASSES = ("priority", "safe_use", "strict", "")
BASES = ("farmland.law.classes", "farmland.code.classes", "farmland.order46.classes")
LISTED = 400
"""Units listed in the report; the list in Excel has all."""


def standing(held: Classification) -> str:
    """What the paper is in force for: as approved, or a proposal."""
    if held.decision:
        return _("%(number)s 批准，自 %(since)s 起生效") % {
            "number": held.decision.number,
            "since": held.decision.since,
        }
    return _("建议类别，%(state)s，批准前不作为现行类别") % {"state": held.get_state_display()}


@dataclass(frozen=True)
class _Told:
    """The units of a classification with the class each has by it; `approved`: by the province, empty where it gave none."""

    rows: Sequence[UnitProposal]
    named: Mapping[int, str]
    approved: bool

    @classmethod
    def of(cls, held: Classification) -> _Told:
        """As it stands now."""
        rows = list(
            far.live(held).select_related("unit", "version").defer("version__geometry").order_by("unit__number")
        )
        given = far.given(held)
        return cls(rows, {one.pk: far.outcome(one, given) for one in rows}, given is not None)

    def word(self, key: str) -> str:
        """A class as it is called here."""
        return _("没有批准") if self.approved and not key else class_word(key)

    def elements(self, one: UnitProposal) -> str:
        """The elements that make a class, where it is the one they made."""
        return element_names(one.controlling) if one.proposed == self.named[one.pk] else ""


def report(held: Classification, actor: Actor) -> bytes:
    """The report as .docx."""
    found = _Told.of(held)
    document = word.a4()
    word.paragraph(document, held.title, word.TITLE)
    word.paragraph(document, _("农用地土壤环境质量类别划分报告"), word.SUBTITLE)
    for line in _head(held):
        word.paragraph(document, line)
    _basis(document, held)
    _result(document, found)
    _picture(document, held, actor)
    _by_town(document, found)
    _changes(document, found)
    _open(document, held, found)
    _process(document, held, found)
    return word.saved(document)


def _head(held: Classification) -> list[str]:
    return [
        _("编号：%(number)s") % {"number": held.number},
        _("编制单位：%(unit)s") % {"unit": held.owner_department.name},
        _("评价基准日：%(on)s") % {"on": long_day(held.on)},
        _("编制日期：%(day)s") % {"day": long_day(clock.today())},
        standing(held),
    ]


def _basis(document: word.WordDocument, held: Classification) -> None:
    rules = ruleset_of(held.ruleset, held.switches)
    word.paragraph(document, _("一、依据和数据"), word.HEADING)
    cited = "；".join(f"{one.cited}：{one.words}" for one in bases_on(BASES, held.on))
    lines = [
        _("依据：%(cited)s。") % {"cited": cited},
        _("规则：%(name)s（%(mark)s）。") % {"name": rules.name(language()), "mark": mark_word(rules.mark)},
        _("标准：%(standards)s；%(day)s。")
        % {
            "standards": "、".join(held.told.get("standards", ())) or "—",
            "day": _("按 %(on)s 施行的版本") % {"on": held.standards_on} if held.standards_on else _("按各样品采样日施行的版本"),
        },
        _("土壤监测：%(rounds)s；农产品监测：%(grown)s。")
        % {
            "rounds": "、".join(str(one) for one in held.soil_rounds.all()) or "—",
            "grown": "、".join(str(one) for one in held.produce_rounds.all()) or _("没有"),
        },
        _("评价单元 %(units)s 个，土壤点位 %(points)s 个，农产品点位 %(produce)s 个。")
        % {"units": held.told.get("units"), "points": held.told.get("points"), "produce": held.told.get("produce_points")},
    ]  # fmt: skip
    for line in lines:
        word.paragraph(document, line)


def _result(document: word.WordDocument, found: _Told) -> None:
    word.paragraph(document, _("二、划分结果"), word.HEADING)
    for ground in UnitVersion.Ground:
        some = [one for one in found.rows if one.version.ground == ground]
        if not some:
            continue
        by_reference = "" if ground == UnitVersion.Ground.CROPLAND else _("（参照耕地划分）")
        word.paragraph(document, f"{ground.label}{by_reference}", word.SUBHEADING)
        columns = [WordColumn(_("类别"), 25), WordColumn(_("单元数"), 15, centred=True), WordColumn(_("面积"), 35), WordColumn(_("控制元素"), 25)]  # fmt: skip
        keys = [key for key in CLASSES if any(found.named[one.pk] == key for one in some)]
        word.table(document, columns, [_class_line(key, some, found) for key in keys])


def _class_line(key: str, rows: Sequence[UnitProposal], found: _Told) -> list[str]:
    some = [one for one in rows if found.named[one.pk] == key]
    elements = Counter(slug for one in some if one.proposed == key for slug in one.controlling.split("、") if slug)
    told_elements = "、".join(f"{element_names(slug)} {count}" for slug, count in elements.most_common())
    return [found.word(key), str(len(some)), told(sum(one.version.area_m2 for one in some)), told_elements or "—"]


def _picture(document: word.WordDocument, held: Classification, actor: Actor) -> None:
    word.paragraph(document, _("三、类别分布图"), word.HEADING)
    figure = classdrawing.proposed(held, actor, linked=False)
    data = png(figure, Sheet(), at=clock.now())
    document.add_picture(BytesIO(data), width=Mm(word.PAGE_MM[0] - 2 * word.MARGIN_MM))
    word.paragraph(document, standing(held), word.NOTE)


def _by_town(document: word.WordDocument, found: _Told) -> None:
    word.paragraph(document, _("四、各乡镇（街道）面积"), word.HEADING)
    areas: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for one in found.rows:
        areas[one.division_path][found.named[one.pk]] += one.version.area_m2
    names: Mapping[str, str] = place_names(areas)
    columns = [WordColumn(_("乡镇（街道）"), 20), *(WordColumn(found.word(key), 20) for key in CLASSES)]
    lines = [
        [names.get(path, path), *(told(some[key]) if some[key] else "—" for key in CLASSES)]
        for path, some in sorted(areas.items())
    ]
    word.table(document, columns, lines)


def _changes(document: word.WordDocument, found: _Told) -> None:
    word.paragraph(
        document, _("五、与原类别不同的单元") if found.approved else _("五、与现行类别不同的单元"), word.HEADING
    )
    some = [one for one in found.rows if one.before and found.named[one.pk] not in ("", one.before)]
    if not some:
        word.paragraph(document, _("没有。"))
        return
    columns = [WordColumn(_("单元"), 34), WordColumn(_("面积"), 22), WordColumn(_("原类别") if found.approved else _("现行类别"), 14), WordColumn(_("批准类别") if found.approved else _("建议类别"), 14), WordColumn(_("控制元素"), 16)]  # fmt: skip
    lines: list[Sequence[str] | Across] = [
        [f"{one.version.name}\n{one.unit.number}", told(one.version.area_m2), class_word(one.before), class_word(found.named[one.pk]), found.elements(one) or "—"]
        for one in some[:LISTED]
    ]  # fmt: skip
    if len(some) > LISTED:
        lines.append(Across(_("另有 %(n)d 个单元，见类别清单。") % {"n": len(some) - LISTED}))
    word.table(document, columns, lines)


def _open(document: word.WordDocument, held: Classification, found: _Told) -> None:
    word.paragraph(document, _("六、无法定类和暂不报批的单元"), word.HEADING)
    rules = ruleset_of(held.ruleset, held.switches)
    some = [one for one in found.rows if not found.named[one.pk] or (far.apart(one) and not found.approved)]
    if not some:
        word.paragraph(document, _("没有。"))
        return
    columns = [WordColumn(_("单元"), 35), WordColumn(_("面积"), 22), WordColumn(_("原因"), 43)]
    word.table(document, columns, [_open_line(one, explained(one.detail, rules)) for one in some[:LISTED]])
    if held.left_out_why:
        word.paragraph(document, _("处理：%(why)s") % {"why": held.left_out_why})


def _open_line(one: UnitProposal, found: UnitClass) -> list[str]:
    points = far.apart(one)
    if points:
        why = _("孤立的Ⅲ类点位 %(points)s 须先划出。") % {"points": "、".join(points)}
    elif far.final(one):
        why = _("报送为%(class)s，批准文件没有批准。") % {"class": class_word(far.final(one))}
    else:
        why = found.message.sentence(language())
    return [f"{one.version.name}\n{one.unit.number}", told(one.version.area_m2), why]


def _settled(found: _Told) -> Iterator[str]:
    """What the review settled on otherwise than was computed, and on what ground."""
    some = [one for one in found.rows if one.settled]
    for one in some[:LISTED]:
        yield _("会审确定 %(unit)s：%(proposed)s改为%(settled)s，理由：%(why)s") % {
            "unit": one.unit.number, "proposed": class_word(one.proposed), "settled": class_word(one.settled), "why": one.settled_why,
        }  # fmt: skip
    if len(some) > LISTED:
        yield _("会审确定的另有 %(n)d 个单元，见类别清单。") % {"n": len(some) - LISTED}


def _process(document: word.WordDocument, held: Classification, found: _Told) -> None:
    word.paragraph(document, _("七、办理过程"), word.HEADING)
    checks = far.last_checks(held)
    lines = [_("外业核实 %(n)d 个单元。") % {"n": len(checks)}, *_settled(found)]
    for line in far.AGREEING:
        said = far.opinions(held).get(line)
        if said:
            lines.append(
                _("%(on)s %(office)s：%(verdict)s。%(opinion)s")
                % {
                    "on": said.on,
                    "office": said.department,
                    "verdict": said.get_verdict_display(),
                    "opinion": said.opinion,
                }
            )
        else:
            lines.append(_("%(line)s还没有意见。") % {"line": LINES[Line(line)]})
    if held.sent_on:
        lines.append(_("%(on)s 以 %(document)s 报送省级。") % {"on": held.sent_on, "document": held.sent_document})
    if held.decision:
        said_of = {"on": held.decision.decided_on, "who": held.decision.authority, "number": held.decision.number}
        lines.append(_("%(on)s %(who)s以 %(number)s 批准。") % said_of)
    for line in lines:
        word.paragraph(document, line)
