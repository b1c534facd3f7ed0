"""Chinese numerals as they stand in dates: 二〇二一, 十二, 三十一."""

from __future__ import annotations

DIGITS = {
    char: value
    for value, chars in enumerate(("〇零○Ｏ", "一", "二两", "三", "四", "五", "六", "七", "八", "九"))
    for char in chars
}


def number(words: str) -> int:
    """The value of Arabic or Chinese figures below 100, or of a year written figure by figure.

    >>> number("二〇二一"), number("十二"), number("三十一"), number("08")
    (2021, 12, 31, 8)
    """
    if words.isascii():
        return int(words)
    if "十" in words:
        tens, _, ones = words.partition("十")
        return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[ones] if ones else 0)
    value = 0
    for char in words:
        value = value * 10 + (int(char) if char.isdigit() and char.isascii() else DIGITS[char])
    return value
