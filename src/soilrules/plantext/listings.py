"""Numbered lines that open no heading: measures an item lists below itself, and the list of a notice's annexes."""

from __future__ import annotations

import re

from soilrules.plantext.headings import SENTENCE_END
from soilrules.plantext.layout import Para

LISTING = re.compile("(?:整改|工作|主要|具体|重点|治理|防治|推进)*(?:措施|举措|任务|内容|做法|步骤|要求)：")
"""`整改措施：`: what is numbered below it are words of its item, until a line says who does them."""
ANNEX_LIST = re.compile("(?:附件|附表|附)：?1[.、．]")


def lists_annexes(fold: str, before: Para, para: Para, known: set[int]) -> bool:
    """Whether a line goes on with the list that `附件：1.任务表` begins."""
    listed = before.start in known or ANNEX_LIST.match(fold, before.start, before.end) is not None
    return (
        listed
        and before.end + 1 == para.start
        and not any(char in SENTENCE_END for char in fold[para.start : para.end])
    )
