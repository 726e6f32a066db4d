"""A life through the real actions, in this process: the draft is opened, then the seven moves."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from django.db import connection

from xiaoneng.approval.actions import accept, apply, deliver, drafts, review
from xiaoneng.jobs.bench.city import FORM, BenchCity
from xiaoneng.kit import clock


def live(city: BenchCity, reviews: int) -> int:
    """Lead one application from its draft to its delivery and return its matter."""
    matter = open_draft(city, reviews)
    for _, step in moves(city, matter, reviews):
        step()
    return matter


def open_draft(city: BenchCity, reviews: int) -> int:
    """Open the draft of an application."""
    return drafts.open_draft(
        code=city.items[reviews], by=city.citizen.account, channel="online", at=clock.now(), key=uuid4(), form=FORM
    )


def moves(city: BenchCity, matter: int, reviews: int) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Name the moves of a life in their order, each with what makes it."""
    yield "submit", lambda: apply.submit(matter, by=city.citizen, at=clock.now(), key=uuid4())
    yield "accept", lambda: accept.accept(matter, by=city.clerk, at=clock.now(), key=uuid4())
    for _ in range(reviews):
        yield (
            "review",
            lambda: review.review(
                matter, by=city.reviewer, at=clock.now(), key=uuid4(), opinion="材料真实，符合条件。"
            ),
        )
    yield "grant", lambda: review.grant(matter, by=city.head, at=clock.now(), key=uuid4(), opinion="符合条件，准予。")
    yield (
        "deliver",
        lambda: deliver.deliver(
            matter, by=city.clerk, at=clock.now(), key=uuid4(), way="direct", recipient=FORM["name"]
        ),
    )


def statements_of_moves(city: BenchCity) -> dict[int, dict[str, int]]:
    """Return how many statements each move of a life takes from load to commit, by the number of review steps."""
    counted: dict[int, dict[str, int]] = {}
    for reviews in sorted(city.items):
        live(city, reviews)  # what is read once per process has been read
        matter = open_draft(city, reviews)
        most: dict[str, int] = {}
        for name, step in moves(city, matter, reviews):
            with listening() as heard:
                step()
            most[name] = max(most.get(name, 0), len(heard))
        counted[reviews] = most
    return counted


def facts_of(matter: int) -> list[dict[str, Any]]:
    """Return what a life's entries say, for a yardstick that writes as much."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM entry WHERE matter_id = %s ORDER BY seq", [matter])
        return [json.loads(body) for (body,) in cursor.fetchall()]


@contextmanager
def listening() -> Iterator[list[str]]:
    """Write down every statement but those that only begin and end transactions."""
    heard: list[str] = []

    def listen(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        # Django sends BEGIN and COMMIT past its wrappers; savepoints come through here and carry no work either.
        if "SAVEPOINT" not in sql:
            heard.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        yield heard
