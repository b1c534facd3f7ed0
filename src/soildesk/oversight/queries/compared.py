"""What the dates of the records themselves show 台账比对: a demolition before its filing, results of before the listing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from soildesk.core.calendar import working_calendar
from soildesk.core.permissions import Actor
from soildesk.enterprises.queries.facts import Firm, View, firms
from soildesk.enterprises.sentences import said
from soildesk.oversight.models import Problem
from soildesk.oversight.queries.problems import by_origin
from soilrules.enterprises.dutyproblems import Finding, problems

ORIGIN = 160
"""The longest name of a record."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing the dates of a firm show, and the problem it already is."""

    firm: Firm
    finding: Finding
    problem: Problem | None = None

    @property
    def origin(self) -> str:
        """What names it for ever: the firm, what it is, of what, on which day."""
        return origin_of(self.finding)

    @property
    def is_hint(self) -> bool:
        """Whether it is no breach by itself, only worth a look."""
        return not self.finding.violation

    @property
    def sentence(self) -> str:
        """What is shown, in words."""
        return said(self.finding.message)

    @property
    def basis(self) -> str:
        """What was owed by which rule on that day."""
        return "；".join(one.cited for one in self.finding.basis)


def origin_of(finding: Finding) -> str:
    """The name of a finding, its rule in it: of two offices to file with, each is one. Free text stands as its hash."""
    subject = hashlib.sha256(finding.subject.encode()).hexdigest()[:16]
    rule = finding.rule.id if finding.rule else ""
    return f"record:{finding.unit}:{finding.kind}:{rule}:{finding.on}:{subject}"[:ORIGIN]


def shown(actor: Actor, on: date) -> list[Shown]:
    """All that the records seen show on a day: what nobody has decided on first, the newest first."""
    calendar = working_calendar()
    found = [Shown(firm, one) for firm in firms(View(actor, on)) for one in problems(firm.facts, on, calendar=calendar)]
    known = by_origin([one.origin for one in found])
    told = [Shown(one.firm, one.finding, known.get(one.origin)) for one in found]
    return sorted(told, key=lambda one: (one.problem is not None, one.is_hint, -one.finding.on.toordinal(), one.origin))


def called(actor: Actor, on: date, origin: str) -> Shown | None:
    """The one thing of this name, if the records still show it."""
    return next((one for one in shown(actor, on) if one.origin == origin), None)
