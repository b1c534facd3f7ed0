"""Error pages: what belongs here and the one thing to do; never a code name or a traceback."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _

from soildesk.core.permissions import NotAllowed


@dataclass(frozen=True, slots=True)
class ErrorText:
    """What an error page says."""

    status: int
    title: str
    text: str
    todo: str
    url: str = "/"


def _page(request: HttpRequest, text: ErrorText) -> HttpResponse:
    if getattr(request, "actor", None) is None:
        return render(request, "kit/error_plain.html", {"error": text}, status=text.status)
    return render(request, "kit/error.html", {"error": text}, status=text.status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the address or the form cannot be understood."""
    text = ErrorText(400, _("这个请求看不懂"), _("网址或表单里有无法识别的内容，没有写入任何数据。"), _("回到今日"))
    if isinstance(exception, SuspiciousOperation):  # what cannot be read is not read again for the page's frame
        return HttpResponse(loader.render_to_string("kit/error_plain.html", {"error": text}), status=text.status)
    return _page(request, text)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: who can, and where to go."""
    told = exception.sentence if isinstance(exception, NotAllowed) else _("您的角色没有办理这件事的权限。")
    if getattr(request, "actor", None) is None:
        return _page(request, ErrorText(403, _("请先登录"), told, _("去登录"), "/login/"))
    return _page(request, ErrorText(403, _("您不能办理这件事"), told, _("回到今日")))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: gone, never there, or not within the actor's scope; which of them is not told."""
    if getattr(request, "actor", None) is None:
        told = _("没有找到这个页面：请核对网址是否完整。没有公开的内容，要由有权限的人员登录后查看。")
        return _page(request, ErrorText(404, _("没有找到"), told, _("去登录"), "/login/"))
    told = _("这里应有一条记录或一个页面，但没有找到：可能网址不完整，也可能不在您的辖区或部门范围内。")
    return _page(request, ErrorText(404, _("没有找到"), told, _("回到今日")))


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose security mark is too old."""
    told = _("这个页面打开得太久，或浏览器没有接受本站的 Cookie，没有写入任何数据。请返回上一页，刷新后重新提交。")
    return _page(request, ErrorText(403, _("表单已过期"), told, _("回到今日")))


def broken(request: HttpRequest) -> HttpResponse:
    """500: a fault of the desk; this page asks the database for nothing."""
    told = _("这是系统的故障，不是您的操作有误。刚才的办理没有生效，请稍后再试；再次出现，请把时间告诉系统管理员。")
    text = ErrorText(500, _("系统出了故障"), told, _("回到今日"))
    return HttpResponse(loader.render_to_string("kit/error_plain.html", {"error": text}), status=500)
