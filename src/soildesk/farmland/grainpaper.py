"""A lot as a paper on A4: its balance and its whole chain, step by step, with room for the offices to sign; and a notice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.permissions import Actor, may
from soildesk.enterprises.sentences import said
from soildesk.farmland.graindrawing import bars
from soildesk.farmland.grainwords import SAID, part_word
from soildesk.farmland.models import GrainNotice, Lot, UnitVersion
from soildesk.farmland.mu import told as area_told
from soildesk.farmland.queries import balances
from soildesk.farmland.queries.balances import Held
from soildesk.monitoring import papers
from soilrules.farmland.grain import plain

Line = tuple[date | None, str, str, str, str, str]


def lot_paper(actor: Actor, lot: Lot, on: date, *, at: datetime) -> bytes:
    """The PDF of a lot. Names of households stand on it only for those who may read them."""
    held = balances.of(lot, on)
    named = may(actor, "farmland.read_personal", lot)
    rows = [
        [f"{day}" if day else "—", *rest]
        for day, *rest in sorted(_chain(held, named=named), key=lambda one: one[0] or date.max)
    ]
    told = {
        "title": _("粮食批次单 %(number)s") % {"number": lot.number},
        "under": "；".join(_under(held, on)),
        "warning": "；".join(said(one) for one in held.balance.messages()),
        "head": [_("日期"), _("环节"), _("内容"), _("数量（吨）"), _("单位或者农户"), _("凭证")],
        "wide": ["auto", "auto", "1fr", "auto", "auto", "auto"],
        "rows": rows,
        "signed": [_("农业农村部门："), _("粮食和储备部门："), _("市场监督管理部门："), _("乡镇（街道）：")],
        "foot": _("打印于 %(day)s；由登记的记录汇成") % {"day": clock.local_day(at)},
    }  # fmt: skip
    return papers.listing(told, at=at)


def notice_paper(notice: GrainNotice, *, at: datetime) -> bytes:
    """The PDF of a notice, with its answer where there is one."""
    about = notice.lot.number if notice.lot else notice.test.number if notice.test else "—"
    rows = [
        [_("事由"), about],
        [_("内容"), notice.text],
        [_("答复时限"), f"{notice.due}" if notice.due else _("没有规定")],
        [_("答复"), f"{notice.answered_on} {notice.answer}" if notice.answered_on else _("还没有答复")],
    ]
    told = {
        "title": str(notice.get_kind_display()),
        "under": _("%(number)s　%(to)s　%(on)s") % {"number": notice.number, "to": notice.to.name, "on": notice.on},
        "warning": "",
        "head": [_("项目"), _("内容")],
        "wide": ["auto", "1fr"],
        "rows": rows,
        "signed": [_("发出单位：%(name)s") % {"name": notice.owner_department.name}, _("收文单位：")],
        "foot": _("打印于 %(day)s") % {"day": clock.local_day(at)},
    }
    return papers.listing(told, at=at)


def _under(held: Held, on: date) -> Iterator[str]:
    lot = held.lot
    names = UnitVersion.objects.standing(on).filter(unit__in=lot.units.all()).order_by("unit__number")
    yield _("%(crop)s %(year)s 年，%(area)s") % {"crop": lot.crop, "year": lot.year, "area": area_told(lot.area_m2)}
    yield "、".join(f"{one.name}（{one.unit.number}）" for one in names.select_related("unit"))
    yield from (f"{one.title} {one.said}" for one in bars(held))
    yield _("数据截至 %(on)s") % {"on": on}


def _chain(held: Held, *, named: bool) -> Iterator[Line]:
    lot = held.lot
    yield from _of_tests(held)
    if lot.locked_on:
        yield lot.locked_on, _("锁定"), "", "", "", lot.lock_document
    if lot.harvested_on:
        yield lot.harvested_on, _("收获"), lot.crop, plain(lot.harvest_t) if lot.harvest_t else "—", "", ""
    for move in held.moves:
        apart = {True: _("单收单储"), False: _("没有单收单储"), None: ""}[move.separate]
        yield move.on, part_word(move.part), apart, plain(move.tonnes), move.to, move.document
    heads = {one.household_id: one.household.head if named else _("农户") for one in held.households}
    for one in held.households:
        kept = plain(one.kept_t) if one.kept_t is not None else _("没有登记")
        yield one.told_on, _("自留口粮"), "", kept, heads[one.household_id], ""
    places = {move.pk: move.to or part_word(move.part) for move in held.moves}
    for end in held.disposals:
        origin = heads.get(end.household_id or 0) or places.get(end.move_id or 0, "")
        what = _("%(kind)s（来自%(origin)s）") % {"kind": end.get_kind_display(), "origin": origin}
        yield end.on, _("处置"), what, plain(end.tonnes), end.to, end.document
    for paid in held.payments:
        yield (
            paid.on,
            _("支付"),
            _("%(what)s %(yuan)s 元") % {"what": paid.get_purpose_display(), "yuan": paid.yuan},
            "",
            paid.payee,
            paid.document,
        )
    for notice in held.notices:
        answer = _("已答复 %(day)s") % {"day": notice.answered_on} if notice.answered_on else _("还没有答复")
        yield notice.on, _("通报"), f"{notice.get_kind_display()}；{answer}", "", notice.to.name, notice.number
    if lot.unlocked_on:
        yield lot.unlocked_on, _("解除锁定"), lot.unlock_why, "", "", lot.unlock_document


def _of_tests(held: Held) -> Iterator[Line]:
    """What was tested of the lot, and the test that asked for the lock."""
    asked: list[Any] = [one.test for one in held.lot.proposals.select_related("test")]
    for test in dict.fromkeys([*asked, *held.tests]):
        word = str(SAID[test.said][2]) if test.result_on else _("待出结果")
        yield (
            test.sampled_on,
            str(test.get_stage_display()),
            f"{test.crop} {word}",
            "",
            test.laboratory,
            test.report_number or test.number,
        )
