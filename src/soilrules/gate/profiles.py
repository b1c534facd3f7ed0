"""Local rules of a place as data: uses and grounds it adds, moments it names, hints it gives, each with its clause and force.

A place without a profile in force has no local rules on record, which is not the same as having none. A desk may keep
profiles of its own and read them with `read_profile`. Shipped: data/gate/profiles. The limit of a province may say how
it is counted (`most`, `unit`, from the receipt of the notice); where it does not, no day is made of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from soilrules.bases import Basis
from soilrules.gate.acts import acts
from soilrules.gate.kinds import PastKind, PlanState, Transfer
from soilrules.gate.results import Force
from soilrules.gate.uses import groups
from soilrules.plots.deadlines import DeadlineRule, Unit
from soilrules.plots.deadlines import Kind as DueKind
from soilrules.statistics.rule_data import mark_of
from soilrules.strict import Record, load_yaml

CHECKS = (
    "use_sequence",
    "local_sensitive_use",
    "local_triggers",
    "local_unsuitable",
    "local_hints",
    "local_reply",
)
_PROFILE_KEYS = ("division", "title", "since", "until", "checked_on", "reading", "number", "source", "query_acts",
                 "survey_valid", "limit", "review_level", "rows", "moments")  # fmt: skip
_ROW_KEYS = ("id", "check", "acts", "groups", "ground", "kinds", "force", "article", "words", "mark")
_LIMIT_KEYS = ("article", "words", "mark", "most", "unit")
_MOMENT_KEYS = ("id", "when", "acts", "force", "article", "words", "mark")


class GroundState(StrEnum):
    """The state of ground a local row bites on."""

    UNCOVERED = "uncovered"  # no exit covers it
    CHANGE_UNCOVERED = "change_uncovered"  # the use changes and no exit covers it
    UNSURVEYED = "unsurveyed"  # one of `kinds` stood there and no survey was accepted
    SURVEY_OWED = "survey_owed"  # the law wants it surveyed or assessed and that is not done
    LISTED = "listed"  # a plot on the list of suspected or polluted ground lies there
    POLLUTED = "polluted"
    HIGH_RISK_UNSURVEYED = "high_risk_unsurveyed"
    STRICT_FARMLAND = "strict_farmland"
    PRIORITY_FARMLAND = "priority_farmland"  # priority farmland where a project that may pollute the soil is to stand
    NEIGHBOUR_UNFINISHED = "neighbour_unfinished"


@dataclass(frozen=True, slots=True)
class LocalRow:
    """One local rule. `acts`: empty means every act local rules are asked for; `groups`: empty means every one."""

    id: str
    check: str
    acts: frozenset[str]
    groups: frozenset[str]
    ground: GroundState
    kinds: frozenset[PastKind]
    force: Force
    basis: Basis


@dataclass(frozen=True, slots=True)
class Moment:
    """One row of the table of moments: in this state the survey is to be done before any of these acts."""

    id: str
    plan_state: PlanState | None
    transfer: Transfer | None
    recalled_before: date | None
    recalled_from: date | None
    acts: frozenset[str]
    force: Force
    basis: Basis

    def may_hold(self, plan_state: PlanState | None, transfer: Transfer | None, recalled_on: date | None) -> bool:
        """Whether the row may be the one that holds; what is not known rules nothing out."""
        if self.plan_state and plan_state and self.plan_state is not plan_state:
            return False
        if self.transfer and transfer and self.transfer is not transfer:
            return False
        if recalled_on is None:
            return True
        before = self.recalled_before is None or recalled_on < self.recalled_before
        return before and (self.recalled_from is None or self.recalled_from <= recalled_on)


@dataclass(frozen=True, slots=True)
class Validity:
    """A fixed validity of reports that a local rule states."""

    months: int
    basis: Basis


class ReviewLevel(StrEnum):
    """Which level reviews reports."""

    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"


@dataclass(frozen=True, slots=True)
class Profile:
    """The local rules of a division, half-open in time. `checked_on`: the day somebody last compared them with the text.

    `limit_rule`: the limit of the province as a term that can be counted; None where its words give no number.
    """

    division: str
    title: str
    since: date
    until: date | None
    checked_on: date
    query_acts: frozenset[str]
    survey_valid: Validity | None
    limit: Basis | None
    rows: tuple[LocalRow, ...]
    moments: tuple[Moment, ...]
    number: str = ""
    source: str = ""
    limit_rule: DeadlineRule | None = None
    review_level: tuple[ReviewLevel, Basis] | None = None

    def in_force(self, on: date) -> bool:
        """Whether it holds on a day."""
        return self.since <= on and (self.until is None or on < self.until)


def profile_of(division: str, on: date) -> Profile | None:
    """The shipped profile in force in a division on a day: that of the smallest place it lies in; None without one.

    >>> profile_of("140602", date(2021, 6, 1)).title
    '朔州市土壤污染防治2021年行动计划'
    """
    held = [one for key, one in profiles().items() if division.startswith(key) and one.in_force(on)]
    return max(held, key=lambda one: len(one.division), default=None)


@cache
def profiles() -> Mapping[str, Profile]:
    """The shipped profiles by division. Raises BadRuleData."""
    folder = files("soilrules") / "data" / "gate" / "profiles"
    sources = sorted((one for one in folder.iterdir() if one.name.endswith(".yaml")), key=lambda one: one.name)
    found = [read_profile(Record(load_yaml(one), one.name)) for one in sources]
    return MappingProxyType({one.division: one for one in found})


def read_profile(record: Record) -> Profile:
    """A profile from its rows. Raises BadRuleData."""
    record.only(*_PROFILE_KEYS)
    since, until = record.day("since"), record.day_or_none("until")
    if until is not None and until <= since:
        raise record.error(f"until is {until}; expected a day after {since}")
    valid, limit, review = (record.mapping(one) for one in ("survey_valid", "limit", "review_level"))
    return Profile(
        division=record.text("division"),
        title=record.text("title"),
        since=since,
        until=until,
        checked_on=record.day("checked_on"),
        query_acts=_acts(record, "query_acts"),
        survey_valid=_validity(valid, record) if valid.row else None,
        limit=_limit(limit, record) if limit.row else None,
        rows=tuple(_row(Record(one, f"{record.place} {one.get('id')}"), record) for one in record.mappings("rows")),
        moments=tuple(
            _moment(Record(one, f"{record.place} {one.get('id')}"), record) for one in record.mappings("moments")
        ),
        number=record.text("number", ""),
        source=record.text("source", ""),
        limit_rule=_limit_rule(limit, record) if limit.row else None,
        review_level=_review(review, record) if review.row else None,
    )


def _row(record: Record, profile: Record) -> LocalRow:
    record.only(*_ROW_KEYS)
    if (check := record.text("check")) not in CHECKS:
        raise record.error(f"check is {check!r}; expected one of {', '.join(CHECKS)}")
    ground = record.choice("ground", GroundState)
    kinds = frozenset(_choice(record, "kinds", one) for one in record.texts("kinds"))
    if (ground is GroundState.UNSURVEYED) != bool(kinds):
        raise record.error("kinds go with ground unsurveyed; expected both or neither")
    if unknown := [one for one in record.texts("groups") if one not in groups()]:
        raise record.error(f"groups has {', '.join(unknown)}; expected {', '.join(groups())}")
    return LocalRow(
        id=record.text("id"),
        check=check,
        acts=_acts(record, "acts"),
        groups=frozenset(record.texts("groups")),
        ground=ground,
        kinds=kinds,
        force=_force(record),
        basis=_cited(record, profile, record.text("id")),
    )


def _moment(record: Record, profile: Record) -> Moment:
    record.only(*_MOMENT_KEYS)
    when = record.mapping("when")
    when.only("plan_state", "transfer", "recalled_before", "recalled_from")
    return Moment(
        id=record.text("id"),
        plan_state=when.choice("plan_state", PlanState) if "plan_state" in when.row else None,
        transfer=when.choice("transfer", Transfer) if "transfer" in when.row else None,
        recalled_before=when.day_or_none("recalled_before"),
        recalled_from=when.day_or_none("recalled_from"),
        acts=_acts(record, "acts"),
        force=_force(record),
        basis=_cited(record, profile, record.text("id")),
    )


def _force(record: Record) -> Force:
    force = record.choice("force", Force)
    if force is Force.STATUTORY:
        raise record.error("force is statutory; a local plan makes no statutory ban, expected another")
    return force


def _choice(record: Record, key: str, word: str) -> PastKind:
    return Record({key: word}, record.place).choice(key, PastKind)


def _acts(record: Record, key: str) -> frozenset[str]:
    names = record.texts(key)
    if unknown := [one for one in names if one not in acts()]:
        raise record.error(f"{key} has {', '.join(unknown)}; expected {'、'.join(acts())}")
    if national := [one for one in names if not acts()[one].local]:
        raise record.error(f"{key} has {', '.join(national)}, for which no local rules are asked; expected others")
    return frozenset(names)


def _validity(record: Record, profile: Record) -> Validity:
    record.only("months", "article", "words", "mark")
    months = record.row.get("months")
    if not isinstance(months, int) or months < 1:
        raise record.error(f"months is {months!r}; expected a whole number above zero")
    return Validity(months, _cited(record, profile, "survey_valid"))


def _limit(record: Record, profile: Record) -> Basis:
    record.only(*_LIMIT_KEYS)
    return _cited(record, profile, "limit")


def _limit_rule(record: Record, profile: Record) -> DeadlineRule | None:
    """The limit as a term from the receipt of the notice."""
    if "most" not in record.row and "unit" not in record.row:
        return None
    most = record.row.get("most")
    if not isinstance(most, int) or most < 1:
        raise record.error(f"most is {most!r}; expected a whole number above zero")
    cited = _cited(record, profile, "limit")
    return DeadlineRule(
        id=cited.id,
        standard=cited.law,
        source=cited.article,
        mark=cited.mark,
        in_use=True,
        since=cited.since,
        until=cited.until,
        reading=cited.words,
        numbers={"most": Decimal(most)},
        kind=DueKind.PROVINCE_LIMIT,
        division=profile.text("division"),
        starts="received_on",
        unit=record.choice("unit", Unit),
        bases=("code.survey_change",),
    )


def _review(record: Record, profile: Record) -> tuple[ReviewLevel, Basis]:
    record.only("level", "article", "words", "mark")
    return record.choice("level", ReviewLevel), _cited(record, profile, "review_level")


def _cited(record: Record, profile: Record, name: str) -> Basis:
    return Basis(
        id=f"gate.{profile.text('division')}.{name}",
        law=profile.text("title"),
        article=f"“{record.text('article')}”",
        words=record.text("words"),
        since=profile.day("since"),
        until=profile.day_or_none("until"),
        replaced_by="",
        mark=mark_of(record) if "mark" in record.row else "S",
        source=f"{profile.text('source', '') or 'the plan'}; {profile.text('reading', '')}",
    )
