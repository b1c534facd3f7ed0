"""What the question itself must bring: a use that can be read, local rules on record."""

from __future__ import annotations

from collections.abc import Sequence

from soilrules.gate.answers import answer, not_applicable, say
from soilrules.gate.case import Case
from soilrules.gate.facts import RegisteredUse
from soilrules.gate.profiles import Profile
from soilrules.gate.results import CheckResult, Force, Outcome
from soilrules.gate.rules import cited_on
from soilrules.gate.uses import Meaning, groups, read_use, scheme_name
from soilrules.messages import Message


def planned_use(case: Case) -> CheckResult:
    """Cannot say where a use is not known, or a code means different land in different classifications."""
    check = "planned_use"
    if not case.use.parts:
        return answer(case, check, Outcome.CANNOT_SAY, say(check, "missing"), bases=())
    if not case.use.known:
        return answer(case, check, Outcome.CANNOT_SAY, say(check, "unknown", use=case.facts.use), bases=())
    if case.use.choices:
        told = say(check, "ambiguous", use=case.facts.use, **_choices(case.use.choices))
        return answer(case, check, Outcome.CANNOT_SAY, told, bases=())
    if case.use.groups == {"undetermined"}:
        return answer(case, check, Outcome.CANNOT_SAY, say(check, "undetermined", use=case.facts.use), bases=())
    named = sorted(case.use.groups)
    told_as = {"zh": "、".join(groups()[one][0] for one in named), "en": ", ".join(groups()[one][1] for one in named)}
    return answer(case, check, Outcome.YES, say(check, "read", use=case.facts.use, **told_as), bases=())


def _choices(found: Sequence[Meaning]) -> dict[str, str]:
    """What a code means in each classification, by its name, in both languages."""
    return {
        "choices": "；".join(f"{scheme_name(one.scheme)}中是{one.zh}（{one.code}）" for one in found),
        "choices_en": "; ".join(f"{one.en} ({one.code}) in {scheme_name(one.scheme, 'en')}" for one in found),
    }


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
    told = say(check, "held", title=profile.title, since=profile.since.isoformat(), day=profile.checked_on.isoformat())
    return answer(case, check, Outcome.YES, told, place=profile.division)


def profile_in_force(case: Case) -> Profile | None:
    """The local rules of the day."""
    profile = case.facts.profile
    return profile if profile is not None and profile.in_force(case.on) else None


def registered_use(case: Case) -> CheckResult:
    """A hint where plots or parcels on the ground are on record for another planned use; who changes that is told."""
    check = "registered_use"
    if not case.use.known or case.use.choices:
        return not_applicable(check)
    held = dict.fromkeys(case.facts.registered)
    if not held:
        return answer(case, check, Outcome.YES, say(check, "none"))
    told = [sentence for one in held if (sentence := _other(case, one))]
    return answer(case, check, Outcome.YES, *(told or [say(check, "clear")]))


def _other(case: Case, one: RegisteredUse) -> Message | None:
    """What is told of one planned use on record; nothing where it is the one asked for."""
    check, read = "registered_use", read_use(one.use, one.scheme)
    read = read if read.known else read_use(one.use)  # a code of another classification than the one it is kept under
    if not read.known or read.choices:
        return say(check, "unread", plot=one.name, registered=one.use)
    if read.groups == case.use.groups:
        return None
    named = sorted(read.groups)
    meaning = {
        "meaning": "、".join(groups()[each][0] for each in named),
        "meaning_en": ", ".join(groups()[each][1] for each in named),
    }
    return say(check, "differs", asked=case.facts.use, plot=one.name, registered=one.use, **meaning)
