"""Which department a printed unit is: certain ones by the desk, doubtful ones by a person, once."""

from __future__ import annotations

from datetime import date

from soildesk.core import departments, groups
from soildesk.core.models import Department, Division
from soildesk.plans.models import TaskUnit, UnitAnswer

CERTAIN = frozenset({"exact", "alias", "short", "suffix"})


class UnitPlacer:
    """Places the printed names of one plan; each name is looked up once."""

    def __init__(self, division: Division, on: date) -> None:
        self._division = division
        self._on = on
        self._directory = departments.Directory(division, on)
        self._seen: dict[str, tuple[Department | None, str, str]] = {}
        self._answers = {
            answer.printed: list(answer.departments.all())
            for answer in UnitAnswer.objects.filter(division=division).prefetch_related("departments")
        }

    def place(self, row: TaskUnit) -> None:
        """Fill in department, match and note of `row` (not saved)."""
        if row.name not in self._seen:
            self._seen[row.name] = self._find(row.name)
        row.department, row.match, row.match_note = self._seen[row.name]

    def _find(self, name: str) -> tuple[Department | None, str, str]:
        if name in self._answers:
            known = self._answers[name]
            if len(known) == 1:
                return known[0], TaskUnit.Match.CONFIRMED, ""
            return None, TaskUnit.Match.GROUP, ""
        match = self._directory.match(name)
        if match.department and match.how in CERTAIN:
            return match.department, TaskUnit.Match.CERTAIN, match.note[:200]
        group = groups.expand_group(name, self._division, self._on)
        if group.departments and not group.needs_person:
            return None, TaskUnit.Match.GROUP, group.why[:200]
        if groups.is_group(name):  # 相关镇人民政府 is no one body, however like its name
            doubt = TaskUnit.Match.DOUBTFUL if group.departments else TaskUnit.Match.NONE
            return None, doubt, group.why[:200]
        if match.department or match.candidates:
            return match.department, TaskUnit.Match.DOUBTFUL, match.note[:200]
        return None, TaskUnit.Match.NONE, match.note[:200]


def members_of(unit: TaskUnit, division: Division, on: date) -> list[Department]:
    """The departments a unit stands for: one, or the members of a group; none while a person is still to be asked."""
    if unit.department_id and unit.match in {TaskUnit.Match.CERTAIN, TaskUnit.Match.CONFIRMED}:
        return [unit.department]
    if unit.match != TaskUnit.Match.GROUP:
        return []
    answer = UnitAnswer.objects.filter(division=division, printed=unit.name).first()
    if answer:
        return list(answer.departments.all())
    return list(groups.expand_group(unit.name, division, on).departments)
