"""Assessment of hazardous-waste management (危险废物规范化环境管理评估合格率), producers and operators each.

rate = units that pass / units assessed.
Whether 基本达标 counts as 合格 is the place's own reading: the caller says. Nobody assessed is no rate, not 100 %.
"""

from __future__ import annotations

from soilrules.indicators.known_share import KnownShare


def hazardous_waste_pass_rate(
    *, passes: int, mostly: int, fails: int, unknown: int = 0, mostly_counts: bool
) -> KnownShare:
    """Share of the units assessed that pass; those that mostly pass count where `mostly_counts`.

    >>> hazardous_waste_pass_rate(passes=8, mostly=1, fails=1, mostly_counts=True).least
    Decimal('0.9')
    >>> hazardous_waste_pass_rate(passes=8, mostly=1, fails=1, mostly_counts=False).least
    Decimal('0.8')
    >>> hazardous_waste_pass_rate(passes=0, mostly=0, fails=0, mostly_counts=True).applicable
    False
    """
    if min(passes, mostly, fails) < 0:
        raise ValueError(
            f"{passes} pass, {mostly} mostly, {fails} fail are no counts: expected 0 or more. "
            "Check that all figures are of the same rows and day."
        )
    return KnownShare(
        yes=passes + (mostly if mostly_counts else 0), no=fails + (0 if mostly_counts else mostly), unknown=unknown
    )
