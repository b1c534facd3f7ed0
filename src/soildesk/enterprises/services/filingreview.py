"""Acts of offices on what firms filed: return with reasons, accept, receipt, release.

Accepting writes the facts the duties of the firm are done by; returning takes them back.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, duties
from soildesk.core.models import Duty, Message, Person
from soildesk.core.permissions import Actor, require
from soildesk.enterprises.filingforms import form_of
from soildesk.enterprises.models import EnterpriseVersion, Filing, FilingAct, Happening
from soildesk.enterprises.queries.filings import entered_by, others_to_accept, people_of, receipts
from soildesk.enterprises.refusals import FilingRefused
from soildesk.enterprises.services import happenings
from soildesk.enterprises.services.filingevents import RECEIPTS, published, receipt_of, told_by
from soildesk.enterprises.services.filings import locked, need_state, need_words, write_act
from soildesk.enterprises.services.happenings import Told

State, Act = Filing.State, FilingAct.Kind


@transaction.atomic
def give_back(filing: Filing, *, why: str, by: Actor, at: datetime, link: str = "") -> Filing:
    """Return it with reasons; one that was accepted no longer counts, nor is it public any more."""
    held = locked(filing, by)
    require(by, "enterprises.accept", held)
    need_state(held, State.SUBMITTED, State.ACCEPTED)
    need_words(why, _("请写明退回的原因：企业要知道改什么。"))
    was = held.state
    held.state, held.accepted_on, held.released_on = State.RETURNED, None, None
    held.save(update_fields=["state", "accepted_on", "released_on"])
    write_act(held, Act.RETURNED, by=by, at=at, note=why)
    for one in Happening.objects.filter(filing=held, superseded_at=None):
        happenings.supersede(one, by=by, at=at, why=_("申报 %(number)s 退回") % {"number": held.number})
    _reviewed(held, by)
    _tell(held, _("%(what)s 被退回：%(why)s") % {"what": held, "why": why.strip()}, by, link)
    data = {"number": held.number, "was": was}
    audit.record("enterprises.filing.returned", subject=held, by=by, at=at, data=data)
    return held


@transaction.atomic
def accept(filing: Filing, *, by: Actor, at: datetime, note: str = "", link: str = "") -> Filing:
    """Accept it: what it tells becomes facts of the firm, and its duties follow in the same act.

    What came on paper is accepted by another person than the one who entered it, where the office has another.
    """
    held = locked(filing, by)
    require(by, "enterprises.accept", held)
    need_state(held, State.SUBMITTED)
    exception = _need_another(held, by)
    note = "；".join(filter(None, (note.strip(), exception)))
    held.state, held.accepted_on = State.ACCEPTED, by.today
    held.save(update_fields=["state", "accepted_on"])
    write_act(held, Act.ACCEPTED, by=by, at=at, note=note)
    for told in told_by(held):
        _add(held, told, by, at)
    _reviewed(held, by)
    _tell(held, _("%(what)s 已接收。") % {"what": held}, by, link)
    data = {"number": held.number, "kind": held.kind, "done_on": held.submitted_on}
    data |= {"exception": exception} if exception else {}
    audit.record("enterprises.filing.accepted", subject=held, by=by, at=at, data=data)
    return held


def _need_another(filing: Filing, by: Actor) -> str:
    """Refuse whoever entered the paper; of an office of one the exception, in words."""
    if not entered_by(filing, by.person):
        return ""
    others = others_to_accept(filing, by)
    if not others:
        return _("代录与接收为同一人：本地没有另一名未经手代录、有审核权限的人员")
    raise FilingRefused(
        _("%(number)s 由您代录纸质材料，不能由您接收：请另一名有审核权限的人员办理（%(names)s）。")
        % {"number": filing.number, "names": "、".join(_whose(one) for one in others[:3])},
        code="enterprises.filing.same_person",
    )


def _whose(person: Person) -> str:
    return f"{person.department} {person.name}".strip() if person.department else person.name


@transaction.atomic
def receipt(filing: Filing, *, number: str, by: Actor, at: datetime, link: str = "") -> Filing:
    """The receipt of one of the two departments a plan of demolition is filed with: each gives its own."""
    held = locked(filing, by)
    require(by, "enterprises.receive", held)
    if held.kind != Filing.Kind.DEMOLITION_PLAN:
        raise FilingRefused(
            _("“%(kind)s”不需要备案回执：只有拆除活动污染防治方案分别向两个部门备案。")
            % {"kind": held.get_kind_display()},
            code="enterprises.filing.kind",
        )
    need_state(held, State.SUBMITTED, State.ACCEPTED)
    function = receiving(by)
    if not function:
        raise FilingRefused(
            _("拆除方案向县级生态环境部门和工业和信息化部门备案，您所在的部门不出具回执：请由这两个部门的人员办理。"),
            code="enterprises.filing.department",
        )
    if any(one.data.get("function") == function for one in receipts(held)):
        raise FilingRefused(_("本部门已登记过回执：不需要再登记。"), code="enterprises.filing.receipt_twice")
    need_words(number, _("请填写回执文号或编号。"))
    write_act(held, Act.RECEIPT, by=by, at=at, note=number, data={"function": function})
    _add(held, receipt_of(held, function), by, at)
    _tell(held, _("%(what)s 已有备案回执：%(number)s") % {"what": held, "number": number.strip()}, by, link)
    data = {"number": held.number, "function": function}
    audit.record("enterprises.filing.receipt", subject=held, by=by, at=at, data=data)
    return held


@transaction.atomic
def release(filing: Filing, *, by: Actor, at: datetime) -> Filing:
    """Publish the public entries of what was accepted; nothing else of it, and no file."""
    held = locked(filing, by)
    require(by, "enterprises.release", held)
    need_state(held, State.ACCEPTED)
    if not form_of(held.kind).public:
        raise FilingRefused(
            _("“%(kind)s”没有可以公开的内容。") % {"kind": held.get_kind_display()},
            code="enterprises.filing.nothing_public",
        )
    if held.released_on is not None:
        raise FilingRefused(
            _("%(number)s 已于 %(day)s 公开。") % {"number": held.number, "day": held.released_on},
            code="enterprises.filing.released",
        )
    held.released_on = by.today
    held.save(update_fields=["released_on"])
    write_act(held, Act.RELEASED, by=by, at=at)
    if told := published(held, by.today):
        _add(held, told, by, at)
    audit.record("enterprises.filing.released", subject=held, by=by, at=at, data={"number": held.number})
    return held


def receiving(by: Actor) -> str:
    """As which of the two departments somebody gives receipts; empty for others."""
    function = by.person.department.function if by.person and by.person.department else ""
    return function if function in RECEIPTS else ""


def _add(filing: Filing, told: Told, by: Actor, at: datetime) -> None:
    happenings.add(_firm(filing), told, by=by, at=at, filing=filing)


def _firm(filing: Filing) -> EnterpriseVersion:
    firm = happenings.latest(filing.enterprise_id)
    assert firm is not None, "a filing has a firm"
    return firm


def _reviewed(filing: Filing, by: Actor) -> None:
    """The office has answered."""
    for duty in Duty.objects.for_subject(filing).filter(done_on=None):
        duties.done(duty, on=by.today, by=by)


def _tell(filing: Filing, text: str, by: Actor, link: str) -> None:
    """A message to whoever speaks for the firm."""
    Message.objects.bulk_create(
        Message(person=one, text=text[:300], link=link) for one in people_of(filing.enterprise_id, by.today)
    )
