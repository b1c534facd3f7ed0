"""One spelling for search: full and half width, case, and characters offices write in two ways.

The table holds only pairs that are the same word to every reader (台帐/台账); it is not a converter
between simplified and traditional characters.
"""

from __future__ import annotations

import unicodedata
from itertools import islice, product

SAME: tuple[tuple[str, ...], ...] = (
    ("台账", "台帐"),
    ("账", "帐"),
    ("其他", "其它"),
    ("登录", "登陆"),
    ("部署", "布署"),
    ("截止", "截至"),
)
MOST_SPELLINGS = 16
_FOLDS = {other: chosen for chosen, *others in SAME for other in others}


def narrow(text: str) -> str:
    """`text` in half width, lower case and single spaces.

    >>> narrow("ＡＢＣ　（１２）")
    'abc (12)'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def fold(text: str) -> str:
    """The one spelling under which `text` is stored in a search column.

    >>> fold("任务台帐")
    '任务台账'
    """
    folded = narrow(text)
    for other, chosen in _FOLDS.items():
        folded = folded.replace(other, chosen)
    return folded


def spellings(text: str) -> list[str]:
    """Every spelling of `text` to look for in a column that is stored as typed, the typed one first.

    >>> spellings("台帐")
    ['台帐', '台账']
    """
    typed = text.strip()
    parts: list[tuple[str, ...]] = []
    at = 0
    while at < len(typed):
        group = next((g for g in SAME for word in g if typed.startswith(word, at)), None)
        if group is None:
            parts.append((typed[at],))
            at += 1
            continue
        word = next(word for word in group if typed.startswith(word, at))
        parts.append((word, *(other for other in group if other != word)))
        at += len(word)
    found = ["".join(choice) for choice in islice(product(*parts), MOST_SPELLINGS)]
    found += [narrow(typed), widened(typed)]
    return list(dict.fromkeys(filter(None, found)))


def widened(text: str) -> str:
    """`text` with the half-width brackets and colons that Chinese documents write in full width."""
    return text.translate(str.maketrans({"(": "（", ")": "）", ":": "：", ",": "，", ";": "；"}))
