"""The page of a lot: where the tonnes went, what is loose, what must happen next and whose it is, its whole chain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor, may
from soildesk.enterprises.register.records import stopped
from soildesk.enterprises.sentences import said
from soildesk.farmland import graindrawing
from soildesk.farmland.grainwords import OFFICES, lot_chip, part_word, said_chip
from soildesk.farmland.models import LockProposal, Lot, UnitVersion
from soildesk.farmland.mu import told as area_told
from soildesk.farmland.queries import balances
from soildesk.farmland.queries.balances import Held
from soildesk.farmland.register.seasons import of_others, papers
from soildesk.farmland.register.seasons import told as history_of
from soildesk.farmland.services.graincustody import MOVE
from soildesk.farmland.services.grainnotices import NOTIFY
from soildesk.farmland.services.lots import LOCK
from soildesk.farmland.services.offices import Line
from soildesk.farmland.services.producetests import TEST
from soildesk.kit.faces import RecordPage
from soildesk.kit.parts import Act, Chip, Fact, Step
from soildesk.kit.register import Row
from soilrules.farmland.custody import Next
from soilrules.farmland.custody import Step as Todo
from soilrules.farmland.grain import LOCKED_PARTS, Finding, Part, plain

TOLD = {"no": Q(kept_t=None), "some": Q(kept_t__gt=0)}
LOOSE = frozenset(LOCKED_PARTS.values())
STEP_LINKS = {
    Next.KEPT_UNCOVERED: "lot-households",
    Next.HOUSEHOLDS_SILENT: "lot-households",
    Next.STORE_UNCOVERED: "lot-moves",
    Next.SOLD_WHILE_LOCKED: "lot-moves",
    Next.FED_UNCOVERED: "lot-moves",
    Next.NOT_SEPARATE: "lot-moves",
    Next.LOSS_UNPROVEN: "lot-moves",
    Next.ANSWERS_MISSING: "lot-notices",
    Next.PURCHASE_UNTESTED: "lot-tests",
}
"""The section of the page a step is done in."""


def loose(held: Held) -> Decimal | None:
    """Tonnes of locked grain without paper; None where the ground is not locked, or nobody told of any tonne yet."""
    if not held.locked or not (held.moves or held.silent < len(held.households)):
        return None
    return sum((tonnes or Decimal(0) for kind, tonnes in held.balance.findings if kind in LOOSE), Decimal(0))


def first_step(held: Held) -> str:
    """What must happen next, in words."""
    return said(held.urgent.message) if held.urgent else ""


def lot(actor: Actor, row: Row, on: date) -> RecordPage:
    """One lot."""
    found = Lot.objects.select_related("season").prefetch_related("units").get(pk=row["pk"])
    held = balances.of(found, on)
    balance = held.balance
    personal = may(actor, "farmland.read_personal", found)
    return RecordPage(
        chips=_chips(found, held),
        life=_life(found, held),
        facts=_facts(found, held, on),
        acts=_acts(actor, found),
        files=papers(found),
        history=history_of(found, "farmland.lot.locked", "farmland.lot.followed", "farmland.lot.harvest_told", "farmland.lot.unlocked"),
        related=[(_("锁定区农户"), f"{reverse('kit:collection', args=['lot_households'])}?q={found.number}")] if personal else [],
        template="farmland/grain_lot.html",
        context={
            "held": held,
            "drawing": graindrawing.drawn(held),
            "steps": [(said(one.message), OFFICES[one.office], _link(found, one)) for one in held.steps],
            "lifted": held.lifted,
            "kept_first": bool(held.steps) and held.steps[0].kind is Next.KEPT_UNCOVERED,
            "sentences": [said(one) for one in balance.messages()],
            "moves": _moves(held),
            "households": _households(held) if personal else None,
            "counted": len(held.households),
            "tests": [(one, said_chip(one.said, one.result_on is not None)) for one in held.tests],
            "money": sum((one.yuan for one in held.payments), Decimal(0)),
            "may_move": may(actor, MOVE, found),
        },
    )  # fmt: skip


def _link(found: Lot, step: Todo) -> str:
    if step.kind in STEP_LINKS:
        return f"#{STEP_LINKS[step.kind]}"
    kinds = {Next.LOCK_NOTICE: "lock", Next.PURCHASE_NOTICE: "purchase", Next.RECALL: "recall"}
    if step.kind in kinds:
        return f"{reverse('farmland:notice_send')}?lot={found.uid}&kind={kinds[step.kind]}"
    if step.kind is Next.UNLOCK:
        return reverse("farmland:lot_unlock", args=[found.uid])
    if step.kind is Next.UNREPORTED and found.harvest_t is None:
        return reverse("farmland:lot_harvest", args=[found.uid])
    if step.kind is Next.HARVEST_ODD:
        return reverse("farmland:lot_harvest", args=[found.uid])
    return reverse("kit:collection_add", args=["grain_moves"]) + f"?lot={found.number}"


def _chips(found: Lot, held: Held) -> Sequence[Chip]:
    chips = [lot_chip(found)]
    if held.above:
        numbers = "、".join(one.number for one in held.above)
        why = _("样品 %(numbers)s 实验室检测超标：批次的粮食不能按复检合格处理。") % {"numbers": numbers}
        chips.append(Chip("bad", _("批次检测超标"), "x-circle-fill", why, url="#lot-tests"))
    proposals = LockProposal.objects.filter(superseded_at=None, test__lot=found, state=LockProposal.State.OPEN)
    for one in proposals:
        url = reverse("kit:record", args=["lock_proposals", str(one.uid)])
        chips.append(Chip("bad", _("检测超标，待确认锁定"), "exclamation-triangle-fill", url=url))
    lost = loose(held)
    if lost:
        word = _("%(tonnes)s 吨没有着落") % {"tonnes": plain(lost)}
        chips.append(Chip("bad", word, "exclamation-triangle-fill"))
    findings = dict(held.balance.findings)
    if Finding.UNEXPLAINED in findings or Finding.MORE_THAN_HARVEST in findings:
        chips.append(Chip("bad", _("数量不平衡"), "exclamation-triangle-fill"))
    elif Finding.UNREPORTED in findings:
        chips.append(Chip("unknown", _("没有报全，不能平衡"), "question-octagon"))
    elif not held.balance.findings:
        chips.append(Chip("good", _("数量平衡"), "check-circle-fill"))
    return chips


def _life(found: Lot, held: Held) -> Sequence[Step]:
    """锁定 → 收获 → 收购入库 → 处置 → 解除."""
    if found.locked_on is None:
        return []
    stored = [one.on for one in held.moves if one.part == Part.STORED and one.tonnes]
    ended = [one.on for one in held.disposals]
    clear = not loose(held) and bool(ended)
    done = [
        (_("锁定"), found.locked_on),
        (_("收获"), found.harvested_on),
        (_("收购入库"), min(stored, default=None)),
        (_("处置"), max(ended) if clear else None),
        (_("解除锁定"), found.unlocked_on),
    ]
    here = next((at for at, (_title, on) in enumerate(done) if on is None), len(done))
    return [Step(title, "done" if on else "here" if at == here else "ahead", on) for at, (title, on) in enumerate(done)]


def _facts(found: Lot, held: Held, on: date) -> Sequence[Fact]:
    units = UnitVersion.objects.standing(on).filter(unit__in=found.units.all()).select_related("unit")
    facts = [
        Fact(
            _("锁定单元") if found.locked_on else _("来源单元"), f"{one.name}（{one.unit.number}）",
            url=reverse("kit:record", args=["farmland_units", str(one.unit.uid)]),
        )
        for one in units.order_by("unit__number")
    ]  # fmt: skip
    facts.append(Fact(_("亩和公顷"), area_told(found.area_m2)))
    if found.unlock_why:
        facts.append(Fact(_("去向不明、混存粮食的处理"), found.unlock_why))
    return facts


def _acts(actor: Actor, found: Lot) -> Sequence[Act]:
    """What may be done, by whose office; what another office does says so."""
    move, notify, test = (stopped(actor, one, found) for one in (MOVE, NOTIFY, TEST))
    lock = stopped(actor, LOCK, found) or of_others(actor, (Line.FARMING, Line.FORESTRY), found)
    paid = move or of_others(actor, (Line.FINANCE,), found)
    sent = notify or of_others(actor, (Line.FARMING,), found) or (_("没有锁定。") if found.locked_on is None else "")
    lifted = _("没有锁定。") if found.locked_on is None else _("已解除锁定。") if found.unlocked_on else ""
    moved = reverse("kit:collection_add", args=["grain_moves"]) + f"?lot={found.number}"
    tested = reverse("kit:collection_add", args=["produce_tests"])
    tested += f"?lot={found.number}&crop={found.crop}&stage=store"
    uid = found.uid
    return [
        Act(_("登记去向"), moved, "plus-lg", primary=True, stopped_by=move),
        Act(_("登记产量"), reverse("farmland:lot_harvest", args=[uid]), "pencil", stopped_by=move),
        Act(_("登记检测"), tested, "droplet-half", stopped_by=test or of_others(actor, (Line.GRAIN,), found)),
        Act(_("发通报"), f"{reverse('farmland:notice_send')}?lot={uid}", "send", stopped_by=sent),
        Act(_("登记资金"), reverse("farmland:lot_pay", args=[uid]), "tag", stopped_by=paid),
        Act(_("上传文件"), reverse("farmland:grain_attach", args=["lot", uid]), "upload", stopped_by=move),
        Act(_("批次单（PDF）"), reverse("farmland:lot_paper", args=[uid]), "printer"),
        Act(_("解除锁定"), reverse("farmland:lot_unlock", args=[uid]), "unlock", stopped_by=lifted or lock),
    ]


def _moves(held: Held) -> list[dict[str, Any]]:
    """Each way with what became of it, and what is left of locked grain."""
    lines = []
    for one in held.moves:
        own = [each for each in held.disposals if each.move_id == one.pk]
        left = one.tonnes - sum((each.tonnes for each in own if held.counts(each)), Decimal(0))
        asks = held.locked and Part(one.part) in LOCKED_PARTS
        lines.append(
            {
                "row": one,
                "word": part_word(one.part),
                "ends": own,
                "left": left if asks else None,
                "tested": held.answers.get(one.pk),
            }
        )
    return lines


def _households(held: Held) -> list[dict[str, Any]]:
    """Each household with what it keeps and what became of it, those that keep uncovered food first."""
    lines = []
    for one in held.households:
        own = [each for each in held.disposals if each.household_id == one.household_id]
        done = sum((each.tonnes for each in own if held.counts(each)), Decimal(0))
        left = None if one.kept_t is None else one.kept_t - done
        lines.append({"row": one, "ends": own, "left": left if held.locked else None})
    return sorted(lines, key=lambda line: (not line["left"], line["row"].kept_t is not None))
