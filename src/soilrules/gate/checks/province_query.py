"""The query of the national system: made by a person with its picture, and of one mind with what is on record here.

What it shows and nothing here knows of is never passed over; what is on record here decides as it does without it.
"""

from __future__ import annotations

from soilrules.gate.answers import answer, names, not_applicable, say
from soilrules.gate.case import Case
from soilrules.gate.checks.asked import profile_in_force
from soilrules.gate.facts import LISTS, Plot, ProvinceQuery
from soilrules.gate.results import CheckResult, Outcome
from soilrules.messages import Message
from soilrules.plots.lists import ListKey, plot_lists

CHECK = "province_query"
TONGUES = (("", "zh", "、"), ("_en", "en", ", "))
"""Both languages: the end of a param's name, the language, what stands between names."""


def check(case: Case) -> CheckResult:
    """Cannot say where a query was to be made and none with result and picture is on record, or it shows what is not here."""
    made = case.facts.query
    if made is not None and made.on > case.on:
        made = None
    if made is not None and _differs(case, made):
        return _two_records(case, made)
    if not _asked(case):
        return not_applicable(CHECK)
    if made is None or not (made.person.strip() and made.result.strip()):
        return answer(case, CHECK, Outcome.CANNOT_SAY, say(CHECK, "missing"))
    told = {"day": made.on.isoformat(), "person": made.person}
    if not made.attachment.strip():
        return answer(case, CHECK, Outcome.CANNOT_SAY, say(CHECK, "no_picture", **told))
    if made.found is None or (made.found and made.restricted is None):
        return answer(case, CHECK, Outcome.CANNOT_SAY, say(CHECK, "not_told", **told, result=made.result))
    found = say(CHECK, "made", **told, result=made.result)
    held = () if made.found or not _plots(case) else (say(CHECK, "only_here", **_ours(case)),)
    return answer(case, CHECK, Outcome.YES, found, *held)


def _asked(case: Case) -> bool:
    """Whether the act asks for a query: by a local rule, or where the use becomes sensitive."""
    profile = profile_in_force(case)
    local = profile is not None and case.act.id in profile.query_acts
    return local or (case.act.query and case.sensitive is not False and case.changes is not False)


def _differs(case: Case, made: ProvinceQuery) -> bool:
    """Whether it shows a list, a stage or a limit that is not on record here."""
    if not made.found:
        return False
    held = _plots(case)
    lists = set(made.lists) - {key for one in held for key in _lists(case, one)}
    stage = bool(made.stage) and made.stage not in {one.stage for one in held}
    limits = any(_lists(case, one) for one in held) or case.decisive(case.beside(case.polluted[1], case.suspected[1]))
    return bool(lists) or stage or (made.restricted is True and not limits)


def _two_records(case: Case, made: ProvinceQuery) -> CheckResult:
    told = say(CHECK, "differs", day=made.on.isoformat(), person=made.person, **_theirs(made), **_ours(case))
    return answer(case, CHECK, Outcome.CANNOT_SAY, told, change=say(CHECK, "change_differs"))


def _plots(case: Case) -> tuple[Plot, ...]:
    """Plots on record that lie on the ground, slivers apart."""
    return tuple(one for one in case.facts.plots if case.decisive(case.under({one.id})))


def _lists(case: Case, plot: Plot) -> list[str]:
    return [key for key in LISTS if plot.listed(key, case.on)]


def _theirs(made: ProvinceQuery) -> dict[str, str]:
    """What the national system shows, in both languages."""
    limit = {True: "limited", False: "not_limited", None: "limit_unknown"}[made.restricted]
    return {f"theirs{end}": f"{_shown(made.stage, made.lists, tongue, between)}{between}{say(CHECK, limit).sentence(tongue)}"
            for end, tongue, between in TONGUES}  # fmt: skip


def _ours(case: Case) -> dict[str, str]:
    """What is on record here, in both languages."""
    held = _plots(case)
    told = {
        end: [f"{names([one])} ({_shown(one.stage, _lists(case, one), tongue, between)})" for one in held]
        for end, tongue, between in TONGUES
    }
    return {f"ours{end}": between.join(told[end]) or say(CHECK, "nothing").sentence(tongue)
            for end, tongue, between in TONGUES}  # fmt: skip


def _shown(stage: str, lists: tuple[str, ...] | list[str], tongue: str, between: str) -> str:
    """A stage and the lists by their names."""
    at = Message("plots", "stages", stage) if stage else say(CHECK, "no_stage")
    held = [plot_lists()[ListKey(key)].name(tongue) for key in lists] or [say(CHECK, "no_list").sentence(tongue)]
    return between.join((at.sentence(tongue), *held))
