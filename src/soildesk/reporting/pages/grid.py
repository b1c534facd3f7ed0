"""A blank form as a grid of cells on a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name


def grids(layout: Sequence[Mapping[str, Any]], fields: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each sheet with its lines of cells; a cell knows its place, its words and the field it has."""
    return [
        {
            "name": _called(sheet),
            "flowing": sheet["kind"] == "text",
            "whole": sheet["whole"],
            "lost": sheet["lost"],
            "letters": [xl_col_to_name(at) for at in range(sheet["columns"])],
            "lines": _lines(sheet, fields),
        }
        for sheet in layout
    ]


def _called(sheet: Mapping[str, Any]) -> str:
    """A sheet by its own name; the tables of a Word file by their number."""
    if sheet["kind"] == "xlsx":
        return str(sheet["name"])
    return _("正文") if sheet["kind"] == "text" else _("表 %(n)s") % {"n": sheet["name"].removeprefix("T")}


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
