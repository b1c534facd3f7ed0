"""The words of a target: amounts, comparators, names of quantities and how a list of names is taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

NUMBER = r"(?P<number>[0-9]+(?:，[0-9]{3})*(?:\.[0-9]+)?)"
COUNTED = r"批次|个(?!月|工作日|季度|星期|小时|百分点|“|方面|环节|阶段|层面|不)|家|处|座|项(?!目标|规定|要求)|块(?!状)|批|套|条(?!例|件)|户|万户|对|座|例|份|辆|台|口(?!粮)|眼|场(?!所|地|景|合|站|面)"
MEASURED = r"万亩次?|亩次?|公顷|平方公里|平方米|万平方米|万吨|吨|千克|公斤|公里|立方米|万立方米|千米|万头|万人|人次"
AMOUNT = re.compile(
    rf"(?<![0-9.第《])(?P<near>约|近|≥|>=|>|≤|<=|<|=)?{NUMBER}(?P<much>余|多)?(?:(?P<percent>%|个百分点)|(?P<measure>(?:{MEASURED})(?:/[年日天月])?)|(?P<count>{COUNTED}))"
    r"(?:（含）)?(?P<after>以上|及以上|左右|以下|以内|之内|余)?"
)
AMOUNT_ENDS = re.compile(rf"{AMOUNT.pattern}$")
MORE_AMOUNTS = re.compile(rf"[、和与及，]{{1,2}}(?:(?:不低于|达到)?){AMOUNT.pattern}")
TWO_DIGITS = re.compile("[0-9]")

HOPE = re.compile("力争|争取")
AIM = r"(?:力争|争取|确保|保证|稳定|巩固|总体|基本|逐步|均|都|分别|全部|平均|要|应|需|须|将|可|也|必须|各|继续|至少|有望|已|进一步|全面|累计|预计|同比|：|(?:比|较)(?:上一?年度?|去年|同期|(?:19|20)[0-9]{2}年底?))*"
VERB = (
    r"(?:达到|达|实现|不得?低于|不得?少于|不得?高于|不得?超过|不小于|不大于|低于|控制在|控制到|保持在|维持在|稳定在|稳定到|巩固在|巩固到|提高到|提升到|提升至|提高至|增加到|增至"
    r"|下降到|降低到|降至|减少到|削减|下降|降低|减少|增长|提高|提升|增加|超过|高于|大于|小于|为|完成|保持|维持|是|：|至)(?:到|至|了)?(?:不低于|不少于|不超过|至少)?"
)
BEFORE = re.compile(rf"(?P<aim>{AIM})(?P<verb>{VERB})?$")
TAIL = r"(?:率|比例|比重|占比|百分比|率|量|面积|总量|强度|数量|数|里程|长度|规模|能力|浓度|指数|覆盖面|比率|成数)"
QUANTITY = re.compile(rf"{TAIL}(?:（[^（）]{{1,20}}）)?$")
CHANGE = re.compile("(?:下降|降低|减少|削减|增长|提高|提升|增加)(?!到|至)")
SUFFIX = re.compile(
    "(?:(?:安全|综合|资源化|循环|回收|有效|再生|合理)?利用率|(?:无害化|安全|集中|规范化?|有效|资源化|收集)?(?:处理|处置)率|(?:推广|技术)?覆盖率|(?:回收|合格|达标|配套"
    "|完成|执行|公开|普及|签订|排查|监测|调查|管控|整改|入园|受益|治理|知晓|满意|准确|到位)率|(?:使用|施用|排放|产生)(?:总)?量|(?:治理|修复|种植|推广|改造)?面积|率|量)$"
)

EXCLUDED = re.compile(
    r"每[0-9]|每(?:村|户|县|乡|镇|街道|个|家|亩|人|千|万|百|区)|资金|经费|投资|补助|预算|财政|税|罚款|厚度|半径|距离|海拔|单个|单块|单体|出让金|亿元|万元|收益|得分|扣|奖励|人口"
)
COUNT_VERB = re.compile(
    r"(?:认证|创建|建成|建设|新增|新建|完成|培育|打造|实施|设置|布设|建立|争创|遴选|整治|治理|修复|改造|关闭|淘汰|推广|发展|扶持|申报|入库|储备|争取|推进|开展|确定"
    r"|筛选|形成|评选|命名|落实|谋划|启动|组织|推动|安排|排查|检查|监测|关停|取缔|搬迁|清理|整改|拆除|调整|采集|回收|收集|处置|抽检|发放|建|创)(?:了|不少于|至少|不低于|超过|达到|全市|全县|全区|全省|全州|全旗)*$"
)
OWN_THING = re.compile(
    "农|地膜|秸秆|化肥|畜禽|粪|污水|污泥|垃圾|危险|医疗|污染|受污染|建设用地|耕地|地下水|黑臭|重点|测土|病虫"
)
SHARE = re.compile("(?:以上|以下|左右)?的?比例")
WAY = re.compile("(?:按照?|以|依照?)[^。；，]{0,6}$")
OPENING = re.compile(
    r"^(?:(?:到|至|截至|截止|在)?(?:[“”‘’\"]?十[一二三四五六]五[”“’\"]?(?:期间|末|时期)?|(?:19|20)[0-9]{2}年?(?:[-—–~至到]+(?:19|20)[0-9]{2}年)?)(?:年)?(?:底|末|内|度)?(?:之?前)?[，、]?|(?:[0-9]{1,2}月|年)(?:底|末)之?前[，、]?"
    r"|(?:全|我|本|各)(?:市|区|县|省|州|旗|国|镇|自治区|域|地)(?:域|的|内)?|辖区内?|行政区域内?"
    r"|确保|力争|实现|其中|使|并|且|以及|同时|进一步|逐步|将|努力|保证|要|完成(?!率)|推动|推进|促进|加快|不断|切实|持续|稳步|保持|争取|“一是”|一是|二是|三是|四是|负责|（[0-9一二三四五六七八九十]{1,2}）|[①②③④⑤⑥⑦⑧⑨⑩]|[0-9]{1,2}[.、](?![0-9]))"
)
OPENS = re.compile(OPENING.pattern.removeprefix("^"))
BASELINE = re.compile("(?:比|较|相比)(?:于)?(?:19|20)[0-9]{2}年")
CHANGED = re.compile(rf"(?:{BASELINE.pattern})?{AIM}(?P<change>下降|降低|减少|削减|增长|提高|提升|增加)$")
LIST = re.compile(r"、|以及|和|与|及")
ONE_NAME = re.compile("管理|考核|单位|抽查|评价")
LONGEST_CORE = 7
NAME_REACH = 60
NO_NAMES = ("面积", "总面积", "占地面积", "数量", "总量", "比例")  # of what?
PRESENT = re.compile(
    "(?:全(?:省|市|县|区|州|旗|镇|乡|街道))?(?:目前|现有|现状|我(?:省|市|县|区|镇|乡|州|旗|街道)|共有|拥有|总面积)"
)
LONGEST_ZERO = 16

ONE_YEAR = "(?:19|20)[0-9]{2}"
SPAN_OF_YEARS = re.compile(f"(?P<first>{ONE_YEAR})年?[-—–~～至到]+(?P<last>{ONE_YEAR})年")
LIST_OF_YEARS = re.compile(f"(?:{ONE_YEAR}年?(?:年?[底末]|度)?[、和及与])+{ONE_YEAR}年")
YEARS_BEHIND = re.compile(
    f"(?<![比较以自与])(?<=[率量积例重数])(?:到|至|在|于)?(?:{ONE_YEAR}年?(?:年?[底末]|度)?[、和及与])*{ONE_YEAR}年(?:年?[底末]|度)?(?:之?前)?$"
)
"""`完成率2026、2027年分别达到…`: years between the name and its amounts."""
STATED_YEAR = re.compile(
    r"(?P<year>(?:19|20)[0-9]{2})年(?!度)|[“\"‘]?十(?P<ordinal>[一二三四五六])五[”\"’]?(?:期间|末|时期|期末)"
)
LAST_YEAR = {"一": 2010, "二": 2015, "三": 2020, "四": 2025, "五": 2030, "六": 2035}
WORDED = re.compile(
    r"(?:力争|继续|基本|均|持续|全部|总体)*(?:(?:实现|保持|达到)?(?P<target>(?P<zero>零增长|负增长)|全覆盖|零排放|清零|全部达标)(?=[，。；、）\n]|$)"
    r"|(?P<wished>(?:满足|达到|完成|符合|达)[^，。；、\n]{1,20}?(?:要求|目标|任务|标准|指标)|(?<=率)(?:得到)?有效保障)(?=[，。；、\n]|$))"
)


@dataclass(frozen=True)
class Named:
    """A name found in a clause: its range there, and the words between it and the amount."""

    start: int
    end: int
    wording: str
    each: bool  # 分别: one amount each
    counted: bool = False


def years_listed(text: str, count: int) -> list[int]:
    """The years a sentence lists for so many amounts: 2026、2027、2028年, or 2026—2028年; none where their number differs."""
    spans = [(int(one["first"]), int(one["last"]), one.end()) for one in SPAN_OF_YEARS.finditer(text)]
    found = [(end, list(range(first, last + 1))) for first, last, end in spans if last - first + 1 == count]
    for one in LIST_OF_YEARS.finditer(text):
        years = [int(year) for year in re.findall(ONE_YEAR, one[0])]
        if len(years) == count:
            found.append((one.end(), years))
    return max(found, default=(0, []))[1]


def plain(name: str) -> str:
    """A name without marks, for comparing."""
    return re.sub(r"[“”\"'（）()《》\s]", "", name)


def year_of(match: re.Match[str]) -> int:
    """The year a match of `STATED_YEAR` states; a five-year plan ends in its last."""
    return int(match["year"]) if match["year"] else LAST_YEAR[match["ordinal"]]


def is_baseline(fold: str, match: re.Match[str]) -> bool:
    """Whether a year is only compared with: 比2020年下降."""
    return fold[max(match.start() - 1, 0) : match.start()] in ("比", "较", "以", "自", "与")


def is_threshold(fold: str, match: re.Match[str]) -> bool:
    """`面积大于50亩的…` is a condition, `每年开展1次` a frequency, `按照10%的比例复测` a way to do it."""
    if (
        match["percent"]
        and SHARE.match(fold, match.end())
        and WAY.search(fold, max(match.start() - 8, 0), match.start())
    ):
        return True
    following = fold[match.end() : match.end() + 2]
    return bool(match["percent"] is None and following.startswith("的")) or following.startswith(("的，", "的；"))


def before_amount(clause: str, amount: re.Match[str], listed: bool) -> Named | None:
    """The name of the quantity where it stands before its amount."""
    cut = BEFORE.search(clause)
    if cut and "已" in cut[0]:
        return None
    head = clause[: cut.start()] if cut else clause
    wording = clause[len(head) :]
    head = YEARS_BEHIND.sub("", head)
    verb = cut["verb"] if cut else None
    if amount["percent"]:
        if verb and CHANGE.match(verb) and QUANTITY.search(head):
            return _named(clause, len(head) + (cut.start("verb") - cut.start() if cut else 0) + 2, wording)
        if QUANTITY.search(head) and (
            verb or not wording or amount["near"] or "均" in wording or "分别" in wording or "力争" in wording
        ):
            return _named(clause, len(head), wording)
        return None
    stated = (
        verb not in ("是", "：")
        if verb
        else bool(amount["measure"]) and ends_clause(amount) and not PRESENT.match(head)
    )
    if stated and QUANTITY.search(head) and (verb or head not in NO_NAMES):
        return _named(clause, len(head), wording)
    if (
        verb in ("不少于", "不低于", "达到", "不超过", "完成", "超过", "为")
        and len(head) >= 4
        and not COUNT_VERB.search(head)
        and ends_clause(amount)
    ):
        return _named(clause, len(head), wording)
    return _counted(clause, amount, listed)


def _counted(clause: str, amount: re.Match[str], listed: bool) -> Named | None:
    """`认证农产品48个，基地3个`: a verb, the name, the count, and the clause ends."""
    if not (amount["count"] or amount["measure"]) or not ends_clause(amount):
        return None
    found = None
    for match in re.finditer(COUNT_VERB.pattern.removesuffix("$"), clause):
        if len(clause) - match.end() >= 2:
            found = match
            break
    if found:
        return _named(clause, len(clause), "", found.end(), counted=True)
    return _named(clause, len(clause), "", counted=True) if listed and 2 <= len(clause) <= 20 else None


def ends_clause(amount: re.Match[str]) -> bool:
    """Whether the clause ends with the amount."""
    return amount.string[amount.end() : amount.end() + 1] in ("", "，", "。", "；", "、", "）", "\n", "（")


def _named(clause: str, end: int, wording: str, start: int = 0, *, counted: bool = False) -> Named | None:
    while opening := OPENS.match(clause, start, end):
        start = opening.end()
    if end - start < 2 or end - start > NAME_REACH:
        return None
    return Named(start, end, wording, "分别" in wording, counted)


def quantity_name(clause: str, *, zero: bool = False) -> Named | None:
    """The name of a quantity that ends a clause; `化肥农药实现零增长` leaves the word for it out."""
    short = zero and len(clause) <= LONGEST_ZERO and not re.search(r"[0-9]", clause)
    return _named(clause, len(clause), "") if short or QUANTITY.search(clause) else None


def amounts(fold: str, first: re.Match[str], end: int) -> list[re.Match[str]]:
    """The amount and those listed behind it: 75%和54%."""
    found = [first]
    while True:
        more = MORE_AMOUNTS.match(fold, found[-1].end(), end)
        if not more:
            return found
        again = AMOUNT.search(fold, more.start(), more.end())
        if again is None or again["percent"] != first["percent"]:
            return found
        found.append(again)


def names(clause: str, named: Named, count: int) -> list[tuple[int, int, str | None]] | None:
    """The names of a list, each with its range and, where it had to be composed, its full wording."""
    text = clause[named.start : named.end]
    if named.counted:
        return [(named.start, named.end, None)]
    change = CHANGED.search(text)
    if change and LIST.search(text, 0, change.start()):
        inner = names(clause, replace(named, end=named.start + change.start()), count)
        return inner and [
            (first, last, (shown or clause[first:last]) + change["change"]) for first, last, shown in inner
        ]
    parts = _parts(text)
    if count > 1:
        if len(parts) != count:
            return [(named.start, named.end, None)] * count if len(parts) == 1 else None
        return _composed(text, parts, named.start)
    if len(parts) < 2:
        return [(named.start, named.end, None)]
    if all(QUANTITY.search(text[first:last]) for first, last in parts):
        return [(named.start + first, named.start + last, None) for first, last in parts]
    return _composed(text, parts, named.start) if _shares_tail(text, parts) else [(named.start, named.end, None)]


def _parts(text: str) -> list[tuple[int, int]]:
    parts, at = [], 0
    hidden = re.sub(r"（[^（）]*）|“[^”]*”", lambda match: "\x01" * len(match[0]), text)
    for match in LIST.finditer(hidden):
        if match.start() > at:
            parts.append((at, match.start()))
        at = match.end()
    return [*parts, (at, len(text))]


def _tail(text: str) -> int:
    """Where the words for the quantity begin in its name: 使用量 in 农药使用量."""
    match = SUFFIX.search(text)
    return match.start() if match else len(text) - 1


def _shares_tail(text: str, parts: list[tuple[int, int]]) -> bool:
    first, last = parts[-1]
    core = text[first:last][: _tail(text[first:last])]
    middle = all(end - begin <= LONGEST_CORE for begin, end in parts[1:-1])
    return (
        2 <= len(core) <= LONGEST_CORE
        and not ONE_NAME.search(text)
        and middle
        and not QUANTITY.search(text[: parts[0][1]])
    )


def _composed(text: str, parts: list[tuple[int, int]], offset: int) -> list[tuple[int, int, str | None]]:
    """Every name of a list in full: what stands before the first and behind the last belongs to all."""
    if all(QUANTITY.search(text[first:last]) for first, last in parts):
        lead = _qualifier(text, parts)
        return [
            (offset + first, offset + last, lead + text[first:last] if lead and at else None)
            for at, (first, last) in enumerate(parts)
        ]
    first, last = parts[-1]
    closing = text[first:last]
    cut = _tail(closing)
    core, tail = closing[:cut], closing[cut:]
    opening = text[parts[0][0] : parts[0][1]]
    lead = opening[: -len(core)] if core and len(opening) > len(core) + 1 else ""
    result: list[tuple[int, int, str | None]] = []
    for at, (begin, end) in enumerate(parts):
        name = text[begin:end]
        if at:
            name = lead + name
        if at < len(parts) - 1:
            name += tail
        result.append((offset + begin, offset + end, name))
    return result


def _qualifier(text: str, parts: list[tuple[int, int]]) -> str:
    """What the later names of a list leave out: 重点监管单位 in 重点监管单位隐患排查率、自行监测率."""
    if any(OWN_THING.match(text, first, last) for first, last in parts[1:]):
        return ""
    later = max(last - first for first, last in parts[1:])
    opening = text[parts[0][0] : parts[0][1]]
    return opening[:-later] if later <= LONGEST_CORE and len(opening) - later >= 4 else ""


def names_nothing(clause: str) -> bool:
    """Whether a clause is nothing but a time and a verb: 到2022年底达到."""
    cut = BEFORE.search(clause)
    return bool(cut and cut["verb"]) and not _stripped(clause[: cut.start()]) if cut else False


def bare_rate(name: str) -> bool:
    """Whether a name says only what is measured and not of what: 处置率.

    >>> bare_rate("处置率"), bare_rate("农膜回收率")
    (True, False)
    """
    return SUFFIX.fullmatch(name) is not None


def of_row(task: str, name: str) -> str | None:
    """`受污染耕地安全利用` beside `安全利用率≥93%`: the row's task says of what the rate is.

    >>> of_row("受污染耕地安全利用", "安全利用率"), of_row("隐患排查整改", "合格率")
    ('受污染耕地安全利用率', None)
    """
    shared = next((cut for cut in range(len(name) - 1, 1, -1) if task.endswith(name[:cut])), 0)
    return task + name[shared:] if shared and len(task) > shared and bare_rate(name) else None


def core_of(name: str) -> str:
    """What a name measures something of: 废弃农药包装物 in 废弃农药包装物回收率."""
    match = SUFFIX.search(name)
    return name[: match.start()] if match else ""


def without_baseline(name: str) -> str | None:
    """`排放量较2013年下降` without the year it is compared with; None where there is none."""
    shown = BASELINE.sub("", name).replace("：", "")
    return shown if shown != name else None


def after_amount(
    fold: str, amount: re.Match[str], clause: str, end: int, *, listed: bool = False
) -> tuple[int, int] | None:
    """The name of the quantity where it stands behind its amount: 90%以上的行政村…, 创建1个示范县."""
    head = OPENING.sub("", clause)
    if head.startswith("或"):
        return None
    if amount["percent"]:
        if len(head) > 6 and not re.search(r"(?:实现|确保|达到|力争|使|有|完成)$", head):
            return None
        start = amount.end() + (fold[amount.end() : amount.end() + 1] == "的")
    elif (amount["count"] or amount["measure"]) and (COUNT_VERB.search(clause) or (listed and not clause)):
        start = amount.end() + (fold[amount.end() : amount.end() + 1] == "的")
    else:
        return None
    stop = re.compile(r"[，。；：、\n（]|$").search(fold, start, end)
    last = stop.start() if stop else end
    if last - start < 3 or last - start > 40 or EXCLUDED.search(fold[start:last]):
        return None
    return start, last


def qualified(fold: str, name: tuple[int, int], floor: int) -> str | None:
    """`重点建设用地安全利用得到保障，安全利用率…`: the clause before says whose rate it is."""
    text = fold[name[0] : name[1]]
    stem = text[:-1]
    if len(stem) < 2 or len(text) > 8 or not text.endswith("率"):
        return None
    begin = max(floor, name[0] - 40)
    at = fold.rfind(stem, begin, name[0] - 1)
    if at < 0 or any(char in "。；\n" for char in fold[at : name[0]]):
        return None
    if len(stem) < 3 and fold[at + len(stem)] not in "，、":
        return None
    start = max(fold.rfind(char, begin, at) + 1 for char in "，。；：、\n")
    lead = _stripped(fold[max(start, begin) : at])
    return lead + text if lead else None


def _stripped(text: str) -> str:
    """`text` without the words that open a clause: 到2020年, 全市, 确保."""
    opening = OPENING.match(text)
    while opening and opening.end():
        text = text[opening.end() :]
        opening = OPENING.match(text)
    return text


def target_of(amount: re.Match[str]) -> tuple[float | str, str]:
    """Percent and count as a number, other units as text with the unit."""
    digits = amount["number"].replace("，", "")
    value = float(digits) if "." in digits else int(digits)
    if amount["percent"]:
        return value, "%"
    if amount["count"]:
        return value, amount["count"]
    return f"{digits}{amount['measure']}", amount["measure"]


def comparator(amount: re.Match[str], wording: str) -> str:
    """`>=`, `<=`, `~` or `=` by the words around an amount."""
    after, near = amount["after"] or "", amount["near"] or ""
    if "左右" in after or near in ("约", "近"):
        return "~"
    if (
        after in ("以下", "以内", "之内")
        or re.search("不得?高于|不得?超过|不大于|低于|小于", re.sub("不得?低于", "", wording))
        or near in ("≤", "<=", "<")
    ):
        return "<="
    if (
        after in ("以上", "及以上", "余")
        or amount["much"]
        or near in ("≥", ">=", ">")
        or re.search("不得?低于|不得?少于|不小于|高于|大于|超过|至少", wording)
    ):
        return ">="
    return "="


def alternative(printed: str, fold: str, at: int, end: int) -> str:
    """The second branch of a rule: `或者达到95%以上且依法处罚、整改到位`."""
    match = re.compile(r"[，、]?或者?").match(fold, at, end)
    if not match:
        return ""
    stop = re.compile(r"[。；\n，]|$").search(fold, match.end(), end)
    return printed[match.start() : stop.start() if stop else end].lstrip("，,、")
