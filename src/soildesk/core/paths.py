"""Paths of divisions as text: `99/9901/990101/`, the province first."""

from __future__ import annotations


def above(path: str) -> list[str]:
    """The paths of the places above one.

    >>> above("99/9901/990101/")
    ['99/', '99/9901/']
    """
    codes = [code for code in path.split("/") if code]
    return ["".join(f"{code}/" for code in codes[:end]) for end in range(1, len(codes))]
