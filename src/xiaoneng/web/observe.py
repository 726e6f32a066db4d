"""What machines ask: is it alive and well, and how much of everything."""

from __future__ import annotations

import hmac
import shutil
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from xiaoneng.kit import clock, metrics
from xiaoneng.matters import reads as matters
from xiaoneng.rules.limits import Light
from xiaoneng.supervision.findings import reads as findings
from xiaoneng.web.access import Policy, policy
from xiaoneng.web.client_address import is_here

HEARTBEAT_SECONDS = 60  # the worker tells every ten
BACKLOG = 2000  # jobs that wait; usually a handful
FREE = 0.05  # of the disk, before somebody has to act
CLOCK_SECONDS = 2.0  # the kernel refuses moves beyond this
_WORKER = """
SELECT extract(epoch FROM clock_timestamp() - max(last_heartbeat))::float8, count(*) FROM procrastinate_workers"""
_JOBS = (
    "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())"
)


@policy(Policy.PUBLIC, while_owing=True)
@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """Say whether the platform is alive (200 or 503), and to those who may know, how each part is."""
    checks = examined()
    alive = checks["database"]["ok"]
    well = all(each["ok"] for each in checks.values())
    told: dict[str, Any] = {"status": "down" if not alive else "ok" if well else "degraded"}
    if may_look(request):
        told["checks"] = checks
    return JsonResponse(told, status=200 if alive else 503, json_dumps_params={"ensure_ascii": False})


@policy(Policy.PUBLIC, while_owing=True)
@require_safe
@never_cache
def show_metrics(request: HttpRequest) -> HttpResponse:
    """Hand out the counts, to this machine itself or for the token."""
    if not may_look(request):
        raise Http404
    checks = examined()
    gauges: list[metrics.Gauge] = [
        ("up", "各部分是否正常（1 正常）", {name: float(each["ok"]) for name, each in checks.items()}),
        ("worker_heartbeat_seconds", "后台任务上次报平安至今的秒数", {"": checks["worker"].get("seconds") or -1.0}),
        ("backlog", "等待的后台任务数", {"": float(checks["backlog"].get("jobs") or 0)}),
        ("disk_free_bytes", "数据目录所在磁盘的剩余字节", {"": float(checks["disk"]["free"])}),
        ("clock_drift_seconds", "本机与数据库时间之差", {"": checks["clock"].get("seconds") or 0.0}),
    ]
    if checks["database"]["ok"]:
        gauges.append(("open_matters", "在办件数，按灯", _lights()))
    return HttpResponse(metrics.exposition(gauges), content_type=metrics.TYPE)


def may_look(request: HttpRequest) -> bool:
    """Tell whether the details are for whoever asks: this machine, or who knows the token."""
    kind, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if settings.METRICS_TOKEN and kind.lower() == "bearer":
        return hmac.compare_digest(token.encode(), settings.METRICS_TOKEN.encode())
    return is_here(request)


def examined() -> dict[str, dict[str, Any]]:
    """Look at each part."""
    checks: dict[str, dict[str, Any]] = {"disk": _disk()}
    try:
        before = datetime.now(UTC)
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            there = cursor.fetchone()[0]
            after = datetime.now(UTC)
            cursor.execute(_WORKER)
            heartbeat, workers = cursor.fetchone()
            cursor.execute(_JOBS)
            jobs = cursor.fetchone()[0]
        unfinished = findings.unfinished()
    except DatabaseError:
        away = {"ok": False, "why": "数据库连不上"}
        return checks | {"database": away, "worker": away, "backlog": away, "clock": away, "findings": away}
    apart = max((before - there).total_seconds(), (there - after).total_seconds(), 0.0)
    return checks | {
        "database": {"ok": True, "ms": round((after - before).total_seconds() * 1000, 1)},
        "worker": {
            "ok": heartbeat is not None and heartbeat < HEARTBEAT_SECONDS, "workers": workers,
            "seconds": None if heartbeat is None else round(heartbeat, 1),
        },
        "backlog": {"ok": jobs < BACKLOG, "jobs": jobs},
        "clock": {"ok": apart <= CLOCK_SECONDS, "seconds": round(apart, 3)},
        "findings": {"ok": not unfinished, "unfinished": unfinished},
    }  # fmt: skip


def _disk() -> dict[str, Any]:
    usage = shutil.disk_usage(settings.HOME)
    return {"ok": usage.free >= FREE * usage.total, "free": usage.free, "share": round(usage.free / usage.total, 3)}


def _lights() -> dict[str, float]:
    now = clock.now()
    found = matters.open_matters()
    return {light.value: float(found.filter(matters.having_light(light, now)).count()) for light in Light}
