"""What a person reads when something is refused or fails: always what to do next, never a bare code."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError, DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from xiaoneng.kit.amiss import Amiss
from xiaoneng.kit.files import NoSpace, Refused
from xiaoneng.rules.grounds import NotAllowed, NotFound, Obstacle, Obstructed
from xiaoneng.web import request_log

log = logging.getLogger("django.request")
TRY_AGAIN = "请过几秒再试；已经提交的内容不会丢，也不会办两次。"


class Brief(logging.Filter):
    """Keeps a database that is away to one line: every request meets it, and a trace would say nothing more."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Take the trace off and let the record pass."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, (OperationalError, InterfaceError)):
            record.msg, record.args = f"{record.getMessage()}：{str(error).partition(chr(10))[0]}", ()
            record.exc_info = None
        return True


class ErrorMiddleware:
    """Turns what the rooms below refuse into a page that says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Turn away what is too large or malformed before anybody reads it."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > settings.REQUEST_LIMIT:
            return page(request, 413, "提交的内容太大", "一次最多提交 100 MB。请分几次上传，或者压缩后再传。")
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return bad_request(request)
        answer = self.get_response(request)
        if answer.status_code == 405 and not answer.content:
            allowed = answer["Allow"]
            answer = page(
                request,
                405,
                "这个地址不能这样打开",
                "请从页面上的按钮或者链接进入，不要直接输入地址。",
            )
            answer["Allow"] = allowed
        return answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for the refusals of the house; anything else goes on to the last page."""
        if isinstance(error, NotFound):
            return page(request, 404, "没有找到", str(error))
        if isinstance(error, NotAllowed):
            return page(request, 409, "这一步没有做成", str(error))
        if isinstance(error, Obstructed):
            return page(request, 422, "还不能继续", "请先处理下面列出的各项，再来一次。", error.obstacles)
        if isinstance(error, Amiss):
            return page(request, 422, "还不能保存", str(error))
        if isinstance(error, NoSpace):
            return page(request, 503, "暂时存不下文件", str(error))
        if isinstance(error, Refused):
            return page(request, 400, "这个文件不能收", str(error))
        if isinstance(error, DataError):  # a number no column can hold, say
            return bad_request(request)
        if isinstance(error, (RequestDataTooBig, TooManyFilesSent, TooManyFieldsSent)):
            return page(request, 413, "提交的内容太大", "请减少文件的数量或大小后重新提交。")
        return None


def page(
    request: HttpRequest, status: int, title: str, text: str, obstacles: tuple[Obstacle, ...] = ()
) -> HttpResponse:
    """Return the page of an error."""
    context = {
        "status": status, "title": title, "text": text, "obstacles": obstacles, "next": _ways_on(request, status),
        "trace": f"请求 {request_log.current()}" if request_log.current() else "",
    }  # fmt: skip
    answer = render(request, "public/error.html", context, status=status)
    if status in (429, 503):
        answer["Retry-After"] = "600" if status == 429 else "3"
    return answer


def too_many(request: HttpRequest, text: str) -> HttpResponse:
    """Answer 429 where there is no form that could say it."""
    return page(request, 429, "请稍等再试", text)


def _ways_on(request: HttpRequest, status: int) -> list[tuple[str, str]]:
    back = request.META.get("HTTP_REFERER", "")
    here = f"{request.scheme}://{request.get_host()}/"
    ways = [("返回上一页", back)] if back.startswith(here) else []
    # Where the database may be away nobody is looked up: the page has to come all the same.
    if status < 500 and getattr(getattr(request, "user", None), "kind", "") == "staff":
        return [*ways, ("回我的工作", "/mine")]  # which leads staff to the desk of their role
    return [*ways, ("回首页", "/"), ("查进度", "/progress")]


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400."""
    return page(request, 400, "请求有误", "浏览器发来的内容不完整或者不合规。请返回上一页，刷新后重新操作。")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403."""
    return page(request, 403, "不能打开这个页面", "您的账号没有这个页面的权限。如需办理，请联系本单位管理员。")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404; also where a page exists that this account may not see."""
    return page(request, 404, "没有这个页面", "地址可能有误，或者这一页不对您的账号开放。请从首页或者“我的”重新进入。")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that is too old or not ours."""
    return page(request, 403, "页面放得太久了", "为了安全，请返回上一页，刷新之后再提交；填过的内容会保留。")


def failed(request: HttpRequest) -> HttpResponse:
    """Answer whatever nobody else answered: the database away, its refusal, or a fault of ours."""
    error = sys.exc_info()[1]
    status, title, text = _say(error)
    try:
        return page(request, status, title, text)
    except Exception:  # the page itself needs the database
        trace = request_log.current()
        plain = loader.render_to_string(
            "public/away.html", {"title": title, "text": text, "status": status, "trace": trace}
        )
        answer = HttpResponse(plain, status=status)
        answer["Retry-After"] = "3"
        return answer


def _say(error: Any) -> tuple[int, str, str]:
    state = getattr(getattr(error, "__cause__", None), "sqlstate", "") or ""
    if isinstance(error, DatabaseError) and state in ("XN002", "XN003"):
        log.error("refused by the kernel: %s", error)
        return (
            503,
            "系统忙，这一步没有办成",
            f"没有改动任何内容。{TRY_AGAIN}如果一直这样，请系统管理员核对服务器的时钟。",
        )
    if isinstance(error, (OperationalError, InterfaceError)):
        return 503, "系统正在恢复", f"数据库暂时连不上，系统会自己恢复。{TRY_AGAIN}"
    if isinstance(error, SuspiciousOperation):
        return 400, "请求有误", "浏览器发来的内容不合规。请返回上一页，刷新后重新操作。"
    return 500, "系统出了问题", f"问题已经记录下来。{TRY_AGAIN}如果还是不行，请拨打 12345。"
