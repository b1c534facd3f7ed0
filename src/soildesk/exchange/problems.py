"""What a program is told when something is not done: one problem with a stable code, whoever refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from soildesk.core.errors import Refusal
from soildesk.core.permissions import NotAllowed
from soildesk.core.problems import problem

View = Callable[..., HttpResponse]


class Problem(Refusal):
    """A request that is not answered as asked: status, code, sentence, and where wanted more members."""

    def __init__(self, status: int, code: str, sentence: str, **more: Any) -> None:
        super().__init__(sentence, code=f"exchange.{code}")
        self.status = status
        self.more = more


def wrong_parameter(name: str, value: str, expected: str) -> Problem:
    """A parameter whose value means nothing."""
    told = _("参数 %(name)s 的值“%(value)s”无法使用：%(expected)s") % {
        "name": name,
        "value": value[:80],
        "expected": expected,
    }
    return Problem(HTTPStatus.BAD_REQUEST, "parameter", told, parameter=name)


def answer_to(error: Exception, request: HttpRequest) -> HttpResponse:
    """The answer to a refusal of any room."""
    if isinstance(error, Problem):
        return problem(error.status, error.code, str(error), **error.more)
    if isinstance(error, NotAllowed):
        known = getattr(request, "actor", None) is not None
        return problem(HTTPStatus.FORBIDDEN if known else HTTPStatus.UNAUTHORIZED, error.code, error.sentence)
    if isinstance(error, Refusal):
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, error.code, str(error))
    return problem(HTTPStatus.NOT_FOUND, "exchange.not_found", _("这个地址上没有资源：请核对网址。"))


def for_programs(view: View) -> View:
    """A view that reads, and answers refusals as problems."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            told = _("方法 %(method)s 不可用：这里只能读取（GET）。") % {"method": request.method}
            answer: HttpResponse = problem(HTTPStatus.METHOD_NOT_ALLOWED, "exchange.method", told)
            answer["Allow"] = "GET, HEAD"
            return answer
        try:
            return view(request, *args, **kwargs)
        except (Refusal, NotAllowed, Http404) as error:
            return answer_to(error, request)

    return inner
