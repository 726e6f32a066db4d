"""The interface as a whole: its rooms put together, its description in OpenAPI 3.1, and that no door is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import orjson
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder

from xiaoneng.api import problems
from xiaoneng.api.door import Bearer, Public
from xiaoneng.api.operations import (
    accountable,
    accounts,
    agency,
    announcements,
    applicants,
    cases,
    closed_applicants,
    comparisons,
    desk,
    drafts,
    figures,
    findings,
    found,
    held,
    issued,
    issuing,
    items,
    joint,
    joint_drafts,
    joint_supplements,
    lists,
    me,
    moves,
    notices,
    organisation,
    papers,
    past,
    payments,
    preferences,
    process,
    progress,
    reforms,
    registers,
    removing,
    staffing,
    supervision,
    things,
    thresholds,
    till,
    webhooks,
)
from xiaoneng.api.schemas.words import ProblemTold
from xiaoneng.api.scopes import Scope
from xiaoneng.api.unchanged import MARK_HEADER, MATCH_HEADER

TITLE = "政务服务开放接口"
DESCRIPTION = """网页上能办的，程序都能办；岗位和权限与网页完全一致。

- 令牌放在请求头 `Authorization: Bearer …`；每个令牌有权限、有期限、可停用。
- 会改变内容的 POST 要有请求头 `Idempotency-Key`（新的 UUID）；重试用同一个，结果只有一次。
- 不能办时答复 RFC 9457 的 `application/problem+json`；依法的障碍一次列全，各附依据和怎么办。
- 时间是 RFC 3339，带 +08:00；列表用游标翻页，响应头 Link 指向下一页。
- 事件用 CloudEvents 1.0 推送，按 Standard Webhooks 签名。"""


class Strict(Parser):
    """Reads JSON as its standard has it: half a surrogate pair or NaN is none."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the body of a request."""
        return orjson.loads(request.body)


class Plain(JSONRenderer):
    """Writes Chinese as Chinese."""

    encoder_class = NinjaJSONEncoder
    json_dumps_params = {"ensure_ascii": False, "separators": (",", ":")}


api = NinjaAPI(
    title=TITLE,
    version="1.0.0",
    description=DESCRIPTION,
    openapi_url=None,
    docs_url=None,
    urls_namespace="api-v1",
    parser=Strict(),
    renderer=Plain(),
)
problems.install(api)
_PLACES = (
    items, progress, drafts, held, desk, papers, cases, moves, joint, joint_drafts, joint_supplements, supervision, figures,
    process, past, reforms, issued, issuing, findings, found, accountable, agency, things, payments, till, organisation,
    preferences, staffing, accounts, closed_applicants, removing, thresholds, announcements, lists, notices, applicants,
    comparisons, registers, webhooks, me,
)  # fmt: skip
for _room in dict.fromkeys(each.room for each in _PLACES):  # who answers at the same address shares a room
    api.add_router("", _room)


def operations() -> Iterator[tuple[str, Operation]]:
    """Go through every operation of the interface with its path."""
    for bound in api._get_bound_routers():
        for path, view in bound.path_operations.items():
            for operation in view.operations:
                yield path, operation


def door_of(operation: Operation) -> Public | Bearer | None:
    """Return the door of an operation, if it declares one."""
    doors = [each for each in operation.auth_callbacks if isinstance(each, Public | Bearer)]
    return doors[0] if len(doors) == 1 and len(operation.auth_callbacks) == 1 else None


def require_doors() -> None:
    """Refuse to start while any operation lacks a door.

    :raises ImproperlyConfigured: names every such operation.
    """
    bare = [f"{'/'.join(each.methods)} {path}" for path, each in operations() if door_of(each) is None]
    if bare:
        raise ImproperlyConfigured(f"这些接口没有声明谁可以用，服务不能启动：{'、'.join(bare)}")


# --- the description --------------------------------------------------------------------------------------------------
@lru_cache(maxsize=1)
def description() -> dict[str, Any]:
    """Return the interface in OpenAPI 3.1."""
    schema: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1"), default=str))
    problem = ProblemTold.model_json_schema(
        by_alias=True, mode="serialization", ref_template="#/components/schemas/{model}"
    )
    schema["components"]["schemas"] |= problem.pop("$defs", {}) | {"Problem": problem}
    text = "在“我的令牌”页（/account/tokens）或者用命令 xiaoneng token 建立。"
    schema["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "description": text}}
    schema["jsonSchemaDialect"] = "https://spec.openapis.org/oas/3.1/dialect/base"
    known = {(method, f"/api/v1{path}"): each for path, each in operations() for method in each.methods}
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            _complete(told, known[method.upper(), path])
    return schema


def _complete(told: dict[str, Any], operation: Operation) -> None:
    door = door_of(operation)
    if isinstance(door, Bearer):
        told["security"] = [{"bearer": []}]
        told["x-scopes"] = list(door.scopes)
    refusals = ["400", "404", "409", "413", "422", "429", "500", "503"]
    refusals += ["401", "403"] if isinstance(door, Bearer) else []
    refusals += ["412"] if any(each in told.get("parameters", []) for each in (MATCH_HEADER, MARK_HEADER)) else []
    content = {"content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for status in sorted(refusals):
        headers = {"headers": {"Retry-After": {"schema": {"type": "integer"}}}} if status in ("429", "503") else {}
        told["responses"][status] = {"description": _DESCRIBED[status], **content, **headers}


_DESCRIBED = {str(status): title for status, title in reversed(problems.KINDS.values())} | {
    "422": "内容不符合要求，或者依法还不能办"
}


def scopes() -> list[tuple[str, str]]:
    """Return every scope with what it allows."""
    return [(scope.value, scope.label) for scope in Scope]
