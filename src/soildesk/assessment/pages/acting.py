"""Acts on an assessment: one form, one service call, one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.assessment import words
from soildesk.assessment.models import Assessment
from soildesk.assessment.pages import forms as ask
from soildesk.assessment.pages.base import barred, barred_by, crumbs, doing, found, told, url_of
from soildesk.assessment.pages.items import unit_of
from soildesk.assessment.queries import records
from soildesk.assessment.queries.facts import shown as value_shown
from soildesk.assessment.queries.standing import Standing
from soildesk.assessment.services import checking, finishing, opening, selfassessing
from soildesk.assessment.services.acting import Doing
from soildesk.assessment.services.selfassessing import Said
from soildesk.core.permissions import require
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.languages import called, language, listed
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked
from soilrules.assessment import life
from soilrules.assessment.life import Act

Told = Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """One act: which of the table, its form, the service, what is said before and after."""

    act: Act
    form: type[forms.Form]
    write: Callable[[Assessment, Told, Doing], object]
    done: Any
    note: Any = ""


def _draw(one: Assessment, said: Told, act: Doing) -> object:
    return checking.draw(one, said["percent"] / 100, said["seed"], act)


def _finish(one: Assessment, said: Told, act: Doing) -> object:
    return finishing.finish(one, said["document"], act)


def _object(one: Assessment, said: Told, act: Doing) -> object:
    return checking.raise_objection(one, said["item"], act)


def _plain(service: Callable[[Assessment, Doing], object]) -> Callable[[Assessment, Told, Doing], object]:
    return lambda one, said, act: service(one, act)


PAGES: Mapping[str, Page] = {
    "sign": Page(Act.SIGN, ask.NoteForm, _plain(selfassessing.sign), _l("已签报，核算数不再随台账变化。"),
                 _l("签报时再核算一次，之后不再随台账变化；不知道的项按不知道上报。")),
    "send_back": Page(Act.SEND_BACK, ask.WhyForm, _plain(selfassessing.send_back), _l("已退回。")),
    "draw": Page(Act.DRAW, ask.DrawForm, _draw, _l("已抽取。"),
                 _l("从各项说已做到的记录中，逐项按比例抽取。同样的记录、同样的种子抽出的总是同样的行，任何人都能重新抽出来核对。")),
    "confirm_said": Page(Act.CONFIRM, ask.WhyForm, _plain(checking.confirm_said), _l("已采信没有台账的各项自评。"),
                         _l("只采信没有台账、还没有核定的项；有台账的以核算数和抽样核查为准。")),
    "announce": Page(Act.ANNOUNCE, ask.NoteForm, _plain(checking.announce), _l("已告知初核结果。"),
                     _l("没有核定的项按不知道计，得分可能是一个范围。")),
    "object": Page(Act.OBJECT, ask.ObjectForm, _object, _l("已提出异议。")),
    "finish": Page(Act.FINISH, ask.FinishForm, _finish, _l("已核定，结果不再改变。"),
                   _l("核定后得分、等次和全部依据冻结，留有校验值。后续措施只列为建议，由有权机关决定。")),
}  # fmt: skip


@staff_page("assessment.read")
@told
def act(request: HttpRequest, uid: UUID, name: str) -> HttpResponse:
    """One act on an assessment."""
    actor = actor_of(request)
    one = found(actor, uid)
    if name == "read_again":
        return _read_again(request, one)
    page = PAGES.get(name)
    if page is None:
        raise Http404(name)
    row = life.table()[page.act]
    if answer := barred(request, one, page.act, actor):
        return answer
    more = {"items": [(key, rule.title) for key, rule in Standing(one).rules.items()]} if name == "object" else {}
    data = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = page.form(**data, **more, initial=dict(request.GET.items()))  # type: ignore[arg-type]

    def write(said: dict[str, Any]) -> str:
        page.write(one, said, doing(actor, said.get("why", ""), said.get("files")))
        return str(page.done)

    title = _("采信自评") if name == "confirm_said" else called(row)
    context = {
        "title": f"{title}：{one.place.name} {one.year}",
        "note": _note(one, name) or page.note,
        "crumbs": crumbs(one, (title, "")),
        "save": title,
    }
    return asked(request, form, context, write, url_of(one))


def _note(one: Assessment, name: str) -> str:
    """What should be known before the act: the score it is about, how much is missing, what would be taken over."""
    standing = Standing(one)
    if name == "confirm_said":
        return _told(
            [PAGES[name].note, _("将采信：%(titles)s。") % {"titles": _titles(standing, standing.to_confirm())}]
        )
    if name not in ("sign", "announce", "finish"):
        return ""
    score = standing.score(own=name == "sign")
    found = [_("得分 %(score)s，%(grade)s。") % {"score": words.score_words(score), "grade": words.grade_words(score)}]
    if name == "announce" and standing.draw is None:
        found.append(_("还没有抽样核查：不抽样就告知的，初核结果只依据台账和自评。"))
    if score.missing:
        told = {"n": len(score.missing), "titles": _titles(standing, score.missing[:6])}
        found.append(_("还有 %(n)d 项不知道：%(titles)s。") % told)
    return _told([*found, PAGES[name].note])


def _titles(standing: Standing, names: Iterable[str]) -> str:
    return listed(standing.rules[each].title for each in names) or _("没有")


def _told(sentences: Iterable[Any]) -> str:
    return (" " if language() == "en" else "").join(str(one) for one in sentences)


def _read_again(request: HttpRequest, one: Assessment) -> HttpResponse:
    if request.method == "POST":
        opening.read_again(one, doing(actor_of(request)))
        messages.success(request, _("已按最新记录重新核算。"))
    return HttpResponseRedirect(url_of(one))


@staff_page("assessment.read")
@told
def check_row(request: HttpRequest, uid: UUID, pk: int) -> HttpResponse:
    """What a look at a drawn row found."""
    actor = actor_of(request)
    one = found(actor, uid)
    row = records.drawn_row(one, pk)
    if row is None:
        raise Http404(str(pk))
    if stop := barred(request, one, Act.CHECK_ROW, actor):
        return stop

    def write(said: dict[str, Any]) -> str:
        checking.check_row(one, row, said["outcome"], doing(actor, said["why"]))
        return _("已登记：%(name)s。") % {"name": row.name}

    first = {"outcome": row.outcome, "why": row.note}
    context = {
        "title": _("登记核查结果：%(name)s") % {"name": row.name},
        "note": _("查明不属实的，这一行不再计入；不从一行推算其他行。"),
        "crumbs": crumbs(one, (_("登记核查结果"), "")),
        "save": _("登记"),
    }
    return asked(request, posted(ask.RowForm, request, first), context, write, f"{url_of(one)}#sample")


@staff_page("assessment.read")
@told
def answer(request: HttpRequest, uid: UUID, objection: UUID) -> HttpResponse:
    """An answer to an objection."""
    actor = actor_of(request)
    one = found(actor, uid)
    row = records.objection_of(one, objection)
    if row is None:
        raise Http404(str(objection))
    standing = Standing(one)
    unanswered = partial(checking.need_unanswered, row)
    if stop := barred(request, one, Act.ANSWER, actor) or barred_by(request, one, unanswered):
        return stop

    def write(said: dict[str, Any]) -> str:
        value: Decimal | None = said.get("value")
        upheld = said["upheld"] == "yes"
        checking.answer(one, row, upheld, Said(value) if value is not None else None, doing(actor, said["why"]))
        return _("已答复。")

    form = posted(ask.AnswerForm, request)
    if row.item:
        form.fields["value"].help_text = unit_of(standing, row.item)
    else:
        del form.fields["value"]
    context = {
        "title": _("答复异议"),
        "note": _("%(about)s：%(text)s") % {"about": _about(standing, row.item), "text": row.text},
        "crumbs": crumbs(one, (_("答复异议"), "")),
        "save": _("答复"),
    }
    return asked(request, form, context, write, f"{url_of(one)}#objections")


def _about(standing: Standing, item: str) -> str:
    """What an objection is about, with its value as it stands."""
    if item not in standing.rules:
        return _("对整个结果")
    fact = standing.facts().get(item)
    told = {"title": standing.rules[item].title, "value": value_shown(fact) if fact else _("不知道")}
    return _("%(title)s（现值 %(value)s）") % told


@staff_page("assessment.read")
@told
def decide(request: HttpRequest, uid: UUID, proposal: UUID) -> HttpResponse:
    """A decision on a proposal."""
    actor = actor_of(request)
    one = found(actor, uid)
    row = records.proposal_of(one, proposal)
    if row is None:
        raise Http404(str(proposal))
    require(actor, finishing.FINISH, row)
    if stop := barred_by(request, one, partial(finishing.need_undecided, row, actor)):
        return stop

    def write(said: dict[str, Any]) -> str:
        finishing.decide(row, said["accepted"] == "yes", said["document"], doing(actor, said["why"]))
        return _("已登记决定。")

    context = {
        "title": _("决定后续建议"),
        "note": _("%(words)s（%(basis)s）系统只登记决定，不会自动限批、约谈或分配资金。") % {"words": row.words, "basis": row.basis},
        "crumbs": crumbs(one, (_("决定后续建议"), "")),
        "save": _("登记决定"),
    }  # fmt: skip
    return asked(request, posted(ask.DecideForm, request), context, write, f"{url_of(one)}#proposals")
