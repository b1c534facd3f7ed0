"""How much of what plans name is served: docs/coverage.csv against docs/named-things.csv.

A thing is *kept* when a register holds it with evidence, *acts* when a service with guards does it, *computed*
when a measure answers it from records. Only acts and computed count as served. Both files belong to the clone,
not to the installed package.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

NAMED_THINGS = "named-things.csv"
COVERAGE = "coverage.csv"
LEVELS = ("", "kept", "acts", "computed")
SERVED = frozenset({"acts", "computed"})


class CoverageUnreadable(ValueError):
    """The coverage files are absent or contradict each other; the sentence says where and what to do."""


@dataclass(frozen=True)
class Service:
    """What serves one named thing: its level, the page or command that does it, and the test that goes through it."""

    id: str
    level: str
    by: str
    test: str
    note: str = ""

    @property
    def served(self) -> bool:
        """Whether something acts on the thing or computes it."""
        return self.level in SERVED


def docs_folder() -> Path:
    """The docs folder of the clone this package runs from.

    Raises CoverageUnreadable where the package was installed without its clone.
    """
    folder = Path(__file__).resolve().parents[2] / "docs"
    if not (folder / COVERAGE).is_file():
        raise CoverageUnreadable(f"{folder / COVERAGE} does not exist: run soildesk coverage in a clone of SoilDesk.")
    return folder


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def named_ids(path: Path) -> list[str]:
    """The ids of the named things, in the order of the file."""
    return [row["id"] for row in _rows(path)]


def services(path: Path) -> list[Service]:
    """The rows of a coverage file.

    Raises CoverageUnreadable for a level that does not exist, or a level without what serves it and its test.
    """
    found = [Service(row["id"], row["level"], row["by"], row["test"], row["note"]) for row in _rows(path)]
    for line, service in enumerate(found, 2):
        if service.level not in LEVELS:
            raise CoverageUnreadable(f"{path.name}, line {line}: level {service.level!r}, expected one of {LEVELS}.")
        if service.level and not (service.by and service.test):
            raise CoverageUnreadable(
                f"{path.name}, line {line}: {service.id} is {service.level!r} without 'by' or 'test': name both."
            )
    return found


def report(covered: Iterable[Service], ids: Iterable[str]) -> dict[str, object]:
    """The figures and one row per named thing; raises CoverageUnreadable when the two do not list the same ids once."""
    covered, ids = list(covered), list(ids)
    given = [service.id for service in covered]
    if sorted(given) != sorted(set(ids)):
        odd = sorted(set(given) ^ set(ids)) or sorted({one for one in given if given.count(one) > 1})
        raise CoverageUnreadable(f"{COVERAGE} and {NAMED_THINGS} differ in {', '.join(odd[:10])}: list each id once.")
    return {
        "served": sum(service.served for service in covered),
        "total": len(covered),
        "things": [{"id": s.id, "level": s.level, "by": s.by, "test": s.test} for s in covered],
    }


def current() -> dict[str, object]:
    """The report of this clone: what `soildesk coverage --json` prints."""
    docs = docs_folder()
    return report(services(docs / COVERAGE), named_ids(docs / NAMED_THINGS))


def as_text(figures: dict[str, object]) -> str:
    """The report for a terminal: the figures, then one line per thing that is kept, acted on or computed."""
    lines = [f"{figures['served']} / {figures['total']}"]
    things = figures["things"]
    if not isinstance(things, list):
        raise TypeError(f"things is a {type(things).__name__}: expected the list report() makes.")
    lines += [f"{thing['id']}  {thing['level']:<8}  {thing['by']}" for thing in things if thing["level"]]
    return "\n".join(lines) + "\n"
