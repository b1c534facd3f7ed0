"""部门, 行政区划, 工作日历."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from soildesk.core import calendar, clock, departments, divisions, units
from soildesk.core.errors import Refusal
from soildesk.core.forms import (
    AliasForm,
    AttributeForm,
    CsvForm,
    DayForm,
    DepartmentFactsForm,
    DepartmentForm,
    SuccessionForm,
)
from soildesk.core.models import (
    CalendarDay,
    Department,
    DepartmentAlias,
    DepartmentSuccession,
    Division,
    DivisionAttribute,
)
from soildesk.core.models.places import valid_on
from soildesk.core.pages.base import attempt, page, paged
from soildesk.core.permissions import divisions_of, may
from soildesk.core.services import places

MANAGE = "core.manage_departments"
READ = "core.read_places"
SHOWN = 200
"""Lines of an import shown beside those that are wrong."""


def _here(request: HttpRequest) -> Q:
    return Q(division__in=Division.objects.filter(divisions_of(request.actor)))


def _number(text: str | None) -> int:
    """The number a form or an address names; what is none names no row."""
    return int(text) if text and text.isdecimal() else 0


@page(MANAGE)
def department_list(request: HttpRequest) -> HttpResponse:
    """Departments of the actor's divisions; POST registers one."""
    form = DepartmentForm(request.actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        new = places.NewDepartment(**form.cleaned_data)
        if attempt(
            request,
            lambda: places.create_department(new, by=request.actor, at=clock.now()),
            _("已登记%(name)s。") % {"name": new.name},
        ):
            return redirect("core:departments")
    rows = (
        Department.objects.filter(_here(request))
        .select_related("division")
        .annotate(n_aliases=Count("aliases", distinct=True), n_people=Count("people", distinct=True))
    )
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(Q(name__icontains=text) | Q(short_name__icontains=text) | Q(aliases__name__icontains=text))
    return render(
        request,
        "core/departments.html",
        {
            "rows": paged(request, rows.order_by("division__path", "id")),
            "form": form,
            "q": text,
            "lines": units.line_titles(),
        },
    )


@page(MANAGE)
def department(request: HttpRequest, uid: str) -> HttpResponse:
    """One department: its names through time."""
    row = get_object_or_404(Department.objects.filter(_here(request)).select_related("division"), uid=uid)
    return render(
        request,
        "core/department.html",
        {
            "department": row,
            "aliases": row.aliases.select_related("confirmed_by").order_by("name"),
            "successions": row.predecessors.order_by("-on"),
            "people": row.people.filter(is_active=True).order_by("name"),
            "line": units.line_titles().get(row.function, ""),
            "facts_form": DepartmentFactsForm(
                initial={"short_name": row.short_name, "kind": row.kind, "function": row.function}
            ),
            "alias_form": AliasForm(),
            "succession_form": SuccessionForm(),
            "close_form": DayForm(),
            "may_manage": may(request.actor, MANAGE, row),
        },
    )


@require_POST
@page(MANAGE)
def department_act(request: HttpRequest, uid: str) -> HttpResponse:
    """Add or drop an alias, record a succession, close."""
    row = get_object_or_404(Department.objects.filter(_here(request)), uid=uid)
    name = request.POST.get("act")
    if name == "alias":
        _add_alias(request, row)
    elif name == "drop_alias":
        alias = get_object_or_404(DepartmentAlias, pk=_number(request.POST.get("alias")), department=row)
        attempt(request, lambda: departments.drop_alias(alias, by=request.actor, at=clock.now()), _("别名已撤销。"))
    elif name == "succession":
        _add_succession(request, row)
    elif name == "amend":
        _amend(request, row)
    elif name == "close":
        form = DayForm(request.POST)
        if form.is_valid():
            day = form.cleaned_data["on"]
            attempt(
                request,
                lambda: places.close_department(row, on=day, by=request.actor, at=clock.now()),
                _("“%(name)s”自 %(on)s 起停用。") % {"name": row.name, "on": day},
            )
    return redirect("core:department", uid)


def _amend(request: HttpRequest, row: Department) -> None:
    form = DepartmentFactsForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        attempt(
            request,
            lambda: places.amend_department(
                row, **{**said, "kind": Department.Kind(said["kind"])}, by=request.actor, at=clock.now()
            ),
            _("已更正%(name)s。") % {"name": row.name},
        )


def _add_alias(request: HttpRequest, row: Department) -> None:
    form = AliasForm(request.POST)
    if form.is_valid():
        name = form.cleaned_data["name"]
        attempt(
            request,
            lambda: departments.confirm_alias(name, row, by=request.actor, at=clock.now()),
            _("以后文件中印“%(name)s”即认作%(department)s。") % {"name": name, "department": row.name},
        )


def _add_succession(request: HttpRequest, row: Department) -> None:
    form = SuccessionForm(request.POST)
    if form.is_valid():
        given = dict(form.cleaned_data, kind=DepartmentSuccession.Kind(form.cleaned_data["kind"]))
        old_name = given.pop("old_name")
        attempt(
            request,
            lambda: departments.confirm_succession(old_name, row, by=request.actor, at=clock.now(), **given),
            _("已记录“%(old)s”由%(new)s承接。") % {"old": old_name, "new": row.name},
        )


@page(READ)
def division_list(request: HttpRequest) -> HttpResponse:
    """The actor's divisions and, on demand, what lies below one."""
    mine = Division.objects.filter(divisions_of(request.actor), valid_on(clock.today()))
    here = mine.filter(code=request.GET.get("code", "")).first()
    rows = mine.filter(parent=here) if here else mine.exclude(parent__in=mine)
    rows = rows.annotate(n_below=Count("children", filter=Q(children__until=None))).prefetch_related("attributes")
    return render(
        request,
        "core/divisions.html",
        {
            "here": here,
            "above": departments.lineage(here)[1:] if here else [],
            "rows": paged(request, rows.order_by("path"), 200),
            "may_import": may(request.actor, "core.manage_divisions"),
        },
    )


@page(READ)
def division(request: HttpRequest, code: str) -> HttpResponse:
    """One division: codes through time and dated attributes; POST gives or ends an attribute."""
    mine = Division.objects.filter(divisions_of(request.actor), code=code)
    row = mine.filter(until=None).first() or get_object_or_404(mine.order_by("-until")[:1])
    if request.method == "POST":
        _attribute(request, row)
        return redirect("core:division", code)
    return render(
        request,
        "core/division.html",
        {
            "division": row,
            "form": AttributeForm(),
            "attributes": row.attributes.order_by("name", "-since"),
            "editions": mine.order_by("since"),
            "successors": row.successors.select_related("new"),
            "predecessors": row.predecessors.select_related("old"),
            "may_manage": may(request.actor, MANAGE, row),
        },
    )


def _attribute(request: HttpRequest, row: Division) -> None:
    if request.POST.get("act") == "end":
        found = get_object_or_404(DivisionAttribute, pk=_number(request.POST.get("attribute")), division=row)
        attempt(
            request,
            lambda: places.end_attribute(found, on=clock.today(), by=request.actor, at=clock.now()),
            _("“%(name)s”自今日起结束。") % {"name": found.name},
        )
        return
    form = AttributeForm(request.POST)
    if form.is_valid():
        given = dict(form.cleaned_data)
        name = given.pop("name")
        attempt(
            request,
            lambda: places.set_attribute(row, name, by=request.actor, at=clock.now(), **given),
            _("%(division)s已登记为“%(name)s”。") % {"division": row.name, "name": name},
        )


@page("core.manage_divisions")
def division_import(request: HttpRequest) -> HttpResponse:
    """Choose a file, see every row's fate, then take it in or not. Nothing is written before."""
    form = CsvForm(request.POST or None, request.FILES or None)
    found = None
    text = request.POST.get("text", "")
    if request.method == "POST":
        try:
            if form.is_valid():
                data = form.cleaned_data["file"].read()
                found, text = divisions.preview(data), divisions.decode(data)
            elif text:
                found = divisions.preview(text.encode())
                if attempt(
                    request, lambda: divisions.apply(found, by=request.actor, at=clock.now()), _("行政区划已导入。")
                ):
                    return redirect("core:divisions")
        except Refusal as refusal:
            form.add_error("file", ValidationError(str(refusal)))
    return render(
        request,
        "core/divisions_import.html",
        {
            "form": form,
            "found": found,
            "text": text,
            "shown": found.verdicts[:SHOWN] if found else (),
            "more": max(0, len(found.verdicts) - SHOWN) if found else 0,
        },
    )


@page(READ)
def calendar_page(request: HttpRequest) -> HttpResponse:
    """Days on which the State Council's notices depart from Monday to Friday; POST loads those shipped."""
    if request.method == "POST":
        attempt(request, lambda: calendar.load_published(by=request.actor, at=clock.now()), _("工作日历已更新。"))
        return redirect("core:calendar")
    rows = CalendarDay.objects.order_by("-day")
    years = sorted({day.year for day in rows.values_list("day", flat=True)}, reverse=True)
    asked = _number(request.GET.get("year"))
    year = asked if asked in years else (years or [clock.today().year])[0]
    return render(
        request,
        "core/calendar.html",
        {
            "rows": rows.filter(day__year=year).order_by("day"),
            "years": years,
            "year": year,
            "last": calendar.working_calendar().last_published_year,
            "may_manage": may(request.actor, "core.manage_calendar"),
        },
    )
