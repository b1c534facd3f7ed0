"""Days that cannot be meant: an empty cell of a spreadsheet reads as 1900."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from soildesk.core.errors import Refusal

FIRST = date(1990, 1, 1)


def refuse_ancient(day: date, refused: type[Refusal], code: str) -> None:
    """Refuse a day before anything of this room was written down."""
    if day < FIRST:
        raise refused(_("日期 %(day)s 早于 %(first)s：请核对年份。") % {"day": day, "first": FIRST}, code=code)
