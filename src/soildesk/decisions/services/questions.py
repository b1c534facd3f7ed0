"""A question as a program puts it: its words are read strictly, then it is asked and kept. The command and the API ask so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, require
from soildesk.decisions.grounds import Known
from soildesk.decisions.models import GateQuery
from soildesk.decisions.queries import kept
from soildesk.decisions.queries.facts import Asked
from soildesk.decisions.refusals import GateRefused
from soildesk.decisions.services import after, gate
from soildesk.decisions.services.gate import Said
from soildesk.decisions.services.national import National, is_readable
from soildesk.land.services.writing import place_at
from soilrules.gate import facts as rules
from soilrules.gate.acts import acts
from soilrules.gate.uses import read_use, schemes

Fault = tuple[str, str]
"""Which entry does not fit, and the sentence that says why."""
WORDS = {
    "use": (_l("规划用途"), gate.LONGEST_USE),
    "current_use": (_l("现状用途"), gate.LONGEST_USE),
    "project": (_l("项目（地块）名称"), 160),
    "document": (_l("来文文号"), 120),
    "on_behalf_of": (_l("代何单位查询"), 160),
}
SCHEMES = {"use_scheme": _l("用地分类标准"), "current_scheme": _l("现状用途的分类标准")}
STATES: dict[str, tuple[Any, Any]] = {
    "plan_state": (_l("规划、供地进展"), rules.PlanState),
    "transfer": (_l("土地使用权收回、转让"), rules.Transfer),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, in the words of whoever asks; what is left out is not known."""

    act: str
    use: str
    on: date
    use_scheme: str = ""
    current_use: str = ""
    current_scheme: str = ""
    untouched: bool = False
    plan_state: str = ""
    transfer: str = ""
    recalled_on: date | None = None
    works_begun: bool | None = None
    pollutes: bool | None = None
    food: bool | None = None
    related: bool = False
    project: str = ""
    document: str = ""
    on_behalf_of: str = ""
    national: National | None = None


class NotAsked(GateRefused):
    """Entries of a question do not fit: all of them are told at once."""

    code = "decisions.gate.values"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("；".join(sentence.rstrip("。") for _entry, sentence in faults) + "。")
        self.faults = tuple(faults)


def put(
    question: Question, ground: Callable[[], Known], *, by: Actor, at: datetime, request: str = ""
) -> tuple[GateQuery, bool]:
    """Ask and keep the answer, and whether it is new: the same `request` of a person gives the answer it gave before.

    `ground` is looked for once the words fit.
    """
    require(by, gate.ASK)
    if request and (before := kept.requested(by, request)):
        return before, False
    if faults := list(_faults(question, by)):
        raise NotAsked(faults)
    known = ground()
    try:
        return _put(question, known, request, by=by, at=at), True
    except IntegrityError:
        if request and (before := kept.requested(by, request)):  # the same arrived twice at once
            return before, False
        raise


@transaction.atomic
def _put(question: Question, known: Known, request: str, *, by: Actor, at: datetime) -> GateQuery:
    place = place_at(known.division_path, by)
    said = Said(
        project=question.project or known.name, parcel_code=known.code, document=question.document,
        on_behalf_of=question.on_behalf_of, request=request, read_as=known.read_as,
    )  # fmt: skip
    made = gate.ask(_asked(question, known), place, said, by=by, at=at)
    if question.national:
        after.told(made, question.national, by=by, at=at)
    return made


def _asked(question: Question, known: Known) -> Asked:
    now = question.current_use.strip()
    return Asked(
        known.shape, question.act.strip(), question.use.strip(), question.on, scheme=question.use_scheme,
        current_use=now or None, current_scheme=question.current_scheme if now else "",
        plan_state=rules.PlanState(question.plan_state) if question.plan_state else None,
        transfer=rules.Transfer(question.transfer) if question.transfer else None,
        recalled_on=question.recalled_on, related=question.related, pollutes=question.pollutes, food=question.food,
        works_begun=question.works_begun, untouched=True if question.untouched else None,
        query=question.national.as_rules() if question.national else None,
    )  # fmt: skip


def _faults(question: Question, by: Actor) -> Iterator[Fault]:
    if question.act.strip() not in acts():
        known = "、".join(acts())
        yield "act", _("没有“%(act)s”这个事项。可以用：%(known)s。") % {"act": question.act[:80], "known": known}
    yield from _words(question)
    yield from _uses(question)
    yield from _states(question)
    try:
        gate.must_be_of_our_time(question.on, by)
    except Refusal as refusal:
        yield "on", str(refusal)
    try:
        gate.must_have_been_recalled(question.recalled_on, by)
    except Refusal as refusal:
        yield "recalled_on", str(refusal)
    if question.national:
        for sentence in question.national.faults(question.on, by):
            yield "national", sentence


def _words(question: Question) -> Iterator[Fault]:
    for entry, (title, longest) in WORDS.items():
        text = getattr(question, entry)
        if len(text) > longest:
            told = _("%(title)s有 %(n)d 个字，最多 %(most)d 个字：请缩短。")
            yield entry, told % {"title": title, "n": len(text), "most": longest}
        if not is_readable(text):
            yield entry, _("%(title)s里有无法保存的控制字符：请重新输入。") % {"title": title}


def _uses(question: Question) -> Iterator[Fault]:
    if not read_use(question.use).parts:
        yield "use", _("没有写规划用途：请写用途代码或名称，如 0701、R2、幼儿园用地；几种用途用 / 分开。")
    for entry, title in SCHEMES.items():
        scheme = getattr(question, entry)
        if scheme and scheme not in schemes():
            told = _("%(title)s“%(scheme)s”无法识别，应为：%(known)s。")
            yield entry, told % {"title": title, "scheme": scheme[:80], "known": "、".join(schemes())}
    for entry, scheme in (("use", question.use_scheme), ("current_use", question.current_scheme)):
        try:
            gate.must_be_read(str(WORDS[entry][0]), getattr(question, entry), scheme)
        except GateRefused as refusal:
            yield entry, str(refusal)


def _states(question: Question) -> Iterator[Fault]:
    for entry, (title, known) in STATES.items():
        text = getattr(question, entry)
        if text and text not in list(known):
            told = _("%(title)s“%(text)s”无法识别，应为：%(known)s。")
            yield entry, told % {"title": title, "text": text[:80], "known": "、".join(known)}
