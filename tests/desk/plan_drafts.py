"""Hand-made drafts: what the reader would hand over, with true spans into a small text."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from typing import Any

from soilrules import deadlines
from soilrules.plantext.draft import (
    Conflict,
    ConflictKind,
    Field,
    IndicatorDraft,
    PlanDraft,
    Role,
    Span,
    TaskDraft,
    TaskOrigin,
    UnitMention,
    UnitSource,
)

TEXT = """青禾区2026年土壤污染防治工作方案
一、主要任务
1.开展隐患排查。2026年10月底前完成重点单位隐患排查；建立整改台账。（区生态环境局牵头，区农业农村局配合）
2.加强宣传。持续开展宣传教育。（区生态环境局负责）
3.推进信息共享，适时开展联合检查。（区规划中心牵头）
附件1 任务分工表
1 隐患排查 11月底前完成重点单位隐患排查 区生态环境局
受污染耕地安全利用率达到93%以上。
"""


def at(words: str, after: int = 0) -> Span:
    """Where `words` stand in the text."""
    start = TEXT.index(words, after)
    return Span(start, start + len(words))


def field(words: str, confidence: float = 1.0, reason: str = "", after: int = 0) -> Field:
    """A field that stands as `words` in the text."""
    return Field(words, (at(words, after),), confidence, reason)


def unit(words: str, role: Role, after: int, confidence: float = 1.0) -> UnitMention:
    """A unit printed in a bracket behind `after`."""
    found = field(words, confidence, after=after)
    return UnitMention(found, role, UnitSource.BRACKET, found.spans)


def task(number: str, title: str, words: str, units: tuple[UnitMention, ...], **more: Any) -> TaskDraft:
    """A task of running text whose terms are read by the real grammar."""
    text = field(words, more.pop("confidence", 1.0))
    line = TEXT.count("\n", 0, text.spans[0].start) + 1
    made = TaskDraft(
        number=number,
        section=("一、主要任务",),
        title=field(title),
        text=text,
        body_start=0,
        units=units,
        inherited=(),
        deadlines=deadlines.parse(words, plan_year=2026, offset=text.spans[0].start),
        origin=TaskOrigin.BODY,
        part=0,
        line=line,
    )
    return replace(made, **more)


def draft(**more: Any) -> PlanDraft:
    """Three tasks in the text and one in the table; two of them disagree on a date."""
    first, table = TEXT.index("1.开展"), TEXT.index("附件1")
    tasks = (
        task(
            "1",
            "开展隐患排查",
            "2026年10月底前完成重点单位隐患排查；建立整改台账。",
            (unit("区生态环境局", Role.LEAD, first), unit("区农业农村局", Role.SUPPORT, first)),
        ),
        task("2", "加强宣传", "持续开展宣传教育。", (unit("区生态环境局", Role.RESPONSIBLE, TEXT.index("2.加强")),)),
        task("3", "推进信息共享", "适时", (unit("区规划中心", Role.LEAD, TEXT.index("3.推进"), 0.7),), confidence=0.7),
        task(
            "1",
            "隐患排查",
            "11月底前完成重点单位隐患排查",
            (unit("区生态环境局", Role.RESPONSIBLE, table),),
            origin=TaskOrigin.TABLE,
            section=("附件1 任务分工表",),
        ),
    )
    sides = (field("2026年10月底前"), field("11月底前"))
    made = PlanDraft(
        text=TEXT,
        sha256=hashlib.sha256(TEXT.encode()).hexdigest(),
        title=field("青禾区2026年土壤污染防治工作方案"),
        issuer=None,
        doc_number=None,
        issued_on=None,
        issued_on_date=date(2026, 3, 2),
        region=field("青禾区"),
        year=2026,
        period=(date(2026, 1, 1), date(2026, 12, 31)),
        goals=(field("受污染耕地安全利用率达到93%以上"),),
        headings=(),
        indicators=(
            IndicatorDraft(
                field("受污染耕地安全利用率"), ">=", 93.0, "%", 2026, field("受污染耕地安全利用率达到93%以上"), "goal"
            ),
        ),
        universal_clauses=(),
        tasks=tasks,
        conflicts=(
            Conflict(ConflictKind.DEADLINES_DIFFER, (0, 3), (), sides),
            Conflict(ConflictKind.ONLY_IN_BODY, (1,), (), (field("加强宣传"),)),
            Conflict(ConflictKind.ONLY_IN_BODY, (2,), (), (field("推进信息共享"),)),
        ),
        notes=(),
        reader="test",
    )
    return replace(made, **more)


def with_text(text: str, **more: Any) -> PlanDraft:
    """The same draft read from another text (spans are those of the common beginning)."""
    return draft(text=text, sha256=hashlib.sha256(text.encode()).hexdigest(), **more)
