"""A letter's way: drafted, signed with its text fixed, sent to units, received, answered, closed.

Each act has its authority: an office signs in its own name what it may do; what another body decides it proposes 提请, and
registers that body's answer with its number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, clock
from soildesk.core.models import Department, Division
from soildesk.core.numbers import next_number
from soildesk.core.permissions import Actor, require
from soildesk.kit.languages import called, language, listed
from soildesk.kit.letters import store
from soildesk.supervision.models import Letter, LetterUnit
from soildesk.supervision.queries.places import bodies_of, place_of, who_may
from soildesk.supervision.refusals import SupervisionRefused
from soildesk.supervision.services import letters_text, ruling
from soilrules.supervision import authorities
from soilrules.supervision.authorities import Act

WRITE, SIGN = "supervision.letters", "supervision.sign"
State = Letter.State
NUMBERS = {
    Act.REMINDER: "提醒", Act.ASSIGN: "交办", Act.SUPERVISE: "督办函", Act.CIRCULAR: "通报", Act.TALK: "约谈", Act.LIMIT: "限批",
}  # fmt: skip
PROPOSED = "提请"
FURTHEST = timedelta(days=3660)
"""A term of more than ten years is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Item:
    """One matter of a letter."""

    text: str
    unit: Department | None = None
    due: date | None = None
    basis: str = ""
    url: str = ""

    @property
    def row(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "text": self.text.strip(),
            "unit": self.unit.pk if self.unit else None,
            "unit_name": self.unit.name if self.unit else "",
            "due": self.due.isoformat() if self.due else None,
            "basis": self.basis.strip(),
            "url": self.url,
        }


@dataclass(frozen=True, slots=True)
class Source:
    """The record a letter is drafted from."""

    type: str = ""
    id: int | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a letter is to say and to whom."""

    act: Act
    title: str
    units: Sequence[Department]
    request: bool = False
    lead: str = ""
    items: Sequence[Item] = ()
    ending: str = ""
    copies: Sequence[Department] = ()
    answer_by: date | None = None
    talk_on: date | None = None
    talk_where: str = ""
    tables: Sequence[Mapping[str, Any]] = ()
    source: Source = Source()


def office_of(by: Actor) -> Department:
    """The department whose letters the actor writes."""
    office = by.person.department if by.person else None
    if office is None:
        raise SupervisionRefused(
            _("您的账户没有所属单位，函件没有发文机关：请系统管理员登记后再办理。"), code="supervision.letter.office"
        )
    return office


def supervised_place(office: Department) -> Division:
    """The place whose rules hold where an office stands."""
    return place_of(office.division.path) or office.division


def need_authority(act: Act, request: bool, *, by: Actor) -> None:
    """Refuse an act beyond the office's authority, and a proposal of what the office may do itself."""
    place = supervised_place(office_of(by))
    if not request and act is not Act.LIMIT:
        ruling.need_authority(act, place, by=by)
        return
    answer = authorities.asked(act, bodies_of(office_of(by), by.today))
    if not request or answer.allowed is None or (answer.allowed and act is Act.LIMIT):
        known = listed(str(one) for one in who_may(answer.bodies, place, by.today))
        told = _("本地为：%(known)s。") % {"known": known} if known else ""
        sentence = (
            answer.message.sentence(language()) if not answer.allowed else _("限批由有权机关另行发文，这里只办提请。")
        )
        raise SupervisionRefused(f"{sentence}{told}", code="supervision.authority")
    if answer.allowed:
        raise SupervisionRefused(
            _("%(office)s自己就可以“%(act)s”，不需要提请：请直接起草。")
            % {"office": office_of(by), "act": called(authorities.authorities()[act])},
            code="supervision.letter.own",
        )


@transaction.atomic
def draft(wanted: Wanted, *, by: Actor, at: datetime) -> Letter:
    """A new draft of the actor's office."""
    office = office_of(by)
    require(by, WRITE, office)
    need_authority(wanted.act, wanted.request, by=by)
    _check(wanted, office, by)
    letter = Letter.objects.create(
        division_path=supervised_place(office).path,
        owner_department=office,
        act=wanted.act.value,
        request=wanted.request,
        source_type=wanted.source.type,
        source_id=wanted.source.id,
        source_title=wanted.source.title[:300],
        made_at=at,
        made_by=by.person,
        **_columns(wanted),
    )
    _address(letter, wanted)
    return told("drafted", letter, {"act": letter.act, "request": letter.request}, (by, at))


@transaction.atomic
def edit(letter: Letter, wanted: Wanted, *, by: Actor, at: datetime) -> Letter:
    """Say it otherwise, while it is a draft; its kind stays."""
    held = locked(letter, by, WRITE)
    must_be(held, State.DRAFT)
    _check(wanted, held.owner_department, by)
    for name, value in _columns(wanted).items():
        setattr(held, name, value)
    held.save()
    held.units.all().delete()
    _address(held, wanted)
    return told("edited", held, {}, (by, at))


@transaction.atomic
def discard(letter: Letter, *, by: Actor, at: datetime) -> None:
    """Throw a draft away."""
    held = locked(letter, by, WRITE)
    must_be(held, State.DRAFT)
    told("discarded", held, {"title": held.title}, (by, at))
    held.delete()


@transaction.atomic
def sign(letter: Letter, *, by: Actor, at: datetime) -> Letter:
    """Sign it: it gets its number, and what it says is fixed with its hash."""
    held = locked(letter, by, SIGN)
    must_be(held, State.DRAFT)
    need_authority(Act(held.act), held.request, by=by)
    day = clock.local_day(at)
    terms_ahead(held, day, _("请修改后再签发。"))
    held.number = _number(held, day.year)
    said = letters_text.composed(letters_text.content_of(held, held.number, day))
    held.content, held.text, held.digest = dict(said.content), said.text, said.digest
    held.template = store.current(purpose_of(held), held.owner_department)
    held.state, held.signed_at, held.signed_by = State.SIGNED, at, by.person
    held.save()
    return told("signed", held, {"sha256": held.digest}, (by, at))


def purpose_of(letter: Letter) -> str:
    """The purpose of the template a letter is printed with."""
    return f"supervision.letter.{'request' if letter.request else letter.act}"


def _number(letter: Letter, year: int) -> str:
    word = PROPOSED if letter.request else NUMBERS[Act(letter.act)]
    serial = next_number(letter.owner_department, f"supervision.letter.{word}", year)
    return f"{word}〔{year}〕{serial}号"


def _columns(wanted: Wanted) -> dict[str, Any]:
    return {
        "title": wanted.title.strip()[:200],
        "lead": wanted.lead.strip(),
        "items": [one.row for one in wanted.items if one.text.strip()],
        "tables": [dict(one) for one in wanted.tables],
        "ending": wanted.ending.strip(),
        "answer_by": wanted.answer_by,
        "talk_on": wanted.talk_on,
        "talk_where": wanted.talk_where.strip()[:120],
    }


def _address(letter: Letter, wanted: Wanted) -> None:
    main = list(dict.fromkeys(wanted.units))
    copied = [one for one in dict.fromkeys(wanted.copies) if one not in main]
    rows = [LetterUnit(letter=letter, department=one) for one in main]
    LetterUnit.objects.bulk_create([*rows, *(LetterUnit(letter=letter, department=one, copied=True) for one in copied)])


def _check(wanted: Wanted, office: Department, by: Actor) -> None:
    """Refuse what could not be sent: no title, nobody, nothing to do, a day that has passed."""
    if not wanted.title.strip():
        raise SupervisionRefused(_("请填写标题。"), code="supervision.letter.title")
    if not wanted.units or office in wanted.units:
        raise SupervisionRefused(_("请选择主送单位（不能是本单位）。"), code="supervision.letter.units")
    if wanted.request:
        known = who_may(authorities.authorities()[wanted.act].bodies, supervised_place(office), by.today)
        if strange := [one for one in wanted.units if one not in known]:
            raise SupervisionRefused(
                _("提请只能送有权决定的机关：%(known)s；%(strange)s不是。")
                % {"known": listed(known) or _("本地还没有登记"), "strange": strange[0]},
                code="supervision.letter.units",
            )
    items = [one for one in wanted.items if one.text.strip()]
    if wanted.act is Act.ASSIGN and not wanted.request:
        _check_tasks(items, wanted.units)
    if not items and not wanted.lead.strip():
        raise SupervisionRefused(_("函件没有内容：请填写正文或者事项。"), code="supervision.letter.empty")


def _check_tasks(items: Sequence[Item], units: Sequence[Department]) -> None:
    """What an order gives to do needs a unit it is sent to and a day."""
    if not items:
        raise SupervisionRefused(_("交办通知至少要有一项交办事项。"), code="supervision.letter.items")
    for at, one in enumerate(items, 1):
        if one.unit is None or one.due is None:
            raise SupervisionRefused(
                _("第 %(n)d 项“%(text)s”没有责任单位或者时限：交办事项都要写明。") % {"n": at, "text": one.text[:30]},
                code="supervision.letter.items",
            )
        if one.unit not in units:
            raise SupervisionRefused(
                _("第 %(n)d 项的责任单位%(unit)s不在主送单位中：请加入主送单位。") % {"n": at, "unit": one.unit},
                code="supervision.letter.items",
            )


def terms_ahead(letter: Letter, day: date, then: str) -> None:
    """What is signed or sent today asks for days from today on, within ten years; else `then` says what to do."""
    days = [("answer_by", letter.answer_by), ("talk_on", letter.talk_on)]
    if letter.act == Act.ASSIGN:
        days += [("items", date.fromisoformat(one["due"])) for one in letter.items]
    for name, term in days:
        if term is not None and not day <= term <= day + FURTHEST:
            why = (
                _("日期 %(term)s 已经过去（今天 %(today)s）：")
                if term < day
                else _("日期 %(term)s 在十年以后（今天 %(today)s）：")
            )
            raise SupervisionRefused(why % {"term": term, "today": day} + then, code=f"supervision.letter.{name}")
    if letter.act == Act.TALK and not letter.request and letter.talk_on is None:
        raise SupervisionRefused(_("约谈通知要写明约谈日期。"), code="supervision.letter.talk_on")


def locked(letter: Letter, by: Actor, permission: str) -> Letter:
    """The letter of the actor's own office, held until the act ends."""
    require(by, permission, letter)
    held = Letter.objects.select_for_update(of=("self",)).select_related("owner_department__division").get(pk=letter.pk)
    if not by.system and office_of(by).pk != held.owner_department_id:
        raise SupervisionRefused(
            _("这是%(office)s的函件：请由该单位的人员办理。") % {"office": held.owner_department},
            code="supervision.letter.office",
        )
    return held


def must_be(letter: Letter, *states: str) -> None:
    """Refuse an act on a letter in another state."""
    if letter.state not in states:
        raise SupervisionRefused(
            _("函件“%(letter)s”现为“%(state)s”，不能这样办理。已签发的内容不能改，需要时另行发函。")
            % {"letter": letter, "state": letter.get_state_display()},
            code="supervision.letter.state",
        )


def told(act: str, letter: Letter, data: Mapping[str, Any], who: tuple[Actor, datetime]) -> Letter:
    """Write an act on a letter into the audit."""
    by, at = who
    audit.record(f"supervision.letter.{act}", subject=letter, by=by, at=at, data={"number": letter.number, **data})
    return letter
