"""A file or pasted text becomes a draft, and the draft a plan under review with its source file attached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.plans.models import Plan
from soildesk.plans.refusals import NothingRead
from soildesk.plans.services.carrying import carry_over
from soildesk.plans.services.drafts import read_file, read_pasted
from soildesk.plans.services.intake import Place, Source, import_plan
from soilrules.plantext.draft import PlanDraft

PASTED = ""


@dataclass(frozen=True)
class Upload:
    """What somebody gave to read: the bytes of a file with its name, or pasted text (then without a name)."""

    data: bytes
    name: str = PASTED
    year: int | None = None

    @classmethod
    def pasted(cls, text: str, year: int | None = None) -> Upload:
        """Text as pasted."""
        return cls(text.encode("utf-8"), PASTED, year)


def draft_of(upload: Upload) -> PlanDraft:
    """Read an upload. Files are parsed in a child process with limits; raises `UnreadableFile`."""
    if upload.name:
        return read_file(upload.data, upload.name, year=upload.year)
    return read_pasted(upload.data.decode("utf-8"), year=upload.year)


def take_in(upload: Upload, place: Place, *, by: Actor, at: datetime, as_edition: bool = False) -> Plan:
    """Read an upload and keep it as a plan under review, its file attached as source.

    A new edition takes over what was decided about the same words. A document without a single task or numbered clause, or a
    piece of news, is refused with `NothingRead`, which carries the reader's notes.
    """
    draft = draft_of(upload)
    if draft.holds_nothing:
        raise NothingRead(draft.notes)
    with transaction.atomic():
        plan = import_plan(draft, Source.of(upload.data, upload.name), place, by=by, at=at, as_edition=as_edition)
        if plan.edition_of:
            carry_over(plan, plan.edition_of, by=by, at=at)
        if upload.name:
            files.attach(plan.document, data=upload.data, name=upload.name, kind="source", by=by, at=at)
    return plan
