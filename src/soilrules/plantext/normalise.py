"""Fold a text for matching, character by character, so that every offset stays what it was.

Traditional characters, full-width letters and figures, half-width Chinese punctuation and every kind
of bracket fold to one form; noise (bookmarks, zero-width characters, markdown marks) becomes blank.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import yaml

PLAIN = {ord(full): chr(ord(full) - 0xFEE0) for full in map(chr, range(0xFF10, 0xFF5B)) if full.isalnum()}
PUNCTUATION = str.maketrans(
    {
        ",": "，",
        ";": "；",
        ":": "：",
        "!": "！",
        "?": "？",
        "﹑": "、",
        "､": "、",
        "．": ".",
        "％": "%",
        "﹪": "%",
        "(": "（",
        "[": "（",
        "【": "（",
        "〔": "（",
        "［": "（",
        "〖": "（",
        "﹝": "（",
        "﹙": "（",
        ")": "）",
        "]": "）",
        "】": "）",
        "〕": "）",
        "］": "）",
        "〗": "）",
        "﹞": "）",
        "﹚": "）",
        "\u00a0": " ",
        "\u3000": " ",
        "\u2002": " ",
        "\u2003": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\r": " ",
        "\x0c": " ",
        "\x0b": " ",
        "\u200b": " ",
        "\ufeff": " ",
        "\u200c": " ",
        "\u200d": " ",
        "\u2028": " ",
        "\ue004": " ",
    }
)
NOISE = re.compile(
    r"\[(?:bookmark|_?Toc|OLE_LINK|hyperlink|image|图片)[^\]\n]{0,80}\]|!\[[^\]\n]{0,80}\]\([^)\n]{0,200}\)"
    r"|\*\*|__|</?[a-zA-Z][^<>\n]{0,80}>|&nbsp;|&emsp;|&ensp;"
)
PAGE_NUMBER = re.compile(
    r"^[ \t]*(?:[-—–─―－·•]{1,3}[ ]*[0-9]{1,3}[ ]*[-—–─―－·•]{1,3}|第[ ]*[0-9]{1,3}[ ]*页(?:[ ]*[，/]?[ ]*共[ ]*[0-9]{1,3}[ ]*页)?"
    r"|[0-9]{1,3}[ ]*/[ ]*[0-9]{1,3}|[Pp]age[ ]*[0-9]{1,3}(?: of [0-9]{1,3})?)[ \t]*$",
    re.MULTILINE,
)
PAGE_FOOT = re.compile(
    r"^[ \t]*(?:扫一扫[^\n]{0,30}|打印(?:本页)?[ \t\u3000]*\|?[ \t\u3000]*关闭(?:窗口)?|分享到?[:：][^\n]{0,60}|[上下]一篇[:：][^\n]{0,120}"
    r"|[^\n]{0,80}(?:ICP备|公网安备|网站标识码|版权所有)[^\n]{0,120})[ \t]*$",
    re.MULTILINE,
)
"""What stands below the text of a web page: 主办：某办公室 there gives nobody a task."""
BRACKETED_LABEL = re.compile(
    "（((?:市级|省级|县级|区级|主要|第一)?(?:牵头|主办|主责|责任|负责|配合|参与|参加|协办|协助|协同|实施|落实|承办)(?:责任)?(?:单位|部门|主体)|完成时限|完成时间|完成期限|时限要求|时间要求|时间节点)）(：?)"
)
SAID_LABEL = re.compile(
    "(?<=[，。；：（\n])(?P<label>(?:牵头|主办|主责|责任|配合|参与|协办|实施|承办)(?:责任)?(?:单位|部门))[为是](?!主|牵头|准|依据|重点|单位|否|指|本|各自)"
)
SPACED_CHINESE = re.compile(
    r"^(?P<lead>[ \t\u3000]*(?P<number>[一二三四五六七八九十]{1,3}))[ \u3000](?=[\u4e00-\u9fff“《])", re.MULTILINE
)
SPACED_ARABIC = re.compile(
    r"^(?P<lead>[ \t\u3000]*(?P<number>[1-9][0-9]?))[ \u3000](?=[\u4e00-\u9fff“《])(?![年月日号个项家处座条次期人户万亿千百亩吨批种类点时天季周])",
    re.MULTILINE,
)
LAST_BAR = re.compile(r"\|[ \t]*$", re.MULTILINE)
ONLY_BARS = re.compile(r"^\|+[ \t]*$", re.MULTILINE)
KEPT = re.compile(r"[^\s\x00]+")
LATIN_GAP = re.compile(r"(?<=[A-Za-z])[ \t]+(?=[A-Za-z])")
ENOUGH_TRADITIONAL, TRADITIONAL_SHARE = 20, 0.02


@cache
def _traditional() -> dict[int, str]:
    data = yaml.safe_load((files("soilrules") / "data" / "characters" / "traditional.yaml").read_text("utf-8"))
    return {ord(pair[0]): pair[1] for pair in data["pairs"].split()}


@cache
def _table() -> dict[int, str]:
    return {**_traditional(), **PLAIN, **PUNCTUATION}


def fold(text: str) -> str:
    """`text` with one form of every character; the same length.

    >>> fold("土壤環境（２０２１）[甲]")
    '土壤环境（2021）（甲）'
    """
    return text.translate(_table())


def open_labels(text: str) -> str:
    """A folded text with `【责任单位】甲局` and `责任单位为甲局` written as `责任单位：甲局`; the same length."""
    text = SAID_LABEL.sub(r"\g<label>：", text)
    return BRACKETED_LABEL.sub(lambda match: f" {match[1]}{' ' if match[2] else '：'}{match[2]}", text)


def close_numbers(text: str) -> str:
    """A folded text with `一 目标` and `1 宣传` at the start of lines written as `一、目标` and `1.宣传`; the same length.

    Only where the lines count on from the first one: a line that happens to begin with a number is no item.
    """
    for pattern, closed, opening in (
        (SPACED_CHINESE, r"\g<lead>、", {"一", "二"}),
        (SPACED_ARABIC, r"\g<lead>.", {"1", "2"}),
    ):
        if opening <= {match["number"] for match in pattern.finditer(text)}:
            text = pattern.sub(closed, text)
    return text


def _without_lone_bar(match: re.Match[str]) -> str:
    line = match.string[match.string.rfind("\n", 0, match.start()) + 1 : match.start()]
    return " " * len(match[0]) if line.strip() and "|" not in line else match[0]


def _blank(noise: re.Match[str]) -> str:
    """Blanks of the same length; a line end inside a cell (`甲局<br>乙局`) parts what it stands between."""
    return ("；" if noise[0][:3].lower() == "<br" else " ") + " " * (len(noise[0]) - 1)


def mask_noise(text: str) -> str:
    """`text` with bookmarks, markup, page numbers and the foot of web pages blanked out; the same length."""
    if "[" in text or "*" in text or "<" in text or "_" in text or "&" in text:
        text = NOISE.sub(_blank, text)
    if "|" in text:  # a web table taken down cell by cell: a bar behind each
        text = ONLY_BARS.sub(lambda match: " " * len(match[0]), LAST_BAR.sub(_without_lone_bar, text))
    text = PAGE_FOOT.sub(lambda match: " " * len(match[0]), text)
    return PAGE_NUMBER.sub(lambda match: " " * len(match[0]), text)


def is_traditional(text: str) -> bool:
    """Whether the document is written in traditional characters."""
    sample = text[:20_000]
    table = _traditional()
    count = sum(1 for char in sample if ord(char) in table and char not in "乾著藉徵餘於瞭")
    return count >= ENOUGH_TRADITIONAL and count > TRADITIONAL_SHARE * len(sample)
