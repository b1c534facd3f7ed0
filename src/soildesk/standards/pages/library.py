"""标准库: which editions are held, their tables as printed, and every limit of one analyte."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.kit.downloads import download
from soildesk.kit.exports import Sheet, SheetColumn, write_xlsx
from soildesk.kit.parts import Chip, Fact
from soildesk.standards import limitwords, verdicts
from soildesk.standards.queries.library import Cell, Held, held, national, place_name, printed
from soildesk.standards.refusals import language
from soilrules import analytes as names
from soilrules.standards.model import Limit
from soilrules.standards.sources import sources


def standing_chip(one: Held, request: HttpRequest) -> Chip:
    """Whether an edition is in force on the day of the page."""
    tone, icon, word = limitwords.STANDING[one.standing(page_day(request))]
    return Chip(tone, str(word), icon)  # type: ignore[arg-type]


def page_url(one: Held) -> str:
    """Where an edition is shown."""
    return reverse("standards:local_edition" if one.row else "standards:edition", args=[one.slug])


@require_GET
@staff_page("standards.read")
def editions(request: HttpRequest) -> HttpResponse:
    """Every edition held, those in force on the page's day first named."""
    spoken = language()
    rows = [
        {
            "held": one,
            "title": one.edition.title(spoken),
            "medium": limitwords.MEDIA[one.edition.medium],
            "standing": standing_chip(one, request),
            "level": one.row.division.name if one.row else _("国家"),
            "marks": [(verdicts.mark_chip(mark), count) for mark, count in one.marks],
            "url": page_url(one),
        }
        for one in held(actor_of(request))
    ]
    return render(request, "standards/library/editions.html", {"rows": rows, "analytes": _all_names(spoken)})


def _all_names(spoken: str) -> list[str]:
    return [one.name(spoken) for one in names.all_analytes().values()]


@require_GET
@staff_page("standards.read")
def edition(request: HttpRequest, slug: str) -> HttpResponse:
    """One national edition."""
    found = national(slug)
    if found is None:
        raise Http404(slug)
    return edition_page(request, found, export_url=reverse("standards:edition_export", args=[slug]))


def edition_page(request: HttpRequest, found: Held, **more: Any) -> HttpResponse:
    """An edition as a person reads it; `?q=` leaves the analytes whose name it is."""
    spoken, text = language(), request.GET.get("q", "").strip()
    only = _matching(found, text) if text else None
    page = {
        "held": found,
        "title": found.edition.title(spoken),
        "standing": standing_chip(found, request),
        "facts": list(_facts(found)),
        "marks": [(verdicts.mark_chip(mark), count) for mark, count in found.marks],
        "tables": list(_tables(found, spoken, only)),
        "text": text,
        "sources": [
            (code, sources()[code].name(spoken), sources()[code].where) for code in _codes(found) if code in sources()
        ],
        "crumbs": [(_("标准库"), reverse("standards:library")), (found.edition.standard, "")],
    }
    return render(request, more.pop("template", "standards/library/edition.html"), {**page, **more})


def _matching(found: Held, text: str) -> frozenset[str]:
    """The analytes a text means, or whose names contain it."""
    plain = names.normalise(text)
    wanted = set(names.candidates(text))
    for slug in found.edition.limits_analyte:
        one = names.all_analytes()[slug]
        if any(plain in names.normalise(name) for name in (one.zh, one.en, slug)):
            wanted.add(slug)
    return frozenset(wanted)


def _facts(found: Held) -> Iterator[Fact]:
    one = found.edition
    yield Fact(_("介质"), limitwords.MEDIA[one.medium])
    yield Fact(
        _("施行"), one.since.isoformat(), note=_("%(day)s 被替代") % {"day": one.until} if one.until else _("至今")
    )
    yield Fact(_("范围"), place_name(one) or _("全国"))
    if one.authority:
        yield Fact(_("发布机关"), one.authority)
    yield Fact(_("限值"), _("%(n)d 个，%(analytes)d 个项目") % {"n": len(one.limits), "analytes": len(one.by_analyte)})
    keyed = dict.fromkeys(limit.keyed_by for limit in one.limits if limit.keyed_by)
    checked = dict.fromkeys(limit.checked_by for limit in one.limits if limit.checked_by)
    yield Fact(_("录入"), "；".join(keyed) if found.row else _("随净土台发布，由各有出处的表格经程序录入"))
    yield Fact(_("核对"), "；".join(checked), doubt="" if checked else _("还没有人对照印本逐条核对。"))
    if one.note:
        yield Fact(_("说明"), one.note)


def _codes(found: Held) -> list[str]:
    return sorted({code for one in found.edition.limits for code in one.sources})


def _tables(found: Held, spoken: str, only: frozenset[str] | None) -> Iterator[dict[str, Any]]:
    for table in printed(found.edition, spoken, only):
        rows = []
        last = ""
        for slug, use, cells in table.rows:
            name = names.all_analytes()[slug].name(spoken)
            limits = [one for cell in cells for one in cell.limits]
            rows.append(
                {
                    "name": name if slug != last else "",
                    "full_name": name,
                    "url": reverse("standards:analyte", args=[slug]),
                    "use": use or (_("全部") if table.with_use else ""),
                    "cells": [_cell(cell, found, spoken) for cell in cells],
                    "unit": "、".join(dict.fromkeys(one.unit.symbol for one in limits)),
                    "clause": "；".join(dict.fromkeys(one.clause for one in limits)),
                    "mark": verdicts.mark_chip(str(max((one.mark for one in limits), key=lambda one: one.doubt))),
                    "sources": "、".join(dict.fromkeys(code for one in limits for code in one.sources)),
                    "notes": "；".join(dict.fromkeys(one.note for one in limits if one.note)),
                }
            )
            last = slug
        yield {
            "title": verdicts.level_word(table.level) if table.level else "",
            "headings": [limitwords.heading(one) for one in table.headings],
            "rows": rows,
            "with_use": table.with_use,
        }


def _cell(cell: Cell, found: Held, spoken: str) -> tuple[list[tuple[str, str]], int]:
    told = []
    for one in cell.limits:
        condition = found.edition.conditions[one.condition].name(spoken) if one.condition else ""
        told.append((limitwords.bound(one), condition))
    return told, cell.span


@require_GET
@staff_page("standards.read")
def analytes_page(request: HttpRequest) -> HttpResponse:
    """Find an analyte: goes to its page where the text means one, else offers what is near."""
    text = request.GET.get("q", "").strip()
    slugs = list(names.candidates(text)) if text else []
    if not slugs and text:
        plain = names.normalise(text)
        slugs = [
            one.slug for one in names.all_analytes().values() if plain and plain in names.normalise(one.zh + one.en)
        ]
    if len(slugs) == 1:
        return analyte(request, slugs[0])
    near = [] if slugs else [one.slug for one in (names.nearest(text) if text else ())]
    spoken = language()

    def links(found: Sequence[str]) -> list[tuple[str, str]]:
        return [(names.all_analytes()[slug].name(spoken), reverse("standards:analyte", args=[slug])) for slug in found]

    page = {
        "text": text,
        "found": links(slugs),
        "near": links(near),
        "analytes": _all_names(spoken),
        "crumbs": [(_("标准库"), reverse("standards:library")), (_("按项目查"), "")],
    }
    return render(request, "standards/library/analytes.html", page)


@require_GET
@staff_page("standards.read")
def analyte(request: HttpRequest, slug: str) -> HttpResponse:
    """Every limit of one analyte across the standards; `?all=1` also those not in force on the day."""
    one = names.all_analytes().get(slug)
    if one is None:
        raise Http404(slug)
    spoken, everything = language(), request.GET.get("all") == "1"
    rows = [
        {
            "held": each,
            "url": page_url(each),
            "standing": standing_chip(each, request),
            "limits": [_limit(limit, each, spoken) for limit in each.edition.limits if limit.analyte == slug],
        }
        for each in held(actor_of(request))
        if slug in each.edition.limits_analyte and (everything or each.standing(page_day(request)) == "in_force")
    ]
    page = {
        "name": one.name(spoken),
        "other_names": "、".join(dict.fromkeys((one.en if spoken == "zh" else one.zh, *one.aliases))),
        "cas": "、".join(one.cas),
        "rows": rows,
        "everything": everything,
        "crumbs": [(_("标准库"), reverse("standards:library")), (one.name(spoken), "")],
    }
    return render(request, "standards/library/analyte.html", page)


def _limit(limit: Limit, one: Held, spoken: str) -> dict[str, Any]:
    condition = one.edition.conditions[limit.condition].name(spoken) if limit.condition else ""
    return {
        "level": verdicts.level_word(limit.level),
        "use": limitwords.uses(limit, one.edition, spoken),
        "band": limitwords.band(limit),
        "condition": condition,
        "bound": limitwords.bound(limit, unit=True),
        "clause": limit.clause,
        "mark": verdicts.mark_chip(str(limit.mark)),
        "note": limit.note,
    }


@require_GET
@staff_page("standards.read")
def export_all(request: HttpRequest) -> HttpResponse:
    """The list of editions as an Excel file."""
    columns = [SheetColumn(title, width) for title, width in (
        (_("标准"), 18), (_("名称"), 44), (_("介质"), 10), (_("范围"), 10), (_("施行"), 12), (_("被替代"), 12), (_("状态"), 10), (_("限值数"), 8), (_("待核对限值"), 10),
    )]  # fmt: skip
    spoken, on = language(), page_day(request)
    rows = [
        [
            one.edition.standard, one.edition.title(spoken), str(limitwords.MEDIA[one.edition.medium]),
            one.row.division.name if one.row else _("国家"), one.edition.since, one.edition.until or "",
            str(limitwords.STANDING[one.standing(on)][2]), len(one.edition.limits), one.from_knowledge,
        ]
        for one in held(actor_of(request))
    ]  # fmt: skip
    note = _("截至 %(day)s") % {"day": on.isoformat()}
    return _workbook([Sheet(_("标准库"), columns, rows, title=_("标准库"), note=note)], _("标准库"))


@require_GET
@staff_page("standards.read")
def export_edition(request: HttpRequest, slug: str) -> HttpResponse:
    """Every limit of an edition, one a row, as an Excel file."""
    found = national(slug)
    if found is None:
        raise Http404(slug)
    return edition_workbook(found)


def edition_workbook(found: Held) -> HttpResponse:
    """Every limit of an edition, one a row."""
    spoken = language()
    columns = [SheetColumn(title, width) for title, width in (
        (_("项目"), 22), (_("级别"), 10), (_("用途"), 24), (_("情形"), 16), (_("pH 档"), 14), (_("限值"), 12), (_("单位"), 8), (_("条款"), 16), (_("来源"), 10), (_("把握"), 20), (_("说明"), 40),
    )]  # fmt: skip
    rows = [
        [
            names.all_analytes()[one.analyte].name(spoken), verdicts.level_word(one.level),
            limitwords.uses(one, found.edition, spoken),
            found.edition.conditions[one.condition].name(spoken) if one.condition else "",
            limitwords.band(one), limitwords.bound(one), one.unit.symbol, one.clause, "、".join(one.sources),
            verdicts.mark_word(str(one.mark)), one.note,
        ]
        for one in found.edition.limits
    ]  # fmt: skip
    title = f"{found.edition.standard} {found.edition.title(spoken)}"
    sheets = [
        Sheet(
            _("限值"),
            columns,
            rows,
            title=title,
            note=_("凭记忆录入的限值未核对印本，使用前请核对。") if found.from_knowledge else "",
        )
    ]
    where = [[code, sources()[code].name(spoken), sources()[code].where] for code in _codes(found) if code in sources()]
    if where:
        sheets.append(
            Sheet(
                _("来源"),
                [SheetColumn(_("代号"), 8), SheetColumn(_("来源"), 60), SheetColumn(_("在哪里读到"), 80)],
                where,
            )
        )
    return _workbook(sheets, found.edition.standard.replace("/", ""))


def _workbook(sheets: Sequence[Sheet], name: str) -> HttpResponse:
    out = BytesIO()
    write_xlsx(sheets, out)
    return download(out.getvalue(), name, "xlsx")
