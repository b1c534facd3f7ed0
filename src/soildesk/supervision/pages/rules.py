"""The rules of slips of a place with their marks, a switch for each; offices, addresses, and the run of today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, may, require
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.filters import parse_day
from soildesk.kit.languages import called, language, listed
from soildesk.land.queries.choices import department, keepers
from soildesk.supervision import words
from soildesk.supervision.models import Mail, MailAddress, Office, Run, Slip, SlipRules
from soildesk.supervision.pages import leaders
from soildesk.supervision.pages.forms import AddressForm, OfficeForm
from soildesk.supervision.queries import mails, places
from soildesk.supervision.refusals import SupervisionRefused
from soildesk.supervision.services import issuing, ruling
from soildesk.supervision.services.ruling import RULES, Version
from soilrules.supervision.authorities import Act, Body, authorities, body_names
from soilrules.supervision.slips import Colour, Kind, To, customary

if TYPE_CHECKING:
    from soildesk.core.models import Division

NUMBERS = ("days", "within_days", "answer_days")
LONGEST_NUMBER = 6


def place_of(actor: Actor) -> Division:
    """The place the actor works in."""
    place = places.place_for(actor)
    if place is None:
        raise Http404("place")
    return place


@staff_page("supervision.read")
def rules(request: HttpRequest) -> HttpResponse:
    """What holds here today, who may do what, and the form of another version."""
    return _page(request)


def _page(request: HttpRequest, refused: str = "", typed: Any = None, **forms: Any) -> HttpResponse:
    actor = actor_of(request)
    place = place_of(actor)
    version = places.version_on(place, actor.today)
    standing = (places.rules_of(version) if version else None) or customary()
    departments = [*keepers(actor, actor.today), *places.above(place, actor.today)]
    context = {
        "place": place,
        "version": version,
        "rules": [_row(one, typed) for one in standing.rules],
        "standing": standing,
        "colours": [
            (one.value, typed.get(f"colour-{one.value}", "") if typed else standing.colours[one], Slip.Colour(one.value).label)
            for one in Colour
        ],
        "typed": typed or {"ground": version.ground if version else ""},
        "colour_choices": [(one.value, standing.colours[one]) for one in Colour if one is not Colour.NONE],
        "to_choices": [(one.value, words.TO[one.value]) for one in To],
        "offices": places.offices(actor, actor.today),
        "acts": [_authority(one, place, actor) for one in authorities().values()],
        "coming": SlipRules.objects.filter(division=place, since__gt=actor.today),
        "runs": Run.objects.filter(division=place)[:5],
        "may_rule": may(actor, RULES, place),
        "may_run": may(actor, "supervision.run", place),
        "office_form": forms.get("office") or OfficeForm(departments=departments),
        "address_form": forms.get("address") or AddressForm(departments=departments),
        "addresses": MailAddress.objects.filter(department__division__path__startswith=place.path).select_related("department"),
        "mail_on": bool(settings.EMAIL_HOST),
        "mail_waits": Mail.objects.filter(sent_at=None).count(),
        "mail_troubles": mails.troubles(place),
        **leaders.shown(place),
        "today": actor.today,
        "refused": refused,
        "crumbs": [(_("督办规则"), "")],
    }  # fmt: skip
    return render(request, "supervision/rules.html", context, status=422 if refused else 200)


def _row(rule: Any, typed: Any) -> dict[str, Any]:
    """A rule as it stands, or as somebody typed it where that was refused."""
    said = {
        "in_use": rule.in_use, "days": rule.days, "answer_days": rule.answer_days, "colour": rule.colour.value,
        "ticked": [one.value for one in rule.to],
    }  # fmt: skip
    if typed:
        said |= {
            name: typed[f"{rule.id}-{name}"]
            for name in ("days", "answer_days", "colour")
            if f"{rule.id}-{name}" in typed
        }
        said |= {
            "in_use": rule.kind is Kind.OVERDUE or f"{rule.id}-in_use" in typed,
            "ticked": typed.getlist(f"{rule.id}-to"),
        }
    return {
        **said,
        "rule": rule,
        "words": words.rule_words(rule),
        "to": words.to_words([one.value for one in rule.to]),
        "then": words.act_name(rule.then.value) if rule.then else "",
        "fixed": rule.kind is Kind.OVERDUE,
        "reminder": rule.kind is Kind.REMIND,
        "within": rule.kind is Kind.SLOW,
        "chip": words.chip(words.COLOURS, rule.colour.value),
    }


def _authority(row: Any, place: Division, actor: Actor) -> dict[str, Any]:
    names = body_names(language())
    here = places.who_may(row.bodies, place, actor.today)
    return {
        "name": called(row), "bodies": listed(names[one] for one in row.bodies), "here": here, "basis": row.basis, "mark": row.mark,
    }  # fmt: skip


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("supervision:rules"))


@require_POST
@staff_page("supervision.read")
def set_rules(request: HttpRequest) -> HttpResponse:
    """Put another version into force."""
    actor = actor_of(request)
    place = place_of(actor)
    require(actor, RULES, place)
    try:
        ruling.set_rules(place, _version(request, actor), by=actor, at=clock.now())
    except Refusal as refusal:
        return _page(request, str(refusal), request.POST)
    messages.success(request, _("已设定，自所填日期起执行。"))
    return _back()


def _version(request: HttpRequest, actor: Actor) -> Version:
    """What the form says, as differences from the customary rules."""
    said = request.POST
    changes: dict[str, dict[str, Any]] = {}
    for rule in customary().rules:
        given: dict[str, Any] = {"in_use": rule.kind is Kind.OVERDUE or f"{rule.id}-in_use" in said}
        for name in NUMBERS:
            text = said.get(f"{rule.id}-{name}")
            given[name] = getattr(rule, name) if text is None else _number(text.strip())
        given["colour"] = said.get(f"{rule.id}-colour") or rule.colour.value
        shown = any(
            f"{rule.id}-{name}" in said for name in NUMBERS
        )  # of a row that was shown, no box ticked means nobody
        given["to"] = said.getlist(f"{rule.id}-to") or ([] if shown else [one.value for one in rule.to])
        own = {
            **{name: getattr(rule, name) for name in ("in_use", *NUMBERS)},
            "colour": rule.colour.value,
            "to": [one.value for one in rule.to],
        }
        if differs := {name: value for name, value in given.items() if value != own[name]}:
            changes[rule.id] = differs
    names = {one.value: said.get(f"colour-{one.value}", "").strip()[:20] for one in Colour}
    colours = {key: name for key, name in names.items() if name and name != customary().colours[Colour(key)]}
    since = parse_day(said.get("since", "")) if said.get("since") else actor.today
    if since is None:
        raise SupervisionRefused(
            _("“%(since)s”不是日期：请在“自”里填写今天或以后的一天。") % {"since": said["since"][:20]},
            code="supervision.rules.past",
        )
    return Version(since, said.get("in_use") != "no", changes, colours, said.get("ground", ""))


def _number(text: str) -> int | str:
    """The number that was typed; anything else stays as it is and is refused by the rules."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else text


@require_POST
@staff_page("supervision.read")
def name_office(request: HttpRequest) -> HttpResponse:
    """Say which department is what."""
    actor = actor_of(request)
    place = place_of(actor)
    require(actor, RULES, place)
    form = OfficeForm(request.POST, departments=[*keepers(actor, actor.today), *places.above(place, actor.today)])
    if not form.is_valid():
        return _page(request, _("请选择部门并写明依据。"), office=form)
    said = form.cleaned_data
    named = department(int(said["department"]))
    if named is None:
        raise Http404(said["department"])
    try:
        ruling.name_office(place, named, Body(said["body"]), said["ground"], by=actor, at=clock.now())
    except Refusal as refusal:
        return _page(request, str(refusal), office=form)
    messages.success(request, _("已登记：%(unit)s。") % {"unit": named})
    return _back()


@require_POST
@staff_page("supervision.read")
def end_office(request: HttpRequest, pk: int) -> HttpResponse:
    """A department is that no more."""
    actor = actor_of(request)
    row = Office.objects.visible_to(actor).filter(pk=pk, until=None).first()
    if row is None:
        raise Http404(str(pk))
    try:
        ruling.end_office(row, by=actor, at=clock.now())
    except Refusal as refusal:
        return _page(request, str(refusal))
    messages.success(request, _("已终止：%(unit)s。") % {"unit": row})
    return _back()


@require_POST
@staff_page("supervision.read")
def set_address(request: HttpRequest) -> HttpResponse:
    """Where letters to a department go."""
    actor = actor_of(request)
    form = AddressForm(request.POST, departments=keepers(actor, actor.today))
    if not form.is_valid():
        return _page(request, _("请选择部门。"), address=form)
    named = department(int(form.cleaned_data["department"]))
    if named is None:
        raise Http404(form.cleaned_data["department"])
    try:
        ruling.set_address(named, form.cleaned_data["address"], by=actor, at=clock.now())
    except Refusal as refusal:
        return _page(request, str(refusal), address=form)
    messages.success(request, _("已设定%(unit)s的督办邮箱。") % {"unit": named})
    return _back()


@staff_page("supervision.run")
def run(request: HttpRequest) -> HttpResponse:
    """Make out today's slips now; the worker does the same every day."""
    actor = actor_of(request)
    place = place_of(actor)
    require(actor, "supervision.run", place)
    if request.method == "POST":
        try:
            count = issuing.run(place, by=actor, at=clock.now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, _("已核查到 %(day)s，发出督办单和提醒 %(n)d 件。") % {"day": actor.today, "n": count}
            )
        return HttpResponseRedirect(reverse("kit:collection", args=["slips"]))
    last = Run.objects.filter(division=place).first()
    crumbs = [(_("督办单"), reverse("kit:collection", args=["slips"])), (_("今日核查"), "")]
    context = {"place": place, "last": last, "barred": _barred(actor, place), "crumbs": crumbs}
    return render(request, "supervision/run.html", context)


def _barred(actor: Actor, place: Division) -> str:
    """Why the actor's office does not issue slips; empty where it does."""
    try:
        ruling.need_authority(Act.SUPERVISE, place, by=actor)
    except Refusal as refusal:
        return str(refusal)
    return ""
