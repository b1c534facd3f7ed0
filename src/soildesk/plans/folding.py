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
