"""Problems and warnings that were not over on the day spoken of: a day that is past is told as it was, not as it is now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from soildesk.kit.measures import Outcome, Proof
from soildesk.monitoring.queries import measured as warnings
from soildesk.oversight.queries import measured as problems
from soildesk.reporting.queries.counts import Found, address, counted_as, rows_of
from soildesk.reporting.queries.reading import Figure, Reading
from soildesk.reporting.queries.tables import Row, Told, cell_words, numbered, table_of

PROBLEM, ALERT = "oversight.problem", "monitoring.alert"
Matter = tuple[Proof, date | None]
"""One that was open, and its term."""


def open_problems(reading: Reading) -> list[Matter] | None:
    """The problems found by then, neither settled nor none; None where none of any kind was found yet."""
    found = problems.known_problems(reading.asked)
    held = [one for one in found if not one.dismissed and one.settled_on is None]
    told = [(one.problem, one.due) for one in sorted(held, key=lambda one: one.problem.number)]
    return (
        [(Proof(PROBLEM, str(one.uid), f"{one.number} {one.fact}", True, _term(due)), due) for one, due in told]
        if found
        else None
    )


def open_alerts(reading: Reading) -> list[Matter] | None:
    """The warnings opened by then, neither closed nor merged; None where none was opened yet."""
    found, ended = warnings.known_alerts(reading.asked), warnings.ended_on(reading.asked)
    held = sorted((one for one in found if one.pk not in ended), key=lambda one: one.number)
    return (
        [(Proof(ALERT, str(one.uid), f"{one.number} {one.title}", True, _term(one.due)), one.due) for one in held]
        if found
        else None
    )


def _term(due: date | None) -> str:
    return _t("时限 %(due)s") % {"due": due} if due else _t("没有时限")


def _add(
    name: str, title: str | Promise, read: Callable[[Reading], Sequence[Matter] | None], *, late: bool = False
) -> None:
    def run(reading: Reading, empty: Figure) -> Figure:
        found = read(reading) if reading.asked.sees_all else None
        if found is None:
            why = _t("截至 %(on)s 登记册里没有任何记录：没有登记不等于没有。") % {"on": reading.on}
            return Figure(empty.id, empty.title, None, _t("个"), why=why, outcome=str(Outcome.CANNOT_SAY))
        rows = tuple(proof for proof, due in found if not late or (due is not None and due < reading.on))
        return Figure(empty.id, empty.title, len(rows), _t("个"), rows=rows)

    counted_as(name, title, run)


_add("oversight.open_problems", _("未销号问题"), open_problems)
_add("oversight.late_problems", _("逾期未销号问题"), open_problems, late=True)
_add("monitoring.open_alerts", _("未销号预警"), open_alerts)
_add("monitoring.late_alerts", _("逾期未销号预警"), open_alerts, late=True)


def _table(
    collection: str, keys: Sequence[str], read: Callable[[Reading], Sequence[Matter] | None]
) -> Callable[[Reading], Told]:
    """The rows of the register that were open, each with its term; one that is over by now stands as open, as it was."""

    def run(reading: Reading) -> Told:
        found = rows_of(reading, collection)
        if found is None:
            return Told(None, _t("您不能查阅这个登记册。"))
        held = {proof.uid: due for proof, due in read(reading) or ()}
        now = {_key(found, row) for row in rows_of(reading, collection, "live=yes").rows}  # type: ignore[union-attr]
        columns = found.columns(keys)
        return numbered(
            Row(
                {column.key: cell_words(column.told(row)) for column in columns} | _then(held[key], live=key in now),
                found.register.name,
                key,
                address(found, row),
            )
            for row in found.rows
            if (key := _key(found, row)) in held
        )

    return run


def _key(found: Found, row: Mapping[str, Any]) -> str:
    return str(row[found.register.key])


def _then(due: date | None, *, live: bool) -> dict[str, str]:
    """What of a row was otherwise on the day."""
    told = {"due": f"{due:%Y-%m-%d}" if due else ""}
    return told if live else {**told, "state": _t("未销号")}


table_of(
    "oversight.open_rows",
    _("未销号问题"),
    [
        ("number", _("编号"), 20), ("fact", _("问题事实"), 36), ("unit", _("督促整改单位"), 16), ("state", _("状态"), 10),
        ("due", _("整改时限"), 12),
    ],
    _table("problems", ["number", "fact", "unit", "state", "due"], open_problems),
)  # fmt: skip
table_of(
    "monitoring.alert_rows",
    _("未销号预警"),
    [
        ("number", _("编号"), 20), ("title", _("事项"), 34), ("level", _("等级"), 10), ("owner", _("处置单位"), 16),
        ("due", _("时限"), 14),
    ],
    _table("alerts", ["number", "title", "level", "owner", "due"], open_alerts),
)  # fmt: skip
