"""A report as a file: in the office's own template where it was made with one, else in the desk's form."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from soildesk.core import files
from soildesk.kit.letters import running, store
from soildesk.reporting import letters, papers
from soildesk.reporting.queries.making import Snapshot

if TYPE_CHECKING:
    from soildesk.core.models import Department
    from soildesk.reporting.models import ReportCopy

BLANK = "blank"
excel = papers.xlsx


def word(copy: ReportCopy) -> bytes:
    """The kept report as Word."""
    told = {"office": copy.owner_department.name, "document": copy.document, "state": str(copy.get_state_display())}
    if copy.template is not None:
        return store.made(copy.template, letters.given(copy.snapshot, told))
    return papers.docx(copy.snapshot, _head(told, copy.number))


def unkept(snapshot: Snapshot, office: Department | None) -> bytes:
    """A report nobody kept, as Word: its head says so."""
    told = {"office": office.name if office else "", "document": "", "state": _("未存入登记册")}
    template = store.current(f"reporting.{snapshot['kind']}", office) if office else None
    if template is not None:
        return store.made(template, letters.given(snapshot, told))
    return papers.docx(snapshot, _head(told, ""))


def _head(told: Mapping[str, str], number: str) -> dict[str, str]:
    names = {"office": _("编制单位"), "document": _("文号"), "state": _("状态")}
    return {**{names[key]: value for key, value in told.items()}, _("编号"): number}


def filled(copy: ReportCopy) -> tuple[bytes, str]:
    """A superior's form filled with the values kept, and its file name."""
    assert copy.blank_form is not None
    use = files.uses_of(copy.blank_form).get(kind=BLANK)
    told = {cell: one for cell, one in copy.snapshot["cells"].items() if one["value"] != ""}
    book = use.name.lower().endswith(".xlsx")  # in a Word form a number is words, as it is printed
    values: dict[str, Any] = {cell: _number(one) if book else one["value"] for cell, one in told.items()}
    return running.fill(files.read(use), use.name, {"cells": values}), use.name


def _number(one: Mapping[str, Any]) -> Any:
    """A cell's value: a number where it is one, else text; a rate as a share where the cell shows shares in percent."""
    if not one["numeric"]:
        return one["value"]
    value = Decimal(one["value"])
    return float(value / 100 if one.get("share") else value)
