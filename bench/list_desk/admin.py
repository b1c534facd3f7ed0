"""The parcels in Django's admin, as an office would set it up: the same rows and columns, the parcel fetched at once."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from list_desk import DAY, PATH
from soildesk.land.models import ParcelVersion


@admin.register(ParcelVersion)
class ParcelAdmin(admin.ModelAdmin):
    """The desk's columns. The admin is spared its second count over all rows, and the shapes."""

    list_display = (
        "number", "name", "code", "kind", "use_now", "use_planned", "holder", "area_m2", "mu", "since",
    )  # fmt: skip
    list_per_page = 100
    list_filter = ("kind",)
    list_select_related = ("parcel",)
    search_fields = ("name", "code", "parcel__number", "location")
    ordering = ("parcel__number",)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[ParcelVersion]:
        """The same rows as the desk's list."""
        rows = super().get_queryset(request).filter(division_path__startswith=PATH).defer("geometry")
        return rows.standing(DAY)  # type: ignore[attr-defined]

    @admin.display(description="地块编号", ordering="parcel__number")
    def number(self, row: Any) -> str:
        """The parcel's own number."""
        return row.parcel.number

    @admin.display(description="亩")
    def mu(self, row: Any) -> float:
        """The area in mu."""
        return round(row.area_m2 * 0.0015, 2)
