"""The pages of a collection that kit makes from its declaration: the list, and a record with its history."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from soildesk.kit import assets, faces_urls, record
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day, page_known_on
from soildesk.kit.pages import register_list
from soildesk.kit.record import Record
from soildesk.kit.register import Register, called
from soildesk.kit.seen import Seen, required

SAVED = "kit.saved"
"""In the session: the draft whose form was saved, so that the next page clears it."""


def register_called(collection: str) -> Register:
    """The register of a collection, or 404."""
    register = called(collection)
    if register is None:
        raise Http404(collection)
    return register


def seen_of(request: HttpRequest, collection: str) -> Seen:
    """The collection as the request's actor sees it on the page's day."""
    actor = actor_of(request)
    return required(register_called(collection), actor, page_day(request), page_known_on(request))


def record_of(seen: Seen, key: str) -> Record:
    """The record, or 404."""
    found = record.find(seen, key)
    if found is None:
        raise Http404(key)
    return found


@staff_page()
def collection_list(request: HttpRequest, collection: str) -> HttpResponse:
    """The list of a collection."""
    return register_list(request, register_called(collection), crumbs=[(register_called(collection).title, "")])


@staff_page()
@require_GET
def show(request: HttpRequest, collection: str, key: str) -> HttpResponse:
    """One record."""
    seen = seen_of(request, collection)
    found = record.find(seen, key)
    if found is None:
        return _not_standing(request, seen, key)
    context = page_of(found)
    context["saved_draft"] = request.session.pop(SAVED, "")
    return render(request, found.added.template or "kit/record_face.html", context)


def page_of(found: Record) -> dict[str, Any]:
    """What the record's template shows."""
    added, seen = found.added, found.seen
    return {
        "record": found,
        "record_title": found.title,
        "record_code": found.code if found.code != found.title else "",
        "record_chips": added.chips,
        "record_life": added.life,
        "record_acts": found.acts,
        "record_facts": [*found.facts, *added.facts],
        "record_files": added.files or None,
        "related": added.related,
        "told": found.told,
        "known_on": seen.known_on,
        "knows_past": seen.declared.knows_past,
        "small_map": assets.module("maps/small-map.mjs"),
        "crumbs": crumbs(seen, found.title),
        **(added.context or {}),
    }


def crumbs(seen: Seen, *names: str) -> list[tuple[str, str]]:
    """Where a page of the collection stands."""
    return [(str(seen.declared.title), faces_urls.of(seen.declared, "list")), *((name, "") for name in names)]


def _not_standing(request: HttpRequest, seen: Seen, key: str) -> HttpResponse:
    """A record that does not stand on the day asked for says on which day it does; of any other nothing is told."""
    day = record.other_day(seen, key)
    if day is None:
        raise Http404(key)
    context = {"day": day, "on": seen.on, "register": seen.declared, "crumbs": crumbs(seen, _("该日没有这条记录"))}
    return render(request, "kit/record_other_day.html", context, status=404)
