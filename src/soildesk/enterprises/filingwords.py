"""Filings in words and parts: chips, files, rounds, and what may be done with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor, may
from soildesk.enterprises.filingforms import form_of
from soildesk.enterprises.models import Filing, FilingAct
from soildesk.enterprises.queries.filings import Round, entered_by, is_firm, others_to_accept, receipts
from soildesk.enterprises.services.filingreview import receiving
from soildesk.enterprises.services.filings import OPEN
from soildesk.kit.parts import Act, Chip, Event, File

State = Filing.State
STATES = {
    State.DRAFT: ("calm", "pencil", State.DRAFT.label),
    State.SUBMITTED: ("busy", "hourglass-split", State.SUBMITTED.label),
    State.RETURNED: ("warn", "reply", State.RETURNED.label),
    State.ACCEPTED: ("good", "check-circle-fill", State.ACCEPTED.label),
    State.WITHDRAWN: ("calm", "circle", State.WITHDRAWN.label),
}


def chip_of(filing: Filing) -> Chip:
    """How a filing stands."""
    tone, icon, word = STATES[State(filing.state)]
    return Chip(tone, str(word), icon=icon)  # type: ignore[arg-type]


def file_of(use: Any) -> File:
    """One file of a filing."""
    who = use.added_by.name if use.added_by else ""
    return File(
        use.name, reverse("core:file", args=[use.uid]), use.attachment.size, added_at=use.added_at, added_by=who
    )


@dataclass(frozen=True, slots=True)
class Told:
    """One round as the page tells it."""

    number: int
    sent: Event
    findings: list[dict[str, Any]]
    answers: list[Event]


def round_of(found: Round) -> Told:
    """One round in words."""
    return Told(
        found.number,
        _event(found.sent),
        found.sent.data.get("findings", []),
        [_event(one) for one in found.answers],
    )


def history_of(filing: Filing) -> list[Event]:
    """Every act on a filing."""
    return [_event(one) for one in filing.acts.select_related("by", "department")]


def _event(act: FilingAct) -> Event:
    who = act.by.name if act.by else ""
    if act.department:
        who = f"{act.department} {who}".strip()
    return Event(act.on, who, act.get_kind_display(), act.note)


def acts_of(actor: Actor, filing: Filing) -> list[Act]:
    """What this actor may do with a filing as it stands."""
    ours = filing.on_paper != is_firm(actor) and may(actor, "enterprises.file", filing)
    found = _own_acts(filing) if ours else []
    return found if is_firm(actor) else [*found, *_office_acts(actor, filing)]


def _own_acts(filing: Filing) -> list[Act]:
    found = []
    if filing.state in OPEN:
        found.append(Act(_("填写"), _url("edit", filing), "pencil", primary=True))
        found.append(Act(_("报送"), _url("submit", filing), "send"))
    if filing.state in (*OPEN, State.SUBMITTED):
        found.append(Act(_("撤回"), _url("withdraw", filing), "x-lg", danger=True))
    return found


def _office_acts(actor: Actor, filing: Filing) -> list[Act]:
    found = []
    if may(actor, "enterprises.accept", filing):
        if filing.state == State.SUBMITTED:
            found.append(
                Act(_("接收"), _url("accept", filing), "check", primary=True, stopped_by=_by_another(actor, filing))
            )
        if filing.state in (State.SUBMITTED, State.ACCEPTED):
            found.append(Act(_("退回"), _url("return", filing), "reply", danger=True))
    if _may_receive(actor, filing):
        found.append(Act(_("登记备案回执"), _url("receipt", filing), "file-earmark-text"))
    public = form_of(filing.kind).public and filing.state == State.ACCEPTED and filing.released_on is None
    if public and may(actor, "enterprises.release", filing):
        found.append(Act(_("公开"), _url("release", filing), "eye"))
    return found


def _by_another(actor: Actor, filing: Filing) -> str:
    """Why whoever entered the paper does not accept it; empty for others and for an office of one."""
    if entered_by(filing, actor.person) and others_to_accept(filing, actor):
        return _("代录纸质材料的人不能自己接收：请另一名有审核权限的人员办理。")
    return ""


def _may_receive(actor: Actor, filing: Filing) -> bool:
    if filing.kind != Filing.Kind.DEMOLITION_PLAN or filing.state not in (State.SUBMITTED, State.ACCEPTED):
        return False
    own = receiving(actor)
    given = {one.data.get("function") for one in receipts(filing)}
    return bool(own) and own not in given and may(actor, "enterprises.receive", filing)


def _url(name: str, filing: Filing) -> str:
    return reverse(f"enterprises:filing_{name}", args=[filing.uid])
