"""What a form was filled in on: its mark goes along, so that nobody writes over what another has written meanwhile."""

from __future__ import annotations

from django.http import HttpRequest


def posted(request: HttpRequest) -> str:
    """Return the mark that a posted form carries; a form without one is not compared."""
    return request.POST.get("seen", "")[:16]


def next_mark(request: HttpRequest, fresh: str, *, overtaken: bool) -> str:
    """Return the mark that a form goes out with: who was told that another came first has seen what stands now."""
    return fresh if request.method != "POST" or overtaken else posted(request)
