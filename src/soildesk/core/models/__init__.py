"""Tables of the room `core`."""

from soildesk.core.models.access import OldPassword, RecoveryCode, Token
from soildesk.core.models.audit import AuditEntry
from soildesk.core.models.calendar import CalendarDay
from soildesk.core.models.duties import Duty
from soildesk.core.models.files import Attachment, FileUse
from soildesk.core.models.jobs import Job, Message
from soildesk.core.models.numbers import NumberSequence
from soildesk.core.models.of_place import HandedDown, OfPlace
from soildesk.core.models.people import (
    Department,
    DepartmentAlias,
    DepartmentSuccession,
    Person,
    RoleGrant,
)
from soildesk.core.models.places import Division, DivisionAttribute, DivisionSuccession
from soildesk.core.models.scoped import ScopedModel, ScopedQuerySet, new_uid
from soildesk.core.models.versions import Version, VersionQuerySet

__all__ = [
    "Attachment",
    "AuditEntry",
    "CalendarDay",
    "Department",
    "DepartmentAlias",
    "DepartmentSuccession",
    "Division",
    "DivisionAttribute",
    "DivisionSuccession",
    "Duty",
    "FileUse",
    "HandedDown",
    "Job",
    "Message",
    "NumberSequence",
    "OfPlace",
    "OldPassword",
    "Person",
    "RecoveryCode",
    "RoleGrant",
    "ScopedModel",
    "ScopedQuerySet",
    "Token",
    "Version",
    "VersionQuerySet",
    "new_uid",
]
