"""Filing of demolitions (拆除活动备案率).

rate = demolitions filed with both receivers in time / demolitions of key units begun.
One filed with one receiver only, or too late, is not filed. No demolition is no rate, not 100 %.
"""

from __future__ import annotations

from soilrules.indicators.known_share import KnownShare


def demolition_filing_rate(*, filed: int, unfiled: int, unknown: int = 0) -> KnownShare:
    """Share of the demolitions begun that were filed.

    >>> demolition_filing_rate(filed=1, unfiled=1).least
    Decimal('0.5')
    >>> demolition_filing_rate(filed=0, unfiled=0).least is None
    True
    """
    return KnownShare(yes=filed, no=unfiled, unknown=unknown)
