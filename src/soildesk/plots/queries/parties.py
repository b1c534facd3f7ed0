"""Whoever is a party of a report, and whether an expert is bound to one of them."""

from __future__ import annotations

from soildesk.plots.models import Expert, PlotEvent, Report
from soildesk.plots.queries.plots import version_of
from soilrules.plots import conflicts
from soilrules.plots.conflicts import Judged, PartyOfReport


def parties_of(report: Report) -> list[PartyOfReport]:
    """Consultant, client, laboratories, holder, responsible party and contractors, as far as they are known."""
    version = version_of(report.plot_id, report.finished_on)
    named = [(report.author, report.author_code), (report.client, "")]
    named += [(one, "") for one in report.batches.values_list("laboratory", flat=True)]
    if version is not None:
        named += [(version.holder, version.holder_code), (version.responsible, version.responsible_code)]
        named += [(version.responsible_person, "")]
    works = PlotEvent.objects.filter(superseded_at=None, plot=report.plot_id, kind="works_begun")
    named += [("", code) for data in works.values_list("data", flat=True) for code in data.get("contractors", ())]
    return [PartyOfReport(name, code) for name, code in dict.fromkeys(named) if name or code]


def judge(report: Report, expert: Expert, declared: bool | None) -> Judged:
    """Whether an expert may sit on the panel of a report."""
    asked = conflicts.Expert(expert.name, expert.employer, expert.employer_code, declared)
    return conflicts.judge_expert(asked, parties_of(report))
