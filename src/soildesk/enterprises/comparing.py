"""The monthly comparison with the permit platform or the city's table: what differs is shown, a person confirms, nobody types.

Here but not there, there but not here, and facts that differ (name, code, industry, permit) are candidates; each may be
declined before the rest is confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, require
from soildesk.core.versions import Recording
from soildesk.enterprises import listsheets
from soildesk.enterprises.firmwords import names_of
from soildesk.enterprises.listsheets import FirmTable, Known, Matched, Told
from soildesk.enterprises.models import EnterpriseVersion
from soildesk.enterprises.refusals import FirmRefused
from soildesk.enterprises.services import firms
from soildesk.kit.imports import (
    NOT_IN_FILE,
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
from soildesk.land.services.writing import county_of, place_at

FIRM, NEW, FACTS = "_firm", "_new", "_facts"
LEVELS = {str(level.label): level.value for level in EnterpriseVersion.PermitLevel}


def read(data: bytes, name: str, purpose: Purpose) -> Understood:
    """What a table says otherwise than the register."""
    table = listsheets.read(data, name)
    place = place_at("", purpose.actor)
    require(purpose.actor, "enterprises.keep", place.division)
    return Understood(table.columns, list(_fates(table, county_of(place.division.path))), table.notes)


def _fates(table: FirmTable, county: str) -> Iterator[RowFate]:
    known = Known.of(county)
    met: dict[int, int] = {}
    for row in table.rows:
        matched = listsheets.match(row, known)
        firm = matched.firm
        if firm is not None and (first := met.setdefault(firm.enterprise_id, row.position)) != row.position:
            told = _("与第 %(n)s 行是同一家企业：请核对文件。") % {"n": first}
            yield RowFate(row.position, row.raw, Verdict.REFUSED, [told])
        else:
            yield _fate(row, matched)
    for firm in sorted(known.by_name.values(), key=lambda one: one.name):
        if firm.enterprise_id not in met and firm.state in firms.WORKING:
            told = _("本级登记有“%(name)s”（%(code)s），文件没有：请核实是否停办、注销或漏报。") % {
                "name": firm.name,
                "code": firm.credit_code or firm.enterprise.number,
            }
            yield RowFate(NOT_IN_FILE, {FIRM: str(firm.enterprise.uid)}, Verdict.WARNING, [told])


def _fate(row: Told, matched: Matched) -> RowFate:
    if matched.elsewhere:
        return RowFate(
            row.position, row.raw, Verdict.OK, [_("在“%(place)s”，不由本级登记。") % {"place": matched.elsewhere}]
        )
    if matched.firm is None:
        return _there_only(row, matched)
    try:
        facts, notes = _said(row)
        if row.said.get("credit_code"):
            facts["credit_code"] = firms.valid_code(row.said["credit_code"])
    except FirmRefused as refusal:
        return RowFate(row.position, row.raw, Verdict.REFUSED, [str(refusal)])
    firm = matched.firm
    if matched.name and matched.name not in names_of(firm):
        facts["name"] = matched.name
    changed = {name: value for name, value in facts.items() if value and value != getattr(firm, name)}
    raw = {**row.raw, FIRM: str(firm.enterprise.uid), FACTS: changed}
    if not changed:
        return RowFate(row.position, raw, Verdict.OK, notes)
    before = {name: _shown(name, getattr(firm, name)) for name in changed}
    after = {name: _shown(name, value) for name, value in changed.items()}
    told = _("“%(name)s”：文件与登记不同，请核对后确认。") % {"name": firm.name}
    return RowFate(row.position, raw, Verdict.WARNING, [told, *notes], before, after)


def _there_only(row: Told, matched: Matched) -> RowFate:
    if matched.refused:
        return RowFate(row.position, row.raw, Verdict.REFUSED, [matched.refused])
    facts, notes = _said(row)
    facts = {name: value for name, value in facts.items() if value}
    facts |= {"name": matched.name, "credit_code": matched.code, "address": row.said.get("address", "")}
    raw = {**row.raw, NEW: {**facts, "path": matched.path}}
    after = {name: _shown(name, value) for name, value in facts.items() if value}
    told = _("本级没有登记过这家企业：确认后登记。")
    return RowFate(row.position, raw, Verdict.WARNING, [told, *notes], None, after)


def _said(row: Told) -> tuple[dict[str, Any], list[str]]:
    """The facts of a row that are compared, and what of them could not be read."""
    found: dict[str, Any] = {}
    notes = []
    try:
        found["industry"] = firms.valid_industry(row.said.get("industry", ""))
    except FirmRefused as refusal:
        notes.append(_("行业没有比对：%(why)s") % {"why": refusal})
    found["permit_number"] = row.said.get("permit_number", "")
    level = row.said.get("permit_level", "")
    found["permit_level"] = LEVELS.get(level, "")
    if level and not found["permit_level"]:
        notes.append(
            _("管理类别“%(level)s”没有比对：应为%(known)s之一。") % {"level": level, "known": "、".join(LEVELS)}
        )
    return found, notes


def _shown(name: str, value: Any) -> str:
    words = {level: label for label, level in LEVELS.items()}
    return words.get(value, str(value)) if name == "permit_level" else str(value or "")


def apply(rows: Sequence[ImportRow], purpose: Purpose) -> Mapping[str, int]:
    """Write what was confirmed: firms there and not here, and facts that differ, from today on."""
    counted = {"new": 0, "changed": 0}
    assert purpose.batch is not None
    today, why = clock.local_day(purpose.at), _("比对“%(file)s”后确认") % {"file": purpose.batch.file_name}
    for row in rows:
        try:
            if NEW in row.raw:
                _register(row, purpose, today, why)
                counted["new"] += 1
            else:
                _change(row, purpose, today, why)
                counted["changed"] += 1
        except Refusal as refusal:
            raise ImportRefused(
                _("第 %(n)s 行：%(why)s 整个文件都没有写入。") % {"n": row.position, "why": refusal},
                code="kit.import.row",
            ) from refusal
    return counted


def _register(row: ImportRow, purpose: Purpose, today: date, why: str) -> None:
    facts = {name: value for name, value in row.raw[NEW].items() if name != "path"} | {"batch": purpose.batch}
    place = place_at(row.raw[NEW]["path"], purpose.actor)
    firms.register(facts, place, since=today, by=purpose.actor, at=purpose.at, why=why)


def _change(row: ImportRow, purpose: Purpose, today: date, why: str) -> None:
    version = _newest(row.raw[FIRM], purpose.actor)
    for name, before in (row.before or {}).items():
        if _shown(name, getattr(version, name)) != before:
            raise ImportRefused(_("预览之后已被别人改过：请重新比对。"), code="kit.import.stale")
    firms.change(version, row.raw[FACTS], since=today, recording=Recording(purpose.actor, purpose.at, why))


def _newest(uid: str, actor: Actor) -> EnterpriseVersion:
    rows = EnterpriseVersion.objects.visible_to(actor).filter(superseded_at=None, enterprise__uid=uid)
    found: EnterpriseVersion = rows.select_related("enterprise").order_by("-since")[0]
    return found


@transaction.atomic
def decline(batch: ImportBatch, row_pk: int) -> None:
    """One candidate a person does not want: it is not written with the rest."""
    held = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    row = held.rows.filter(pk=row_pk, after__isnull=False).exclude(verdict=Verdict.REFUSED).first()
    if held.state != ImportBatch.State.PREVIEWED or held.kind != KIND.name or row is None:
        raise ImportRefused(_("这一项已经办理：请刷新页面。"), code="kit.import.decided")
    counts = dict(held.counts)
    counts[row.verdict] -= 1
    counts[Verdict.REFUSED] = counts.get(Verdict.REFUSED, 0) + 1
    row.verdict, row.messages = Verdict.REFUSED, [*row.messages, _("经办人不采用。")]
    row.save(update_fields=["verdict", "messages"])
    held.counts = counts
    held.save(update_fields=["counts"])


def _page(batch: ImportBatch, params: Mapping[str, str]) -> Mapping[str, Any]:
    """The candidates, each with the way to decline it."""
    rows = batch.rows.exclude(verdict=Verdict.REFUSED).filter(after__isnull=False)
    return {
        "candidates": [
            (row, (row.after or {}).get("name") or (row.before or {}).get("name") or (row.messages or [""])[0])
            for row in rows
        ]
    }


KIND = add(
    ImportKind(
        name="enterprises.compare",
        title=_l("企业比对"),
        permission="enterprises.keep",
        read=read,
        apply=apply,
        names={**listsheets.TITLES, "new": _l("登记的新企业"), "changed": _l("更新的企业")},
        accepts=(".xlsx", ".xls"),
        hint=_l(
            "选择排污许可平台或市级下发的企业表：列出平台有本级没有、本级有平台没有、内容不同的企业，由经办人确认。"
        ),
        done_url=lambda batch: reverse("kit:collection", args=["enterprises"]),
        page=_page,
        template="enterprises/compare.html",
    )
)
