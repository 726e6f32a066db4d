"""The board as it stood at an earlier instant: the same region and kind, without anything to open or to wait for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from xiaoneng.org import reads as org
from xiaoneng.org.reads import Reach
from xiaoneng.rules.workdays import CHINA, local
from xiaoneng.supervision.as_of import by_department_then
from xiaoneng.web.supervise.board_shown import Chosen, narrowed

UNREADABLE = "看不懂这个时刻。请写成 2026-03-12T17:00 这样，或者从日历里选。"
AHEAD = "这个时刻还没有到。请选现在以前的时刻。"


def board(request: HttpRequest, reach: Reach, now: datetime) -> dict[str, Any]:
    """Return the board as of the instant that the address names, or why there is none."""
    chosen, asked = Chosen.of(request), request.GET.get("at", "")
    regions = org.regions()
    within = narrowed(reach, chosen.region) if chosen.region in regions else reach
    at, problem = _instant(asked, now)
    rows = by_department_then(within, at, chosen.kinds) if at else ()
    counts = ("red", "yellow", "paused", "green", "total")
    return {
        "title": f"{regions[chosen.region].name}当时的看板" if chosen.region in regions else "当时的看板",
        "at": at, "value": f"{local(at or now):%Y-%m-%dT%H:%M}", "problem": problem, "rows": rows,
        "total": [sum(getattr(row, name) for row in rows) for name in counts],
        "back_url": chosen.address("supervise:board"), "region": chosen.region, "kind": chosen.kind,
    }  # fmt: skip


def _instant(text: str, now: datetime) -> tuple[datetime | None, str]:
    try:
        at = datetime.fromisoformat(text)
        at = at if at.tzinfo else at.replace(tzinfo=CHINA)
        return (at, "") if at <= now else (None, AHEAD)
    except (ValueError, OverflowError):
        return None, UNREADABLE
