"""Acts on a sheet of 调度: read the records again, save what no record knows, sign, send back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from soildesk.core import audit, clock
from soildesk.core.models import Person
from soildesk.core.permissions import Actor, require
from soildesk.kit.languages import listed
from soildesk.plans.queries.department import own_departments
from soildesk.supervision.models import DispatchSheet, Signing
from soildesk.supervision.queries.sheets import FREE, digest_of, records_of, said, unsaid
from soildesk.supervision.refusals import SupervisionRefused
from soildesk.supervision.services.rounds import DISPATCH, need_open, owe, refuse_distant, tell
from soildesk.supervision.services.sheetwords import Together, Words, together

FILL = "supervision.fill"
LONGEST, LONGEST_WORD, LONGEST_FIGURE = 1000, 300, 60
State = DispatchSheet.State


class SheetChanged(SupervisionRefused):
    """Somebody saved the sheet while it was being filled in: `found` is both together, and what both wrote in."""

    def __init__(self, found: Together, sheet: DispatchSheet) -> None:
        told = {
            "who": sheet.saved_by or "",
            "at": date_format(localtime(sheet.saved_at), "Y-m-d H:i"),
            "n": len(found.clash),
        }
        if found.clash:
            words = (
                _("%(who)s在您填写期间（%(at)s）保存过这张表，有 %(n)d 栏两人都写了，下面一并列出：请对照后再保存。")
                % told
            )
        else:
            words = _("%(who)s在您填写期间（%(at)s）保存过这张表，所写的已并入下面：请看过后再签报。") % told
        super().__init__(words, code="supervision.sheet.stale")
        self.found, self.sheet = found, sheet


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved sheet, and how many boxes somebody else had written meanwhile."""

    sheet: DispatchSheet
    taken: int


def may_fill(sheet: DispatchSheet, by: Actor) -> bool:
    """Whether the actor fills this sheet: of the own department; the office only for a unit nobody can sign in for."""
    own = {one.pk for one in own_departments(by)}
    return sheet.unit_id in own or not Person.objects.filter(department_id=sheet.unit_id, is_active=True).exists()


@transaction.atomic
def read_again(sheet: DispatchSheet, *, by: Actor, at: datetime) -> DispatchSheet:
    """Fill an unsigned sheet from the records of the round's day, as they are known by now."""
    held = _held(sheet, by)
    held.records = records_of(held.round, clock.local_day(at), [held.unit_id]).get(held.unit_id, {"tasks": []})
    held.read_at = at
    held.save(update_fields=["records", "read_at"])
    audit.record("supervision.sheet.read", subject=held, by=by, at=at, data={"number": held.round.number})
    return held


@transaction.atomic
def save(
    sheet: DispatchSheet, words: Words, *, by: Actor, at: datetime, read: Mapping[str, str] | None = None
) -> Saved:
    """Keep what the unit has written so far. `read`: the marks of what stood there when somebody began (None: unknown)."""
    held = _held(sheet, by)
    found = _together(held, words, read)
    if found.clash:
        raise SheetChanged(found, held)
    _write(held, found.words, by, at)
    audit.record("supervision.sheet.saved", subject=held, by=by, at=at, data={"number": held.round.number})
    return Saved(held, len(found.taken))


@transaction.atomic
def sign(
    sheet: DispatchSheet, words: Words, *, by: Actor, at: datetime, read: Mapping[str, str] | None = None
) -> Signing:
    """Sign it: what the records said and what the unit says are fixed by a hash, and the duty is done.

    Nobody signs what somebody else wrote meanwhile without having seen it.
    """
    held = _held(sheet, by)
    found = _together(held, words, read)
    if found.clash or found.taken:
        raise SheetChanged(found, held)
    _write(held, words, by, at)
    _complete(held)
    today = clock.local_day(at)
    snapshot = {
        "round": held.round.number,
        "unit": held.unit.name,
        "signed_on": today.isoformat(),
        "records": held.records,
        "words": held.words,
    }
    turn = held.signings.count() + 1
    made = Signing.objects.create(
        sheet=held,
        turn=turn,
        snapshot=snapshot,
        digest=digest_of(snapshot),
        signed_at=at,
        signed_by=by.person,
        on_behalf=held.unit_id not in {one.pk for one in own_departments(by)},
    )
    held.state, held.signed_on = State.SIGNED, today
    held.save(update_fields=["state", "signed_on"])
    owe([held], by=by)
    data = {"number": held.round.number, "turn": turn, "sha256": made.digest}
    audit.record("supervision.sheet.signed", subject=held, by=by, at=at, data=data)
    return made


@transaction.atomic
def send_back(sheet: DispatchSheet, why: str, due: date | None = None, *, by: Actor, at: datetime) -> DispatchSheet:
    """The office sends a signed sheet back, with the reason and, if it likes, a later day; what was signed stays as it was."""
    require(by, DISPATCH, sheet)
    held = _locked(sheet)
    need_open(held.round)
    _must_be(held, State.SIGNED)
    if not why.strip():
        raise SupervisionRefused(_("请写明退回的原因：哪一项、缺什么。"), code="supervision.sheet.word")
    if due is not None and due < max(clock.local_day(at), held.due):
        raise SupervisionRefused(
            _("重报时限 %(due)s 早于今天或者原时限 %(before)s：请填写更晚的日期，或者留空。")
            % {"due": due, "before": held.due},
            code="supervision.sheet.day",
        )
    if due is not None:
        refuse_distant(due, clock.local_day(at))
    standing = held.signings.get(returned_at=None)
    standing.returned_at, standing.returned_by, standing.returned_why = at, by.person, why.strip()[:500]
    standing.save(update_fields=["returned_at", "returned_by", "returned_why"])
    held.state, held.signed_on, held.due = State.RETURNED, None, due or held.due
    held.save(update_fields=["state", "signed_on", "due"])
    owe([held], by=by)
    tell([held], _("%(period)s调度表被退回：%(why)s"), at=at, why=standing.returned_why)
    data = {"number": held.round.number, "turn": standing.turn}
    audit.record("supervision.sheet.returned", subject=held, by=by, at=at, data=data)
    return held


def need_unsigned(sheet: DispatchSheet, by: Actor) -> None:
    """Refused where the actor does not fill it, or it is signed or over: also before the form is shown."""
    require(by, FILL, sheet)
    if not may_fill(sheet, by):
        raise SupervisionRefused(
            _("这是%(unit)s的调度表，由该单位的人员填报、签报；办公室可以退回，不能代填。") % {"unit": sheet.unit},
            code="supervision.sheet.unit",
        )
    need_open(sheet.round)
    _must_be(sheet, State.OPEN, State.RETURNED)


def _held(sheet: DispatchSheet, by: Actor) -> DispatchSheet:
    """The sheet under its lock, if the actor fills it and it is not signed."""
    held = _locked(sheet)
    need_unsigned(held, by)
    return held


def _together(held: DispatchSheet, words: Words, read: Mapping[str, str] | None) -> Together:
    """What is sent with what was saved since it was read; of an act that read nothing, what is sent."""
    return Together(words, (), {}) if read is None else together(words, Words.kept(held.words), read)


def _locked(sheet: DispatchSheet) -> DispatchSheet:
    rows = DispatchSheet.objects.select_for_update(of=("self",)).select_related("round__division", "unit", "saved_by")
    return rows.get(pk=sheet.pk)


def _must_be(held: DispatchSheet, *states: str) -> None:
    if held.state not in states:
        told = {"unit": held.unit, "state": held.get_state_display()}
        raise SupervisionRefused(
            _("%(unit)s的调度表现为“%(state)s”，不能这样办理。已签报的要改，请办公室先退回。") % told,
            code="supervision.sheet.state",
        )


def _write(held: DispatchSheet, words: Words, by: Actor, at: datetime) -> None:
    """What was written; of tasks that records tell of, nothing is taken."""
    _refuse_long(words)
    unbound = {task["uid"] for task in held.records.get("tasks", ()) if task["unbound"]}
    tasks = {
        uid: {name: told.get(name, "").strip() for name in ("word", "figure")}
        for uid, told in words.tasks.items()
        if uid in unbound
    }
    held.words = {
        **{name: words.free.get(name, "").strip() for name in FREE},
        "tasks": {uid: told for uid, told in tasks.items() if any(told.values())},
    }
    held.saved_at, held.saved_by = at, by.person
    held.save(update_fields=["words", "saved_at", "saved_by"])


def _refuse_long(words: Words) -> None:
    found = [(text, LONGEST) for text in words.free.values()]
    found += [(told.get("word", ""), LONGEST_WORD) for told in words.tasks.values()]
    found += [(told.get("figure", ""), LONGEST_FIGURE) for told in words.tasks.values()]
    if long := [(len(text), most) for text, most in found if len(text) > most]:
        raise SupervisionRefused(
            _("有一项写了 %(n)d 个字，最多 %(most)d 个字：请压缩，详情可以写在任务的进展里。")
            % {"n": long[0][0], "most": long[0][1]},
            code="supervision.sheet.word",
        )


def _complete(held: DispatchSheet) -> None:
    """Refuse what leaves something unsaid that only the unit knows."""
    names: dict[str, Any] = {"problems": _("存在问题"), "following": _("下一步工作"), "help": _("需协调事项")}
    if empty := [str(names[name]) for name in FREE if not held.words[name]]:
        raise SupervisionRefused(
            _("“%(names)s”没有填写：没有的请写“无”。") % {"names": "”“".join(empty)}, code="supervision.sheet.word"
        )
    (one,) = said([held])
    if left := unsaid(one):
        told = listed(task["number"] or task["title"] for task in left[:8])
        raise SupervisionRefused(
            _("还有 %(n)d 项任务没有台账可查，本期也没有填报进展，请各写一句：%(tasks)s。")
            % {"n": len(left), "tasks": told},
            code="supervision.sheet.word",
        )
