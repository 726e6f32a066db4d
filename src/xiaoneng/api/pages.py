"""What people read and press: the description of the interface, and one's own tokens."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from xiaoneng.api import events, interface, problems, reads
from xiaoneng.api.actions import tokens
from xiaoneng.api.scopes import offered
from xiaoneng.kit import clock, logs
from xiaoneng.people.models import Account
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.trail.actions import By

DEEPEST = 2  # how far what lies inside a field is told
DAYS = (30, 90, 180, 365)


@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    """Hand out the description of the interface for programs."""
    return HttpResponse(_described(), content_type="application/json; charset=utf-8")


@lru_cache(maxsize=1)
def _described() -> str:
    return json.dumps(interface.description(), ensure_ascii=False)


@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    """Show the description of the interface for people."""
    return render(request, "api/docs.html", {"described": _told(), "version": interface.api.version})


@lru_cache(maxsize=1)
def _told() -> str:
    # The same for everybody as long as the process runs, and hundreds of operations long.
    told = [{"kind": kind, "status": status, "title": title} for kind, (status, title) in problems.KINDS.items()]
    context = {"groups": _groups(), "scopes": interface.scopes(), "problems": told, "events": events.types().items()}
    return render_to_string("api/described.html", context)


def _groups() -> list[dict[str, Any]]:
    grouped: dict[str, list[dict[str, Any]]] = {}
    described = interface.description()
    for path, methods in described["paths"].items():
        for method, told in methods.items():
            grouped.setdefault(told["tags"][0], []).append(_shown(path, method, told, described))
    return [{"name": name, "operations": rows} for name, rows in grouped.items()]


def _shown(path: str, method: str, told: dict[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    content = told.get("requestBody", {}).get("content", {})
    kind = next(iter(content), "")
    body: dict[str, Any] = content.get(kind, {})
    given = told["responses"].get("200") or told["responses"].get("201") or {}
    answer = given.get("content", {}).get("application/json", {})
    return {
        "id": told["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": told["summary"],
        "text": told.get("description", "") if "/moves/" in path else "",
        "scopes": told.get("x-scopes", []),
        "open": "security" not in told,
        "parameters": [_parameter(each) for each in told.get("parameters", [])],
        "body_kind": kind,
        "body": _fields(body.get("schema", {}), described),
        "answer": _fields(answer.get("schema", {}), described),
    }


def _parameter(each: dict[str, Any]) -> dict[str, Any]:
    where = {"path": "地址", "query": "查询", "header": "请求头"}[each["in"]]
    return {
        "name": each["name"], "where": where, "required": each["required"], "type": _type(each["schema"]),
        "text": each.get("description", ""),
    }  # fmt: skip


def _fields(
    schema: dict[str, Any], described: dict[str, Any], before: str = "", depth: int = 0
) -> list[dict[str, Any]]:
    whole = _resolved(schema, described)
    required = set(whole.get("required", []))
    rows: list[dict[str, Any]] = []
    for name, each in whole.get("properties", {}).items():
        named = f"{before}{name}"
        rows.append(
            {"name": named, "type": _type(each), "required": name in required, "text": each.get("description", "")}
        )
        inside, mark = _inside(each)
        if inside and depth < DEEPEST:
            rows += _fields(inside, described, f"{named}{mark}.", depth + 1)
    return rows


def _inside(schema: dict[str, Any]) -> tuple[dict[str, Any], str]:
    for each in (schema, *schema.get("anyOf", ())):
        if "$ref" in each:
            return each, ""
        if "$ref" in each.get("items", {}):
            return each["items"], "[]"
    return {}, ""


def _resolved(schema: dict[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        found: dict[str, Any] = described["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
        return found
    return schema


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return "对象"
    if "anyOf" in schema:
        return "，或 ".join(_type(each) for each in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return " | ".join(str(each) or "（空）" for each in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"{_type(schema.get('items', {}))}的列表"
    words = {"string": "文字", "integer": "整数", "boolean": "是否", "object": "对象", "null": "null", "number": "数"}
    formats = {"date": "日期", "date-time": "时刻", "uuid": "UUID", "binary": "文件"}
    return formats.get(schema.get("format", "")) or words.get(str(schema.get("type")), "")


# --- one's own tokens -------------------------------------------------------------------------------------------------
class NewToken(forms.Form):
    """What a token is for, what it is good for and how long."""

    name = forms.CharField(
        label="给哪个程序用",
        max_length=60,
        help_text="写明用途，以后好认",
        error_messages={"required": "请写明给哪个程序用"},
    )
    scopes = forms.MultipleChoiceField(
        label="能做什么", widget=forms.CheckboxSelectMultiple, help_text="只勾需要的；令牌不会超过您本人的岗位和权限",
        error_messages={"required": "请至少勾选一项"},
    )  # fmt: skip
    days = forms.TypedChoiceField(
        label="有效期", choices=[(n, f"{n} 天") for n in DAYS], coerce=int, initial=90,
        error_messages={"required": "请选择有效期", "invalid_choice": "请从列出的天数里选一个"},
    )  # fmt: skip

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["scopes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(scope.value, f"{scope.label}（{scope.value}）") for scope in offered(kind)]


@never_cache
@require_http_methods(["GET", "POST"])
def own_tokens(request: HttpRequest) -> HttpResponse:
    """Show one's own tokens; make one, which is shown this once; revoke one."""
    account = request.user
    assert isinstance(account, Account)
    now, made, status = clock.now(), "", 200
    form = NewToken(request.POST if request.POST.get("do") == "make" else None, kind=account.kind)
    if request.method == "POST" and request.POST.get("do") == "revoke":
        return _revoke(request, account)
    if request.method == "POST":
        made = _make(form, account, request)
        status = 200 if made else 422
        form = NewToken(kind=account.kind) if made else form
    told = [{"line": each, "state": each.state(now)} for each in reads.tokens(account.pk)]
    return render(request, "api/tokens.html", {"form": form, "made": made, "tokens": told}, status=status)


def _by(request: HttpRequest, account: Account) -> By:
    return By(account.pk, account.name, request.META.get("REMOTE_ADDR", ""), logs.request_id.get())


def _make(form: NewToken, account: Account, request: HttpRequest) -> str:
    if not form.is_valid():
        return ""
    try:
        return tokens.make(account.pk, at=clock.now(), by=_by(request, account), **form.cleaned_data)
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return ""


def _revoke(request: HttpRequest, account: Account) -> HttpResponse:
    prefix = request.POST.get("prefix", "").replace("\x00", "")[:12]
    try:
        tokens.revoke(prefix, at=clock.now(), account=account.pk, by=_by(request, account))
        messages.success(request, "令牌已经停用，马上生效。")
    except NotFound as refusal:
        messages.error(request, str(refusal))
    return redirect(request.path)
