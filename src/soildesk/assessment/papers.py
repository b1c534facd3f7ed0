"""An assessment as a Word file: what stands on its page, from the same score."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from soildesk.assessment import words
from soildesk.assessment.queries.facts import shown
from soildesk.assessment.queries.standing import Standing
from soildesk.kit import word
from soildesk.kit.word import WordColumn
from soilrules.assessment.scheme import Method


def docx(standing: Standing) -> bytes:
    """The table of the assessment as it stands."""
    one, score = standing.assessment, standing.score()
    document = word.a4(landscape=True)
    title = _("%(place)s%(year)d年%(scheme)s") % {"place": one.place.name, "year": one.year, "scheme": _kind(one)}
    word.paragraph(document, title, word.TITLE)
    head = {
        _("编号"): one.number,
        _("考核方案"): f"{one.adoption.title}（{one.adoption.document}）",
        _("数据截至"): one.on.isoformat(),
        _("文号"): one.document,
        _("状态"): str(one.get_state_display()),
    }
    word.paragraph(document, "　".join(f"{name}：{value}" for name, value in head.items() if value), word.SUBTITLE)
    told = _("得分 %(score)s，等次：%(grade)s。") % {
        "score": words.score_words(score),
        "grade": words.grade_words(score),
    }
    word.paragraph(document, f"　　{told}")
    columns = [
        WordColumn(_("指标"), 24), WordColumn(_("分值"), 6, True), WordColumn(_("现值"), 11, True), WordColumn(_("目标"), 8, True),
        WordColumn(_("结论"), 8, True), WordColumn(_("得分"), 9, True), WordColumn(_("说明"), 34),
    ]  # fmt: skip
    rows: list[Any] = []
    for name, part in standing.scheme.parts.items():
        held = [each for each in score.items if each.item.part == name]
        if held:
            rows.append(word.Across(part))
        for each in held:
            target = "" if each.item.method is Method.PER else f"{each.item.comparator}{each.item.target.normalize():f}"
            rows.append(
                [each.item.title, f"{each.item.weight.normalize():f}", shown(each.fact), target, str(words.SAID[str(each.said)][2]),
                 words.span(each.low, each.high), _remark(standing, each)]
            )  # fmt: skip
    word.table(document, columns, rows)
    for each in score.deductions:
        line = _("扣分：%(title)s，%(value)s，扣 %(taken)s 分。")
        word.paragraph(
            document,
            line % {"title": each.rule.title, "value": shown(each.fact), "taken": words.span(each.low, each.high)},
        )
    for veto in score.vetoes:
        holds = {True: _("发生"), False: _("没有"), None: _("不知道")}[veto.holds]
        word.paragraph(document, _("一票否决：%(title)s，%(holds)s。") % {"title": veto.rule.title, "holds": holds})
    if one.digest:
        word.paragraph(document, _("校验值（SHA-256）：%(digest)s") % {"digest": one.digest}, word.NOTE)
    return word.saved(document)


def _kind(one: Any) -> str:
    return _("考核结果") if one.state == "final" else _("考核自评表")


def _remark(standing: Standing, each: Any) -> str:
    row = standing.results.get(each.item.id)
    said = [words.sentence(each.message)]
    if row and row.self_remark:
        said.append(_("自评：%(text)s") % {"text": row.self_remark})
    if row and row.checked_why:
        said.append(_("核定：%(text)s") % {"text": row.checked_why})
    return "\n".join(said)
