"""The ledger's rows in Django's admin, as an office would set it up: the same columns, related rows fetched at once."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from soildesk.plans.models import PlanTask


@admin.register(PlanTask)
class TaskAdmin(admin.ModelAdmin):
    """The columns the table itself has; no state, no next date, no fan-out: the admin is spared what the ledger computes."""

    list_display = ("number", "title", "text", "units_as_printed", "deadline_text", "section_key", "origin", "status")
    list_per_page = 100
    list_filter = ("status", "origin")
    search_fields = ("title", "text", "number")
    ordering = ("plan_id", "position")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PlanTask]:
        """Units come with one query for the page."""
        return super().get_queryset(request).filter(status=PlanTask.Status.ACCEPTED).prefetch_related("units")

    @admin.display(description="单位")
    def units_as_printed(self, task: Any) -> str:
        """The units of a task, closed up."""
        return "、".join(unit.name for unit in task.units.all())
