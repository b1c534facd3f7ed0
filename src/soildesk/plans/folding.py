"""When two printed titles or numbers are the same one."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")


def fold_title(text: str) -> str:
    """A title without blanks, width and bracket differences: 〔2021〕 = [2021] = (2021).

    >>> fold_title("北环攻坚〔2021〕３号") == fold_title("北环攻坚[2021] 3号")
    True
    """
    folded = unicodedata.normalize("NFKC", text).translate(str.maketrans("〔【[〕】]《》", "(((" + ")))" + "  "))
    return _SPACES.sub("", folded)


_REVISED = re.compile(r"\((?:\d{4}年)?(?:第[一二三四五六七八九十\d]+次)?(?:修订|修改|修正|调整)(?:版|稿|本)?\)$")


def fold_edition(title: str) -> str:
    """A title without the bracket that says it was revised.

    >>> fold_edition("工作方案（2026年修订）") == fold_edition("工作方案")
    True
    """
    return _REVISED.sub("", fold_title(title))
