"""Rectification of hazards (隐患排查整改合格率).

rate = hazards put right and verified by another person / hazards found.
A hazard put right but not verified does not count; of one whose records are lost nobody knows. No hazard found is no
rate, not 100 %. The national target is 90 % by the end of 2027 (mark V-ex).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from soilrules.indicators.known_share import KnownShare

TARGET = Decimal("0.90")
TARGET_ON = date(2027, 12, 31)
TARGET_MARK = "V-ex"


def hazard_rectification_rate(*, verified: int, open_hazards: int, unknown: int = 0) -> KnownShare:
    """Share of the hazards found that are verified.

    >>> hazard_rectification_rate(verified=9, open_hazards=1).reaches(TARGET)
    True
    >>> hazard_rectification_rate(verified=89, open_hazards=11).reaches(TARGET)
    False
    >>> hazard_rectification_rate(verified=0, open_hazards=0).applicable
    False
    """
    return KnownShare(yes=verified, no=open_hazards, unknown=unknown)
