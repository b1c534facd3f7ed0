"""Four tables of results judged and kept: farmland, the former plant under both classes, its groundwater, a wheat lot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from django.utils import timezone

from soildesk.core import clock
from soildesk.core.models import Division, Person
from soildesk.core.permissions import Actor
from soildesk.standards.models import Evaluation
from soildesk.standards.services import judgement
from soildesk.standards.services.judgement import Given

OFFICER, CODE = "linlan", "990101"


@dataclass(frozen=True)
class Table:
    """One file of the example, the day it was judged, and by what."""

    file: str
    day: date
    choices: Mapping[str, str]


TABLES = (
    Table("柳溪镇小麦2026年6月.csv", date(2026, 6, 15), {"standard": "gb2762"}),
    Table("原青禾农药厂地块土壤2026年8月.csv", date(2026, 9, 1), {"standard": "gb36600", "land_class": "第一类用地"}),
    Table("原青禾农药厂地下水2026年8月.csv", date(2026, 9, 1), {"standard": "gbt14848", "level": "III"}),
    Table("白鹭镇东圩村农用地土壤2026年9月.csv", date(2026, 9, 21), {"standard": "gb15618"}),
)
PLANT = 1
OTHER_CLASS = date(2026, 9, 2)


def tell(folder: Path) -> None:
    """Judge and keep each table on its day; the plant's soil a second time, as if its land stayed industrial."""
    officer = Person.objects.get(username=OFFICER)
    division = Division.objects.get(code=CODE, until=None)
    kept = [_keep(folder / table.file, table, officer, division) for table in TABLES]
    day = min(OTHER_CLASS, clock.today())
    by, at = Actor.of(officer, on=day), _at(day)
    choices = {**TABLES[PLANT].choices, "land_class": "第二类用地", "on": day.isoformat(), "division": CODE}
    trial = judgement.judge_anew(kept[PLANT], choices, by=by, at=at)
    judgement.keep(trial, f"{kept[PLANT].title}（按第二类用地）", by=by, at=at)


def _keep(path: Path, table: Table, officer: Person, division: Division) -> Evaluation:
    day = min(table.day, clock.today())
    by, at = Actor.of(officer, on=day), _at(day)
    choices = {**table.choices, "on": day.isoformat(), "division": CODE}
    trial = judgement.try_out(Given(path.read_bytes(), path.name, choices, division), by=by, at=at)
    return judgement.keep(trial, path.stem, by=by, at=at)


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(15)))
