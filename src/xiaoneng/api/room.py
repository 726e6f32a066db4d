"""How an operation is put up: its door, its answer, the key it asks for; nothing is put up without a door."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Router
from ninja.decorators import decorate_view
from ninja.operation import Operation

from xiaoneng.api import problems
from xiaoneng.api.door import Bearer, Public
from xiaoneng.api.keyed import keyed
from xiaoneng.api.unchanged import MARK_HEADER, MATCH_HEADER

View = TypeVar("View", bound=Callable[..., Any])
Door = Public | Bearer
Run = Callable[..., HttpResponseBase]
KEY_HEADER = {
    "in": "header", "name": "Idempotency-Key", "required": True,
    # No format: a client that makes an object of it could not put it into a header.
    "schema": {"type": "string", "pattern": "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"},
    "description": "每个新请求一个新的 UUID；重试时用同一个，结果只有一次",
}  # fmt: skip

_TEXT: dict[str, str] = {"type": "string"}
_BYTES = _TEXT | {"format": "binary"}


class Room(Router):
    """A router whose operations all declare their door."""

    def reads(
        self, path: str, answer: Any, *, door: Door, summary: str, method: str = "GET", **more: Any
    ) -> Callable[[View], View]:
        """Put up an operation that changes nothing."""
        return self._put_up(method, path, {200: answer}, door, summary, more)

    def hands_out(self, path: str, *types: str, door: Door, summary: str) -> Callable[[View], View]:
        """Put up an operation that hands out a file of one of some types."""
        content = {kind: {"schema": _TEXT if kind.startswith("text/") else _BYTES} for kind in types}
        return self._put_up("GET", path, {200: None}, door, summary, {}, {"responses": {200: {"content": content}}})

    def sets(
        self, method: str, path: str, answer: Any, *, door: Bearer, summary: str, marked: bool = False, **more: Any
    ) -> Callable[[View], View]:
        """Put up an operation that comes to the same when repeated (PUT, PATCH, DELETE).

        :param marked: it compares If-Match with what stands before it writes over it.
        """
        extra = {"parameters": [MARK_HEADER]} if marked else None
        return self._put_up(method, path, {200: answer} if answer else {204: None}, door, summary, more, extra)

    def changes(
        self,
        path: str,
        answer: Any,
        *,
        door: Bearer,
        summary: str,
        status: int = 200,
        guarded: bool = False,
        marked: bool = False,
        **more: Any,
    ) -> Callable[[View], View]:
        """Put up an operation that changes something and therefore asks for a key (POST).

        :param guarded: it compares If-Match with the case's version before it changes anything.
        :param marked: it compares If-Match with what stands before it writes over it.
        """
        compared = [MATCH_HEADER] if guarded else [MARK_HEADER] if marked else []
        extra = {"parameters": [KEY_HEADER, *compared]}

        def declare(view: View) -> View:
            name = more.pop("operation_id", view.__name__)
            put_up = self._put_up("POST", path, {status: answer}, door, summary, more | {"operation_id": name}, extra)
            put_up(keyed(view, status))
            return view

        return declare

    def _put_up(
        self, method: str, path: str, answers: dict[int, Any], door: Door, summary: str, more: dict[str, Any],
        extra: dict[str, Any] | None = None,
    ) -> Callable[[View], View]:  # fmt: skip
        def declare(view: View) -> View:
            name = more.pop("operation_id", view.__name__)
            register = self.api_operation(
                [method], path, auth=door, response=answers, summary=summary, by_alias=True, operation_id=name,
                url_name=more.pop("url_name", name), openapi_extra=extra, **more,
            )  # fmt: skip
            register(view)
            decorate_view(_only_known_parameters(view._ninja_operation))(view)  # type: ignore[attr-defined]
            return view

        return declare


def _only_known_parameters(operation: Operation) -> Callable[[Run], Run]:
    # A filter that is misspelt and silently left out would answer another question than was asked.
    models = [model for model in operation.models if model.__ninja_param_source__ == "query"]
    known = {name for model in models for name in getattr(model, "__ninja_flatten_map__", {})}

    def strictly(run: Run) -> Run:
        @wraps(run)
        def ask(request: HttpRequest, **values: Any) -> HttpResponseBase:
            strange = [name for name in request.GET if name not in known]
            if strange:
                may = f"可以用：{'、'.join(sorted(known))}。" if known else "这个地址不带查询参数。"
                told = [
                    {"in": "query", "pointer": f"/{name[:60]}", "detail": f"没有这个参数。{may}"} for name in strange
                ]
                return problems.answer("invalid", "有的查询参数不认识，逐项见 errors。", errors=told)
            return run(request, **values)

        return ask

    return strictly
