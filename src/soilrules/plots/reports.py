"""Reports of a plot: the contents that are read, who reviews them, and whether a report's conclusion stands.

Data: data/plots/reports.yaml.
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

from soilrules.bases import Basis, bases_on, known_bases
from soilrules.enterprises.lists import Level
from soilrules.messages import LANGUAGES, Message, catalogue
from soilrules.plots.lists import ROOM, acts_at
from soilrules.statistics.rule_data import mark_of
from soilrules.strict import BadRuleData, Readable, Record, load_yaml

Value = str | bool | Decimal | date | None


class ReportKind(StrEnum):
    """A report of a plot, in the order of its life."""

    PRELIMINARY = "preliminary"
    DETAILED = "detailed"
    RISK_ASSESSMENT = "risk_assessment"
    CONTROL_PLAN = "control_plan"
    REMEDIATION_PLAN = "remediation_plan"
    EFFECT_EVALUATION = "effect_evaluation"
    AFTERCARE = "aftercare"


class FieldKind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    FLAG = "flag"
    NUMBER = "number"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Field:
    """One content that is read. `when`: the field it depends on and the answers it is asked for; `optional`: a report may lack it."""

    key: str
    kind: FieldKind
    values: tuple[str, ...]
    when: Mapping[str, tuple[str, ...]]
    must_be: bool
    bases: tuple[str, ...]
    mark: str
    optional: bool = False

    def name(self, language: str = "zh") -> str:
        """What the field is called."""
        return Message(ROOM, "fields", self.key).sentence(language)

    def asked(self, values: Mapping[str, Value]) -> bool:
        """Whether it is asked, by what was answered before it."""
        return all(str(values.get(name)).lower() in answers for name, answers in self.when.items())


@dataclass(frozen=True, slots=True)
class ReportType:
    """One kind of report. `conclusion`: the field that says what it finds."""

    key: ReportKind
    reviewers: frozenset[Level]
    filed_with: frozenset[Level]
    lab: bool
    conclusion: str
    fields: tuple[Field, ...]
    bases: tuple[str, ...]

    def name(self, language: str = "zh") -> str:
        """What the report is called."""
        return Message(ROOM, "reports", self.key).sentence(language)

    def fields_on(self, on: date, values: Mapping[str, Value] | None = None) -> tuple[Field, ...]:
        """The fields asked on a day, by what was answered."""
        return tuple(one for one in self.fields if bases_on(one.bases, on) and one.asked(values or {}))


@dataclass(frozen=True, slots=True)
class LocalReviewer:
    """A place whose regulation names the level that reviews."""

    division: str
    report: ReportKind
    reviewers: frozenset[Level]
    since: date
    until: date | None
    bases: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class Separation:
    """Groups of activities one firm may not mix on one plot."""

    id: str
    division: str
    groups: tuple[tuple[str, ...], ...]
    bases: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class ReportData:
    """All of data/plots/reports.yaml."""

    reports: Mapping[ReportKind, ReportType]
    local_reviewers: tuple[LocalReviewer, ...]
    separate: tuple[Separation, ...]


@dataclass(frozen=True, slots=True)
class Completeness:
    """Whether a report has what is read; `missing` are the fields it lacks."""

    complete: bool
    missing: tuple[Field, ...]
    message: Message


@dataclass(frozen=True, slots=True)
class Review:
    """Whether an office reviews a report, together with natural resources."""

    may: bool
    levels: frozenset[Level]
    message: Message
    bases: tuple[Basis, ...]


@dataclass(frozen=True, slots=True)
class LocalLevel:
    """The level that reviews where the law leaves it open, as the local rules adopted at a place say it."""

    level: Level
    basis: Basis


class Agreement(StrEnum):
    """How a report's own conclusion stands to the computed one."""

    AGREES = "agrees"
    EXPLAINED = "explained"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The two conclusions beside each other."""

    agreement: Agreement
    message: Message


def report_types() -> Mapping[ReportKind, ReportType]:
    """The kinds of reports.

    >>> report_types()[ReportKind.CONTROL_PLAN].filed_with == {Level.COUNTY, Level.CITY}
    True
    """
    return report_data().reports


def check_report(kind: ReportKind, values: Mapping[str, Value], on: date) -> Completeness:
    """Whether a report has every content that is read on a day. Raises ValueError for a value of another kind.

    >>> check_report(ReportKind.AFTERCARE, {"monitoring_plan": "…", "use_limits": "…"}, date(2026, 9, 1)).missing[0].key
    'until'
    """
    held = report_types()[kind]
    _check_values(held, values)
    missing = tuple(one for one in held.fields_on(on, values) if _lacks(one, values.get(one.key)))
    names = {f"fields_{one}": _join(tuple(field.name(one) for field in missing), one) for one in LANGUAGES}
    words = {f"report_{one}": held.name(one) for one in LANGUAGES}
    message = Message(ROOM, "completeness", "missing" if missing else "complete", {**words, **names})
    return Completeness(not missing, missing, message)


def may_review(
    kind: ReportKind,
    level: Level,
    acting_for: Level | None = None,
    *,
    division: str = "",
    stated: LocalLevel | None = None,
    on: date,
) -> Review:
    """Whether the ecology bureau of a level reviews a report with natural resources, by the law and the rules of the place.

    What local rules have `stated` counts where the law names several levels and no regulation one of them.

    >>> may_review(ReportKind.RISK_ASSESSMENT, Level.CITY, on=date(2026, 9, 1)).may
    False
    """
    held = report_types()[kind]
    local = [
        one
        for one in report_data().local_reviewers
        if one.report is kind
        and division.startswith(one.division)
        and one.since <= on
        and (one.until is None or on < one.until)
    ]
    levels = local[0].reviewers if local else held.reviewers
    bases = bases_on((*held.bases, *(basis for one in local for basis in one.bases)), on)
    if stated is not None and not local and len(held.reviewers) > 1:
        levels, bases = frozenset({stated.level}), (*bases, stated.basis)
    may = acts_at(level, acting_for) in levels
    name = "filed_only" if not levels else "reviews" if may else "reviewed_by"
    at = levels or held.filed_with
    words = {f"levels_{one}": _levels(at, one) for one in LANGUAGES}
    words |= {f"report_{one}": held.name(one) for one in LANGUAGES}
    return Review(may, levels, Message(ROOM, "review", name, words), bases)


def compare(own: str | None, computed: str | None, explanation: str = "") -> Comparison:
    """A report's own conclusion beside the computed one; a difference stands only with an explanation.

    >>> compare("within", "exceeds").agreement
    <Agreement.DIFFERS: 'differs'>
    """
    if not own or not computed:
        return Comparison(Agreement.UNKNOWN, Message(ROOM, "comparison", "no_own" if not own else "no_computed"))
    if own == computed:
        return Comparison(Agreement.AGREES, Message(ROOM, "comparison", "agrees", _conclusions(own, computed)))
    agreement = Agreement.EXPLAINED if explanation.strip() else Agreement.DIFFERS
    params = {**_conclusions(own, computed), "explanation": explanation}
    return Comparison(agreement, Message(ROOM, "comparison", agreement, params))


def _conclusions(own: str, computed: str) -> dict[str, str]:
    words = catalogue(ROOM)["conclusions"]
    both = (("own", own), ("computed", computed))
    return {f"{name}_{one}": words.get(value, {one: value})[one] for name, value in both for one in LANGUAGES}


_TYPES: Mapping[FieldKind, type | tuple[type, ...]] = {
    FieldKind.TEXT: str,
    FieldKind.FLAG: bool,
    FieldKind.NUMBER: Decimal,
    FieldKind.DAY: date,
}


def _check_values(held: ReportType, values: Mapping[str, Value]) -> None:
    fields = {one.key: one for one in held.fields}
    if unknown := [key for key in values if key not in fields]:
        raise ValueError(
            f"{held.key}: {', '.join(unknown)} is no content that is read; expected some of {', '.join(fields)}."
        )
    for key, value in values.items():
        field = fields[key]
        if value in (None, ""):
            continue
        if not isinstance(value, _TYPES[field.kind]) or (field.values and value not in field.values):
            raise ValueError(
                f"{held.key}: {key} is {value!r}; expected {', '.join(field.values) or f'a {field.kind}'}."
            )


def _lacks(field: Field, value: Value) -> bool:
    if field.optional:
        return False
    if field.must_be:
        return value is not True
    return value is None or (isinstance(value, str) and not value.strip())


@cache
def report_data() -> ReportData:
    """The data of data/plots/reports.yaml. Raises BadRuleData."""
    return reports_in(files("soilrules") / "data" / "plots" / "reports.yaml")


def reports_in(source: Readable) -> ReportData:
    """The reports of a file. Raises BadRuleData."""
    top = Record(load_yaml(source), source.name)
    top.only("reports", "local_reviewers", "separate")
    reports = [_report(Record(row, f"{source.name} {row.get('key')}")) for row in top.mappings("reports")]
    if [one.key for one in reports] != list(ReportKind):
        raise BadRuleData(f"{source.name}: expected each of {', '.join(ReportKind)} once, in this order.")
    local = tuple(_local(Record(row, f"{source.name} local")) for row in top.mappings("local_reviewers"))
    separate = tuple(_separation(Record(row, f"{source.name} {row.get('id')}")) for row in top.mappings("separate"))
    return ReportData(MappingProxyType({one.key: one for one in reports}), local, separate)


def _report(record: Record) -> ReportType:
    record.only("key", "reviewers", "filed_with", "lab", "conclusion", "bases", "fields")
    fields = tuple(_field(Record(row, f"{record.place} {row.get('key')}")) for row in record.mappings("fields"))
    keys = [one.key for one in fields]
    asked_of = {name for one in fields for name in one.when} | (
        {record.text("conclusion")} if "conclusion" in record.row else set()
    )
    if len(set(keys)) < len(keys) or not asked_of <= set(keys):
        raise record.error(f"fields has {', '.join(keys)}; expected each once, and those that others depend on")
    return ReportType(
        key=record.choice("key", ReportKind),
        reviewers=_level_set(record, "reviewers"),
        filed_with=_level_set(record, "filed_with"),
        lab=record.true("lab"),
        conclusion=record.text("conclusion", ""),
        fields=fields,
        bases=known_bases(record),
    )


def _field(record: Record) -> Field:
    record.only("key", "kind", "values", "when", "must_be", "optional", "bases", "mark")
    when = record.mapping("when").row
    bases = known_bases(record)
    if not bases:
        raise record.error("expected a citation")
    return Field(
        key=record.text("key"),
        kind=record.choice("kind", FieldKind),
        values=record.texts("values"),
        when=MappingProxyType({str(name): _answers(value) for name, value in when.items()}),
        must_be=record.true("must_be"),
        bases=bases,
        mark=mark_of(record),
        optional=record.true("optional"),
    )


def _answers(value: object) -> tuple[str, ...]:
    return tuple(str(one).lower() for one in (value if isinstance(value, list) else [value]))


def _local(record: Record) -> LocalReviewer:
    record.only("division", "report", "reviewers", "since", "until", "bases", "mark")
    return LocalReviewer(
        division=record.text("division"),
        report=record.choice("report", ReportKind),
        reviewers=_level_set(record, "reviewers"),
        since=record.day("since"),
        until=record.day_or_none("until"),
        bases=known_bases(record),
        mark=mark_of(record),
    )


def _separation(record: Record) -> Separation:
    record.only("id", "division", "groups", "bases", "mark")
    groups = record.row.get("groups")
    if not isinstance(groups, list) or len(groups) < 2:
        raise record.error(f"groups is {groups!r}; expected two or more")
    return Separation(
        id=record.text("id"),
        division=record.text("division", ""),
        groups=tuple(tuple(str(one) for one in group) for group in groups),
        bases=known_bases(record),
        mark=mark_of(record),
    )


def _level_set(record: Record, key: str) -> frozenset[Level]:
    levels = record.texts(key)
    if unknown := [one for one in levels if one not in list(Level)]:
        raise record.error(f"{key} has {', '.join(unknown)}; expected some of {', '.join(Level)}")
    return frozenset(Level(one) for one in levels)


def _levels(levels: frozenset[Level], language: str) -> str:
    words = catalogue(ROOM)["levels"]
    return _join(tuple(words[one][language] for one in Level if one in levels), language)


def _join(words: tuple[str, ...], language: str) -> str:
    return {"zh": "、", "en": ", "}[language].join(words)
