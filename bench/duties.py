"""Measure ten years of duty cards of 20,000 firms, rebuilt as of a day, against one query and one card at a time.

`python bench/duties.py [--firms N] [--sample N]` makes a home of its own in a temporary folder, fills it with firms on
the list of key units and ten years of what they filed, and rebuilds the states of all their cards of ten years as known
on one day. The peer asks the database for the facts of each firm and makes its ten cards one by one, as a straightforward
page would; it runs on a sample, its time is scaled to all firms, and the answers for the sample must be equal. The exit
code is 1 where they are not, or where the desk is less than twenty times as fast.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TIMES = 20.0
DAY = date(2026, 11, 20)
AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
YEARS = range(2017, 2027)
CHUNK = 2000


def set_up(home: str) -> None:
    """The desk in `home`."""
    os.environ |= {
        "SOILDESK_HOME": home,
        "SOILDESK_TODAY": DAY.isoformat(),
        "DJANGO_SETTINGS_MODULE": "soildesk.settings",
    }
    os.environ.pop("SOILDESK_DATABASE_URL", None)
    sys.path[:0] = [str(ROOT / "src")]
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def fill(count: int) -> int:
    """Firms on the list with six duties a year and what they filed; returns how many facts there are."""
    from soildesk.core.models import Department, Division
    from soildesk.enterprises.models import Enterprise, EnterpriseVersion, Happening, Listing, ListNotice

    draw = random.Random(7)  # noqa: S311
    place = Division.objects.create(
        code="990101", name="青禾区", level=Division.Level.COUNTY, since=date(2015, 1, 1), path="99/9901/990101/"
    )
    office = Department.objects.create(division=place, name="青禾区生态环境局", short_name="区生态环境局")
    own: dict[str, Any] = {"division_path": place.path, "owner_department": office}
    notice = ListNotice.objects.create(
        list_key="soil_key", number="云环〔2017〕1号", title="名录", authority="云泽市生态环境局", decided_on=date(2017, 3, 1),
        since=date(2017, 3, 1), recorded_at=AT, **own,
    )  # fmt: skip
    facts = 0
    for start in range(0, count, CHUNK):
        numbers = range(start, min(start + CHUNK, count))
        firms = Enterprise.objects.bulk_create([Enterprise(number=f"QY-990101-{n:06d}") for n in numbers])
        said = {"since": date(2015, 1, 1), "recorded_at": AT, "state": "operating", **own}
        EnterpriseVersion.objects.bulk_create(
            [
                EnterpriseVersion(
                    enterprise=firm, name=f"第{firm.number}厂", credit_code=f"9{firm.pk:017d}", has_tanks=draw.choice([True, False, None]),
                    near_sensitive=draw.choice([True, False]), **said,
                )
                for firm in firms
            ]
        )  # fmt: skip
        Listing.objects.bulk_create(
            [Listing(enterprise=one, list_key="soil_key", notice=notice, since=date(draw.choice(YEARS[:5]), 3, 20), recorded_at=AT, **own) for one in firms]
        )  # fmt: skip
        rows = [row for firm in firms for row in _filed(firm, own, draw)]
        Happening.objects.bulk_create(rows, batch_size=CHUNK)
        facts += len(rows)
    return facts


def _filed(firm: Any, own: dict[str, Any], draw: random.Random) -> list[Any]:
    from soildesk.enterprises.models import Happening

    found = []
    for year in YEARS:
        for kind, chance in (("toxic_report_filed", 0.9), ("selfmon_done", 0.85), ("hazard_inspection_done", 0.35)):
            if draw.random() < chance:
                day = date(year, draw.randint(1, 12), draw.randint(1, 28))
                found.append(Happening(enterprise=firm, kind=kind, on=day, recorded_at=AT, **own))
    return [one for one in found if one.on <= DAY]


def desk(view: Any) -> dict[int, dict[int, Counter[Any]]]:
    """All firms at once."""
    from soildesk.enterprises.queries.manycards import many

    found = many(view, (YEARS[0], YEARS[-1]))
    return {year: found.states(year) for year in YEARS}


def peer(view: Any, keys: list[int]) -> dict[int, dict[int, Counter[Any]]]:
    """Firm after firm: its facts, then its cards."""
    from soildesk.enterprises.queries.facts import firms
    from soilrules.enterprises.duties import card

    found: dict[int, dict[int, Counter[Any]]] = {year: {} for year in YEARS}
    for key in keys:
        for firm in firms(view, only=[key]):
            for year in YEARS:
                states = Counter(line.state for line in card(firm.facts, year, view.on) if line.owed)
                if states:
                    found[year][key] = states
    return found


def main() -> int:
    """Fill, run both, compare."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--firms", type=int, default=20_000)
    options.add_argument("--sample", type=int, default=200)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as home:
        set_up(home)
        facts = fill(given.firms)
        from soildesk.core.permissions import system_actor
        from soildesk.enterprises.models import Enterprise
        from soildesk.enterprises.queries.facts import View

        view = View(system_actor("bench", DAY), DAY)
        began = time.perf_counter()
        ours = desk(view)
        took = time.perf_counter() - began
        every = list(Enterprise.objects.values_list("pk", flat=True))
        keys = sorted(random.Random(3).sample(every, min(given.sample, len(every))))  # noqa: S311
        began = time.perf_counter()
        theirs = peer(view, keys)
        scaled = (time.perf_counter() - began) * given.firms / len(keys)
    chosen = set(keys)
    equal = all({key: states for key, states in ours[year].items() if key in chosen} == theirs[year] for year in YEARS)
    lines = sum(sum(states.values()) for cards in ours.values() for states in cards.values())
    told = f"{given.firms} firms, {facts} facts, {len(YEARS)} years, {lines} lines as of {DAY}"
    sys.stdout.write(f"{told}\ndesk  {took:8.1f} s\n")
    sys.stdout.write(
        f"peer  {scaled:8.1f} s (scaled from {len(keys)} firms)\nratio {scaled / took:8.1f}  equal: {equal}\n"
    )
    return 0 if equal and scaled / took >= TIMES else 1


if __name__ == "__main__":
    sys.exit(main())
