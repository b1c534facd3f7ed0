"""What people see of rounds of 调度: the rounds, their sheets, who signed when, the sums over all units, the ranks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from soildesk.core.calendar import working_calendar
from soildesk.core.models import Department, Duty
from soildesk.core.permissions import Actor
from soildesk.kit.languages import language
from soildesk.kit.measures import OUTCOME_PARTS, Outcome
from soildesk.monitoring.queries.network import short_name
from soildesk.plans.queries.dispatched import uids_of, units_at_work
from soildesk.plans.wording import ASSIGNMENT_STATES, period_word
from soildesk.supervision.models import DispatchRound, DispatchSheet
from soildesk.supervision.queries import ranking
from soildesk.supervision.queries.sheets import FREE, NUMBERS, Said, counted, digest_of, said, tasks_in
from soilrules.deadlines import State, state

SIGNED = DispatchSheet.State.SIGNED
LABEL = DispatchSheet._meta.label_lower
LATE = (State.OVERDUE, State.DONE_LATE)
Snapshot = dict[str, Any]


def rounds(actor: Actor | None, on: date) -> QuerySet[DispatchRound]:
    """Rounds opened by a day, with how many sheets there are and how many are signed."""
    rows = DispatchRound.objects.visible_to(actor).filter(opened_on__lte=on)
    return rows.annotate(
        place=F("division__name"),
        office=short_name("owner_department"),
        units=Count("sheets"),
        signed=Count("sheets", filter=Q(sheets__state=SIGNED)),
        unsigned=Count("sheets", filter=~Q(sheets__state=SIGNED)),
    )


def sheets(actor: Actor | None, on: date) -> QuerySet[DispatchSheet]:
    """Sheets of rounds opened by a day."""
    rows = DispatchSheet.objects.visible_to(actor).filter(round__opened_on__lte=on)
    return rows.annotate(unit_name=short_name("unit"), number=F("round__number"), place=F("round__division__name"))


def round_of(actor: Actor, uid: UUID) -> DispatchRound | None:
    """One round the actor sees."""
    rows = DispatchRound.objects.visible_to(actor).select_related(
        "division", "owner_department", "opened_by", "closed_by"
    )
    return rows.filter(uid=uid).first()


def sheet_of(actor: Actor, uid: UUID) -> DispatchSheet | None:
    """One sheet the actor sees."""
    rows = DispatchSheet.objects.visible_to(actor).select_related(
        "round__division", "unit", "owner_department", "saved_by"
    )
    return rows.filter(uid=uid).first()


def sheets_of(one: DispatchRound, actor: Actor | None = None, only: int | None = None) -> list[Said]:
    """The sheets of a round (those the actor sees; one by its key), as they count."""
    rows = (
        DispatchSheet.objects.filter(round=one)
        if actor is None
        else DispatchSheet.objects.visible_to(actor).filter(round=one)
    )
    rows = rows.filter(pk=only) if only else rows
    rows = rows.select_related("unit__division", "round").prefetch_related("signings")
    return said(rows.order_by("unit__division__path", "unit_id"))


def unlisted(one: DispatchRound) -> list[Department]:
    """Units that were given a task of its plans after a round was opened, and have no sheet in it."""
    if one.state != DispatchRound.State.OPEN:
        return []
    known = set(one.sheets.values_list("unit_id", flat=True))
    return [each for each in units_at_work(one.plans.values_list("pk", flat=True)) if each.pk not in known]


def of_the_edition_before(one: DispatchRound, lines: Sequence[Line]) -> list[DispatchSheet]:
    """Signed sheets that speak of tasks of an edition replaced since: what was signed stays as it was signed."""
    if one.state != DispatchRound.State.OPEN:
        return []
    signed = [line.said for line in lines if line.said.signed]
    current = uids_of(one.plans.values_list("pk", flat=True)) if signed else frozenset()
    return [said.sheet for said in signed if any(task["uid"] not in current for task in said.tasks)]


@dataclass(frozen=True)
class Line:
    """One unit of a round: how its sheet and its duty stand, and the numbers of the sheet."""

    said: Said
    duty: State
    due: date
    numbers: Mapping[str, int]
    turns: int

    @property
    def late(self) -> bool:
        """Whether it was not signed by its term."""
        return self.duty in LATE

    @property
    def helps(self) -> bool:
        """Whether the unit asks for something to be settled."""
        return bool(self.said.signed and self.said.words.get("help", "").strip(" 无。"))


def board(one: DispatchRound, on: date, actor: Actor | None = None, only: int | None = None) -> list[Line]:
    """How the units of a round stand on a day; of a closed one, on the day it was closed. Lateness is that of their duties."""
    day = min(on, one.closed_on) if one.closed_on else on
    found = sheets_of(one, actor, only)
    owed = {
        duty.subject_id: duty
        for duty in Duty.objects.filter(subject_type=LABEL, subject_id__in=[each.sheet.pk for each in found])
    }
    calendar, lines = working_calendar(), []
    for each in found:
        duty = owed[each.sheet.pk]
        turns = len(each.sheet.signings.all())
        lines.append(Line(each, state(duty, day, calendar), duty.due or each.sheet.due, counted(each), turns))
    return lines


def totals(lines: Sequence[Line]) -> dict[str, int]:
    """The sums over all units."""
    return {name: sum(line.numbers[name] for line in lines) for name in NUMBERS}


@dataclass(frozen=True)
class Difference:
    """A task on which a unit and the registers do not agree."""

    line: Line
    task: Mapping[str, Any]

    @property
    def says(self) -> str:
        """What the unit says."""
        word = str(ASSIGNMENT_STATES[self.task["handling"]][2])
        return _("%(state)s，已逾期") % {"state": word} if self.task["late"] else word

    @property
    def records(self) -> str:
        """What the registers say."""
        return str(OUTCOME_PARTS[Outcome(self.task["outcome"])][2])


def differences(lines: Sequence[Line]) -> list[Difference]:
    """Every task on which a unit says one thing and the registers another."""
    return [Difference(line, task) for line in lines for task in tasks_in(line.said, "differs")]


@dataclass(frozen=True)
class Disagreement:
    """One task on which several units say the same and the registers another thing."""

    first: Difference
    units: Sequence[str]


def by_task(found: Sequence[Difference]) -> list[Disagreement]:
    """Differences by task and what is said of it: a task of many units is told once."""
    held: dict[tuple[str, str], list[Difference]] = {}
    for each in found:
        held.setdefault((each.task["uid"], each.says), []).append(each)
    return [Disagreement(rows[0], [str(each.line.said.sheet.unit) for each in rows]) for rows in held.values()]


def tables_of(one: DispatchRound) -> list[dict[str, Any]]:
    """The ranking of a round in the language of the page: as it was frozen, or as things stand."""
    told = ranking.ranked(one, sheets_of(one)) if one.snapshot is None else one.snapshot["ranking"]
    return ranking.in_words(told, language())


def published(one: DispatchRound, actor: Actor) -> bool:
    """Whether the actor may look at the ranking: units when the round is closed, who sees every sheet at any time."""
    return one.state == DispatchRound.State.CLOSED or sees_all(one, actor)


def sees_all(one: DispatchRound, actor: Actor) -> bool:
    """Whether the actor sees the sheet of every unit."""
    seen = DispatchSheet.objects.visible_to(actor).filter(round=one)
    return seen.count() == one.sheets.count()


def intact(one: DispatchRound) -> bool:
    """Whether a closed round still says what its hash was made of."""
    return one.snapshot is not None and digest_of(one.snapshot) == one.digest


@translation.override("zh-hans")  # what is kept is Chinese whoever closes the round
def frozen(one: DispatchRound, on: date) -> Snapshot:
    """What a round says when it is closed: every sheet by its hash, who is missing, the ranking with its rows."""
    lines = board(one, on)
    return {
        **_head(one, on),
        "sheets": [
            {
                "unit": str(line.said.sheet.unit),
                "state": str(line.said.sheet.state),
                "duty": str(line.duty),
                "digest": next((s.digest for s in line.said.sheet.signings.all() if s.returned_at is None), ""),
            }
            for line in lines
        ],
        "ranking": ranking.ranked(one, [line.said for line in lines]),
    }


def _head(one: DispatchRound, on: date) -> dict[str, str]:
    return {
        "number": one.number,
        "place": one.division.name,
        "period": one.period,
        "period_words": period_word(one.period),
        "on": one.on.isoformat(),
        "due": one.due.isoformat(),
        "told_on": on.isoformat(),
        "office": one.owner_department.name,
    }


def told(one: DispatchRound, on: date | None = None) -> dict[str, Any]:
    """A round as plain dicts, lists and texts, for letters: who is late or missing, differences, ranks with their formula."""
    day = on or one.closed_on or one.opened_on
    lines = board(one, day)
    numbers = {name: str(n) for name, n in totals(lines).items()}
    return {
        **_head(one, day),
        "units": str(len(lines)),
        "signed": str(sum(line.said.sheet.state == SIGNED for line in lines)),
        "numbers": numbers,
        "late": [_unit(line) for line in lines if line.late],
        "missing": [_unit(line) for line in lines if line.said.sheet.state != SIGNED],
        "returned": [_unit(line) for line in lines if line.turns > (line.said.sheet.state == SIGNED)],
        "sheets": [
            {**_unit(line), **{name: str(n) for name, n in line.numbers.items()},
             **{name: line.said.words.get(name, "") if line.said.signed else "" for name in FREE}}
            for line in lines
        ],
        "differences": [
            {"unit": "、".join(each.units), "number": each.first.task["number"], "task": each.first.task["title"],
             "says": each.first.says, "records": each.first.records, "why": each.first.task["why"]}
            for each in by_task(differences(lines))
        ],
        "ranking": [_plain(table, group) for table in tables_of(one) for group in table["groups"]],
    }  # fmt: skip


def _unit(line: Line) -> dict[str, str]:
    sheet = line.said.sheet
    return {
        "unit": sheet.unit.name,
        "short": str(sheet.unit),
        "state": str(sheet.get_state_display()),
        "due": line.due.isoformat(),
        "signed_on": sheet.signed_on.isoformat() if sheet.state == SIGNED and sheet.signed_on else "",
    }


def _plain(table: Mapping[str, Any], group: Mapping[str, Any]) -> dict[str, Any]:
    head = {name: table[name] for name in ("id", "title", "formula", "basis", "mark")}
    rows = [
        {
            "unit": row["unit"],
            "rank": "" if row["rank"] is None else str(row["rank"]),
            "good": row["good"] or "",
            "whole": row["whole"] or "",
            "percent": "" if row["percent"] is None else f"{row['percent']}%",
            "told": row["told"],
        }
        for row in group["rows"]
    ]
    return {**head, "group": group["title"], "rows": rows}
