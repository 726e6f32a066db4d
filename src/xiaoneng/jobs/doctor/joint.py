"""Joint cases (8, 13, 24, 37): the branches are what the journal says, none opened too soon, none is due after the whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from xiaoneng.jobs.doctor.reading import rows
from xiaoneng.jobs.doctor.report import Fault

WHOLE = 45  # 行政许可法第四十二条第二款
_BRANCHES = """
SELECT b.joint_id, coalesce(j.number, j.intake_number, '办件 #' || j.id), j.state, j.closed, b.position, b.after, b.outcome,
  b.urged, b.matter_id, m.state, m.closed, b.version_id,
  (SELECT e.facts ->> 'to' FROM entry e WHERE e.matter_id = m.id AND e.facts ->> 'to' IN ('granted', 'refused')
   ORDER BY e.seq LIMIT 1),
  m.clocks -> 'promised/1', (SELECT e.facts -> 'what' FROM entry e WHERE e.matter_id = m.id AND e.seq = 1), m.paused,
  j.clocks -> 'joint/1'
FROM approval_branch b JOIN matter j ON j.id = b.joint_id LEFT JOIN matter m ON m.id = b.matter_id
WHERE j.version > 0 ORDER BY b.joint_id, b.position"""
_ENTRIES = """
SELECT e.matter_id, e.seq, e.move, e.facts -> 'what', e.at, j.opened_at FROM entry e JOIN matter j ON j.id = e.matter_id
WHERE j.kind = 'joint_case' AND e.move IN ('submit', 'accept', 'deem_accepted', 'advance', 'escalate', 'arrange', 'record',
  'conclude', 'finish') ORDER BY e.matter_id, e.seq"""


_VERSIONS = """
SELECT id, lower(in_force), upper(in_force) FROM catalogue_itemversion
WHERE id IN (SELECT version_id FROM approval_branch)"""
Stood = dict[int, tuple[datetime | None, datetime | None]]


class Part(NamedTuple):
    """A branch as its table, its matter and the whole keep it."""

    joint: int
    called: str
    whole: str
    done: bool
    position: int
    after: list[int]
    outcome: str
    urged: int
    matter: int | None
    state: str | None
    closed: bool | None
    version: int
    decided: str | None
    promised: Any
    opening: Any
    paused: bool | None
    clock: Any


class Told(NamedTuple):
    """What the journal says of a branch."""

    after: list[int]
    version: int
    outcome: str
    matter: int | None
    urged: int


def check() -> Iterator[tuple[Fault, str]]:
    """Check every joint case and say of each fault where it is."""
    parts: dict[int, list[Part]] = {}
    for row in rows(_BRANCHES):
        each = Part(*row)
        parts.setdefault(each.joint, []).append(each)
    told: dict[int, list[tuple[int, str, dict[str, Any]]]] = {}
    stood: Stood = {version: (since, until) for version, since, until in rows(_VERSIONS)}
    for joint, seq, move, what, at, opened_at in rows(_ENTRIES):
        facts = _plain(what) or {}
        told.setdefault(joint, []).append((seq, move, facts))
        if move in ("accept", "deem_accepted"):
            first = at if move == "accept" else opened_at
            for fault in _versions(facts, seq, stood, first, at):
                yield fault, parts[joint][0].called
    for joint, branches in parts.items():
        for fault in _whole(branches, told.get(joint, [])):
            yield fault, branches[0].called


def _versions(what: dict[str, Any], seq: int, stood: Stood, first: datetime, last: datetime) -> Iterator[Fault]:
    for each in what["branches"]:
        since, until = stood.get(each["version"], (last, first))
        if (since and since > last) or (until and until <= first):
            yield Fault(37, f"分办 {each['position']} 受理时适用的事项版本 {each['version']} 当时没有施行", seq)


def _plain(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str | bytes) else value


def _whole(parts: list[Part], entries: list[tuple[int, str, dict[str, Any]]]) -> Iterator[Fault]:
    folded: dict[int, Told] = {}
    for seq, move, what in entries:
        yield from _followed(folded, seq, move, what)
    for part in parts:
        row = Told(part.after, part.version, part.outcome, part.matter, part.urged)
        if folded.get(part.position) != row:
            yield Fault(8, f"分办 {part.position} 的记录与日志不符")
        yield from _branch(part)
    over = all(part.outcome == "never" or part.closed for part in parts)
    if parts[0].done and parts[0].whole == "done" and not over:
        yield Fault(24, "还有分办件没有办结，全程却已办结")


def _followed(folded: dict[int, Told], seq: int, move: str, what: dict[str, Any]) -> Iterator[Fault]:
    if move in ("submit", "accept", "deem_accepted"):
        for each in what["branches"]:
            folded[each["position"]] = Told(each["after"], each["version"], "waiting", None, 0)
        if move != "submit" and not 1 <= what["whole_days"] <= WHOLE:
            yield Fault(24, f"全程期限 {what['whole_days']} 个工作日，最长 {WHOLE}", seq)
    if move in ("arrange", "record") and len(set(what["people"])) < 2:
        yield Fault(13, "联合办理不足两人", seq)
    for each in what.get("urged", ()) if move == "escalate" else ():
        folded[each["position"]] = folded[each["position"]]._replace(urged=each["level"])
    if move == "advance":
        yield from _advanced(folded, seq, what)


def _advanced(folded: dict[int, Told], seq: int, what: dict[str, Any]) -> Iterator[Fault]:
    for each in what["decided"]:
        folded[each["position"]] = folded[each["position"]]._replace(outcome=each["outcome"])
    for each in what["ended"]:
        folded[each["position"]] = folded[each["position"]]._replace(outcome="never")
    for each in what["ended"]:
        if any(folded[place].outcome in ("granted", "open", "waiting") for place in each["because"]):
            yield Fault(24, f"分办 {each['position']} 的前置没有落空，却不再启动", seq)
    for each in what["opened"]:
        branch = folded[each["position"]]
        if any(folded[place].outcome != "granted" for place in branch.after):
            yield Fault(24, f"分办 {each['position']} 的前置还没有全部准予就启动了", seq)
        folded[each["position"]] = branch._replace(outcome="open", matter=each["matter"])


def _branch(part: Part) -> Iterator[Fault]:
    if part.matter is None:
        return
    opening, promised, clock = (_plain(each) for each in (part.opening, part.promised, part.clock))
    if part.outcome in ("granted", "refused") and part.decided != part.outcome:
        yield Fault(24, f"分办 {part.position} 记为 {part.outcome}，它的日志里没有这个决定")
    if opening.get("joint_matter") != part.joint or opening.get("position") != part.position:
        yield Fault(24, f"分办 {part.position} 的办件说它属于别处")
    if promised and clock and not promised["pauses"] and promised["due_on"] and clock["due_on"]:
        latest = max(date.fromisoformat(clock["due_on"]), date.fromisoformat(promised["started_on"]))
        if date.fromisoformat(promised["due_on"]) > latest:
            yield Fault(24, f"分办 {part.position} 到 {promised['due_on']} 才到期，晚于全程的 {clock['due_on']}")
