"""`soildesk standards list` and `standards show`: the limits held, as data or as a table."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from typing import Any

from soildesk.cli import Refused, show_json
from soildesk.cli.choices import day_of, standard_of, today
from soildesk.cli.text_tables import table
from soilrules import analytes
from soilrules.evaluation.summary import edition_shown, limit_shown
from soilrules.messages import sentence
from soilrules.standards import names, provinces
from soilrules.standards.library import Library, shipped
from soilrules.standards.model import Edition


def list_standards(options: argparse.Namespace) -> None:
    """Every edition held, and the local standards known of which no values are held."""
    day, library = day_of(options.on, "--on"), shipped()
    editions = [one for one in library.editions if day is None or one.in_force(day)]
    if options.json:
        local = [_known(one) for one in provinces.known()]
        show_json({"standards": [_edition(one) for one in editions], "not_held": local})
        return
    rows = [(one.id, one.standard, one.since, one.until or "", f"《{one.title()}》") for one in editions]
    sys.stdout.write(table([("代号", "标准", "施行", "至", "名称"), *rows], (16, 18, 12, 12)) + "\n")
    sys.stdout.write("\n已知有而数值未收录的地方标准（可用 --limits 录入）：\n")
    rows = [(provinces.name_of(one.division), one.standard, one.since or "", one.title) for one in provinces.known()]
    sys.stdout.write(table(rows, (18, 18, 12)) + "\n")


def show_standard(options: argparse.Namespace) -> None:
    """The limits of one edition, of one analyte where it is named."""
    edition = _edition_of(options, shipped())
    wanted = _slug(options.analyte, edition) if options.analyte else ""
    limits = [limit_shown(one, edition, "zh") for one in edition.limits if wanted in ("", one.analyte)]
    if not limits:
        told = f"{edition.standard} 没有{analytes.get(wanted).zh}的限值。"
        raise Refused(told, code="standards.no_limit")
    if options.json:
        show_json({**_edition(edition), "limits": limits})
        return
    until = f"，至 {edition.until} 前" if edition.until else ""
    sys.stdout.write(f"{edition.standard}《{edition.title()}》，{edition.since} 起施行{until}\n\n")
    rows: list[tuple[Any, ...]] = [("项目", "级别", "限值", "单位", "用地/用途", "pH", "条款", "来源情况")]
    for one in limits:
        use = "，".join(filter(None, (one["use"], one["condition"])))
        level, mark = (
            sentence("evaluation", group, one[key]) for group, key in (("levels", "level"), ("marks", "mark"))
        )
        rows.append((one["name"], level, one["limit"], one["unit"], use, one["ph"], one["clause"], mark))
    sys.stdout.write(table(rows, (20, 8, 12, 10, 24, 12, 18)) + "\n")


def _edition_of(options: argparse.Namespace, library: Library) -> Edition:
    family, edition = standard_of(options.code, library)
    if edition:
        return edition
    day: date = day_of(options.on, "--on") or today()
    found = library.edition(family, day)
    if found is None:
        told = f"{family} 在 {day} 没有施行中的版本。请换一个日期，或写明年号。"
        raise Refused(told, code="standards.not_in_force")
    return found


def _slug(name: str, edition: Edition) -> str:
    named = names.resolve(name, (edition,))
    if named.reason is not None:
        raise Refused(named.reason.sentence(), code=f"standards.{named.cause}")
    return named.slug


def _edition(edition: Edition) -> dict[str, Any]:
    return {
        "code": edition.id,
        **edition_shown(edition, "zh"),
        "medium": str(edition.medium),
        "analytes": len(edition.limits_analyte),
        "limits": len(edition.limits),
        "marks": sorted({str(one.mark) for one in edition.limits}),
    }


def _known(one: provinces.LocalStandard) -> dict[str, Any]:
    shown = {name: getattr(one, name) for name in ("standard", "title", "division", "note", "source")}
    return shown | {"families": list(one.families), "since": one.since, "mark": str(one.mark)}
