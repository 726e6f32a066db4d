"""Lists in parts: a cursor says where a part ended, so that nothing is skipped or told twice while rows come and go."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from pydantic import Field, StringConstraints

from xiaoneng.api.problems import Problem
from xiaoneng.api.schemas.words import Body

MOST = 100
Cursor = Annotated[
    str,
    StringConstraints(max_length=300, pattern=r"^[A-Za-z0-9_\-]*$"),
    Field(description="上一页给出的 next，原样带回"),
]


class Part(Body):
    """Which part of a list is asked for."""

    cursor: Cursor = ""
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50


_BROKEN = "游标不对。请原样使用上一页给出的 next，或者去掉 cursor 从头开始。"


def written(values: Sequence[Any]) -> str:
    """Return a cursor for the values by which a list is ordered."""
    plain = [{"t": each.astimezone(UTC).isoformat()} if isinstance(each, datetime) else each for each in values]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def read(cursor: str, kinds: tuple[type, ...]) -> tuple[Any, ...] | None:
    """Return the values of a cursor, or nothing for the first part.

    :raises Problem: the cursor is none that this list gave.
    """
    if not cursor:
        return None
    try:
        plain = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        values = tuple(datetime.fromisoformat(each["t"]) if isinstance(each, dict) else each for each in plain)
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Problem("bad-request", _BROKEN) from None
    fits = len(values) == len(kinds) and all(type(each) is kind for each, kind in zip(values, kinds, strict=True))
    small = all(type(each) is not int or 0 <= each < 2**63 for each in values)
    if not fits or not small or any(isinstance(each, datetime) and each.tzinfo is None for each in values):
        raise Problem("bad-request", _BROKEN)
    return values


def after(names: Sequence[str], values: Sequence[Any]) -> Q:
    """Return the condition for rows behind some values in a list ordered by some columns."""
    behind = Q(pk__in=[])
    for place, name in enumerate(names):
        same = Q(**dict(zip(names[:place], values[:place], strict=True)))
        behind |= same & Q(**{f"{name}__gt": values[place]})
    return behind


def link(request: HttpRequest, response: HttpResponse, following: str | None) -> str | None:
    """Put the address of the next part into the header Link and return its cursor."""
    if following:
        asked = {name: value for name, value in request.GET.items() if name != "cursor"} | {"cursor": following}
        response["Link"] = f'<{request.path}?{urlencode(asked)}>; rel="next"'
    return following
