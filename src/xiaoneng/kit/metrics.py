"""Counts for a monitoring system, in the text form of Prometheus; several web processes add up."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

SHARED = "PROMETHEUS_MULTIPROC_DIR"  # where the processes of one start keep their counts; the library reads it
TYPE = "text/plain; version=0.0.4; charset=utf-8"
_own = CollectorRegistry()
_requests = Counter("xiaoneng_requests", "已答的请求", ["route", "method", "status"], registry=_own)
_seconds = Histogram(
    "xiaoneng_request_seconds", "答一个请求用的时间", ["route"], registry=_own,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)  # fmt: skip
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

Gauge = tuple[str, str, dict[str, float]]  # name, what it is, values by label (one empty label: a single value)


def request_done(route: str, method: str, status: int, seconds: float) -> None:
    """Count one answer."""
    _requests.labels(route, method if method in METHODS else "OTHER", str(status)).inc()
    _seconds.labels(route).observe(seconds)


class _Now(Collector):
    def __init__(self, gauges: Iterable[Gauge]) -> None:
        self.gauges = gauges

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Hand out what was measured just now."""
        for name, what, values in self.gauges:
            family = GaugeMetricFamily(f"xiaoneng_{name}", what, labels=["kind"] if set(values) != {""} else [])
            for label, value in values.items():
                family.add_metric([label] if label else [], value)
            yield family


def exposition(gauges: Iterable[Gauge]) -> bytes:
    """Return the counts of all processes and the gauges measured now."""
    registry = CollectorRegistry()
    registry.register(_Now(gauges))
    if os.environ.get(SHARED):
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(_own) + generate_latest(registry)


def begin(directory: Path) -> None:
    """Make room for the counts of a new start, and forget those of the one before."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in directory.glob("*.db"):
        with suppress(OSError):
            old.unlink()
