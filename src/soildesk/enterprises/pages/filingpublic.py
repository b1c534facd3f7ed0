"""What everybody may read of filings: the public entries of what was released."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from soildesk.core import clock
from soildesk.core.queries import division_of_code
from soildesk.enterprises.filingforms import form_of
from soildesk.enterprises.filingvalues import facts, tables
from soildesk.enterprises.models import Filing
from soildesk.enterprises.queries import filings as found
from soildesk.enterprises.queries.firms import names_of
from soildesk.kit.context import tell_of


def released(request: HttpRequest, code: str) -> HttpResponse:
    """All firms of a place that have released filings, with what there is."""
    place, today = division_of_code(code), clock.today()
    if place is None:
        raise Http404(code)
    tell_of(request, place)
    rows = found.released(place, today)
    names = names_of({one.enterprise_id for one in rows}, today)
    context = {
        "place": place.name,
        "code": code,
        "on": today,
        "rows": [(one, names[one.enterprise_id]) for one in rows],
    }
    return render(request, "enterprises/filings_public.html", context)


def of_firm(request: HttpRequest, code: str, uid: UUID) -> HttpResponse:
    """What one firm has released; no page where it is nothing, whether there is such a firm or not."""
    place, today = division_of_code(code), clock.today()
    rows = found.released(place, today, str(uid)) if place else []
    if not rows or place is None:
        raise Http404(str(uid))
    tell_of(request, place)
    name = names_of([rows[0].enterprise_id], today)[rows[0].enterprise_id]
    context = {"place": place.name, "code": code, "on": today, "name": name, "filings": [_told(one) for one in rows]}
    return render(request, "enterprises/firm_public.html", context)


def _told(filing: Filing) -> dict[str, Any]:
    form = form_of(filing.kind)
    return {
        "filing": filing,
        "facts": facts(form, filing.data, public=True),
        "tables": tables(form, filing.data, public=True),
    }
