"""The form of one kind of event: day, who decided, document, paper, and the facts its guards ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.enterprises.sentences import language, said
from soildesk.enterprises.services.firms import valid_code
from soildesk.kit.day import parse_day
from soildesk.land.pages.forms import Day
from soildesk.plots.factwords import VALUE_WORDS
from soildesk.plots.lifefacts import cited
from soildesk.plots.lifewords import fact_name
from soildesk.plots.services.events import Document, Told
from soildesk.plots.words import level_name
from soilrules.bases import bases_on
from soilrules.enterprises.lists import Level
from soilrules.plots.lifedata import OF_THE_FACT, FactKind, FactSpec, Guard, GuardKind, Transition, life_table
from soilrules.plots.lists import list_data
from soilrules.plots.state import EventKind

TOLD_BESIDE = {"number": "document", "file": "file", "reason": "note"}
"""Facts that the document, the paper and the note of an event tell, by the name of their field."""
OF_A_RECORD = "record_number"
"""The guard of what is taken over from the national system: its number is that of the record there."""
BRANCH = "branch"
UNKNOWN = [("", _l("没有资料"))]
YES_NO = [*UNKNOWN, ("1", _l("是")), ("0", _l("否"))]


class EventForm(forms.Form):
    """An event; its fields follow from its row in the table."""

    on = forms.DateField(label=_l("日期"), widget=Day)
    authority = forms.CharField(label=_l("决定机关"), max_length=120, required=False)
    level = forms.ChoiceField(label=_l("机关层级"), required=False)
    in_name_of = forms.CharField(
        label=_l("以何机关名义"),
        max_length=120,
        required=False,
        help_text=_l("分局填写所在市的生态环境局；其他机关留空。"),
    )
    document = forms.CharField(label=_l("文号（批次号）"), max_length=120, required=False)
    file = forms.FileField(label=_l("文件"), required=False)
    note = forms.CharField(label=_l("理由、说明"), max_length=500, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row: Transition = life_table().transitions[EventKind(kind)]
        self._choose_levels()
        for key in asked_facts(self.row):
            self.fields[key] = _field(life_table().facts[key])
        self._require()
        self.order_fields(
            ["on", "authority", "level", "in_name_of", "document", *asked_facts(self.row), "file", "note"]
        )

    def _choose_levels(self) -> None:
        if not self.row.by:
            del self.fields["authority"], self.fields["level"], self.fields["in_name_of"]
            return
        choices = [(str(one), level_name(one)) for one in Level if one in self.row.by]
        branches = [to for level, to in list_data().acting_for if to in self.row.by and level is Level.COUNTY]
        choices += [(BRANCH, _("分局（以%(level)s机关名义）") % {"level": level_name(one)}) for one in branches]
        if not branches:
            del self.fields["in_name_of"]
        self.fields["level"].choices = choices  # type: ignore[attr-defined]
        self.fields["level"].error_messages["invalid_choice"] = _(
            "“%(event)s”由%(levels)s决定，请照文件选择%(basis)s。"
        ) % {
            "event": self.row.name(language()),
            "levels": "、".join(level_name(one) for one in Level if one in self.row.by),
            "basis": _basis(cited(bases_on(self.row.bases, self.day()))),
        }
        self.fields["authority"].help_text = _("照文件填写作出决定的机关；本级不决定的，只登记其决定。")

    def _require(self) -> None:
        """What a guard asks of the event is no choice: the field says so in the rule's words, with its article."""
        for guard in self.row.guards:
            if guard.id == OF_A_RECORD:
                self.fields["document"].label = _("全国系统的记录号")
            name = TOLD_BESIDE.get(guard.fact, guard.fact)
            if guard.kind in OF_THE_FACT and name in self.fields:
                field = self.fields[name]
                field.required = (
                    guard.kind is not GuardKind.GIVEN_FOR
                )  # asked of some works only: the rule says of which
                field.error_messages["required"] = _asks(guard, self.row, self.day())
        for name in ("authority", "level"):
            if name in self.fields:
                self.fields[name].required = True

    def day(self) -> date:
        """The day the event is told of: the law of that day is cited."""
        return parse_day(str(self.data.get("on") or self.initial.get("on") or "")) or clock.today()

    def told(self) -> Told:
        """The event as it was filled in."""
        held = self.cleaned_data
        level, branch = held.get("level", ""), held.get("level") == BRANCH
        known = life_table().facts
        papers = {key: held.get(key) for key in asked_facts(self.row) if known[key].kind is FactKind.PAPER}
        facts = {key: _fact(known[key], held.get(key)) for key in asked_facts(self.row) if key not in papers}
        upload = held.get("file")
        return Told(
            kind=str(self.row.event),
            on=held["on"],
            authority=held.get("authority", ""),
            level=str(Level.COUNTY) if branch else level,
            acting_for=str(Level.CITY) if branch else "",
            in_name_of=held.get("in_name_of", "") if branch else "",
            document=held["document"],
            data=facts,
            note=held["note"],
            file=Document(upload.name, upload.read()) if upload else None,
            papers={key: Document(one.name, one.read()) for key, one in papers.items() if one},
        )


class BeginForm(forms.Form):
    """Since when a plot was one."""

    on = forms.DateField(label=_l("从哪一天起算"), widget=Day)
    reason = forms.CharField(label=_l("原因"), max_length=300)


def asked_facts(row: Transition) -> list[str]:
    """The facts a form asks for beyond document, paper and note."""
    more = ["works"] if any(one.kind is GuardKind.WORKS_TOLD for one in row.guards) else []
    more += ["column"] if row.event is EventKind.EFFECT_REACHED else []
    more += ["residual_above_first_class"] if row.sets_aftercare or row.event is EventKind.EFFECT_REACHED else []
    more += ["contractors"] if any(one.kind is GuardKind.INDEPENDENT for one in row.guards) else []
    more += ["violation"] if any(one.kind is GuardKind.VIOLATION for one in row.guards) else []
    return [key for key in dict.fromkeys((*row.facts, *more)) if key not in TOLD_BESIDE]


def _asks(guard: Guard, row: Transition, on: date) -> str:
    """What a guard asks, with the articles of a day."""
    basis = _basis(cited(bases_on(guard.bases or row.bases, on)))
    return _("要有：%(what)s%(basis)s。") % {"what": said(guard.asks), "basis": basis}


def _basis(articles: Sequence[str]) -> str:
    return _("（依据：%(articles)s）") % {"articles": "、".join(articles)} if articles else ""


def _field(spec: FactSpec) -> forms.Field:
    label = fact_name(spec.key)
    if spec.values:
        choices = [*UNKNOWN, *((value, VALUE_WORDS.get((spec.key, value), value)) for value in spec.values)]
        return forms.ChoiceField(label=label, choices=choices, required=False)
    if spec.kind is FactKind.DAY:
        return forms.DateField(label=label, widget=Day, required=False)
    if spec.kind is FactKind.PAPER:
        return forms.FileField(label=label, required=False)
    if spec.kind is FactKind.FLAG:
        return forms.ChoiceField(label=label, choices=YES_NO, required=False)
    if spec.kind is FactKind.CODES:
        return forms.CharField(label=label, max_length=200, required=False, help_text=_("18位；几家之间用“、”分开。"))
    return forms.CharField(label=label, max_length=200, required=False)


def _fact(spec: FactSpec, value: Any) -> Any:
    """A value of the form as the rules take it; what was left open is nothing."""
    if value in (None, ""):
        return None
    if spec.kind is FactKind.FLAG:
        return value == "1"
    if spec.kind is FactKind.CODES:
        return tuple(
            valid_code(one) for one in str(value).replace("，", "、").replace(",", "、").split("、") if one.strip()
        )
    return value
