"""Where a case stands in the list it was opened from: which one is before it, which one comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from xiaoneng.approval import worklists
from xiaoneng.web.staff import filters


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The list, the place of a case in it, and the addresses of its neighbours."""

    place: str
    list_url: str
    position: int
    total: int
    previous_url: str
    next_url: str
    following: int  # the matter to go on with after a move; the list begins anew at its end


ALONE = Neighbours("", "", 0, 0, "", "", 0)


def neighbours(request: HttpRequest, account: int, matter: int, now: datetime) -> Neighbours:
    """Return where a case stands in the list that the address, or the posted form, remembers."""
    asked = filters.from_place(request.POST.get("in", "") or request.GET.get("in", ""))
    if asked is None:
        return ALONE
    ids = worklists.in_order(account, asked, now=now)
    at = ids.index(matter) if matter in ids else -1
    before = ids[at - 1] if at > 0 else 0
    after = ids[at + 1] if 0 <= at < len(ids) - 1 else 0
    begin = next((each for each in ids if each != matter), 0)
    place = filters.place(asked)
    called = worklists.numbers_of([each for each in (before, after) if each])
    return Neighbours(
        place, filters.address(asked), at + 1, len(ids), case_url(called.get(before, ""), place),
        case_url(called.get(after, ""), place), after or begin,
    )  # fmt: skip


def case_url(called: str, place: str, **more: str) -> str:
    """Return the address of a case as opened from a list."""
    if not called:
        return ""
    query = urlencode(more | ({"in": place} if place else {}))
    return reverse("staff:case", args=[called]) + (f"?{query}" if query else "")


def onward(request: HttpRequest, account: int, now: datetime, done: str, seq: int) -> str:
    """Return where to go after a move: the next case of the list, the list at its end, or the same case again."""
    asked = filters.from_place(request.POST.get("in", ""))
    place = filters.place(asked) if asked else ""
    if asked is None or request.POST.get("then") == "stay":
        return case_url(done, place, done=str(seq))
    ids = worklists.in_order(account, asked, now=now)
    wish = request.POST.get("next", "")
    chosen = next((each for each in ids if str(each) == wish), ids[0] if ids else 0)
    called = worklists.numbers_of([chosen]).get(chosen, "")
    if called and called != done:
        return case_url(called, place, done=str(seq), of=done)
    url = filters.address(asked)
    return f"{url}{'&' if '?' in url else '?'}{urlencode({'done': seq, 'of': done})}"
