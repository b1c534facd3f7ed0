"""Where the records of this room are found."""

from __future__ import annotations

from django.urls import reverse

from soildesk.standards.models import Evaluation, Trial


def url_of(row: Evaluation | Trial) -> str:
    """The page of a kept judgement or of a trial."""
    return reverse("standards:trial" if isinstance(row, Trial) else "standards:evaluation", args=[row.uid])
