"""Templates of an office: one in force for each purpose, older versions kept; a version is tried before it is taken.

A room registers what a letter is made of:

    register(Purpose("rooms.letter", _("通知书"), lambda: [Field("title", _("标题"))], lambda: {"title": "…"}))

`store` and `retire` are part of an act of the room: it has asked for the permission.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from soildesk.core import audit, files
from soildesk.core.permissions import Actor
from soildesk.kit.letters.running import LetterRefused, render
from soildesk.kit.models import LetterTemplate

if TYPE_CHECKING:
    from soildesk.core.models import Department, FileUse

KIND = "template"


@dataclass(frozen=True, slots=True)
class Field:
    """One name a template may use, what it stands for, and how it is written."""

    name: str
    title: str | Promise
    write: str = ""

    @property
    def written(self) -> str:
        """As it stands in the Word file."""
        return self.write or f"{{{{ {self.name} }}}}"


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a template is for: its fields, and a sample by which an uploaded template is tried."""

    id: str
    title: str | Promise
    fields: Callable[[], Sequence[Field]]
    sample: Callable[[], Mapping[str, Any]]


_purposes: dict[str, Purpose] = {}


def register(purpose: Purpose) -> Purpose:
    """Make a purpose known; an id is given once."""
    _purposes[purpose.id] = purpose
    return purpose


def purposes() -> dict[str, Purpose]:
    """All purposes by id."""
    return dict(_purposes)


def versions(purpose_id: str, actor: Actor) -> QuerySet[LetterTemplate]:
    """The versions the actor may see, the newest first."""
    rows = LetterTemplate.objects.visible_to(actor).filter(purpose=purpose_id)
    return rows.select_related("owner_department", "made_by").order_by("owner_department_id", "-version")


def current(purpose_id: str, office: Department) -> LetterTemplate | None:
    """The version in force at an office; None where it uses the desk's own form."""
    return LetterTemplate.objects.filter(purpose=purpose_id, owner_department=office, retired_at=None).first()


def file_of(template: LetterTemplate) -> FileUse:
    """Its Word file."""
    use: FileUse = files.uses_of(template).get(kind=KIND)
    return use


@dataclass(frozen=True, slots=True)
class Upload:
    """A template somebody brings: file name, bytes, why it changes."""

    name: str
    data: bytes
    note: str = ""


def store(purpose: Purpose, upload: Upload, office: Department, *, by: Actor, at: datetime) -> LetterTemplate:
    """Take a new version in force; refused where it cannot be filled with the sample.

    It is tried before anything is written: a template that never ends would keep every other writer waiting as long.
    """
    if not upload.name.lower().endswith(".docx"):
        raise LetterRefused(
            _("“%(name)s”不是 Word 模板：请另存为 .docx 后上传。") % {"name": upload.name}, code="kit.letter.ending"
        )
    render(upload.data, upload.name, dict(purpose.sample()))
    return _kept(purpose, upload, office, by, at)


@transaction.atomic
def _kept(purpose: Purpose, upload: Upload, office: Department, by: Actor, at: datetime) -> LetterTemplate:
    held = LetterTemplate.objects.select_for_update().filter(purpose=purpose.id, owner_department=office)
    last = held.order_by("-version").values_list("version", flat=True).first() or 0
    held.filter(retired_at=None).update(retired_at=at)
    template = LetterTemplate.objects.create(
        purpose=purpose.id,
        version=last + 1,
        note=upload.note.strip()[:300],
        division_path=office.division.path,
        owner_department=office,
        made_at=at,
        made_by=by.person,
    )
    files.attach(template, data=upload.data, name=upload.name, kind=KIND, by=by, at=at)
    data = {"purpose": purpose.id, "version": template.version}
    audit.record("kit.letter.stored", subject=template, by=by, at=at, data=data)
    return template


@transaction.atomic
def retire(template: LetterTemplate, *, by: Actor, at: datetime) -> LetterTemplate:
    """Go back to the desk's own form."""
    template = LetterTemplate.objects.select_for_update().get(pk=template.pk)
    if template.retired_at is not None:
        raise LetterRefused(
            _("第 %(version)d 版模板已经停用。") % {"version": template.version}, code="kit.letter.version"
        )
    template.retired_at = at
    template.save(update_fields=["retired_at"])
    data = {"purpose": template.purpose, "version": template.version}
    audit.record("kit.letter.retired", subject=template, by=by, at=at, data=data)
    return template


def made(template: LetterTemplate, given: Mapping[str, Any]) -> bytes:
    """The letter: the template filled with plain dicts, lists and strings."""
    use = file_of(template)
    return render(files.read(use), use.name, dict(given))


def _load(actor: Actor, pk: int) -> LetterTemplate | None:
    return LetterTemplate.objects.visible_to(actor).filter(pk=pk).first()


files.register_subject("kit.lettertemplate", _load)
