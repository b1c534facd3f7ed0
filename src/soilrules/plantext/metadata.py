"""Front matter: title, issuers, document number, date, region, and the years the plan speaks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from soilrules.deadlines.numerals import number
from soilrules.plantext.draft import Field
from soilrules.plantext.headings import ANNEX, mark_of
from soilrules.plantext.layout import Grid, Item, Para
from soilrules.plantext.lexicon import BARE_UNIT, TITLE_END
from soilrules.plantext.reasons import Reason
from soilrules.plantext.sections import BACKGROUND_HEADING, GOAL_HEADING, GOAL_OPENING, section_ranges
from soilrules.plantext.source import Words

FRONT_ITEMS, BACK_ITEMS = 70, 25
DOC_NUMBER = re.compile(
    r"(?:^|(?<=：)|(?<=文件)|(?<=^（))[\u4e00-\u9fff]{1,14}(?:（[\u4e00-\u9fff]{1,6}）)?（(?:19|20)[0-9]{2}）第?[0-9]{1,4}号"
)
FIGURE = "[0-9〇零○一二三四五六七八九十]"
DATE = re.compile(
    rf"(?P<y>(?:19|20)[0-9]{{2}}|二[〇零○O0]{FIGURE}{{2}})[年.\-/](?P<m>{FIGURE}{{1,3}})[月.\-/](?P<d>{FIGURE}{{1,3}})日?"
)
DATED_LINE = re.compile(
    rf"^(?:（|(?:印发|发文|成文)(?:日期|时间)：)?(?!(?:19|20)[0-9]{{2}}[-./]){DATE.pattern}(?:印发|发布)?）?$"
)
PRINTED_LINE = re.compile(rf"^(?P<unit>[\u4e00-\u9fff（）、]{{3,40}}?){DATE.pattern}(?:印发|印)?$")
MONTH_LINE = re.compile(rf"(?P<y>(?:19|20)[0-9]{{2}}|二[〇零○O0]{FIGURE}{{2}})年{FIGURE}{{1,3}}月$")
SEALED_FOR = re.compile("（[^（）]{3,40}代章）$")
HEADED = re.compile("(?P<unit>.{4,40})文件$")  # 某某领导小组文件
NO_PLACE = re.compile(
    "(?:省|市|县|区|州|盟|旗|镇|乡)(?:人民)?政府|(?:省|市|县|区|州|盟|旗)(?:委|土壤|污染|生态|环境)"
)  # 县政府: whose?
TABLE_LABEL = re.compile("(?:附表|表)[0-9一二三四五六七八九十]{1,2}[：.]?")
JOINT = re.compile(r"等(?:[0-9一二三四五六七八九十]+个?)?(?:部门|单位|委办局)$")
NUMBER_LABEL = re.compile("(?:发文字号|文号|文件编号|发文文号)[：:]?$")
INDEX_CARD = re.compile("索引号|发布机构|发文机关|主题分类|公开类别|成文日期|信息分类")
LONGEST_DATED, LONGER_LINE = 60, 12
NOTICE = re.compile(
    r"关于(?:联合)?(?:印发|下发|转发|发布|实施)(?:《)?(?P<title>[^《》]{4,80}?(?:（[^（）]{0,6}(?:19|20)[0-9]{2}[^（）]{0,8}年）)?)(?:（[^（）]{1,12}）)?(?:》)?的(?:通知|函)"
)
NOTICE_OWN = re.compile(
    r"^(?P<issuer>[\u4e00-\u9fff、]{0,40}?)(?P<title>关于[^。；]{6,70}的(?:通知|意见|实施意见|方案|函|决定))$"
)
YEARS = re.compile(r"(?P<a>(?:19|20)[0-9]{2})年?[-—–~～至到]+(?P<b>(?:19|20)[0-9]{2})年?")
YEARS_LINE = re.compile(rf"（(?:{YEARS.pattern}|(?:19|20)[0-9]{{2}}年)）$", re.MULTILINE)  # below the title
YEAR = re.compile(r"(?P<y>(?:19|20)[0-9]{2}|二[〇零○][〇零○一二三四五六七八九]{2})年(?!以来)")
FIVE_YEAR = re.compile(r"[“\"]?十(?P<o>[一二三四五六])五[”\"]?")
FIVE_YEAR_START = {"一": 2006, "二": 2011, "三": 2016, "四": 2021, "五": 2026, "六": 2031}
PLACE_END = "省市县区州旗盟镇乡"
TITLE_PLACE = re.compile(
    rf"^(?P<place>[\u4e00-\u9fff]{{1,18}}?(?:街道|新区|开发区|自治区|自治州|[{PLACE_END}]))"
    r"(?=土壤|农|建设|办事处|[0-9]|“|十|环境|污染|净土|生态|打|清洁|重|受|地|人民|贯彻|落实|深入|关于|推进|全面|城|水|“|加强|耕|有关|各|部门)"
)
ISSUER_PLACE = re.compile(
    rf"^(?:中共)?(?P<place>[\u4e00-\u9fff]{{1,18}}?[{PLACE_END}])(?=人民政府|生态环境|环境|农业|自然|土壤|办公室|委员会|政府|党委|污染|水利|国土|住房|发展|管委会|委|工业|林业|净土)"
)


@dataclass
class Front:
    """The front matter as fields; `goals` are the paragraphs of the goals section, as ranges of the words too."""

    title: Field | None = None
    issuer: Field | None = None
    doc_number: Field | None = None
    issued_on: Field | None = None
    region: Field | None = None
    year: int | None = None
    one_year: bool = False
    years: tuple[int, int] | None = None
    goals: tuple[Field, ...] = ()
    goal_ranges: tuple[tuple[int, int], ...] = ()
    background_ranges: tuple[tuple[int, int], ...] = ()  # what was reached so far: no targets
    title_range: tuple[int, int] | None = None


def read_front(words: Words, items: tuple[Item, ...]) -> Front:
    """Front matter of the first plan in the document."""
    front = Front()
    opening = _opening(words, items)
    closing = [item for item in items[-BACK_ITEMS:] if isinstance(item, Para) and item not in opening]
    _doc_number(words, items, opening, front)
    _title(words, items, opening, front)
    _issued(words, opening, closing, front)
    _issuer_at_head(words, opening, front)
    _years(words, front)
    _region(words, front)
    ranges = tuple(section_ranges(words, items, GOAL_HEADING, GOAL_OPENING))
    front.goal_ranges = ranges
    front.background_ranges = tuple(section_ranges(words, items, BACKGROUND_HEADING, None))
    front.goals = tuple(words.field(*stretch) for stretch in ranges)
    return front


def _opening(words: Words, items: tuple[Item, ...]) -> list[Para]:
    """Paragraphs before the first numbered heading or table; a web page's index card is none."""
    opening: list[Para] = []
    for item in items[:FRONT_ITEMS]:
        if not isinstance(item, Para):
            if INDEX_CARD.search("".join(words.fold[cell.start : cell.end] for row in item.rows for cell in row)):
                continue
            break
        mark = mark_of(words.fold, item.start, item.end, words.printed)
        if mark and mark.style in ("chinese", "chapter", "bracketed", "arabic", "arabic_comma", "article") and opening:
            break
        opening.append(item)
    return opening


def _doc_number(words: Words, items: tuple[Item, ...], opening: list[Para], front: Front) -> None:
    for para in opening:
        if para.end - para.start > 60:
            continue
        text = words.fold[para.start : para.end]
        match = DOC_NUMBER.search(text)
        if match and "《" not in text:
            front.doc_number = words.field(para.start + match.start(), para.start + match.end())
            return
    _number_on_card(words, items, front)


def _number_on_card(words: Words, items: tuple[Item, ...], front: Front) -> None:
    """`文号 某政发〔2026〕4号` in the index card of a web page."""
    for item in items[:FRONT_ITEMS]:
        cells = [cell for row in item.rows for cell in row] if isinstance(item, Grid) else []
        for label, cell in pairwise(cells):
            if NUMBER_LABEL.match(words.fold, label.start, label.end) and cell.end > cell.start:
                match = DOC_NUMBER.match(words.fold[cell.start : cell.end])
                if match:
                    front.doc_number = words.field(cell.start, cell.start + match.end())
                return


def _is_title(text: str) -> bool:
    return (
        5 <= len(text) <= 60
        and TITLE_END.search(text) is not None
        and not any(char in text for char in "。；：，？")
        and not text.startswith(("关于", "现将", "附"))
        and "通知" not in text
    )


def _title_in_table(words: Words, items: tuple[Item, ...], front: Front) -> None:
    """The title in a row of its own above the first table's header."""
    grid = next((item for item in items if isinstance(item, Grid)), None)
    for row in grid.rows[:4] if grid else ():
        filled = [cell for cell in row if cell.end > cell.start]
        if len({cell.start for cell in filled}) == 1 and _is_title(words.fold[filled[0].start : filled[0].end]):
            front.title_range = (filled[0].start, filled[0].end)
            front.title = words.field(*front.title_range)
            return


def _title(words: Words, items: tuple[Item, ...], opening: list[Para], front: Front) -> None:
    """A title line of its own, else what the notice says it issues, else the notice itself."""
    own = [at for at, para in enumerate(opening) if _is_title(words.fold[para.start : para.end])]
    broken = [at for at in range(1, len(opening)) if not own and _is_broken_title(words, opening[at - 1], opening[at])]
    notice = next((match for para in opening if (match := NOTICE.search(words.fold, para.start, para.end))), None)
    if broken:
        start, end = opening[broken[-1] - 1].start, opening[broken[-1]].end
        front.title, front.title_range = words.field(start, end), (start, end)
    elif own:
        first = last = own[-1]
        if opening[first].end - opening[first].start < 16 and first and _is_title_part(words, opening[first - 1]):
            first -= 1
        if last + 1 < len(opening) and YEARS_LINE.match(words.fold, opening[last + 1].start, opening[last + 1].end):
            last += 1
        start, end = opening[first].start, opening[last].end
        label = TABLE_LABEL.match(words.fold, start, end)
        start = label.end() if label else start
        front.title, front.title_range = words.field(start, end), (start, end)
    elif notice:
        front.title, front.title_range = words.field(*notice.span("title")), notice.span("title")
    else:
        for para in opening:
            match = NOTICE_OWN.match(words.fold[para.start : para.end])
            if match:
                start = para.start + match.start("title")
                front.title, front.title_range = (
                    words.field(start, para.end, 0.8, Reason.TITLE_OF_NOTICE),
                    (start, para.end),
                )
                _issuers_above(words, opening, para, front)
                break
    if front.title is None:
        _title_in_table(words, items, front)
    if notice and front.title_range:
        _issuer_before(words, opening, notice, front)


def _is_broken_title(words: Words, one: Para, other: Para) -> bool:
    """A title too long for its line: neither line is one, both together are."""
    first, rest = words.fold[one.start : one.end], words.fold[other.start : other.end]
    whole = len(first) >= LONGER_LINE > len(rest) and not DATE.search(first) and not DOC_NUMBER.search(first)
    return (
        whole and TITLE_END.search(first) is None and TITLE_PLACE.match(first) is not None and _is_title(first + rest)
    )


def _issuers_above(words: Words, opening: list[Para], title: Para, front: Front) -> None:
    """Who stands above the title of a notice that is the plan itself."""
    at = opening.index(title)
    if at and _is_issuer(words.fold[opening[at - 1].start : opening[at - 1].end]):
        front.issuer = _joined(words, _names_on_line(words, opening[at - 1]))


def _is_title_part(words: Words, para: Para) -> bool:
    text = words.fold[para.start : para.end]
    return (
        4 <= len(text) <= 40
        and not text.startswith("（此件")
        and not any(char in text for char in "。；：，《》")
        and not BARE_UNIT.search(text)
        and not DATE.search(text)
        and not ANNEX.match(text)
        and not TITLE_END.search(text)
        and not text.endswith("号")
    )


def _issuer_before(words: Words, opening: list[Para], notice: re.Match[str], front: Front) -> None:
    """The issuer printed before `关于印发…`, on its line or the line above."""
    for at, para in enumerate(opening):
        if not para.start <= notice.start() < para.end:
            continue
        begin = _last_word(words, para.start, notice.start())
        joint = _names_on_line(words, Para(para.start, notice.start())) if notice.start() > para.start else []
        if len(joint) > 1 and all(
            BARE_UNIT.search(words.fold[slice(*one)]) and _is_issuer(words.fold[slice(*one)]) for one in joint
        ):
            front.issuer = _joined(words, joint)
        elif _is_issuer(words.fold[begin : notice.start()]):
            front.issuer = words.field(begin, notice.start())
        elif at and _is_issuer(words.fold[opening[at - 1].start : opening[at - 1].end]):
            front.issuer = _joined(words, _names_on_line(words, opening[at - 1]))


def _joined(words: Words, names: list[tuple[int, int]]) -> Field:
    """Joint issuers as one field, joined with 、."""
    fields = [words.field(start, end) for start, end in names]
    return Field("、".join(one.value for one in fields), tuple(span for one in fields for span in one.spans), 1.0)


def _last_word(words: Words, start: int, end: int) -> int:
    """Where the last word set off by blanks or a colon begins: web pages print a path before a title."""
    blanks = [gap for gap in words.gaps_between(start + 1, end) if words.blank_at(gap)]
    return max(start, words.fold.rfind("：", start, end) + 1, blanks[-1] if blanks else start)


def _is_issuer(text: str) -> bool:
    return (
        3 <= len(text) <= 40
        and BARE_UNIT.search(text) is not None
        and not any(char in text for char in "。；：，《")
        and not text.startswith(("各", "抄送", "附"))
    )


def _issuer_at_head(words: Words, opening: list[Para], front: Front) -> None:
    """`某某领导小组文件` at the head of the first page, where nobody else is named."""
    for para in opening[:3] if front.issuer is None else ():
        match = HEADED.match(words.fold[para.start : para.end])
        if match and _is_issuer(match["unit"]):
            front.issuer = words.field(para.start, para.start + match.end("unit"))
            return


def _issued(words: Words, opening: list[Para], closing: list[Para], front: Front) -> None:
    """The date under the signature and the units that sign, in the notice or at the end.

    A date with nobody's name above it counts only where no other has one.
    """
    for paras in (opening, closing):
        for at, para in enumerate(paras):
            text = words.fold[para.start : para.end]
            match = DATED_LINE.match(text) or PRINTED_LINE.match(text)
            value = _iso(match) if match and len(text) <= LONGEST_DATED else None
            if not match or value is None:
                continue
            signed = _signers(words, paras[:at], match, para, front)
            if signed or front.issued_on is None:
                front.issued_on = words.field(
                    para.start + match.start("y"), para.start + _end_of_date(match), value=value
                )
            if signed:
                return
        if front.issued_on:
            return
    _month_of_issue(words, opening, front)


def _month_of_issue(words: Words, opening: list[Para], front: Front) -> None:
    """`白山市生态环境局 2022年9月` on a cover: who and which year, but no day."""
    for at, para in enumerate(opening):
        match = MONTH_LINE.search(words.fold, para.start, para.end)
        if not match:
            continue
        front.year = number(match["y"].replace("O", "0"))
        if front.issuer is None and match.start() == para.start:
            _take_issuers(words, _signing(words, opening[:at]), front)
        return


def _signing(words: Words, before: list[Para]) -> list[Para]:
    """The lines right above a date that name who signs."""
    signers: list[Para] = []
    for other in reversed(before):
        text = words.fold[other.start : other.end]
        if not signers and SEALED_FOR.match(text):
            continue
        if not _is_issuer(text):
            break
        signers.insert(0, other)
    return signers


def _take_issuers(words: Words, signers: list[Para], front: Front) -> None:
    if signers:
        front.issuer = _joined(words, [name for signer in signers for name in _names_on_line(words, signer)])


def _end_of_date(match: re.Match[str]) -> int:
    end = match.end("d")
    return end + 1 if match.string[end : end + 1] == "日" else end


def _iso(match: re.Match[str]) -> str | None:
    year, month, day = (number(match[name].replace("O", "0")) for name in ("y", "m", "d"))
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else None


def _signers(words: Words, before: list[Para], match: re.Match[str], para: Para, front: Front) -> bool:
    """Take the units that sign above or on a dated line; whether there are any."""
    named = match.groupdict().get("unit")
    if named and _is_issuer(named.rstrip("（公章）")):
        if front.issuer is None:
            front.issuer = words.field(para.start, para.start + len(named))
        return True
    signers = _signing(words, before)
    short = front.issuer is not None and (JOINT.search(front.issuer.value) or NO_PLACE.match(front.issuer.value))
    if signers and (front.issuer is None or len(signers) > 1 or short):
        _take_issuers(words, signers, front)
    return bool(signers)


def _names_on_line(words: Words, para: Para) -> list[tuple[int, int]]:
    """Several units that sign on one line, blanks between them."""
    cuts = [
        gap
        for gap in words.gaps_between(para.start + 1, para.end)
        if words.blank_at(gap) and BARE_UNIT.search(words.fold[para.start : gap])
    ]
    return list(pairwise([para.start, *cuts, para.end]))


def _years(words: Words, front: Front) -> None:
    """The year or years in the title, else the year of issue."""
    title = words.fold[slice(*front.title_range)] if front.title_range else ""
    several, one, five = YEARS.search(title), YEAR.search(title), FIVE_YEAR.search(title)
    if several:
        front.years = (int(several["a"]), int(several["b"]))
    elif one:
        front.year, front.one_year = number(one["y"]), True
    elif five:
        first = FIVE_YEAR_START[five["o"]]
        front.years = (first, first + 4)
    if front.year is None and front.issued_on:
        front.year = int(front.issued_on.value[:4])


def _region(words: Words, front: Front) -> None:
    """The place the plan is for: named in the title, more fully perhaps by the issuer."""
    place: tuple[int, int] | None = None
    if front.title_range:
        start, end = front.title_range
        dated = YEAR.match(words.fold, start, end)
        start = dated.end() if dated else start
        match = TITLE_PLACE.match(words.fold[start:end])
        if match:
            place = (start, start + match.end("place"))
            front.region = words.field(*place)
    if front.issuer is None:
        return
    match = ISSUER_PLACE.match(front.issuer.value)
    if match and (front.region is None or match["place"].endswith(front.region.value)):
        spans = front.issuer.spans[:1]
        begin = spans[0].start + match.start("place") if spans else 0
        cut = type(spans[0])(begin, min(begin + len(match["place"]), spans[0].end)) if spans else None
        front.region = Field(match["place"], (cut,) if cut else (), 1.0)
