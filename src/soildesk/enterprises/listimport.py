"""The city's Excel of a list taken in for a notice: every row's fate first, then all of it at once or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.permissions import Actor
from soildesk.enterprises import listsheets
from soildesk.enterprises.listsheets import FirmTable, Known, Matched, Told
from soildesk.enterprises.models import Enterprise, ListNotice
from soildesk.enterprises.refusals import FirmRefused, ListRefused
from soildesk.enterprises.services import firms, lists
from soildesk.enterprises.services.lists import Member
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
from soildesk.land.services.writing import Place, county_of, place_at

FIRM, NEW, LEAVES = "_firm", "_new", "_leaves"
WORDS: Mapping[str, Sequence[str]] = {
    "soil_key": ("土壤",),
    "key_discharger": ("水环境", "大气", "噪声", "水、", "水,"),
    "groundwater_key": ("地下水",),
    "risk_control": ("环境风险",),
}
"""One table of the city holds several lists: by what its column of classes says is told which rows are of ours."""


def notice_of(actor: Actor, given: Mapping[str, str]) -> ListNotice:
    """The notice a file is taken in for."""
    uid = given.get("notice", "")
    found = ListNotice.objects.visible_to(actor).filter(uid=uid).first() if _is_uid(uid) else None
    if found is None:
        raise ImportRefused(_("没有指明是哪份名录文件：请从名录文件的页面进入。"), code="kit.import.unknown")
    return found


def _is_uid(text: str) -> bool:
    return len(text) == 36 and not set(text) - set("0123456789abcdef-")


def read(data: bytes, name: str, purpose: Purpose) -> Understood:
    """What a file would do to the list of its notice."""
    notice = notice_of(purpose.actor, purpose.given)
    table = listsheets.read(data, name)
    return Understood(table.columns, list(_fates(notice, table)), [*table.notes, *_notes(notice)])


def _notes(notice: ListNotice) -> Iterator[str]:
    if notice.whole:
        yield _("这是全量名录：现在名录内、文件没有列出的单位，自 %(day)s 起移出。") % {"day": notice.since}
    yield _("有一行不能导入，就一行也不写入：请改好文件再来。")


def _fates(notice: ListNotice, table: FirmTable) -> Iterator[RowFate]:
    known = Known.of(notice.division_path)
    standing = {row.enterprise_id: row for row in lists.standing_at(notice)}
    seen: dict[str, int] = {}
    named: set[int] = set()
    last = 0
    for row in table.rows:
        last = row.position
        if _of_other_list(row, notice.list_key):
            yield RowFate(
                row.position,
                row.raw,
                Verdict.OK,
                [_("类别“%(what)s”不属于这份名录。") % {"what": row.said["category"]}],
            )
            continue
        matched = listsheets.match(row, known)
        if matched.firm is not None:
            named.add(matched.firm.enterprise_id)
        yield _fate(
            row, matched, notice, _twice(row, matched, seen), matched.firm and standing.get(matched.firm.enterprise_id)
        )
    if notice.whole:
        names = {firm.enterprise_id: firm.name for firm in known.by_name.values()}
        for at, (pk, stay) in enumerate(sorted(standing.items()), start=1):
            if pk not in named:
                yield _leaves(last + at, stay, names.get(pk, ""), notice)


def _of_other_list(row: Told, key: str) -> bool:
    """Whether the row says a class that is of another list and none of this one."""
    said = row.said.get("category", "")
    own = any(
        word in said.replace("地下水", "" if key == "key_discharger" else "地下水") for word in WORDS.get(key, ())
    )
    others = any(word in said for other, words in WORDS.items() if other != key for word in words)
    return bool(WORDS.get(key)) and others and not own


def _twice(row: Told, matched: Matched, seen: dict[str, int]) -> str:
    key = str(matched.firm.enterprise_id) if matched.firm else matched.code
    first = seen.setdefault(key, row.position) if key else row.position
    if first == row.position or matched.elsewhere:
        return ""
    return _("与第 %(n)s 行是同一家企业：一家企业在一份名录里只能出现一次。") % {"n": first}


def _fate(row: Told, matched: Matched, notice: ListNotice, twice: str, standing: Any) -> RowFate:
    if matched.elsewhere:
        told = _("在“%(place)s”，不由本级登记。") % {"place": matched.elsewhere}
        return RowFate(row.position, row.raw, Verdict.OK, [told])
    if wrong := matched.refused or twice:
        return RowFate(row.position, row.raw, Verdict.REFUSED, [wrong])
    said = {name: row.said[name] for name in ("category", "reason") if row.said.get(name)}
    if matched.firm is None:
        return _offered(row, matched, said)
    raw = {**row.raw, FIRM: str(matched.firm.enterprise.uid)}
    if standing is not None:
        told = _("自 %(day)s 起已在名录内，继续保留。") % {"day": standing.since}
        return RowFate(row.position, raw, Verdict.OK, [*matched.notes, told])
    try:
        lists.refuse_entry(notice, matched.firm.enterprise)
    except ListRefused as refusal:
        return RowFate(row.position, row.raw, Verdict.REFUSED, [str(refusal)])
    after = {"fate": _("列入"), "name": matched.firm.name, **said}
    notes = [*matched.notes, *continued(notice, matched.firm.enterprise)]
    return RowFate(row.position, raw, Verdict.WARNING if notes else Verdict.OK, notes, None, after)


def continued(notice: ListNotice, enterprise: Enterprise) -> list[str]:
    """What is said of an older notice: the stay by a later one goes on from it."""
    later = lists.following(notice, enterprise)
    if later is None:
        return []
    told = _("自 %(since)s 起由更晚的文件“%(by)s”列入：这次列入连续到那一天；其间曾移出的，请随后凭文件登记移出。")
    return [told % {"since": later.since, "by": later.notice.number}]


def _offered(row: Told, matched: Matched, said: Mapping[str, str]) -> RowFate:
    """A firm nobody knows yet: offered as a new one, with what the table says of it."""
    facts = {"name": matched.name, "credit_code": matched.code}
    notes = [_("没有登记过这家企业：确认后一并登记，其余内容请随后补充。")]
    try:
        facts["industry"] = firms.valid_industry(row.said.get("industry", ""))
    except FirmRefused as refusal:
        notes.append(_("行业没有采用：%(why)s") % {"why": refusal})
    facts["address"] = row.said.get("address", "")
    kept = {name: value for name, value in facts.items() if value}
    raw = {**row.raw, NEW: {**kept, "path": matched.path}}
    after = {"fate": _("登记新企业并列入"), **kept, **said}
    return RowFate(row.position, raw, Verdict.WARNING, notes, None, after)


def _leaves(position: int, stay: Any, name: str, notice: ListNotice) -> RowFate:
    before = {"fate": _("在名录内"), "name": name}
    after = {"fate": _("移出"), "name": name}
    told = _("全量名录没有列出“%(name)s”，自 %(day)s 起移出。") % {"name": name, "day": notice.since}
    if notice.since <= stay.since:
        return RowFate(position, {"单位名称": name}, Verdict.REFUSED, [
            _("“%(name)s”自 %(since)s 起在名录内，不能由同日或更早生效的文件移出：请核对生效日期。") % {"name": name, "since": stay.since}
        ])  # fmt: skip
    return RowFate(position, {LEAVES: stay.pk}, Verdict.WARNING, [told], before, after)


def apply(rows: Sequence[ImportRow], purpose: Purpose) -> Mapping[str, int]:
    """Do what the preview showed: new firms first, then the list at once."""
    notice, batch = notice_of(purpose.actor, purpose.given), purpose.batch
    assert batch is not None
    held = list(batch.rows.exclude(verdict=Verdict.REFUSED))
    leaving = {row.raw[LEAVES] for row in held if LEAVES in row.raw}
    members = []
    new = 0
    try:
        for row in held:
            enterprise = _enterprise(row, purpose, notice)
            if enterprise is not None:
                new += NEW in row.raw
                said = row.after or {}
                members.append(Member(enterprise, said.get("reason", ""), said.get("category", "")))
        standing = {stay.pk: stay.enterprise_id for stay in lists.standing_at(notice)}
        _must_be_as_shown(notice, standing, {member.enterprise.pk for member in members}, leaving)
        taken = lists.take_in(notice, members, by=purpose.actor, at=purpose.at)
    except (FirmRefused, ListRefused) as refusal:
        raise ImportRefused(_("%(why)s 整个文件都没有写入。") % {"why": refusal}, code="kit.import.row") from refusal
    return {"new": new, "entered": len(taken.entered), "stayed": taken.stayed, "left": len(taken.left)}


def _must_be_as_shown(notice: ListNotice, standing: Mapping[int, int], members: set[int], leaving: set[int]) -> None:
    """Whoever leaves was shown to leave."""
    would = {pk for pk, enterprise in standing.items() if enterprise not in members} if notice.whole else set()
    if would != leaving:
        raise ImportRefused(_("预览之后名录已有变动：请重新选择文件，再看一次结果。"), code="kit.import.stale")


def _enterprise(row: ImportRow, purpose: Purpose, notice: ListNotice) -> Enterprise | None:
    """The enterprise of a row, registered now where it is new; None for rows of others and those that leave."""
    if NEW not in row.raw:
        return Enterprise.objects.get(uid=row.raw[FIRM]) if FIRM in row.raw else None
    facts = {name: value for name, value in row.raw[NEW].items() if name != "path"}
    place = _place(row.raw[NEW].get("path", ""), notice, purpose)
    why = _("名录文件 %(number)s 导入") % {"number": notice.number}
    since = min(notice.since, clock.local_day(purpose.at))
    facts["batch"] = purpose.batch
    return firms.register(facts, place, since=since, by=purpose.actor, at=purpose.at, why=why).enterprise


def _place(path: str, notice: ListNotice, purpose: Purpose) -> Place:
    return place_at(path or county_of(notice.division_path), purpose.actor)


def _writes(batch: ImportBatch) -> int:
    """How many rows would be written: none while one is refused."""
    if batch.counts.get("refused"):
        return 0
    return batch.rows.filter(after__isnull=False).count()


def _done(batch: ImportBatch) -> str:
    return reverse("kit:record", args=["list_notices", batch.context["notice"]])


KIND = add(
    ImportKind(
        name="enterprises.list",
        title=_l("名录名单"),
        permission="enterprises.keep_lists",
        read=read,
        apply=apply,
        names={
            **listsheets.TITLES,
            "fate": _l("结果"),
            "new": _l("登记的新企业"),
            "entered": _l("列入"),
            "stayed": _l("继续保留"),
            "left": _l("移出"),
        },
        accepts=(".xlsx", ".xls"),
        hint=_l("选择市级公布的名录表：按统一社会信用代码对应企业，没有代码的按名称；别的县（区）的行自动略过。"),
        subject=notice_of,
        done_url=_done,
        writes=_writes,
    )
)
