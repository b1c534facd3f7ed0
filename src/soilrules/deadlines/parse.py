"""Find the terms in a stretch of text and give each its kind and its days.

`parse` reads prose and cells alike; words that only mean a term when they stand alone (长期, 适时,
按上级要求) count as one when they are the whole text. Reasons are message ids of
soilrules/plantext/messages.yaml.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from soilrules.deadlines import grammar
from soilrules.deadlines.model import Deadline, DeadlineKind
from soilrules.deadlines.numerals import number
from soilrules.deadlines.reasons import TermReason

DECEMBER, MONTHS = 12, 12
LONGEST_MONTH = 31
TENTHS = {"初": 10, "上旬": 10, "中旬": 20, "中": 15}
UNITS = {
    "日": "days",
    "天": "days",
    "周": "weeks",
    "个星期": "weeks",
    "个月": "months",
    "年": "years",
    "工作日": "working_days",
    "个工作日": "working_days",
}
STARTS = ("起", "以来", "以后", "之后", "后", "开始")
FIRST_PLAN_YEAR = {"一": 2006, "二": 2011, "三": 2016, "四": 2021, "五": 2026, "六": 2031, "七": 2036}
MONTH_OPENS, MONTH_CLOSES = ("。", "，", "、", "；", "：", "于"), ("完成", "启动", "办结", "验收", "报送")
STRONG_END = "。；！？\n"
LISTED = re.compile("[、和及与]")
MAX_EVENT = 40
SURE = {"": 1.0, TermReason.YEAR_FROM_PLAN: 0.85}
"""How sure a term is by its reason (others 0.7): 年底前 in a plan of one year is how plans write, no doubt to settle."""
OBLIGED = re.compile(".*(?:应当?|须|必须|需|要|均)(?=在|于)")
"""Who must do what stands before the event: 地块信息应｜在评审通过后5个工作日内."""
ASIDE = re.compile("（[^（）]*）$")  # 10月（以省级通知为准）
BEFORE_CLAUSE = "，。；：、\n（）"


@dataclass(frozen=True)
class Days:
    """The days of a term: the last, the first of a window, and other defensible last days."""

    last: date | None
    first: date | None = None
    alternatives: tuple[date, ...] = ()


def parse(text: str, *, plan_year: int | None, offset: int = 0) -> tuple[Deadline, ...]:
    """All terms of `text` in order of print; spans are shifted by `offset`.

    >>> [str(term.last) for term in parse("10月底前完成排查，年底前完成整治", plan_year=2021)]
    ['2021-10-31', '2021-12-31']
    """
    whole = _whole(text, offset)
    if whole and not grammar.QUARTERLY.fullmatch(whole.text):
        return (whole,)
    cited = [match.span() for match in grammar.CITED.finditer(text)]
    found = [*_terms(text, plan_year), *_others(text)]
    kept = [term for term in found if not any(start <= term.start < end for start, end in cited)]
    kept.sort(key=lambda term: (term.start, -term.end))
    return tuple(_shift(term, offset) for term in _without_overlaps(kept))


def _shift(term: Deadline, offset: int) -> Deadline:
    return replace(term, start=term.start + offset, end=term.end + offset) if offset else term


def _without_overlaps(terms: list[Deadline]) -> Iterator[Deadline]:
    start, end = -1, -1
    for term in terms:
        if term.start >= end or (term.start, term.end, term.kind) == (start, end, DeadlineKind.YEARLY):
            yield term
            start, end = term.start, term.end


def _whole(text: str, offset: int) -> Deadline | None:
    """The term of a text that is nothing but a standing, directed or loose term."""
    words = text.strip("\n\t 　。；，（）()")
    if not words or len(words) > MAX_EVENT:
        return None
    start = offset + text.index(words)
    for pattern, kind, reason in (
        (grammar.STANDING, DeadlineKind.STANDING, ""),
        (grammar.DIRECTED, DeadlineKind.AS_DIRECTED, TermReason.TERM_AS_DIRECTED),
        (grammar.RECURRING, DeadlineKind.YEARLY, TermReason.RECURRING),
        (grammar.LOOSE, DeadlineKind.UNDETERMINED, TermReason.TERM_UNDETERMINED),
    ):
        if pattern.fullmatch(words):
            return Deadline(words, start, start + len(words), kind, 0.5 if reason else 1.0, reason)
    return None


def _others(text: str) -> Iterator[Deadline]:
    """Five-year-plan windows, terms counted from an event, and terms before an event."""
    for match in grammar.FIVE_YEAR.finditer(text):
        first = FIRST_PLAN_YEAR[match["ordinal"]]
        yield Deadline(
            match[0],
            *match.span(),
            DeadlineKind.WINDOW,
            0.7,
            TermReason.FIVE_YEAR_PLAN,
            date(first, 1, 1),
            date(first + 4, DECEMBER, 31),
        )
    for match in grammar.WITHIN.finditer(text):
        yield _within(text, match)
    if "每" in text or "季" in text:
        yield from (term for match in grammar.QUARTERLY.finditer(text) for term in _quarterly(match))
        yield from (term for match in grammar.MONTHLY.finditer(text) for term in _monthly(match))
    if "前" in text:
        for match in grammar.SEASON.finditer(text):
            place, why = match.span(), TermReason.TERM_BY_EVENT
            yield Deadline(match[0], *place, DeadlineKind.BEFORE_EVENT, 0.8, why, event=match["event"])
        for match in grammar.BEFORE_EVENT.finditer(text):
            yield Deadline(
                match[0],
                *match.span(),
                DeadlineKind.BEFORE_EVENT,
                0.8,
                TermReason.TERM_BY_EVENT,
                event=match["event"].removeprefix("在"),
            )


def _quarterly(match: re.Match[str]) -> Iterator[Deadline]:
    """`每季度末月25日前` is four terms of every year."""
    for month in (1, 4, 7, 10) if match["first"] else (3, 6, 9, 12):
        day = number(match["day"]) if match["day"] else monthrange(2001, month)[1]
        if 1 <= day <= monthrange(2001, month)[1]:
            yield Deadline(match[0], *match.span(), DeadlineKind.YEARLY, 1.0, month=month, day=day)


def _monthly(match: re.Match[str]) -> Iterator[Deadline]:
    """`每月5日前` is twelve terms of every year; a day a month lacks, like its end, is its last one."""
    day = number(match["day"]) if match["day"] else TENTHS.get(match["part"] or "", LONGEST_MONTH)
    for month in range(1, MONTHS + 1) if 1 <= day <= LONGEST_MONTH else ():
        fits = day <= monthrange(2001, month)[1]
        yield Deadline(match[0], *match.span(), DeadlineKind.YEARLY, 1.0, month=month, day=day if fits else None)


def _within(text: str, match: re.Match[str]) -> Deadline:
    begin = max(match.start() - MAX_EVENT, 0)
    event = re.split(f"[{BEFORE_CLAUSE}]", text[begin : match.start()])[-1]
    event = event[len(opening[0]) :] if (opening := OBLIGED.match(event)) else event
    count, unit = number(match["count"]), UNITS[match["unit"]]
    if unit == "weeks":
        count, unit = count * 7, "days"
    return Deadline(
        event + match[0],
        match.start() - len(event),
        match.end(),
        DeadlineKind.AFTER_EVENT,
        0.8,
        TermReason.TERM_BY_EVENT,
        event=re.sub(r"^(?:自|在|于|应在|应当在)", "", event),
        count=count,
        count_unit=unit,
    )


def _terms(text: str, plan_year: int | None) -> Iterator[Deadline]:
    carried: int | None = None
    yearly = -1  # where the next term of 每年6月底、12月底前 begins
    pending: list[re.Match[str]] = []  # 2017年、2018年底前: the first year shares the second's end
    for match in grammar.TERM.finditer(text):
        if (
            match["bare"] is not None
            and text[match.end() : match.end() + 1] == "、"
            and _next_is_year(text, match.end())
        ):
            pending.append(match)
            continue
        term = _yearly_too(match) if yearly == match.start() else None
        term = term or _term(text, match, carried or plan_year, plan_year)
        listed = LISTED.match(text, match.end()) if term and term.kind is DeadlineKind.YEARLY else None
        yearly = listed.end() if listed else -1
        if term is None:
            pending.clear()
            continue
        if match["year"] and term.completion:
            carried = number(match["year"])
        yield from _shared(pending, term)
        pending.clear()
        yield term


def _yearly_too(match: re.Match[str]) -> Deadline | None:
    """`每年6月底、12月底前`: what is listed behind a yearly term is yearly too, unless it names a year."""
    return _yearly(match) if match["month"] and not match["year"] and not match["relative"] else None


def _next_is_year(text: str, at: int) -> bool:
    return re.match(rf"、\s*{grammar.YEAR}\s*年", text[at : at + 12]) is not None


def _shared(pending: list[re.Match[str]], term: Deadline) -> Iterator[Deadline]:
    if term.last is None:
        return
    for match in pending:
        last = term.last.replace(
            year=number(match["year"]), day=min(term.last.day, 28) if term.last.month == 2 else term.last.day
        )
        yield Deadline(match[0], *match.span(), DeadlineKind.DATE, 0.8, TermReason.SHARED_ENDING, last=last)


def _term(text: str, match: re.Match[str], year: int | None, plan_year: int | None) -> Deadline | None:
    start, end = match.span()
    before, after = text[max(start - 4, 0) : start], text[end : end + 8]
    if match["relative"] and match["relative"].startswith("每年"):
        return _yearly(match)
    if before.endswith(("每", "上", "历", "半")):
        return None
    if match["from_year"]:
        first, last = number(match["from_year"]), number(match["to_year"])
        set_apart = before.endswith(("，", "；")) and (not after or after[0] in "，；。")
        fits = first <= last and (set_apart or _is_term(text, start, end) or _alone(text, start, end))
        return (
            _deadline(text, match, DeadlineKind.WINDOW, Days(date(last, 12, 31), date(first, 1, 1))) if fits else None
        )
    if match["iso"]:
        return _iso(text, match)
    if match["year"]:
        year = number(match["year"])
    elif match["relative"] in ("明年", "次年"):
        year = plan_year + 1 if plan_year else None
    elif match["relative"]:
        year = plan_year
    if not _worded(text, match, before, after):
        return None
    return _dated(text, match, year)


def _iso(text: str, match: re.Match[str]) -> Deadline | None:
    year, month, day = (int(part) for part in re.split("[-./]", match["iso"]))
    if not _valid(year, month, day):
        return None
    return _deadline(text, match, DeadlineKind.DATE, Days(date(year, month, day)))


def _worded(text: str, match: re.Match[str], before: str, after: str) -> bool:
    """Whether the figures are a term at all: `6月` alone and `2020年度排放情况` are not."""
    if before.endswith(grammar.OBJECT_OPENS) and grammar.OF_A_THING.match(text, match.end()):
        return False
    if match["bare"] is not None:
        return _bare_year(text, match, before, after)
    if match["year_end"] in ("底", "末", "内") or match["half"] or match["quarter"]:
        return bool(match["year"] or match["relative"]) or match["half"] is not None or match["quarter"] is not None
    if match["month"] and not (match["part"] or match["day"] or match["suffix"]):
        if _alone(text, *match.span()):
            return True
        closes = not match["year"] and before.endswith(MONTH_OPENS) and after.startswith(MONTH_CLOSES)
        return closes or bool(match["year"]) and _is_term(text, *match.span())
    if match["from_month"]:
        return "月" in match[0] and not (before.endswith("第") or before[-1:].isdigit())
    return True


def _bare_year(text: str, match: re.Match[str], before: str, after: str) -> bool:
    if not match["year"]:
        return False
    if match["suffix"]:
        return "年度" not in match[0] or match["suffix"].strip() == "内"
    if _alone(text, *match.span()):
        return True
    if "年度" in match[0]:
        return False
    if before.endswith(("到", "至")) and not before.endswith(("截至", "得到", "达到")):
        return True
    named = before[-1:] not in "比较以自与和及、" and grammar.FINISHED.match(text, match.end())
    return bool(named) or _is_term(text, *match.span())


def _alone(text: str, start: int, end: int) -> bool:
    rest = ASIDE.sub("", text[end:])
    return not text[:start].strip("\n\t 　（") and not rest.strip("\n\t 　。；）完成")


def _is_term(text: str, start: int, end: int) -> bool:
    """A bare year or month opens a clause whose verb says that something is finished."""
    opening = text[max(start - 2, 0) : start].rstrip()
    if (
        opening
        and not opening.endswith(tuple("，。；：、,;:\n）于在"))
        and not opening.endswith(("力争", "计划", "确保"))
    ):
        return False
    tail = text[end : end + 120]
    if grammar.NOT_A_TERM_AFTER.match(tail):
        return False
    clause = re.split(f"[{STRONG_END}]", tail, maxsplit=1)[0]
    return grammar.COMPLETION_VERB.search(clause) is not None


def _valid(year: int, month: int, day: int = 1) -> bool:
    return 1 <= month <= MONTHS and 1 <= day <= monthrange(year, month)[1]


def _last_of(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _dated(text: str, match: re.Match[str], year: int | None) -> Deadline | None:
    """The days of a term with months, quarters, halves or a year."""
    if year is None:
        return _deadline(text, match, DeadlineKind.UNDETERMINED, Days(None), TermReason.NO_YEAR_FOR_TERM)
    months = _months(match)
    if months is None:
        return None
    first_month, month = months
    before = (match["suffix"] or "").strip() in ("前", "之前", "以前")
    told = grammar.WITH_OR_WITHOUT.match(text, match.end()) if before else None
    if match["day"]:
        day = number(match["day"])
        if not _valid(year, month, day):
            return None
        last = date(year, month, day)
        if told and told["without"]:
            return _deadline(text, match, DeadlineKind.DATE, Days(last - timedelta(days=1)))
        other = (last - timedelta(days=1),) if before and day == 1 and not told else ()
        return _deadline(
            text, match, DeadlineKind.DATE, Days(last, None, other), TermReason.FIRST_DAY_IN_OR_OUT if other else ""
        )
    if match["part"] in TENTHS:
        return _deadline(
            text, match, DeadlineKind.DATE, Days(date(year, month, TENTHS[match["part"]])), TermReason.PART_OF_MONTH
        )
    last = _last_of(year, month)
    unclosed = not (match["part"] or match["year_end"] or match["quarter_end"] or match["range_end"])
    if before and unclosed:
        earlier = date(year, first_month, 1) - timedelta(days=1)
        if told:
            return _deadline(text, match, DeadlineKind.DATE, Days(earlier if told["without"] else last))
        return _deadline(text, match, DeadlineKind.DATE, Days(earlier, None, (last,)), TermReason.PERIOD_IN_OR_OUT)
    if match["from_month"]:
        return _deadline(text, match, DeadlineKind.WINDOW, Days(last, date(year, first_month, 1)))
    return _deadline(text, match, DeadlineKind.DATE, Days(last))


def _months(match: re.Match[str]) -> tuple[int, int] | None:
    """First and last month of the term, None where the figures are no month."""
    if match["from_month"]:
        first, last = number(match["from_month"]), number(match["to_month"])
        return (first, last) if 1 <= first <= last <= MONTHS else None
    if match["month"]:
        month = number(match["month"])
        return (month, month) if 1 <= month <= MONTHS else None
    if match["quarter"]:
        last = number(match["quarter"]) * 3
        return last - 2, last
    if match["half"]:
        return (1, 6) if match["half"] == "上半年" else (7, 12)
    return 1, DECEMBER


def _yearly(match: re.Match[str]) -> Deadline | None:
    months = _months(match)
    if match["bare"] is not None or months is None:
        return None
    day = number(match["day"]) if match["day"] else TENTHS.get(match["part"] or "", monthrange(2023, months[1])[1])
    first = months[0] if match["from_month"] or match["quarter"] or match["half"] else None
    return Deadline(match[0], *match.span(), DeadlineKind.YEARLY, 1.0, month=months[1], day=day, first_month=first)


def _deadline(text: str, match: re.Match[str], kind: DeadlineKind, days: Days, reason: str = "") -> Deadline:
    start, end = match.span()
    opening = re.search(r"(?:自|从|到|至|截至|截止到?)\s*$", text[max(start - 3, 0) : start])
    if opening and not text[max(start - 3, 0) : start].endswith(("得到", "达到")):
        start -= len(opening[0])
    words = text[start:end]
    started = words.startswith(("自", "从")) or (match["suffix"] or "").strip() in STARTS
    stated = text[end : end + 3].lstrip("，").startswith(("已", "以来", "曾", "尚未"))
    if not reason:
        reason = _reason(match, words)
    return Deadline(
        words,
        start,
        end,
        kind,
        SURE.get(reason, 0.7),
        reason,
        days.first,
        days.last,
        days.alternatives,
        what=_what(text, end),
        completion=not (started or stated),
    )


def _reason(match: re.Match[str], words: str) -> str:
    if match["bare"] is not None and words.startswith(("到", "至")):
        return TermReason.TARGET_YEAR
    if match["bare"] is not None and not match["suffix"]:
        return TermReason.BARE_YEAR
    return "" if match["year"] or match["iso"] or match["from_year"] else TermReason.YEAR_FROM_PLAN


def _what(text: str, end: int) -> str:
    """The words a term belongs to: the rest of its sentence, cut at 60 characters."""
    return re.split(f"[{STRONG_END}]", text[end : end + 60], maxsplit=1)[0].strip("，,、 ")
