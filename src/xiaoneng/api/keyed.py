"""The same key, the same answer: what changes something asks for a key, so that it may safely be sent again."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel

from xiaoneng.api.actions import requests
from xiaoneng.api.door import caller_of
from xiaoneng.api.problems import Problem

P = ParamSpec("P")


def keyed(
    operation: Callable[Concatenate[HttpRequest, P], BaseModel], status: int
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let an operation that changes something ask for a key and answer a repeated request as the first time."""

    @wraps(operation)
    def ask(request: HttpRequest, *args: P.args, **values: P.kwargs) -> HttpResponse:
        caller, key = caller_of(request), key_of(request)
        known = requests.claim(caller.account, key, _fingerprint(request), at=caller.now)
        if not known.same:
            raise Problem("key-reused", "这个幂等键用于另一个请求，内容不同的这一次没有生效。请换一个新的 UUID。")
        if known.status is not None:
            return _plain(known.status, known.answer, {"Idempotency-Replayed": "true"})
        try:
            result = operation(request, *args, **values)
        except Exception:
            requests.give_back(caller.account, key)
            raise
        text = json.dumps(result.model_dump(mode="json", by_alias=True), ensure_ascii=False)
        requests.keep_answer(caller.account, key, status, text)
        return _plain(status, text, {})

    # The types of an operation are looked up where it was written, not here.
    ask.__signature__ = inspect.signature(operation, eval_str=True)  # type: ignore[attr-defined]
    return ask  # type: ignore[return-value]


def _plain(status: int, text: str, headers: dict[str, str]) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="application/json; charset=utf-8", headers=headers)


def key_of(request: HttpRequest) -> UUID:
    """Return the key of a request.

    :raises Problem: it carries none or a broken one.
    """
    try:
        return UUID(request.headers.get("Idempotency-Key", ""))
    except ValueError:
        why = "请求头 Idempotency-Key 应为一个新的 UUID；重试时用同一个，就不会办两次。"
        raise Problem("bad-request", why) from None


def _fingerprint(request: HttpRequest) -> str:
    hashed = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode("utf-8", "replace"))
    if request.content_type != "multipart/form-data":
        hashed.update(request.body)
        return hashed.hexdigest()
    # The boundary differs each time, the parts do not.
    for name, value in sorted(request.POST.items()):
        hashed.update(f"{name}={value}\n".encode("utf-8", "replace"))
    for name, file in sorted(request.FILES.items(), key=lambda each: each[0]):
        assert isinstance(file, UploadedFile)
        hashed.update(f"{name}={file.name}\n".encode("utf-8", "replace"))
        for piece in file.chunks():
            hashed.update(piece)
        file.seek(0)
    return hashed.hexdigest()
