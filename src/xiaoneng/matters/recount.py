"""Many matters counted anew at once: the same change of a calendar comes to few different answers, each counted once."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from os import cpu_count
from time import perf_counter
from typing import Any

import orjson
from django.db import InternalError, connection, transaction

from xiaoneng.matters import clocks as values
from xiaoneng.matters.clocks import PAUSED, STOPPED, Rules, as_facts, from_facts, recounted
from xiaoneng.matters.move import Row, move_many
from xiaoneng.org import reads as org
from xiaoneng.rules.procedures import Procedure
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.workdays import local

TOO_LATE = "相差超过两秒"  # the database's word for a moment that no longer fits its clock
# What is moved at once: more as long as it takes a small part of the two seconds that the journal allows between its
# clock and ours, since every batch has its commit.
BATCH, LARGEST, QUICK = 500, 4000, 0.4
WORTH_MORE = 5000
KEPT = 20_000  # ways in which clocks stand
HANDS = min(4, 1 + (cpu_count() or 1))
# Two clocks of the same day differ in their instants, which bear on nothing but hours: without them their texts are one.
_INSTANTS = re.compile(r'"(?:started|stopped)_at": "[^"]*", ')
_HOURS = '"unit": "hour"'
_DATES = ("due_on", "yellow_at", "red_at", "provisional", "calendar_version")
_BESIDE = frozenset(name.value for name in ClockName if name.beside)
_ROWS = """
SELECT m.id, m.version, m.state, m.item_version_id, m.step, m.step_name, m.desk, m.late, m.clocks_moved::text,
  m.clocks_recounted::text, r.calendar_id, c.version, r.office_hours
FROM matter m JOIN org_department d ON d.id = m.department_id JOIN org_region r ON r.id = d.region_id
JOIN org_calendar c ON c.id = r.calendar_id
WHERE m.id = ANY (%s) AND NOT m.closed AND m.version > 0 ORDER BY m.id"""
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Counted:
    """A clock counted anew: its dates, and in words what moved, if anything did."""

    dates: Facts
    words: Facts


@dataclass(frozen=True, slots=True)
class Standing:
    """How clocks stand that have not stopped, each with how it was counted anew, and what entries have said of them."""

    clocks: tuple[tuple[str, Facts, Counted], ...]
    moved: bool
    bodies: dict[tuple[Any, ...], str]


@dataclass
class Recount:
    """One recalculation: the move it is, the document behind it, and what has been counted so far."""

    procedure: Procedure
    name: str
    document: str

    def __post_init__(self) -> None:
        self._counted: dict[tuple[Any, ...], Counted] = {}
        self._standings: dict[tuple[Any, ...], Standing] = {}
        self._rules: dict[tuple[Any, ...], Rules] = {}

    def run(self, ids: Sequence[int], now: Callable[[], datetime]) -> int:
        """Count matters anew, one entry each where a date moves, and return how many moved.

        :param now: gives the moment of each batch; one that somebody moved meanwhile is taken again.
        """
        if len(ids) < WORTH_MORE or connection.in_atomic_block:
            return self._run(ids, now)
        # While one hand computes, the database writes for another, and waits for the disk for a third: each has a connection
        # of its own, and rows of its own, that stand together.
        cuts = [len(ids) * n // HANDS for n in range(HANDS + 1)]
        with ThreadPoolExecutor(HANDS) as hands:
            return sum(hands.map(lambda part: self._alone(part, now), [ids[a:b] for a, b in pairwise(cuts)]))

    def _alone(self, ids: Sequence[int], now: Callable[[], datetime]) -> int:
        try:
            return self._run(ids, now)
        finally:
            connection.close()

    def _run(self, ids: Sequence[int], now: Callable[[], datetime]) -> int:
        left, moved, size = deque(ids), 0, BATCH
        while left:
            batch = [left.popleft() for _ in range(min(size, len(left)))]
            changes = list(self._changes(batch))
            began = perf_counter()
            try:
                with transaction.atomic():
                    done = move_many(changes, self.name, procedure=self.procedure, at=now())
            except InternalError as slow:
                # On a machine so busy that a batch takes longer than that, a smaller one does not.
                if size == 1 or TOO_LATE not in str(slow):
                    raise
                left.extendleft(reversed(batch))
                size = max(1, size // 4)
                continue
            if perf_counter() - began < QUICK and len(batch) == size:
                size = min(LARGEST, size * 2)
            moved += len(done)
            left.extend(change.matter for change in changes if change.matter not in done)
        return moved

    def _changes(self, batch: Sequence[int]) -> Iterator[Row]:
        with connection.cursor() as cursor:
            cursor.execute(_ROWS, [list(batch)])
            rows = cursor.fetchall()
        for id_, version, state, item, step, step_name, desk, late, clocks, dates, *under in rows:
            standing = self._standing(clocks, dates, tuple(under))
            if not standing.moved:
                continue
            told = (state, step, step_name, desk, late)
            body = standing.bodies.get(told)
            if body is None:
                body = standing.bodies[told] = self._body(told, standing)
            yield Row(id_, version, body, item, under[1])

    def _standing(self, clocks: str, anew: str | None, under: tuple[Any, ...]) -> Standing:
        """Return how the clocks of a matter come out, as its row keeps them; the same for all that stand alike."""
        alike = (clocks if _HOURS in clocks else _INSTANTS.sub("", clocks), anew, under)
        found = self._standings.get(alike)
        if found is None:
            dates = orjson.loads(anew) if anew else {}
            alive = [
                (key, clock | dates.get(key, {}))
                for key, clock in orjson.loads(clocks).items() if clock["state"] != STOPPED
            ]  # fmt: skip
            counted = tuple((key, clock, self._recounted(clock, under)) for key, clock in alive)
            found = Standing(counted, any(each.words for _, _, each in counted), {})
            if len(self._standings) >= KEPT:
                self._standings.clear()
            self._standings[alike] = found
        return found

    def _body(self, told: tuple[Any, ...], standing: Standing) -> str:
        state, step, step_name, desk, late = told
        words = [
            {"clock": clock["name"], "round": str(clock["round"])} | anew.words
            for _, clock, anew in standing.clocks if anew.words
        ]  # fmt: skip
        body = {
            "to": state, "step": step, "step_name": step_name, "desk": desk, "late": late, "closed": False,
            **_light([clock | anew.dates for _, clock, anew in standing.clocks]),
            "recounted": {key: anew.dates for key, _, anew in standing.clocks},
            "what": {"document": self.document, "dates": words},
        }  # fmt: skip
        return orjson.dumps(body).decode()

    def _rules_of(self, *which: Any) -> Rules:
        if which not in self._rules:
            calendar, version, hours = which
            self._rules[which] = Rules(org.calendar(calendar, version), org.office_hours(hours))
        return self._rules[which]

    def _recounted(self, before: Facts, under: tuple[Any, ...]) -> Counted:
        moment = before["started_at"] if before["unit"] == "hour" else None
        asked = (under, before["unit"], before["limit"], before["extension"], before["started_on"], moment,
                 before["due_on"], before["yellow_at"], before["red_at"], before["provisional"], before["calendar_version"],
                 orjson.dumps(before["pauses"]) if before["pauses"] else b"", *before.get("threshold", ()))  # fmt: skip
        found = self._counted.get(asked)
        if found is None:
            found = self._counted[asked] = _counted(before, self._rules_of(*under))
        return found


def _counted(before: Facts, rules: Rules) -> Counted:
    old = from_facts(before)
    new = recounted(old, rules)
    facts = as_facts(new)
    dates = {name: facts[name] for name in _DATES}
    moved = any(dates[name] != before[name] for name in _DATES if name != "calendar_version")
    return Counted(dates, {"from": str(old.due_on), "to": str(new.due_on)} | _hour(old, new) if moved else {})


def _hour(old: values.ClockState, new: values.ClockState) -> Facts:
    # Other office hours move the end of the same day.
    if old.due_on != new.due_on or old.red_at is None or new.red_at is None or old.red_at == new.red_at:
        return {}
    return {"from_hour": f"{local(old.red_at):%H:%M}", "to_hour": f"{local(new.red_at):%H:%M}"}


def _light(clocks: Collection[Facts]) -> Facts:
    """Return what clocks.lamp() does, from the journal's own words: instants in UTC sort as they are written."""
    yellow_at = red_at = None
    held = running = False
    for clock in clocks:
        if not clock["counts"] or clock["state"] == STOPPED:
            continue
        yellow, red = clock["yellow_at"], clock["red_at"]
        if yellow and (yellow_at is None or yellow < yellow_at):
            yellow_at = yellow
        if red and (red_at is None or red < red_at):
            red_at = red
        if clock["name"] not in _BESIDE:
            held = True
            running = running or clock["state"] != PAUSED
    return {"yellow_at": yellow_at, "red_at": red_at, "paused": held and not running}
