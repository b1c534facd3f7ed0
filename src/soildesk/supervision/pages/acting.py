"""Acts on matters, slips, extensions and suspensions: one form, one service call, one sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.permissions import Actor, require
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.downloads import download
from soildesk.kit.refused import stopped
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked
from soildesk.supervision import paper
from soildesk.supervision.models import Extension, Slip, Suspension
from soildesk.supervision.pages import forms as ask
from soildesk.supervision.queries import seen
from soildesk.supervision.services import matters, slips
from soildesk.supervision.services.matters import ASK, DECIDE, Act, Granted, Paper
from soildesk.supervision.services.slips import ANSWER

if TYPE_CHECKING:
    from soildesk.core.models import Duty

Said = Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """One act: its title, permission, form, service, and what is said when it is done; `check` refuses before the form is shown."""

    title: Any
    permission: str
    form: type[forms.Form]
    write: Callable[[Any, Said, Act], object]
    done: Any
    note: Any = ""
    check: Callable[[Any, Actor], object] | None = None


def _extend(duty: Duty, said: Said, act: Act) -> object:
    return matters.ask_extension(duty, said["wanted"], act)


def _suspend(duty: Duty, said: Said, act: Act) -> object:
    return matters.ask_suspension(duty, Suspension.Cause(said["cause"]), said["until"], act)


def _grant(row: Extension, said: Said, act: Act) -> object:
    return matters.grant_extension(row, Granted(said["due"], said["body"], said["document"]), act)


def _plain(service: Callable[[Any, Act], object]) -> Callable[[Any, Said, Act], object]:
    return lambda row, said, act: service(row, act)


def _answer(kind: Slip.Answer) -> Callable[[Any, Said, Act], object]:
    return lambda row, said, act: slips.answer(row, kind, act)


SET_BY_OTHERS = _l("这个时限不是内部时限：只有规定它的机关可以改变，须填写批准机关、文号并附文件。")
MATTER: Mapping[str, Page] = {
    "extend": Page(_l("申请延期"), ASK, ask.ExtendForm, _extend, _l("已提交延期申请，等待审批。"), _l("到期前可以申请；批准前原时限不变。")),
    "suspend": Page(_l("申请挂账"), ASK, ask.SuspendForm, _suspend, _l("已提交挂账申请，等待审批。"), _l("挂账只停止升级督办，不改变时限，逾期仍然是逾期。")),
    "important": Page(_l("列为重要事项"), DECIDE, ask.WhyForm, _plain(matters.mark_important), _l("已列为重要事项，督办从高一级颜色开始。")),
    "unimportant": Page(_l("取消重要事项"), DECIDE, ask.WhyForm, _plain(matters.unmark_important), _l("已取消。")),
}  # fmt: skip
SLIP: Mapping[str, Page] = {
    "reason": Page(_l("未办及原因"), ANSWER, ask.AnswerForm, _answer(Slip.Answer.REASON), _l("已答复。"), check=slips.need_unanswered),
    "misdirected": Page(_l("转错了"), ANSWER, ask.AnswerForm, _answer(Slip.Answer.MISDIRECTED), _l("已答复，等待主办单位处理。"), check=slips.need_unanswered),
}  # fmt: skip
EXTENSION: Mapping[str, Page] = {
    "grant": Page(_l("同意延期"), DECIDE, ask.GrantForm, _grant, _l("已同意延期。")),
    "refuse": Page(_l("不同意延期"), DECIDE, ask.WhyForm, _plain(matters.refuse_extension), _l("已登记：不同意延期。")),
}
SUSPENSION: Mapping[str, Page] = {
    "grant": Page(_l("同意挂账"), DECIDE, ask.OpinionForm, _plain(matters.grant_suspension), _l("已挂账。")),
    "refuse": Page(
        _l("不同意挂账"), DECIDE, ask.WhyForm, _plain(matters.refuse_suspension), _l("已登记：不同意挂账。")
    ),
    "end": Page(_l("销账"), DECIDE, ask.WhyForm, _plain(matters.end_suspension), _l("已销账，恢复督办。")),
}


def _act(request: HttpRequest, pages: Mapping[str, Page], name: str, row: Any, place: tuple[str, str]) -> HttpResponse:
    """The form of an act and the act; `place` is the collection of the row and what it is called."""
    actor, page = actor_of(request), pages.get(name)
    if page is None or row is None:
        raise Http404(name)
    require(actor, page.permission, row)
    collection, title = place
    back = reverse("kit:record", args=[collection, str(row.uid)])
    if page.check is not None and (answer := stopped(request, partial(page.check, row, actor), back)):
        return answer

    def write(said: dict[str, Any]) -> str:
        papers = [Paper(one.name, one.read()) for one in said.get("files") or ()]
        page.write(row, said, Act(actor, clock.now(), said["note"], papers))
        return str(page.done)

    context = {
        "title": f"{page.title}：{title}",
        "note": page.note or _note(name, row),
        "crumbs": [(title, back), (str(page.title), "")],
        "save": page.title,
    }
    return asked(request, posted(page.form, request, _first(name, row)), context, write, back)


def _note(name: str, row: Any) -> Any:
    if name == "grant" and isinstance(row, Extension) and row.duty is not None and not row.duty.internal:
        return SET_BY_OTHERS
    return row.title if isinstance(row, Slip) else ""


def _first(name: str, row: Any) -> dict[str, Any]:
    return {"due": row.due_wanted} if name == "grant" and isinstance(row, Extension) else {}


@staff_page("supervision.read")
def matter_act(request: HttpRequest, uid: UUID, name: str) -> HttpResponse:
    """An act on a matter."""
    duty = seen.matter(actor_of(request), uid)
    return _act(request, MATTER, name, duty, ("matters", duty.title if duty else ""))


@staff_page("supervision.read")
def slip_act(request: HttpRequest, uid: UUID, name: str) -> HttpResponse:
    """An answer to a slip."""
    slip = seen.slip_of(actor_of(request), uid)
    return _act(request, SLIP, name, slip, ("slips", slip.number if slip else ""))


@staff_page("supervision.read")
def extension_act(request: HttpRequest, uid: UUID, name: str) -> HttpResponse:
    """A decision on a request for more time."""
    row = _row(Extension, actor_of(request), uid)
    return _act(request, EXTENSION, name, row, ("extensions", row.title if row else ""))


@staff_page("supervision.read")
def suspension_act(request: HttpRequest, uid: UUID, name: str) -> HttpResponse:
    """A decision on a suspension."""
    row = _row(Suspension, actor_of(request), uid)
    return _act(request, SUSPENSION, name, row, ("suspensions", row.title if row else ""))


def _row(model: Any, actor: Actor, uid: UUID) -> Any:
    return model.objects.visible_to(actor).select_related("duty").filter(uid=uid).first()


@staff_page("supervision.read")
def slip_paper(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The slip as a Word file."""
    slip = seen.slip_of(actor_of(request), uid)
    if slip is None or slip.colour == Slip.Colour.NONE:
        raise Http404(str(uid))
    return download(paper.docx(slip), slip.number, "docx")
