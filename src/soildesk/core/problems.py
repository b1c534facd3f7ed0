"""Refusals for programs: RFC 9457 problem details with a stable code and one sentence in the asker's language."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import JsonResponse

MEDIA_TYPE = "application/problem+json"


def problem(status: int, code: str, sentence: str, **more: Any) -> JsonResponse:
    """An answer that says what was refused; `more` are further members of the problem."""
    told = {
        "type": f"urn:soildesk:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": sentence,
        **more,
    }
    answer = JsonResponse(told, status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False})
    if status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = f'Bearer realm="soildesk", error="{code}"'
    answer["Cache-Control"] = "no-store"
    return answer
