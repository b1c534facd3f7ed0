"""A paper of the room as a Word file to keep."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from soildesk.core.errors import Refusal
from soildesk.kit.exports import attachment
from soildesk.kit.word import DOCX


def word_file(request: HttpRequest, make: Callable[[], bytes], name: str, back: str) -> HttpResponse:
    """The file that `make` makes, called `name`; where it is refused, the page `back` says why."""
    try:
        data = make()
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(back)
    response = HttpResponse(data, content_type=DOCX)
    response["Content-Disposition"] = attachment(name, "docx")
    return response
