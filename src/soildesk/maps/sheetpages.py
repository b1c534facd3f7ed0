"""Printed map sheets."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from soildesk.kit.access import staff_page


@staff_page()
def sheet(request: HttpRequest) -> HttpResponse:
    """The form."""
    return HttpResponse("")


@staff_page()
def preview(request: HttpRequest) -> HttpResponse:
    """The picture."""
    return HttpResponse("")
