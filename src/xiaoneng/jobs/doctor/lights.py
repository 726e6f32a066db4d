"""Lights: a matter's light follows from its clocks, each red is on record, records are sealed (19)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from xiaoneng.jobs.doctor.case import Case, Clock, Step, moment
from xiaoneng.jobs.doctor.chain import EPOCH, MICROSECOND
from xiaoneng.jobs.doctor.ground import Ground
from xiaoneng.jobs.doctor.pauses import STOPPED
from xiaoneng.jobs.doctor.reading import rows
from xiaoneng.jobs.doctor.report import Fault, Faults

# Those of the applicant's side, a single step's, and another department's.
NOT_COUNTED = ("supplement", "step", "hearing_request", "deferred", "rectify", "consult", "statement", "appeal")
BESIDE = ("special", "wait", "hearing")  # they can turn the light red, and do not keep a pause away
RECORDED_WITHIN = timedelta(seconds=60)
Red = tuple[str, int, datetime]


def check(case: Case, ground: Ground) -> Faults:
    """Check the light after every entry, and the red lights on record."""
    for step in case.steps:
        yield from _lamp(step)
    yield from _records(case, ground)


def _lamp(step: Step) -> Faults:
    counted = [clock for clock in step.after.values() if clock.name not in NOT_COUNTED]
    for clock in step.touched:
        if clock.counts != (clock.name not in NOT_COUNTED):
            yield Fault(19, f"时钟 {clock.name} 计不计入红黄灯标得不对", step.entry.seq)
    alive = [] if step.entry.facts["closed"] else [clock for clock in counted if clock.state != STOPPED]
    held = [clock for clock in alive if clock.name not in BESIDE]
    expected = {
        "yellow_at": min((clock.yellow_at for clock in alive if clock.yellow_at), default=None),
        "red_at": min((clock.red_at for clock in alive if clock.red_at), default=None),
        "paused": bool(held) and all(clock.state == "paused" for clock in held),
        "late": any(_ended_late(clock) for clock in counted),
    }
    for name, value in expected.items():
        written = step.entry.facts[name]
        if (moment(written) if name.endswith("_at") else written) != value:
            yield Fault(19, f"日志写的 {name} 是“{written}”，由各时钟得出的是“{value}”", step.entry.seq)


def _ended_late(clock: Clock) -> bool:
    return bool(clock.red_at and clock.stopped_at and clock.stopped_at > clock.red_at)


def _records(case: Case, ground: Ground) -> Faults:
    recorded: set[Red] = {(light.clock, light.round, light.since) for light in case.lights}
    for name, round_, since in sorted(_due(case, ground.now - RECORDED_WITHIN) - recorded):
        yield Fault(19, f"时钟 {name} 第 {round_} 轮于 {since.isoformat()} 转红，没有登记（后台任务可能没有运行）")
    for name, round_, since in sorted(recorded - _ever_red(case, ground.now)):
        yield Fault(19, f"登记了时钟 {name} 第 {round_} 轮 {since.isoformat()} 的红灯，而它没有在那时转红")


def _due(case: Case, now: datetime) -> set[Red]:
    return {
        (clock.name, clock.round, clock.red_at)
        for clock in case.folded.values()
        if clock.name not in NOT_COUNTED and clock.red_at and clock.red_at < now
        and (clock.stopped_at is None or clock.stopped_at > clock.red_at)
    }  # fmt: skip


def _ever_red(case: Case, now: datetime) -> set[Red]:
    """Return every red that was true at some time, those that an extension or a recalculation took back among them."""
    seen: set[Red] = set()
    for place, step in enumerate(case.steps):
        for clock in step.touched:
            until = clock.stopped_at if clock.state == STOPPED else _until(case.steps[place + 1 :], clock, now)
            if clock.red_at and until and clock.red_at < until:
                seen.add((clock.name, clock.round, clock.red_at))
    return seen


def _until(later: Iterable[Step], clock: Clock, now: datetime) -> datetime:
    return next((step.entry.recorded_at for step in later if any(c.key == clock.key for c in step.touched)), now)


_SEALS = """
SELECT e.matter_id, e.seq, e.facts -> 'what' ->> 'count', e.facts -> 'what' ->> 'first', e.facts -> 'what' ->> 'last',
  e.facts -> 'what' ->> 'sha256'
FROM entry e JOIN matter m ON m.id = e.matter_id
WHERE m.kind = 'red_light_register' AND e.move = 'seal' ORDER BY e.seq"""
_SEALED = "SELECT seal, id, matter_id, clock, round, since, due_on, recorded_at FROM supervision_redlight ORDER BY id"


# Whose light it was and when it was put on record is not in the seal: it follows from the journal, and from the seals
# before and after, give or take the two seconds that the journal allows.
_MISPLACED = """
SELECT r.id, coalesce(m.number, m.intake_number, '办件 #' || m.id),
  (r.department_id, r.step_name, r.desk) IS DISTINCT FROM
    (m.department_id, coalesce(e.facts ->> 'step_name', '')::varchar, coalesce(e.facts ->> 'desk', '')::varchar)
FROM supervision_redlight r JOIN matter m ON m.id = r.matter_id
LEFT JOIN LATERAL (SELECT facts FROM entry WHERE matter_id = r.matter_id AND recorded_at <= r.since
                   ORDER BY seq DESC LIMIT 1) e ON true
LEFT JOIN entry s ON s.seq = r.seal AND s.move = 'seal' AND s.matter_id = (
  SELECT min(id) FROM matter WHERE kind = 'red_light_register')
LEFT JOIN entry p ON p.matter_id = s.matter_id AND p.seq = s.seq - 1
WHERE NOT EXISTS (  -- whose journal says nothing of any instant: found as what it is
    SELECT FROM entry f WHERE f.matter_id = r.matter_id AND f.recorded_at > xn_clock() + interval '2 seconds')
  AND ((r.department_id, r.step_name, r.desk) IS DISTINCT FROM
    (m.department_id, coalesce(e.facts ->> 'step_name', '')::varchar, coalesce(e.facts ->> 'desk', '')::varchar)
  OR r.recorded_at < r.since OR r.recorded_at > s.recorded_at + interval '2 seconds'
  OR r.recorded_at < p.recorded_at - interval '2 seconds') ORDER BY r.id"""


def placed() -> Faults:
    """Check whose each red light on record was, and that it was put there when the register says."""
    for id_, called, elsewhere in rows(_MISPLACED):
        what = "单位、环节或者岗位与日志不符" if elsewhere else "登记的时刻与登记簿不符"
        yield Fault(19, f"红灯登记 {id_}（{called}）的{what}")


def seals(ground: Ground) -> Faults:
    """Check that the red lights on record are those that the register sealed."""
    lines: dict[int, list[str]] = defaultdict(list)
    ids: dict[int, list[int]] = defaultdict(list)
    for seal, id_, matter, clock, round_, since, due_on, recorded_at in rows(_SEALED):
        if seal is None:
            if recorded_at < ground.now - RECORDED_WITHIN:
                yield Fault(19, f"红灯登记 {id_} 一直没有封存")
            continue
        lines[seal].append(f"{id_}|{matter}|{clock}|{round_}|{(since - EPOCH) // MICROSECOND}|{due_on}")
        ids[seal].append(id_)
    sealed = rows(_SEALS)
    if len({matter for matter, *_ in sealed}) > 1:
        yield Fault(19, "红灯登记簿不止一本")
    for _, seq, *told in sealed:
        if told != _summary(ids.get(seq, []), lines.get(seq, [])):
            yield Fault(19, "封存的红灯登记与登记簿不符", seq)
    for seq in sorted(lines.keys() - {seq for _, seq, *_ in sealed}):
        yield Fault(19, f"红灯登记指向登记簿第 {seq} 条，而那里没有封存")


def _summary(ids: list[int], lines: list[str]) -> list[str | None]:
    if not ids:
        return []
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return [str(len(ids)), str(ids[0]), str(ids[-1]), digest]
