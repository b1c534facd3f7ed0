"""Acts on standards of a place: one person proposes a table, another accepts it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, files
from soildesk.core.errors import Refusal
from soildesk.core.models import Division
from soildesk.core.permissions import Actor, divisions_of, may, require
from soildesk.standards.editiondata import edition_of
from soildesk.standards.models import LocalEdition, LocalProposal
from soildesk.standards.services.judgement import keeper
from soilrules.standards.library import shipped
from soilrules.standards.model import Edition
from soilrules.strict import BadRuleData


class LocalRefused(Refusal):
    """The act is refused. Codes: standards.local.rules, .decided, .own, .why_missing, .number, .overlap."""

    code = "standards.local.refused"


@dataclass(frozen=True, slots=True)
class Proposed:
    """A table as it was read: the edition's data, the file it came in, and the import."""

    data: dict[str, Any]
    file: bytes
    file_name: str
    file_number: str = ""
    import_uid: UUID | None = field(default=None)


def divisions_to_enter(actor: Actor) -> dict[str, Division]:
    """The divisions whose standards the actor may enter, by code."""
    rows = Division.objects.filter(divisions_of(actor), until=None)
    small = (Division.Level.TOWN, Division.Level.VILLAGE)
    return {row.code: row for row in rows.exclude(level__in=small) if may(actor, "standards.local.propose", row)}


def propose(given: Proposed, *, by: Actor, at: datetime) -> LocalProposal:
    """Enter a table of a place; nothing is judged by it before somebody else accepts it."""
    division = Division.objects.get(code=given.data["division"], until=None)
    require(by, "standards.local.propose", division)
    _must_stand(given.data)
    _must_fit(given.data, division)
    with transaction.atomic():
        row = LocalProposal.objects.create(
            division=division, division_path=division.path, owner_department=keeper(by, division),
            standard=given.data["standard"], family=given.data["family"], file_number=given.file_number,
            data=given.data, file_name=given.file_name, import_uid=given.import_uid, by=by.person, at=at,
        )  # fmt: skip
        files.attach(row, data=given.file, name=given.file_name, kind="source", by=by, at=at)
        audit.record(
            "standards.local.proposed", subject=row, by=by, at=at,
            data={"limits": len(given.data["limits"]), "family": given.data["family"]},
        )  # fmt: skip
    return row


def _must_stand(data: dict[str, Any]) -> None:
    """The strict reader and the nation's tables take the edition."""
    try:
        shipped().with_editions([edition_of(data)])
    except (BadRuleData, ValueError, ArithmeticError) as error:
        raise LocalRefused(
            _("这份表没有通过限值表的严格检查：%(detail)s。请对照印本改正后重新录入。") % {"detail": error},
            code="standards.local.rules",
        ) from error


def _must_fit(data: dict[str, Any], division: Division) -> None:
    """No number that another table of the place bears, and no days of a table that begins later."""
    held = edition_of(data)
    for row in _known(division):
        if row.data["id"] == held.id and (row.standard, row.family) != (held.standard, held.family):
            raise LocalRefused(
                _("已采用的“%(old)s”（%(family)s）编号与“%(new)s”相同或只差符号。更正它请照原样写编号和国家标准；同一编号补充另一个国家标准的，请在编号后注明，如“%(new)s（地下水）”。")
                % {"old": row.standard, "family": row.family, "new": held.standard},
                code="standards.local.number",
            )  # fmt: skip
        if row.standard != held.standard and held.since < row.since and _overlap(row, held):
            raise LocalRefused(
                _("已采用的“%(old)s”从 %(since)s 起施行，与这份表的施行期间重叠。录入以前的标准，请在“废止日期”写 %(since)s 或更早的一天。")
                % {"old": row.standard, "since": row.since},
                code="standards.local.overlap",
            )  # fmt: skip


def _known(division: Division, family: str = "") -> list[LocalEdition]:
    rows = LocalEdition.objects.filter(division=division, superseded_at=None)
    return list(rows.filter(family=family) if family else rows)


def _overlap(row: LocalEdition, new: Edition) -> bool:
    """Whether a known edition and a new one of the same national standard are in force on one day."""
    ends, new_ends = row.until or date.max, new.until or date.max
    return row.family == new.family and row.since < new_ends and new.since < ends


def replaced_by(proposal: LocalProposal) -> list[LocalEdition]:
    """The known editions that give way: the same standard as it was, and those of the same days."""
    new = edition_of(proposal.data)
    return [
        row
        for row in _known(proposal.division, proposal.family)
        if row.standard == proposal.standard or _overlap(row, new)
    ]


def accept(proposal: LocalProposal, *, by: Actor, at: datetime) -> LocalEdition:
    """Take a proposed table into force: from now on results of the place are judged by it too. Never by who entered it."""
    require(by, "standards.local.accept", proposal)
    with transaction.atomic():
        Division.objects.select_for_update().get(pk=proposal.division_id)  # one table of a place after the other
        held = _held(proposal)
        if by.person is not None and held.by_id == by.person.pk:
            raise LocalRefused(
                _("录入和复核须是两个人：请另一位有权限的人员对照印本复核。"), code="standards.local.own"
            )
        _must_stand(held.data)
        _must_fit(held.data, held.division)
        for old in replaced_by(held):
            _give_way(old, held, at)
        checked = {**held.data, "checked_by": by.person.name if by.person else by.name}
        edition = _edition(held, checked, at)
        held.state, held.decided_by, held.decided_at = LocalProposal.State.ACCEPTED, by.person, at
        held.save(update_fields=["state", "decided_by", "decided_at"])
        audit.record(
            "standards.local.accepted", subject=edition, by=by, at=at,
            data={"limits": edition.limits, "proposal": str(held.uid)},
        )  # fmt: skip
    return edition


def _held(proposal: LocalProposal) -> LocalProposal:
    held = LocalProposal.objects.select_for_update().select_related("division").get(pk=proposal.pk)
    if held.state != LocalProposal.State.OPEN:
        raise LocalRefused(
            _("“%(name)s”现在是“%(state)s”，不能再办理。") % {"name": held.standard, "state": held.get_state_display()},
            code="standards.local.decided",
        )
    return held


def _give_way(old: LocalEdition, new: LocalProposal, at: datetime) -> None:
    """Close the old knowledge; an earlier edition stays known for the days before the new one."""
    since = date.fromisoformat(new.data["since"])
    old.superseded_at = at
    old.save(update_fields=["superseded_at"])
    if old.standard == new.standard or old.since >= since:
        return
    LocalEdition.objects.create(
        division=old.division, division_path=old.division_path, owner_department=old.owner_department,
        standard=old.standard, title=old.title, authority=old.authority, file_number=old.file_number,
        family=old.family, since=old.since, until=since, limits=old.limits,
        data={**old.data, "until": since.isoformat()}, recorded_at=at, proposal=old.proposal,
    )  # fmt: skip


def _edition(proposal: LocalProposal, data: dict[str, Any], at: datetime) -> LocalEdition:
    return LocalEdition.objects.create(
        division=proposal.division, division_path=proposal.division_path, owner_department=proposal.owner_department,
        standard=data["standard"], title=data["title"]["zh"], authority=data["authority"],
        file_number=proposal.file_number, family=data["family"], since=date.fromisoformat(data["since"]),
        until=date.fromisoformat(data["until"]) if data["until"] else None, limits=len(data["limits"]), data=data,
        recorded_at=at, proposal=proposal,
    )  # fmt: skip


def decline(proposal: LocalProposal, *, why: str, by: Actor, at: datetime) -> LocalProposal:
    """Send a proposed table back, with the reason; its author may take it back the same way."""
    require(by, "standards.local.accept", proposal)
    if not why.strip():
        raise LocalRefused(_("退回需要写明原因，录入人才知道改什么。"), code="standards.local.why_missing")
    with transaction.atomic():
        held = _held(proposal)
        held.state, held.decided_by, held.decided_at = LocalProposal.State.DECLINED, by.person, at
        held.why = why.strip()[:200]
        held.save(update_fields=["state", "decided_by", "decided_at", "why"])
        audit.record("standards.local.declined", subject=held, by=by, at=at)
    return held
