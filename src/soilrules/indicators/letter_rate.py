"""Letters of responsibility of key units (责任书签订率).

rate = units with a signed letter of the period / units on the list.
Whether it is public is told apart. Nobody on the list is no rate, not 100 %.
"""

from __future__ import annotations

from soilrules.indicators.known_share import KnownShare


def letter_rate(*, signed: int, unsigned: int, unknown: int = 0) -> KnownShare:
    """Share of the listed units that signed their letter.

    >>> letter_rate(signed=7, unsigned=1).least
    Decimal('0.875')
    >>> letter_rate(signed=0, unsigned=0).applicable
    False
    """
    return KnownShare(yes=signed, no=unsigned, unknown=unknown)
