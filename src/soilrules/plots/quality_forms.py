"""The four forms of quality supervision of a survey: their items, the answers, and the verdict that follows from them.

The verdict is computed: a reviewer adds words, not another verdict. Data: data/plots/quality_forms.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from soilrules.bases import known_bases
from soilrules.messages import Message
from soilrules.plots.lists import ROOM
from soilrules.statistics.rule_data import mark_of
from soilrules.strict import BadRuleData, Readable, Record, load_yaml


class FormKey(StrEnum):
    """A form."""

    PLAN = "plan"
    SAMPLING = "sampling"
    LABORATORY = "laboratory"
    REPORT = "report"


class Answer(StrEnum):
    """The answer to an item."""

    YES = "yes"  # 是
    NO = "no"  # 否
    UNSUPPORTED = "unsupported"  # 材料不支撑
    NOT_APPLICABLE = "not_applicable"  # 不适用


class FormRule(StrEnum):
    """How the verdict follows."""

    FAILS_ON_ANY_NO = "fails_on_any_no"
    STARRED_NO_IS_SERIOUS = "starred_no_is_serious"
    COUNTED = "counted"


class Verdict(StrEnum):
    """What the answers say; serious and failed are no pass."""

    PASSED = "passed"
    GENERAL = "general"  # 一般问题
    SERIOUS = "serious"  # 严重问题
    FAILED = "failed"  # 不通过, 不合格
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a form by its number."""

    no: str
    zh: str
    en: str
    starred: bool
    may_not_apply: bool


@dataclass(frozen=True, slots=True)
class Form:
    """One form."""

    key: FormKey
    zh: str
    en: str
    rule: FormRule
    unsupported: bool
    starred_no: int
    no_or_unsupported: int
    items: tuple[Item, ...]
    bases: tuple[str, ...]
    mark: str
    reading: str

    def answers_of(self, item: Item) -> tuple[Answer, ...]:
        """The answers an item may be given."""
        more = [Answer.UNSUPPORTED] if self.unsupported else []
        return (Answer.YES, Answer.NO, *more, *([Answer.NOT_APPLICABLE] if item.may_not_apply else []))


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict of a form, the items that decided it and those not answered."""

    form: Form
    verdict: Verdict
    deciding: tuple[Item, ...]
    unanswered: tuple[Item, ...]
    message: Message

    @property
    def passes(self) -> bool | None:
        """Whether it may go on; None while nobody can say."""
        return None if self.verdict is Verdict.UNKNOWN else self.verdict in (Verdict.PASSED, Verdict.GENERAL)


def judge_form(key: FormKey, answers: Mapping[str, Answer | None]) -> Judgement:
    """The verdict of a form by its answers, by number; unknown while one is missing. Raises ValueError.

    >>> judge_form(FormKey.PLAN, {str(no): Answer.YES for no in range(1, 13)}).verdict
    <Verdict.PASSED: 'passed'>
    """
    form = quality_forms()[key]
    _check_answers(form, answers)
    unanswered = tuple(one for one in form.items if answers.get(one.no) is None)
    if unanswered:
        return _judged(form, Verdict.UNKNOWN, (), unanswered)
    verdict, deciding = _verdict(form, answers)
    return _judged(form, verdict, deciding, ())


def _verdict(form: Form, answers: Mapping[str, Answer | None]) -> tuple[Verdict, tuple[Item, ...]]:
    no = tuple(one for one in form.items if answers[one.no] is Answer.NO)
    weak = tuple(one for one in form.items if answers[one.no] in (Answer.NO, Answer.UNSUPPORTED))
    starred = tuple(one for one in no if one.starred)
    if not weak:
        return Verdict.PASSED, ()
    if form.rule is FormRule.FAILS_ON_ANY_NO:
        return Verdict.FAILED, no
    if len(starred) >= form.starred_no:
        return Verdict.SERIOUS, starred
    if form.rule is FormRule.COUNTED and len(weak) >= form.no_or_unsupported:
        return Verdict.SERIOUS, weak
    return Verdict.GENERAL, weak


def _check_answers(form: Form, answers: Mapping[str, Answer | None]) -> None:
    items = {one.no: one for one in form.items}
    if unknown := [no for no in answers if no not in items]:
        raise ValueError(f"{form.key}: {', '.join(unknown)} is no item; expected 1 to {len(items)}.")
    for no, answer in answers.items():
        allowed = form.answers_of(items[no])
        if answer is not None and answer not in allowed:
            raise ValueError(f"{form.key} {no}: {answer} is no answer of this item; expected {', '.join(allowed)}.")


def _judged(form: Form, verdict: Verdict, deciding: tuple[Item, ...], unanswered: tuple[Item, ...]) -> Judgement:
    at_issue = unanswered or deciding
    params = {
        "form_zh": form.zh,
        "form_en": form.en,
        "items_zh": "、".join(f"{one.no}{one.zh}" for one in at_issue),
        "items_en": ", ".join(f"{one.no} {one.en}" for one in at_issue),
        "mark": form.mark,
    }
    return Judgement(form, verdict, deciding, unanswered, Message(ROOM, "quality", verdict, params))


def quality_forms() -> Mapping[FormKey, Form]:
    """The forms by key."""
    return _shipped()


@cache
def _shipped() -> Mapping[FormKey, Form]:
    return forms_in(files("soilrules") / "data" / "plots" / "quality_forms.yaml")


def forms_in(source: Readable) -> Mapping[FormKey, Form]:
    """The forms of a file. Raises BadRuleData."""
    top = Record(load_yaml(source), source.name)
    top.only("forms")
    forms = [_form(Record(row, f"{source.name} {row.get('key')}")) for row in top.mappings("forms")]
    if [one.key for one in forms] != list(FormKey):
        raise BadRuleData(f"{source.name}: expected each of {', '.join(FormKey)} once, in this order.")
    return MappingProxyType({one.key: one for one in forms})


def _form(record: Record) -> Form:
    record.only("key", "zh", "en", "rule", "unsupported", "numbers", "items", "bases", "mark", "reading")
    items = tuple(_item(Record(row, f"{record.place} {row.get('number')}")) for row in record.mappings("items"))
    if [one.no for one in items] != [str(no) for no in range(1, len(items) + 1)]:
        raise record.error("items are to be numbered from 1 without a gap")
    rule, numbers = record.choice("rule", FormRule), record.mapping("numbers")
    counted = rule is FormRule.COUNTED
    return Form(
        key=record.choice("key", FormKey),
        zh=record.text("zh"),
        en=record.text("en"),
        rule=rule,
        unsupported=record.true("unsupported"),
        starred_no=int(numbers.decimal("starred_no")) if counted else 1,
        no_or_unsupported=int(numbers.decimal("no_or_unsupported")) if counted else 1,
        items=items,
        bases=known_bases(record),
        mark=mark_of(record),
        reading=record.text("reading", ""),
    )


def _item(record: Record) -> Item:
    record.only("number", "zh", "en", "starred", "may_not_apply")
    return Item(
        record.text("number"),
        record.text("zh"),
        record.text("en"),
        record.true("starred"),
        record.true("may_not_apply"),
    )
