"""What a program reads when something is refused or fails: RFC 9457, in Chinese, with everything that stands in the way."""

from __future__ import annotations

import json
import logging
from typing import Any

from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import DatabaseError, DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from xiaoneng.kit.amiss import Amiss
from xiaoneng.kit.files import NoSpace, Refused
from xiaoneng.kit.marks import Overtaken
from xiaoneng.rules.grounds import NotAllowed, NotFound, Obstacle, Obstructed

log = logging.getLogger("django.request")
MEDIA_TYPE = "application/problem+json"
AGAIN = "请过几秒用同一个 Idempotency-Key 再试；已经提交的内容不会丢，也不会办两次。"

# kind -> (status, title); the kind ends the problem's type, which leads to its explanation on the page of the interface.
KINDS: dict[str, tuple[int, str]] = {
    "bad-request": (400, "请求有误"),
    "unauthorized": (401, "需要有效的令牌"),
    "forbidden": (403, "令牌没有这项权限"),
    "not-found": (404, "没有找到"),
    "method": (405, "这个地址不支持这种方法"),
    "not-allowed": (409, "这一步现在不能办"),
    "stale": (412, "内容已经变了"),
    "too-large": (413, "内容太大"),
    "invalid": (422, "内容不符合要求"),
    "obstructed": (422, "还不能继续，请先处理下列各项"),
    "key-reused": (422, "幂等键已经用过"),
    "refused-file": (422, "这个文件不能收"),
    "too-many": (429, "请求太频繁"),
    "failed": (500, "系统出了问题"),
    "unavailable": (503, "系统忙"),
}


class Problem(Exception):
    """A refusal of the interface itself; the rooms below have their own."""

    def __init__(self, kind: str, detail: str, **more: Any) -> None:
        self.kind, self.detail, self.more = kind, detail, more
        super().__init__(detail)


def answer(kind: str, detail: str, **more: Any) -> HttpResponse:
    """Return a problem as an answer; `headers` among the further members become headers."""
    status, title = KINDS[kind]
    headers = more.pop("headers", {})
    body = {"type": f"/api/v1/docs#problem-{kind}", "title": title, "status": status, "detail": detail, **more}
    text = json.dumps(body, ensure_ascii=False)
    if status == 503:
        headers = {"Retry-After": "3"} | headers
    if status == 401:
        headers = {"WWW-Authenticate": 'Bearer realm="xiaoneng"'} | headers
    return HttpResponse(text, status=status, content_type=MEDIA_TYPE, headers=headers)


def told(obstacle: Obstacle) -> dict[str, Any]:
    """Return an obstacle with its legal basis, in full and as it is cited."""
    basis = obstacle.basis
    return {
        "code": obstacle.code,
        "message": obstacle.message,
        "remedy": obstacle.remedy,
        "basis": {
            "law": basis.law, "article": str(basis.article), "clause": basis.clause, "text": basis.text, "cited": str(basis),
        },
    }  # fmt: skip


def of(error: Exception) -> HttpResponse:
    """Return the answer to an error: what the house refuses, what is malformed, what is away, and a fault of ours."""
    if isinstance(error, Problem):
        return answer(error.kind, error.detail, **error.more)
    if isinstance(error, ValidationError):
        return answer("invalid", "有的内容不符合要求，逐项见 errors。", errors=[_field(each) for each in error.errors])
    if isinstance(error, Overtaken):
        return answer("stale", str(error))
    if isinstance(error, Amiss):
        told_ = [{"in": "body", "pointer": f"/{field}", "detail": said} for field, said in error.faults]
        return answer("invalid", "有的内容不符合要求，逐项见 errors。", errors=told_)
    if isinstance(error, Obstructed):
        return answer("obstructed", str(error), obstacles=[told(each) for each in error.obstacles])
    for kinds, name in _PLAIN:
        if isinstance(error, kinds):
            return answer(name, str(error))
    for kinds, name, text in _FIXED:
        if isinstance(error, kinds):
            return answer(name, text)
    return _away(error)


_PLAIN: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((NotFound,), "not-found"),
    ((NotAllowed,), "not-allowed"),
    ((NoSpace,), "unavailable"),
    ((Refused,), "refused-file"),
)
_FIXED: tuple[tuple[tuple[type[Exception], ...], str, str], ...] = (
    ((Http404,), "not-found", "没有这个地址。全部地址见 /api/v1/docs。"),
    ((RequestDataTooBig, TooManyFilesSent, TooManyFieldsSent), "too-large", "一次提交的内容太多，请分几次提交。"),
    (
        (DataError, BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError, UnicodeError),
        "bad-request",
        "请求的内容不完整或者不合规，请检查格式和编码（UTF-8）后重新提交。",
    ),
)


def _away(error: Exception) -> HttpResponse:
    state = getattr(getattr(error, "__cause__", None), "sqlstate", "") or ""
    if isinstance(error, DatabaseError) and state in ("XN002", "XN003"):
        log.error("refused by the kernel: %s", error)
        return answer("unavailable", f"没有改动任何内容。{AGAIN}")
    if isinstance(error, OperationalError | InterfaceError):
        log.error("database away: %s", str(error).partition("\n")[0])
        return answer("unavailable", f"数据库暂时连不上，系统会自己恢复。{AGAIN}")
    log.error("a fault of the interface", exc_info=error)
    return answer("failed", f"问题已经记录下来。{AGAIN}如果还是不行，请联系平台管理员。")


# --- what is wrong with a field, in Chinese ---------------------------------------------------------------------------
_WRONG = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这个字段，请删去",
    "string_type": "应为文字",
    "string_too_long": "太长了，最多 {max_length} 个字",
    "string_too_short": "太短了，至少 {min_length} 个字",
    "string_pattern_mismatch": "写法不对，或者含有不可见的控制字符",
    "string_unicode": "含有无法识别的字符，请用 UTF-8",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "int_parsing_size": "数字太大",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "list_type": "应为列表",
    "too_long": "太多了，最多 {max_length} 项",
    "too_short": "太少了，至少 {min_length} 项",
    "dict_type": "应为对象",
    "model_attributes_type": "应为 JSON 对象",
    "model_type": "应为 JSON 对象",
    "literal_error": "应为 {expected} 之一",
    "enum": "应为 {expected} 之一",
    "uuid_parsing": "应为 UUID",
    "uuid_type": "应为 UUID",
    "date_type": "日期应写成 2026-03-02",
    "date_parsing": "日期应写成 2026-03-02，且确有这一天",
    "date_from_datetime_parsing": "日期应写成 2026-03-02，且确有这一天",
    "date_from_datetime_inexact": "日期应写成 2026-03-02，不带时刻",
    "datetime_type": "时刻应写成 2026-03-02T17:00:00+08:00",
    "datetime_parsing": "时刻应写成 2026-03-02T17:00:00+08:00",
    "datetime_from_date_parsing": "时刻应写成 2026-03-02T17:00:00+08:00",
    "timezone_aware": "时刻要带时区，如 2026-03-02T17:00:00+08:00",
    "value_error": "{error}",
}


def _field(error: dict[str, Any]) -> dict[str, str]:
    where, *path = [str(each) for each in error["loc"]]
    wrong = _WRONG.get(error["type"], "不符合要求")
    context = {name: str(value) for name, value in error.get("ctx", {}).items()}
    try:
        text = wrong.format(**context)
    except (KeyError, IndexError):
        text = wrong.split("，")[0]
    # The name of the one body model stands first in the path of its fields, and says nothing to a client.
    inside = path[1:] if where == "body" and len(path) > 1 else path
    return {"in": where, "pointer": "/" + "/".join(inside), "detail": f"{text}。"}


def install(api: NinjaAPI) -> None:
    """Let every error of the interface's operations be answered here."""

    def handle(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
        return of(error if isinstance(error, Exception) else error())

    def handle_http(request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
        if getattr(error, "status_code", 400) == 401:
            return answer("unauthorized", "请在请求头 Authorization 里写 Bearer 加令牌；令牌在“我的令牌”页建立。")
        return answer("bad-request", "请求的内容不是有效的 JSON，请检查格式和编码（UTF-8）。")

    api.add_exception_handler(Exception, handle)
    api.add_exception_handler(Http404, handle)
    api.add_exception_handler(ValidationError, handle)
    api.add_exception_handler(HttpError, handle_http)
