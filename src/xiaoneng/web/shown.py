"""How a matter is shown: its light in words, its clocks as boxes, its steps, its journal, its dates explained."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from xiaoneng.approval import explained, words
from xiaoneng.approval.actions.accept import GROUNDS
from xiaoneng.approval.actions.deliver import WAYS
from xiaoneng.kit.numbers import chinese_date
from xiaoneng.matters.clocks import PAUSED, STOPPED, ClockState
from xiaoneng.matters.reads import EntryLine, MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules.annulment import WAYS as ANNULLED_BY
from xiaoneng.rules.explain import Explanation
from xiaoneng.rules.falsehood import GROUND
from xiaoneng.rules.limits import Hours, Light, used
from xiaoneng.rules.procedures.promises import AFTER_DELIVERY
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.roles import Role
from xiaoneng.rules.special import SPECIAL_PROCEDURES
from xiaoneng.rules.workdays import local, local_day, remaining_work
from xiaoneng.web import shown_beside, shown_promises

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class ShownLight:
    """A light with its word and, where time matters, how much of it is left."""

    name: str
    word: str
    text: str


def light_of(file: MatterFile, now: datetime, *, staff: bool = False) -> ShownLight:
    """Return the light of a matter in words; staff see working hours, citizens see days."""
    if file.closed:
        return ShownLight("done", "已办结", "已办结，曾经超期" if file.late else "已办结")
    light = file.light(now)
    words = light.word
    if light in (Light.YELLOW, Light.RED) and file.red_at:
        words += _time_left(file, file.red_at, now, staff)
    if file.late and light is not Light.RED:  # another clock of it ended late; a new one does not wash that off
        words += "（曾经超期）"
    return ShownLight(light.value, light.word, words)


def _time_left(file: MatterFile, red_at: datetime, now: datetime, staff: bool) -> str:
    calendar, hours = file.rules.calendar, file.rules.hours
    if staff:
        span = remaining_work(now, red_at, calendar, hours)
        return f"，{span}" if span.overdue else f"，还剩 {span}"
    if now > red_at:
        return ""
    days = calendar.working_days_between(local_day(now), local_day(red_at))
    return f"，还剩 {days} 个工作日" if days else "，今天到期"


@dataclass(frozen=True, slots=True)
class ShownClock:
    """A clock as a row of boxes, one a day that counts."""

    name: str
    limit_text: str
    used: str
    due: date | None
    boxes: tuple[str, ...]


_ON_CASE = {
    ClockName.PRE_ACCEPTANCE: "受理前审核",
    ClockName.SUPPLEMENT: "等申请人补正",
    ClockName.PROMISED: "承诺",
    ClockName.STATUTORY: "法定",
    ClockName.DELIVERY: "送达",
    ClockName.STEP: "本环节",
    ClockName.SPECIAL: "特别程序（预计）",
    ClockName.WAIT: "等待（预计）",
    ClockName.HEARING_REQUEST: "申请听证",
    ClockName.HEARING: "组织听证",
    ClockName.DEFERRED: "容缺材料补交",
    ClockName.CONSULT: "征求意见答复",
    ClockName.POST_CHECK: "事后核查",
    ClockName.RECTIFY: "申请人改正",
    ClockName.REVOCATION: "撤销处理",
}


def clocks_of(file: MatterFile, now: datetime) -> tuple[ShownClock, ...]:
    """Return the clocks that matter now: those alive, or the decision's after all have stopped."""
    alive = [clock for clock in file.clocks if clock.state != STOPPED]
    shown = alive or [c for c in file.clocks if c.name in (ClockName.PROMISED, ClockName.STATUTORY)]
    order = list(_ON_CASE)
    return tuple(_boxed(clock, file, now) for clock in sorted(shown, key=lambda c: order.index(c.name)))


def _boxed(clock: ClockState, file: MatterFile, now: datetime) -> ShownClock:
    name, text = _ON_CASE[clock.name], str(clock.total) if clock.total.n else "当场办结"
    if isinstance(clock.limit, Hours) or clock.total.n > 90:
        return ShownClock(name, text, _state_text(clock, 0), clock.due_on, ())
    day = local_day(clock.stopped_at or now)
    gone = used(clock.started_on, clock.limit.unit, clock.pauses, file.rules.calendar, day)
    total, paused = clock.total.n, _paused_days(clock, file, day)
    today = clock.state != STOPPED and gone > 0 and clock.state != PAUSED
    full = min(gone, total) - (1 if today and gone <= total else 0)
    boxes = ["used"] * max(full, 0) + ["paused"] * paused
    boxes += ["today"] if today and gone <= total else []
    boxes += ["todo"] * (total - min(gone, total)) + ["over"] * max(0, min(gone - total, 10))
    return ShownClock(name, text, _state_text(clock, gone), clock.due_on, tuple(boxes))


def _paused_days(clock: ClockState, file: MatterFile, day: date) -> int:
    whole = used(clock.started_on, clock.limit.unit, (), file.rules.calendar, day)
    return whole - used(clock.started_on, clock.limit.unit, clock.pauses, file.rules.calendar, day)


def _state_text(clock: ClockState, gone: int) -> str:
    if clock.state == STOPPED:
        return f"已停止，用了 {gone} 日" + ("，超期" if clock.ended_late() else "")
    if clock.state == PAUSED:
        return f"暂停中，已用 {gone} 日"
    provisional = "，暂定（放假安排未公布）" if clock.provisional else ""
    begun = f"今天第 {gone} 日" if gone else "明天起算"
    return (begun if clock.total.n else "") + provisional


@dataclass(frozen=True, slots=True)
class Explained:
    """An explanation with the title under which it unfolds."""

    title: str
    intro: str
    weeks: tuple[Any, ...]
    sentences: tuple[Any, ...]


def explanations_of(file: MatterFile, now: datetime) -> tuple[Explained, ...]:
    """Return how each due day was computed, the one that matters now first."""
    return tuple(
        Explained(f"{each.label}：{each.told.title}", each.told.intro, *rows_of(each.told))
        for each in explained.explanations_of(file, now)
    )


def rows_of(told: Explanation) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Return an explanation's weeks and sentences as a page shows them."""
    weeks = tuple({"cells": week.cells, "sum": week.counted} for week in told.weeks)
    return weeks, told.sentences


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """A line of the journal in words."""

    recorded_at: datetime
    label: str
    actor: str
    role: str
    content: str
    basis: str
    hash_short: str
    late: str


def entries_of(file: MatterFile, lines: tuple[EntryLine, ...], *, names: bool = True) -> tuple[ShownEntry, ...]:
    """Return a journal in words, newest first."""
    known = org.names_of_accounts({line.actor for line in lines}) if names else {}
    return tuple(_entry(file, line, known) for line in words.with_words(file.id, lines))


def _entry(file: MatterFile, line: EntryLine, known: dict[int, str]) -> ShownEntry:
    role = Role(line.role)
    actor = "平台" if line.actor == 0 else known.get(line.actor, role.label)
    late = f"补记，称发生于 {local(line.claimed_at):%m月%d日 %H:%M}" if line.claimed_at else ""
    return ShownEntry(
        line.recorded_at,
        line.label,
        actor,
        "" if actor in (role.label, "平台") else role.label + (f"（{line.authority}）" if line.authority else ""),
        content_of(line),
        str(file.procedure.move(line.move).basis),
        f"{line.hash[:4]}…{line.hash[-4:]}",
        late,
    )


def content_of(line: EntryLine) -> str:
    """Return what an entry did, in a sentence."""
    what: dict[str, Any] = line.facts.get("what", {})
    writer = _CONTENT.get(line.move)
    return writer(what) if writer else ""


def _deemed(what: dict[str, Any]) -> str:
    return f"五个工作日内没有告知，自收件之日{_day(what['accepted_on'])}起视为受理"


def _passed_over(what: dict[str, Any]) -> str:
    first = what.get("passed_over")
    return f" 先受理而未决定的：{'、'.join(first)}；不按先后的理由：{what['out_of_order']}" if first else ""


def _proved(what: dict[str, Any]) -> str:
    return f"，邮件号 {what['tracking']}" if what.get("tracking") else ""


def _false(what: dict[str, Any]) -> str:
    return f"{GROUND}：{what['falsehood']}。" if what.get("falsehood") else ""


_CONTENT: dict[str, Any] = (
    {
        "submit": lambda w: (
            f"{len(w.get('files', []))} 个文件，{_day(w['received_on'])}收件"
            + ("；提交账号的授权没有登记，待核对" if w.get("authority") else "")
        ),
        "accept": shown_promises.accepted,
        "deem_accepted": _deemed,
        "request_correction": lambda w: (
            "；".join(each["text"] for each in w["lacks"]) + ("（再次告知）" if w["again"] else "")
        ),
        "supplement": lambda w: f"补交 {len(w.get('files', []))} 个文件。{w.get('note', '')}",
        "not_accept": lambda w: f"{GROUNDS[w['ground']]}。{_false(w)}{w['reason']}",
        "review": lambda w: f"{w.get('reviewed', '')}：{w['opinion']}",
        "grant": lambda w: w["reason"] + _passed_over(w),
        "refuse": lambda w: f"{_false(w)}{w['reason']} 依据：{w['basis']}",
        "suspend": lambda w: f"{SPECIAL_PROCEDURES[w['kind']]}，预计 {w['estimated_days']} 个工作日。{w['reason']}",
        "resume": lambda w: w["result"],
        "extend": lambda w: f"延长 {shown_beside.length(w['days'], w.get('unit', 'working_day'))}。{w['reason']}",
        "dispatch": lambda w: (
            f"{WAYS[w['way']]}，{_day(w['sent_on'])}发出。{w.get('tracking', '')}{w.get('place', '')}"
        ),
        "deliver": lambda w: f"{WAYS[w['way']]}，{_day(w['delivered_on'])}{_proved(w)}",
        "correct_document": lambda w: f"{w['document']}：“{w['wrong']}”更正为“{w['right']}”。{w['reason']}",
        "annul_decision": lambda w: (
            f"{ANNULLED_BY[w['way']]}：{w['organ']} {w['decision']}（{_day(w['made_on'])}）。{w['reason']}"
        ),
        "withdraw": lambda w: w.get("reason", ""),
        "recalculate": lambda w: "；".join(
            f"{ClockName(d['clock']).label}由{_day(d['from'])}{d.get('from_hour', '')}改为{_day(d['to'])}{d.get('to_hour', '')}"
            for d in w.get("dates", [])
        ),
        "seal": lambda w: f"封存 {w['count']} 盏红灯",
        "seal_records": lambda w: f"封存 {w['count']} 条管理留痕",
    }
    | shown_promises.CONTENT
    | shown_beside.CONTENT
)


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step of a matter's way, done, current or to come."""

    name: str
    state: str
    when: datetime | None = None
    text: str = ""
    link: dict[str, str] | None = None


_DONE = {
    "submit": "提交申请", "accept": "受理", "deem_accepted": "视为受理", "request_correction": "告知补正",
    "supplement": "提交补正", "not_accept": "不予受理", "grant": "决定：准予", "refuse": "决定：不予", "suspend": "特别程序",
    "resume": "特别程序结束", "extend": "延长期限", "dispatch": "发出决定书", "deliver": "送达",
    "correct_document": "更正文书", "annul_decision": "原决定被撤销", "withdraw": "撤回申请", "recalculate": "期限重算",
} | shown_beside.DONE  # fmt: skip


def steps_of(file: MatterFile, lines: tuple[EntryLine, ...]) -> tuple[ShownStep, ...]:
    """Return the way of an application: what was done, where it stands, what is to come."""
    done = [
        ShownStep(
            line.facts["what"].get("reviewed") or "审查" if line.move == "review" else _DONE.get(line.move, line.label),
            "done",
            line.recorded_at,
            _public_text(line),
        )
        for line in reversed(words.with_words(file.id, lines))
    ]
    if file.closed:
        return tuple(done)
    return (*done, _current(file), *_ahead(file))


def _public_text(line: EntryLine) -> str:
    what = line.facts.get("what", {})
    if line.move == "submit":
        return "网上提交，自动发出收件凭证" if what.get("channel") == "online" else "窗口收件，已发收件凭证"
    if line.move in ("review", "resume", *shown_beside.NOT_PUBLIC, *shown_promises.NOT_PUBLIC):
        return ""
    return content_of(line)


def _current(file: MatterFile) -> ShownStep:
    if file.desk == Role.APPLICANT:
        return ShownStep(
            to_the_applicant(file.step_name),
            "paused" if file.paused else "now",
            text="补齐以前时限暂停" if file.paused else "",
        )
    if file.paused:
        return ShownStep(file.step_name, "paused", text="特别程序进行中，时限暂停")
    desk = Role(file.desk).label if file.desk else ""
    return ShownStep(file.step_name, "now", text=f"等{file.department_name}{desk}办理")


def to_the_applicant(state: str) -> str:
    """Return the name of a state as the applicant is told it: whom it waits for is 您."""
    return state.replace("等申请人", "等您").removesuffix("（分办）")


def _ahead(file: MatterFile) -> tuple[ShownStep, ...]:
    if file.state in ("granted", "refused", *AFTER_DELIVERY):
        return ()
    plan = file.plan
    if file.state == "supplementing":  # it goes back to the step at which it asked
        return tuple(
            ShownStep(name, "todo")
            for name in [
                *(step.name for step in plan.steps if step.position >= file.step and step.kind != "accept"),
                "送达",
            ]
        )
    if file.state in ("received", "correcting"):
        rest = [step.name for step in plan.steps if step.kind != "accept"]
        rest = ["受理", *rest] if file.state == "correcting" else rest
    else:
        rest = [step.name for step in plan.steps if step.position > file.step]
    return tuple(ShownStep(name, "todo") for name in [*rest, "送达"])


def weekday(day: date | None) -> str:
    """Return the day of the week, 星期三."""
    return f"星期{WEEKDAYS[day.weekday()]}" if day else ""


def due_columns(due: dict[str, date | None]) -> dict[str, date | None]:
    """Return the two due days of a row of a list; before acceptance the first is that of the answer about it."""
    first = ClockName.PROMISED if ClockName.PROMISED in due else ClockName.PRE_ACCEPTANCE
    return {"promised_due": due.get(first), "statutory_due": due.get(ClockName.STATUTORY)}


def _day(text: str) -> str:
    return chinese_date(date.fromisoformat(text))
