"""What the question itself must bring: a use that can be read, the query of the national system, local rules on record."""

from __future__ import annotations

from soilrules.gate.answers import answer, not_applicable, say
from soilrules.gate.case import Case
from soilrules.gate.profiles import Profile
from soilrules.gate.results import CheckResult, Force, Outcome
from soilrules.gate.rules import cited_on
from soilrules.gate.uses import groups


def planned_use(case: Case) -> CheckResult:
    """Cannot say where a use is not known, or a code means different land in different classifications."""
    check = "planned_use"
    if not case.use.known:
        return answer(case, check, Outcome.CANNOT_SAY, say(check, "unknown", use=case.facts.use), bases=())
    if case.use.choices:
        told = "；".join(f"{one.scheme} {one.code} {one.zh}" for one in case.use.choices)
        return answer(
            case, check, Outcome.CANNOT_SAY, say(check, "ambiguous", use=case.facts.use, choices=told), bases=()
        )
    if case.use.groups == {"undetermined"}:
        return answer(case, check, Outcome.CANNOT_SAY, say(check, "undetermined", use=case.facts.use), bases=())
    named = sorted(case.use.groups)
    told_as = {"zh": "、".join(groups()[one][0] for one in named), "en": ", ".join(groups()[one][1] for one in named)}
    return answer(case, check, Outcome.YES, say(check, "read", use=case.facts.use, **told_as), bases=())


def province_query(case: Case) -> CheckResult:
    """Cannot say where the national system was to be asked and no query with its result and its picture is on record."""
    check = "province_query"
    profile = profile_in_force(case)
    local = profile is not None and case.act.id in profile.query_acts
    if not local and not (case.act.query and case.sensitive is not False and case.changes is not False):
        return not_applicable(check)
    made = case.facts.query
    if made is None or made.on > case.on or not (made.person.strip() and made.result.strip()):
        return answer(case, check, Outcome.CANNOT_SAY, say(check, "missing"))
    if not made.attachment.strip():
        told = say(check, "no_picture", day=made.on.isoformat(), person=made.person)
        return answer(case, check, Outcome.CANNOT_SAY, told)
    told = say(check, "made", day=made.on.isoformat(), person=made.person, result=made.result)
    return answer(case, check, Outcome.YES, told)


def province_limit(case: Case) -> CheckResult:
    """A hint: the law of the day leaves the limit of the survey to the province; what is not on record is not guessed."""
    check = "province_limit"
    if not cited_on(check, case.on) or case.sensitive is False or case.changes is False:
        return not_applicable(check)
    profile = profile_in_force(case)
    if profile is None or profile.limit is None:
        return answer(case, check, Outcome.YES, say(check, "missing"))
    limit = profile.limit
    told = say(check, "limit", cited=limit.cited, words=limit.words)
    return answer(case, check, Outcome.YES, told, bases=(*cited_on(check, case.on), limit), place=profile.division)


def local_rules(case: Case) -> CheckResult:
    """Cannot say where local rules may hold at the act and none are on record for the day."""
    check = "local_rules"
    if not case.act.local:
        return not_applicable(check)
    profile = profile_in_force(case)
    if profile is None:
        return answer(case, check, Outcome.CANNOT_SAY, say(check, "missing"), force=Force.LOCAL_DUTY)
    told = say(check, "held", title=profile.title, day=profile.checked_on.isoformat())
    return answer(case, check, Outcome.YES, told, place=profile.division)


def profile_in_force(case: Case) -> Profile | None:
    """The local rules of the day."""
    profile = case.facts.profile
    return profile if profile is not None and profile.in_force(case.on) else None
