"""Completion of soil surveys (土壤污染状况调查完成率).

rate = plots whose survey is accepted / plots that owed one by the day asked about.
A survey begun, handed in or returned is not completed. No plot owing one is no rate, not 100 %.
"""

from __future__ import annotations

from soilrules.indicators.known_share import KnownShare


def survey_completion(*, accepted: int, owing: int, unknown: int = 0) -> KnownShare:
    """Share of the plots that owed a survey whose survey is accepted; `owing` have none accepted.

    >>> survey_completion(accepted=3, owing=1).least
    Decimal('0.75')
    """
    return KnownShare(yes=accepted, no=owing, unknown=unknown)
