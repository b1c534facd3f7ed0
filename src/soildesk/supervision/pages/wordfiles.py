"""A paper of the room as a Word file to keep."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from soildesk.core.errors import Refusal
from soildesk.kit.downloads import download


def word_file(request: HttpRequest, make: Callable[[], bytes], name: str, back: str) -> HttpResponse:
    """The file that `make` makes, called `name`; where it is refused, the page `back` says why."""
    try:
        data = make()
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(back)
    return download(data, name, "docx")
