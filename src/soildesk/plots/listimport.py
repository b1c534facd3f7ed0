"""The plots a notice names, taken from its table: every row's fate first, then all of it at once or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor
from soildesk.kit.imports import (
    ImportBatch,
    ImportKind,
    ImportRefused,
    ImportRow,
    Purpose,
    RowFate,
    Understood,
    Verdict,
    add,
)
from soildesk.plots import plotsheets
from soildesk.plots.models import ListNotice, Plot
from soildesk.plots.plotsheets import KnownPlots, Told
from soildesk.plots.services import lists
from soildesk.plots.services.lists import Moved

PLOT = "_plot"
KEYS = ("number", "code", "name", "act", "reason")
OUT_WORDS = ("移出", "退出", "解除", "移除")


def notice_of(actor: Actor, given: Mapping[str, str]) -> ListNotice:
    """The notice a table is taken in for."""
    uid = given.get("notice", "")
    plain = len(uid) == 36 and not set(uid) - set("0123456789abcdef-")
    found = ListNotice.objects.visible_to(actor).filter(uid=uid).first() if plain else None
    if found is None:
        raise ImportRefused(_("没有指明是哪份文件：请从名单（名录）文件的页面进入。"), code="kit.import.unknown")
    return found


def read(data: bytes, name: str, purpose: Purpose) -> Understood:
    """What a table would do to the list of its notice."""
    notice = notice_of(purpose.actor, purpose.given)
    table = plotsheets.read(data, name, keys=KEYS, needs=("number", "code", "name"))
    known = KnownPlots.of(purpose.actor, clock.local_day(purpose.at))
    notes = [*table.notes, _("有一行不能登记，就一行也不写入：请改好文件再来。")]
    if "act" not in table.keys:
        notes.append(_("文件没有“列入或移出”列：全部作列入处理。"))
    return Understood(table.columns, list(_fates(notice, table.rows, known, purpose.actor)), notes)


def _fates(notice: ListNotice, rows: Sequence[Told], known: KnownPlots, actor: Actor) -> Iterator[RowFate]:
    seen: dict[int, int] = {}
    for row in rows:
        plot = known.match(row.said)
        if plot is None:
            yield _refused(row, _("没有找到这个地块：请先登记地块，或填写全国系统编码。"))
            continue
        first = seen.setdefault(plot.plot_id, row.position)
        if first != row.position:
            yield _refused(row, _("与第 %(n)s 行是同一个地块。") % {"n": first})
            continue
        moved = Moved(plot.plot, enters(row.said), row.said.get("reason", ""))
        try:
            lists.check_move(notice, moved, by=actor)
        except Refusal as refusal:
            yield _refused(row, str(refusal))
            continue
        after = {"fate": _("列入") if moved.enters else _("移出"), "name": plot.name, "reason": moved.reason}
        yield RowFate(row.position, {**row.raw, PLOT: str(plot.plot.uid)}, Verdict.OK, (), None, after)


def enters(said: Mapping[str, str]) -> bool:
    """Whether a row puts its plot on the list; a table without that column only does."""
    return not any(word in said.get("act", "") for word in OUT_WORDS)


def _refused(row: Told, why: str) -> RowFate:
    return RowFate(row.position, row.raw, Verdict.REFUSED, [why])


def apply(rows: Sequence[ImportRow], purpose: Purpose) -> Mapping[str, int]:
    """Do what the preview showed, all of it or nothing."""
    notice = notice_of(purpose.actor, purpose.given)
    plots = {str(one.uid): one for one in Plot.objects.filter(uid__in=[row.raw[PLOT] for row in rows])}
    moved = []
    for row in rows:
        said = row.after or {}
        moved.append(Moved(plots[row.raw[PLOT]], said["fate"] == _("列入"), said.get("reason", "")))
    try:
        lists.take_in(notice, moved, by=purpose.actor, at=purpose.at)
    except Refusal as refusal:
        raise ImportRefused(_("%(why)s 整个文件都没有写入。") % {"why": refusal}, code="kit.import.row") from refusal
    entered = sum(one.enters for one in moved)
    return {"entered": entered, "left": len(moved) - entered}


def _writes(batch: ImportBatch) -> int:
    """How many rows would be written: none while one is refused."""
    return 0 if batch.counts.get("refused") else batch.rows.filter(after__isnull=False).count()


KIND = add(
    ImportKind(
        name="plots.list",
        title=_l("名单、名录地块"),
        permission="plots.keep_lists",
        read=read,
        apply=apply,
        names={**plotsheets.TITLES, "fate": _l("结果"), "entered": _l("列入"), "left": _l("移出")},
        accepts=(".xlsx", ".xls"),
        hint=_l("选择文件所附的地块清单：按地块编号、全国系统编码或全名对应已登记的地块。"),
        subject=notice_of,
        done_url=lambda batch: reverse("kit:record", args=["plot_notices", batch.context["notice"]]),
        writes=_writes,
    )
)
