"""Pages of acts on lots: confirm or put aside a lock, tell what was harvested, kept, disposed of and paid, lift the lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.permissions import Actor, require
from soildesk.farmland import grainforms as ask
from soildesk.farmland import grainpaper
from soildesk.farmland.grainwords import above_words
from soildesk.farmland.models import (
    Disposal,
    LockProposal,
    Lot,
    LotHousehold,
    LotMove,
    LotPayment,
    ProduceTest,
    UnitVersion,
)
from soildesk.farmland.mu import to_m2, to_mu
from soildesk.farmland.queries import ancestry, balances, units
from soildesk.farmland.queries.balances import Source
from soildesk.farmland.queries.named import names_in
from soildesk.farmland.refusals import LotRefused
from soildesk.farmland.services import graincustody, lots, producetests, unlocking
from soildesk.farmland.services.graincustody import Disposed, Paid
from soildesk.farmland.services.lines import line_of
from soildesk.farmland.services.lots import Locking
from soildesk.farmland.services.offices import Line, may_act, offices_of
from soildesk.farmland.services.unlocking import Unlocking
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.land.pages.parcels import asked

ROWS: dict[str, Any] = {"move": LotMove, "disposal": Disposal, "payment": LotPayment, "test": ProduceTest, "lot": Lot}
COLLECTIONS = {
    "move": "grain_moves", "disposal": "grain_disposals", "payment": "grain_payments", "test": "produce_tests",
    "lot": "grain_lots",
}  # fmt: skip


def seen_or_404(model: Any, actor: Actor, uid: Any) -> Any:
    """A row that stands and the actor sees."""
    return get_object_or_404(model.objects.visible_to(actor).filter(superseded_at=None), uid=uid)


def lot_url(lot: Lot, part: str = "") -> str:
    """The page of a lot."""
    return reverse("kit:record", args=["grain_lots", str(lot.uid)]) + (f"#{part}" if part else "")


def _crumbs(lot: Lot, title: str) -> list[tuple[str, str]]:
    return [(_("粮食批次"), reverse("kit:collection", args=["grain_lots"])), (lot.number, lot_url(lot)), (title, "")]


def filled(request: HttpRequest, kind: Any, initial: dict[str, Any], **more: Any) -> Any:
    """A form with what was posted, where something was."""
    said = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    return kind(initial=initial, **said, **more)


def lacking(line: Line, path: str, actor: Actor) -> bool:
    """Whether a place has no office of a line, so that another stands in."""
    return not offices_of(line, path, actor).exists()


def _units(actor: Actor, text: str) -> list[UnitVersion]:
    found = []
    for name in names_in(text):
        called = units.called(actor, name, actor.today)
        if len(called) != 1:
            raise LotRefused(
                _("没有找到评价单元“%(name)s”，或不止一个：请填写单元编号、外部代码或唯一的名称。") % {"name": name},
                code="farmland.lot.units",
            )
        found.append(called[0])
    return found


def _locking(actor: Actor, said: dict[str, Any]) -> Locking:
    chosen = _units(actor, said["units"])
    return Locking(said["on"], said["document"], to_m2(said["area_mu"]), chosen, said["year"], said["note"])


@staff_page("farmland.read")
def confirm(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A lock confirmed."""
    actor = actor_of(request)
    found = seen_or_404(LockProposal, actor, uid)
    require(actor, lots.LOCK, found)
    ground = ancestry.standing(found.unit_id, actor.today)
    if not ground:
        raise Http404(str(uid))
    unit = ground[0]
    back = reverse("kit:record", args=["lock_proposals", str(found.uid)])
    initial = {
        "on": clock.today(),
        "area_mu": to_mu(sum(one.area_m2 for one in ground)),
        "year": found.test.sampled_on.year,
        "document": found.test.report_number,
    }
    form = filled(request, ask.LockForm, initial, lacks=lacking(line_of(unit), unit.division_path, actor))
    made: list[Lot] = []
    context = {
        "title": _("确认锁定 %(unit)s") % {"unit": "、".join(one.name for one in ground)},
        "note": _("%(crop)s样品 %(number)s 超标：%(above)s。锁定后按农户台账列出农户，逐户登记自留口粮；粮食只能定向收购、单收单储、定向处置。")
        % {"crop": found.crop, "number": found.test.number, "above": above_words(found.test)},
        "crumbs": [(_("锁定建议"), reverse("kit:collection", args=["lock_proposals"])), (found.test.number, back), (_("确认锁定"), "")],
        "save": _("锁定"),
    }  # fmt: skip

    def write(said: dict[str, Any]) -> str:
        stands_in = said.get("stands_in", "")
        made.append(lots.confirm(found, _locking(actor, said), by=actor, at=clock.now(), stands_in=stands_in))
        return _("已锁定，批次 %(number)s：接着发锁定通报。") % {"number": made[0].number}

    answer = asked(request, form, context, write, back)
    if made:
        answer["Location"] = lot_url(made[0])
    return answer


@staff_page("farmland.read")
def dismiss(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A proposal put aside."""
    actor = actor_of(request)
    found = seen_or_404(LockProposal, actor, uid)
    require(actor, lots.LOCK, found)
    back = reverse("kit:record", args=["lock_proposals", str(found.uid)])
    unit = UnitVersion.objects.standing(actor.today).filter(unit=found.unit_id).first()
    lacks = unit is not None and lacking(line_of(unit), found.division_path, actor)
    context = {
        "title": _("不锁定"),
        "crumbs": [(_("锁定建议"), reverse("kit:collection", args=["lock_proposals"])), (found.test.number, back), (_("不锁定"), "")],
        "save": _("不锁定"),
    }  # fmt: skip

    def write(said: dict[str, Any]) -> str:
        lots.dismiss(found, said["why"], by=actor, at=clock.now(), stands_in=said.get("stands_in", ""))
        return _("已登记不锁定。")

    return asked(request, filled(request, ask.DismissForm, {}, lacks=lacks), context, write, back)


@staff_page("farmland.read")
def follow(request: HttpRequest) -> HttpResponse:
    """A lot followed without a lock."""
    actor = actor_of(request)
    require(actor, lots.LOCK)
    listed = reverse("kit:collection", args=["grain_lots"])
    made: list[Lot] = []
    context = {
        "title": _("登记跟踪批次"),
        "note": _("没有锁定、但要跟踪粮食去向的批次；超标锁定请在“锁定建议”中办理。"),
        "crumbs": [(_("粮食批次"), listed), (_("登记跟踪批次"), "")],
        "save": _("登记"),
    }

    def write(said: dict[str, Any]) -> str:
        stands_in = said.get("stands_in", "")
        made.append(lots.follow(_locking(actor, said), said["crop"], by=actor, at=clock.now(), stands_in=stands_in))
        return _("已登记批次 %(number)s。") % {"number": made[0].number}

    initial = {"on": clock.today(), "year": clock.today().year}
    own = actor.person.department if actor.person else None
    lacks = own is not None and lacking(Line.FARMING, own.division.path, actor)
    answer = asked(request, filled(request, ask.FollowForm, initial, lacks=lacks), context, write, listed)
    if made:
        answer["Location"] = lot_url(made[0])
    return answer


Write = Callable[[Lot, Actor, dict[str, Any]], str]


def _lot_act(request: HttpRequest, lot: Lot, form: Any, words: tuple[str, ...], write: Write) -> HttpResponse:
    """One form about a lot; `words` are its title, its note, its button, and the part of the page it leads back to."""
    actor = actor_of(request)
    title, note, save, *part = words
    context = {"title": f"{title} {lot.number}", "note": note, "crumbs": _crumbs(lot, title), "save": save}
    return asked(request, form, context, lambda said: write(lot, actor, said), lot_url(lot, *part))


@staff_page("farmland.read")
def harvest(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The harvest told."""
    lot = seen_or_404(Lot, actor_of(request), uid)
    require(actor_of(request), lots.MOVE, lot)

    def write(lot: Lot, actor: Actor, said: dict[str, Any]) -> str:
        lots.tell_harvest(lot, said["tonnes"], said["on"], by=actor, at=clock.now())
        return _("已登记产量 %(tonnes)s 吨。") % {"tonnes": said["tonnes"]}

    initial = {"tonnes": lot.harvest_t, "on": lot.harvested_on or clock.today()}
    note = _("实收产量。改动会留在历史里。")
    return _lot_act(request, lot, filled(request, ask.HarvestForm, initial), (_("登记产量"), note, _("登记")), write)


@staff_page("farmland.read")
def unlock(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A lock lifted."""
    actor = actor_of(request)
    lot = seen_or_404(Lot, actor, uid)
    require(actor, lots.LOCK, lot)

    def write(lot: Lot, actor: Actor, said: dict[str, Any]) -> str:
        told = Unlocking(said["on"], said["document"], said["why"])
        unlocking.unlock(lot, told, by=actor, at=clock.now(), stands_in=said.get("stands_in", ""))
        return _("批次 %(number)s 已解除锁定。") % {"number": lot.number}

    unit = UnitVersion.objects.standing(actor.today).filter(unit__in=lot.units.all()).first()
    lacks = unit is not None and lacking(line_of(unit), lot.division_path, actor)
    form = filled(request, ask.UnlockForm, {"on": clock.today()}, lacks=lacks)
    note = _("数量没有报全、锁定区粮食没有着落的，不能解除；去向不明、混存的数量会一直留在批次上。")
    if left := unlocking.undone(lot, actor):
        note += _("还没有办：%(left)s。没有查到必须先办完才能解除的规定：请核对；解除以后仍列在批次上。") % {
            "left": "；".join(left)
        }
    return _lot_act(request, lot, form, (_("解除锁定"), note, _("解除锁定")), write)


@staff_page("farmland.read_personal")
def keep(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What a household keeps."""
    actor = actor_of(request)
    found = get_object_or_404(LotHousehold.objects.visible_to(actor), uid=uid)
    require(actor, lots.MOVE, found)
    require(actor, "farmland.read_personal", found)
    if found.superseded_at is not None:  # told anew since the form was opened: nothing is written over it unseen
        messages.warning(request, _("这户的自留口粮已有新的登记：请核对下面的数量，有误再登记。"))
        return redirect(lot_url(found.lot, "lot-households"))

    def write(lot: Lot, actor: Actor, said: dict[str, Any]) -> str:
        graincustody.keep(lot, found.household, said["tonnes"], said["on"], by=actor, at=clock.now())
        return _("已登记自留口粮。")

    form = filled(request, ask.KeepForm, {"tonnes": found.kept_t, "on": clock.today()})
    words = (_("登记自留口粮"), _("户主：%(head)s") % {"head": found.household.head}, _("登记"), "lot-households")
    return _lot_act(request, found.lot, form, words, write)


@staff_page("farmland.read")
def dispose(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What became of a move, or of what a household keeps."""
    actor = actor_of(request)
    lot = seen_or_404(Lot, actor, uid)
    require(actor, lots.MOVE, lot)
    held = balances.of(lot, actor.today)
    source = held.source(request.GET.get("move", ""), request.GET.get("household", ""))
    if source is None:
        raise Http404(str(uid))
    if source.kept is not None:
        require(actor, "farmland.read_personal", source.kept)
    tests = [one for one in held.tests if one.result_on]
    initial = {"on": clock.today(), "tonnes": source.left, "kind": "replaced" if source.kept else "feed"}
    whose = Line.FARMING if may_act(actor, Line.FARMING, lot) else Line.GRAIN  # the offices that tell of it
    lacks = source.move is not None and lacking(whose, lot.division_path, actor)
    form = filled(request, ask.DisposeForm, initial, tests=tests, of_household=source.kept is not None, lacks=lacks)

    def write(lot: Lot, actor: Actor, said: dict[str, Any]) -> str:
        test = next((one for one in tests if str(one.uid) == said["test"]), None)
        told = {name: said[name] for name in ("kind", "tonnes", "on", "document", "to", "note")}
        what = Disposed(**told, move=source.move, household=source.household, test=test)
        graincustody.dispose(lot, what, by=actor, at=clock.now(), stands_in=said.get("stands_in", ""))
        return _("已登记 %(tonnes)s 吨的处置。") % {"tonnes": said["tonnes"]}

    return _lot_act(request, lot, form, _dispose_words(source), write)


def _dispose_words(source: Source) -> tuple[str, ...]:
    if source.household is not None:
        note = _("户主：%(head)s") % {"head": source.household.head}
        return _("登记置换或者处置"), note, _("登记"), "lot-households"
    whose = (source.move.to if source.move else "") or "—"
    return _("登记处置"), _("来自：%(whose)s") % {"whose": whose}, _("登记"), "lot-moves"


@staff_page("farmland.read")
def pay(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Money that was paid."""
    actor = actor_of(request)
    lot = seen_or_404(Lot, actor, uid)
    require(actor, lots.MOVE, lot)

    def write(lot: Lot, actor: Actor, said: dict[str, Any]) -> str:
        told = Paid(said["purpose"], said["yuan"], said["on"], said["payee"], said["document"], said["note"])
        graincustody.pay(lot, told, by=actor, at=clock.now(), stands_in=said.get("stands_in", ""))
        return _("已登记 %(yuan)s 元。") % {"yuan": said["yuan"]}

    form = filled(request, ask.PayForm, {"on": clock.today()}, lacks=lacking(Line.FINANCE, lot.division_path, actor))
    return _lot_act(request, lot, form, (_("登记资金"), _("由财政部门登记已经支付的资金。"), _("登记")), write)


@staff_page("farmland.read")
def back(request: HttpRequest, kind: str, uid: UUID) -> HttpResponse:
    """Tonnes or money taken back."""
    actor = actor_of(request)
    if kind not in ("move", "disposal", "payment"):
        raise Http404(kind)
    row = seen_or_404(ROWS[kind], actor, uid)
    require(actor, lots.MOVE, row)

    def write(lot: Lot, actor: Actor, said: dict[str, Any]) -> str:
        graincustody.take_back(row, said["why"], by=actor, at=clock.now())
        return _("已撤销。")

    words = (_("撤销记录"), _("撤销后不再计入，历史仍可查看；处置要先于去向撤销。"), _("撤销"))
    return _lot_act(request, row.lot, filled(request, ask.WhyForm, {}), words, write)


@staff_page("farmland.read")
def attach(request: HttpRequest, kind: str, uid: UUID) -> HttpResponse:
    """A paper of a row."""
    actor = actor_of(request)
    if kind not in ROWS:
        raise Http404(kind)
    row = seen_or_404(ROWS[kind], actor, uid)
    require(actor, producetests.TEST if kind == "test" else lots.MOVE, row)
    here = reverse("kit:record", args=[COLLECTIONS[kind], str(row.uid)])
    context = {"title": _("上传凭证"), "crumbs": [(_("返回记录"), here), (_("上传凭证"), "")], "save": _("上传")}

    def write(said: dict[str, Any]) -> str:
        upload = said["file"]
        graincustody.attach(row, upload.read(), upload.name, by=actor, at=clock.now())
        return _("已上传“%(name)s”。") % {"name": upload.name}

    return asked(request, filled(request, ask.FileForm, {}), context, write, here)


@staff_page("farmland.read")
def paper(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The lot as a paper with its chain."""
    actor = actor_of(request)
    lot = seen_or_404(Lot, actor, uid)
    data = grainpaper.lot_paper(actor, lot, page_day(request), at=clock.now())
    return _pdf(data, lot.number)


def _pdf(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer
