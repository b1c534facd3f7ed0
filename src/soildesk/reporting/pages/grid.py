"""A blank form as a grid of cells on a page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from xlsxwriter.utility import xl_col_to_name


def grids(layout: Sequence[Mapping[str, Any]], fields: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each sheet with its lines of cells; a cell knows its place, its words and the field it has."""
    return [
        {
            "name": _called(sheet),
            "flowing": sheet["kind"] == "text",
            "whole": sheet["whole"],
            "letters": [xl_col_to_name(at) for at in range(sheet["columns"])],
            "lines": _lines(sheet, fields),
        }
        for sheet in layout
    ]


OF_WORD = (
    (re.compile(r"P!p(\d+)g(\d+)"), _l("正文第 %s 段第 %s 空")),
    (re.compile(r"P!p(\d+)c(\d+)"), _l("正文第 %s 段第 %s 处空白")),
    (re.compile(r"T([\d-]+)!r(\d+)c(\d+)"), _l("表 %s 第 %s 行第 %s 列")),
    (re.compile(r"(.+![A-Z]+\d+)g(\d+)"), _l("%s 格内第 %s 空")),
)


def place_words(place: str) -> str:
    """Where a cell or gap of a form stands, as a person says it; of a workbook as Excel says it."""
    return next((str(words) % found.groups() for form, words in OF_WORD if (found := form.fullmatch(place))), place)


def _called(sheet: Mapping[str, Any]) -> str:
    """A sheet by its own name; the tables of a Word file by their number."""
    if sheet["kind"] == "xlsx":
        return str(sheet["name"])
    if sheet["kind"] == "text":
        return _("正文") if sheet["name"] == "P" else _("%(name)s：格内的空") % {"name": sheet["name"]}
    return _("表 %(n)s") % {"n": sheet["name"].removeprefix("T")}


def _lines(sheet: Mapping[str, Any], fields: Mapping[str, str]) -> list[dict[str, Any]]:
    by_row: dict[int, list[dict[str, Any]]] = {}
    for cell in sheet["cells"]:
        place = f"{sheet['name']}!{cell['cell']}"
        told = {**cell, "place": place, "field": fields.get(place, ""), "blank": not cell["text"].strip()}
        by_row.setdefault(cell["row"], []).append(told)
    return [
        {"number": at, "cells": sorted(by_row.get(at, ()), key=lambda one: one["column"])}
        for at in range(1, sheet["rows"] + 1)
    ]
