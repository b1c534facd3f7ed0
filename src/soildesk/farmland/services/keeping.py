"""How rows that are told once are written, taken back with a reason, and given their papers: a part of each room's act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, files
from soildesk.core.models import FileUse
from soildesk.core.permissions import Actor, require
from soildesk.farmland.models.told import Told
from soildesk.farmland.refusals import UseRefused
from soildesk.land.services.writing import Place

T = TypeVar("T", bound=Told)


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that comes with an act: its bytes, its name, what it is."""

    data: bytes
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What may be done with rows of one table: by which permission, and how their acts are called in the audit.

    `after` is done with a row that was taken back or given a paper, as a part of the act.
    """

    model: type[Told]
    permission: str
    act: str  # "farmland.measure"
    after: Callable[[Any, Actor], object] | None = None


def insert(model: type[T], facts: Mapping[str, Any], place: Place, *, by: Actor, at: datetime) -> T:
    """A new row of a place."""
    return model._default_manager.create(**place.columns, **facts, recorded_at=at, recorded_by=by.person)


@transaction.atomic
def take_back(subject: Subject, row: Told, *, why: str, by: Actor, at: datetime) -> Told:
    """Say that a row was told wrongly: it stays in the history and counts no more."""
    held = locked(subject.model, row)
    require(by, subject.permission, held)
    if not why.strip():
        raise UseRefused(_("请写明撤销的原因：原因会留在历史里。"), code="farmland.use.words")
    held.superseded_at, held.reason = at, why.strip()[:300]
    held.save(update_fields=["superseded_at", "reason"])
    if subject.after:
        subject.after(held, by)
    audit.record(f"{subject.act}.taken_back", subject=held, by=by, at=at, data={"why": held.reason})
    return held


@transaction.atomic
def attach(subject: Subject, row: Told, paper: Paper, *, by: Actor, at: datetime) -> FileUse:
    """A paper of a row."""
    held = locked(subject.model, row)
    require(by, subject.permission, held)
    use = files.attach(held, data=paper.data, name=paper.name, kind=paper.kind, by=by, at=at)
    if subject.after:
        subject.after(held, by)
    data = {"kind": paper.kind, "file": use.attachment.sha256}
    audit.record(f"{subject.act}.attached", subject=held, by=by, at=at, data=data)
    return use


def locked(model: type[T], row: Told) -> T:
    """The row held for this transaction; refused where it was taken back."""
    held = model._default_manager.select_for_update().get(pk=row.pk)
    if held.superseded_at is not None:
        raise UseRefused(_("这条记录已经撤销：请刷新页面。"), code="farmland.use.stale")
    return held
