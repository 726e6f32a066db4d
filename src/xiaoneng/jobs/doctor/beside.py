"""What lies beside the straight way: lapses and renewals by silence, hearings, checks, sessions, words (8, 10, 13, 34)."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time, timedelta

from xiaoneng.jobs.doctor.almanac import CHINA, ONE, Almanac, day_of
from xiaoneng.jobs.doctor.case import Case, Entry, SessionRow, Step
from xiaoneng.jobs.doctor.ground import Ground
from xiaoneng.jobs.doctor.report import Fault, Faults

DECISIONS = ("grant", "refuse")
LEAD = 7  # 行政许可法第四十八条
AHEAD = timedelta(days=30)  # 行政许可法第五十条
ARRANGES = {"schedule_hearing": "hearing", "schedule_site_check": "site_check", "publish": "publication"}
ENDS = {"record_hearing": "hearing", "record_site_check": "site_check", "close_publication": "publication"}


def check(case: Case, ground: Ground) -> Faults:
    """Check what was done beside the review of a matter."""
    for step in case.steps:
        if step.entry.move == "lapse":
            yield from _lapsed(step)
        if step.entry.move == "deem_renewed":
            yield from _renewed(step, case)
        if step.entry.move in DECISIONS:
            yield from _decided(step)
        if step.entry.move == "schedule_hearing":
            yield from _notified(step.entry, ground.almanac(case.row.department, step.entry.calendar_version or 0))
        if (
            step.entry.move in ("schedule_site_check", "record_site_check")
            and len(set(step.entry.what["officers"])) < 2
        ):
            yield Fault(13, "现场核查不足两人", step.entry.seq)
    yield from _chairs(case)
    yield from _sessions(case)
    yield from _words(case)


def _lapsed(step: Step) -> Faults:
    rounds = [clock for clock in step.before.values() if clock.name == "supplement" and clock.state != "stopped"]
    if not rounds or rounds[-1].red_at is None or step.entry.at <= rounds[-1].red_at:
        yield Fault(10, "补正期限没有届满就终止了办理", step.entry.seq)


def _renewed(step: Step, case: Case) -> Faults:
    expires_on = date.fromisoformat(step.entry.what["expires_on"])
    filed = min(clock.started_on for clock in step.before.values() if clock.name == "pre_acceptance")
    over = datetime.combine(expires_on + ONE, time(), CHINA)
    if step.entry.at < over:
        yield Fault(10, "许可没有到期就视为准予延续", step.entry.seq)
    if filed + AHEAD > expires_on:
        yield Fault(10, "不是届满三十日前提出的延续，不能视为准予", step.entry.seq)
    if case.renewal != (step.entry.what["certificate"], expires_on):
        yield Fault(8, "视为准予延续的许可证与登记的不符", step.entry.seq)


def _decided(step: Step) -> Faults:
    for clock in step.before.values():
        if clock.name in ("special", "wait", "hearing") and clock.state != "stopped":
            yield Fault(10, f"时钟 {clock.name} 还在走就作了决定", step.entry.seq)


def _notified(entry: Entry, days: Almanac) -> Faults:
    day, left = day_of(entry.at), LEAD
    while left:
        day += ONE
        left -= days.works(day)
    if day_of(datetime.fromisoformat(entry.what["starts_at"])) < day:
        yield Fault(10, f"听证没有提前 {LEAD} 个工作日通知", entry.seq)


def _chairs(case: Case) -> Faults:
    reviewers: set[int] = set()
    chairs: dict[int, int] = {}
    for entry in case.entries:
        if entry.move == "schedule_hearing":
            chairs[entry.what["chair"]] = entry.seq
        if entry.move == "call_off" and entry.what["kind"] == "hearing":
            chairs.clear()
        if entry.move == "review":
            reviewers.add(entry.actor)
        for account in reviewers & chairs.keys():
            yield Fault(13, "听证主持人是审查本件的人", chairs.pop(account))


def _sessions(case: Case) -> Faults:
    told: dict[str, SessionRow] = {}
    ended: list[SessionRow] = []
    for entry in case.entries:
        kind = ARRANGES.get(entry.move)
        if kind:
            told[kind] = SessionRow(kind, entry.seq, "open", None)
        kind, state = ENDS.get(entry.move), "held"
        if entry.move == "call_off":
            kind, state = entry.what["kind"], "called_off"
        if kind in told:
            ended.append(SessionRow(kind, told.pop(kind).seq, state, entry.seq))
    expected = sorted([*told.values(), *ended], key=lambda row: row.seq)
    if expected != sorted(case.sessions, key=lambda row: row.seq):
        yield Fault(8, "听证、核查、公示的安排与日志不符")
    decided = next((entry.seq for entry in case.entries if entry.move in DECISIONS), None)
    for row in expected:
        if decided and row.seq < decided and (row.closed_seq is None or row.closed_seq > decided):
            yield Fault(10, f"{row.kind} 安排了，没有结果就作了决定", decided)


def _words(case: Case) -> Faults:
    known = {
        (entry.seq, name): digest for entry in case.entries for name, digest in entry.what.get("words", {}).items()
    }
    for seq, name, text in case.words:
        salt = case.application.salt if case.application else b""
        digest = hashlib.sha256(salt + f"{name}:{text}".encode()).hexdigest()
        if known.get((seq, name)) != digest:
            yield Fault(34, f"“{name}”与日志记下的哈希不符", seq)
