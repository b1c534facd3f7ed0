"""A file taken in from beginning to end, as the command does it: read, judged, accepted or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from soildesk.kit import imports
from soildesk.kit.gis import loading
from soildesk.kit.gis.asked import Asked
from soildesk.kit.gis.findings import told
from soildesk.kit.gis.kind import GIS, writes
from soildesk.kit.gis.loading import File, Step
from soildesk.kit.gis.refusals import GisRefused, said
from soildesk.kit.gis.tally import FATES
from soildesk.kit.gis.targets import Target
from soildesk.kit.imports import Purpose
from soildesk.kit.models import ImportBatch
from soilrules.geodesy.crs import STORED, named

SHOWN = 1_000
"""Findings a command tells one by one; the counts by kind are of all."""


@dataclass(frozen=True)
class Order:
    """A file to be taken in: into what, as what, and how strictly."""

    target: Target
    file: File
    asked: Asked
    skip_refused: bool = False
    dry_run: bool = False


def take(order: Order, at: datetime, step: Step) -> dict[str, Any]:
    """What came of the file, as JSON. Raises GisRefused with the same where nothing was taken."""
    if order.dry_run:
        return _rehearsed(order, step)
    known = loading.understood(order.target, order.file, order.asked)  # before every byte is hashed: it may be refused
    try:
        batch = loading.begin(order.target, order.file, order.asked, at)
        if batch.state == ImportBatch.State.ACCEPTED:
            return {**_of_batch(order, batch), "again": True}
        loading.load(batch, order.target, known, step)
    finally:
        known.batches.close()
    report = _of_batch(order, batch)
    if report["rows"]["refused"] and (not order.skip_refused or not _writes(report)):
        imports.drop(batch)
        raise _refused(report)
    if not writes(batch):
        imports.drop(batch)
        return _nothing_written(report)
    return _of_batch(order, _accepted(batch, order, at))


def _accepted(batch: ImportBatch, order: Order, at: datetime) -> ImportBatch:
    try:
        return imports.accept(batch, Purpose(order.target.actor, at))
    except BaseException:
        imports.drop(batch)
        raise


def _writes(report: dict[str, Any]) -> bool:
    return any(report["rows"][fate] for fate in ("new", "changed", "same"))


def _nothing_written(report: dict[str, Any]) -> dict[str, Any]:
    return {**report, "notes": [*report["notes"], _("没有可写入的内容：每一行都与现有内容相同。")]}


def _rehearsed(order: Order, step: Step) -> dict[str, Any]:
    known = loading.understood(order.target, order.file, order.asked)
    tally, findings = loading.rehearse(order.target, known, order.asked, step)
    report = _report(order, {fate: tally.fates[fate] for fate in FATES}, dict(tally.codes), tally.area_m2)
    report |= {"findings": [one.as_json() for one in findings[:SHOWN]], "notes": [*known.notes, *tally.notes]}
    report |= {"source_crs": known.crs.code, "source_crs_title": said(known.crs.title), "mapping": dict(known.mapping)}
    if tally.fates["refused"] and (not order.skip_refused or not _writes(report)):
        raise _refused(report)
    bulk = order.target.bulk is not None
    return report if bulk or report["rows"]["new"] or report["rows"]["changed"] else _nothing_written(report)


def _of_batch(order: Order, batch: ImportBatch) -> dict[str, Any]:
    counts = batch.counts
    report = _report(order, {fate: counts.get(fate, 0) for fate in FATES}, counts.get("codes", {}), batch.area_m2)
    rows: Iterable[Any] = batch.findings.all()[:SHOWN]
    found = [told(one.position, one.code, (one.severity, one.who), one.value, one.sentence) for one in rows]
    code = batch.mapping["crs"] if isinstance(batch.mapping, dict) else ""
    mapping = {line["read"]: line["as"] for line in batch.mapping["columns"]} if code else {}
    return {
        **report, "findings": found, "notes": batch.mapping.get("notes", []) if code else [], "source_crs": code,
        "source_crs_title": said(named(code).title) if code else "", "mapping": mapping, "receipt": batch.receipt,
    }  # fmt: skip


def _report(order: Order, rows: dict[str, int], codes: dict[str, int], area_m2: float) -> dict[str, Any]:
    return {
        "ok": True, "layer": order.target.collection, "file": order.file.name, "crs": f"EPSG:{STORED}",
        "source_crs": "", "rows": rows, "findings": [], "findings_by_code": codes, "receipt": "",
        "area_m2": round(area_m2, 2), "dry_run": order.dry_run, "again": False,
    }  # fmt: skip


def _refused(report: dict[str, Any]) -> GisRefused:
    first = next((one for one in report["findings"] if one["severity"] == "blocking"), None)
    shown = _("第 %(row)s 行：%(why)s") % {"row": first["row"], "why": first["sentence"]} if first else ""
    sentence = _("有 %(count)s 行不能导入，没有写入任何一行。%(shown)s 可改正后重来，或加 --skip-refused 只导入其余的行。") % {
        "count": report["rows"]["refused"], "shown": shown,
    }  # fmt: skip
    data = {**report, "ok": False, "receipt": "", "error": {"code": "gis.rows_refused", "sentence": sentence}}
    return GisRefused(sentence, code="gis.rows_refused", data=data)


__all__ = ["GIS", "Order", "take"]
