"""Agent service: from which size on a project is accompanied, and what a plan of its approvals must be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xiaoneng.rules.grounds import Basis, Obstacle
from xiaoneng.rules.limits import WorkingDays
from xiaoneng.rules.workdays import Calendar

ANSWER = WorkingDays(2)  # an agent answers a request in this time
THRESHOLD = Basis("平台代办规则", "", "", "注册资本达到规定数额的新设企业，或者投资额达到规定数额的项目，由专人代办")
PLANNED = Basis("平台代办规则", "", "", "代办员接单时排出全部审批的先后、起止日期和前置关系，并告知申请人")
FREE = Basis("平台代办规则", "", "", "代办自愿、免费；代办只帮助跑腿和协调，不改变各审批的期限和条件")
MOST_STEPS = 40


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One approval of a plan: what, by which department, by when, and the places of those it waits for."""

    title: str
    department: str
    due_on: date
    after: tuple[int, ...] = ()


def to_service(capital: int, investment: int, thresholds: Mapping[str, int]) -> tuple[Obstacle, ...]:
    """Return what stands against agent service; either figure alone suffices. All in units of 10,000 yuan."""
    if capital >= thresholds["capital"] or investment >= thresholds["investment"]:
        return ()
    message = (
        f"注册资本 {capital} 万元、投资额 {investment} 万元，都没有达到代办标准"
        f"（注册资本 {thresholds['capital']} 万元，或者投资额 {thresholds['investment']} 万元）。"
    )
    return (Obstacle("investment", message, THRESHOLD, "可以照常自己申请；拿不准的，到帮办窗口咨询，不收费。"),)


def to_plan(steps: Sequence[PlannedStep], today: date) -> tuple[Obstacle, ...]:
    """Return what is wrong with a plan: nothing in it, days gone by, or a step due before one it waits for."""
    found = []
    if not steps or len(steps) > MOST_STEPS:
        found.append(Obstacle("plan", "计划应有 1 到 40 项审批。", PLANNED, "请逐行写明审批事项、部门和完成日期。"))
    for place, step in enumerate(steps, start=1):
        if not step.title.strip():
            found.append(Obstacle("plan", f"第 {place} 行没有写事项。", PLANNED, "请写明办什么。"))
        if step.due_on < today:
            found.append(
                Obstacle("plan", f"第 {place} 行的日期 {step.due_on} 已经过去。", PLANNED, "请写今天或以后的日期。")
            )
        for earlier in step.after:
            if not 1 <= earlier < place:
                message = f"第 {place} 行的前置“{earlier}”不是它前面的一行。"
                found.append(Obstacle("plan", message, PLANNED, "请按先后排列，前置写前面那行的序号。"))
            elif steps[earlier - 1].due_on > step.due_on:
                message = f"第 {place} 行在它的前置（第 {earlier} 行）完成之前就到期。"
                found.append(Obstacle("plan", message, PLANNED, "请调整日期的先后。"))
    return tuple(found)


def length(steps: Sequence[PlannedStep], today: date, calendar: Calendar) -> WorkingDays:
    """Return how long the whole plan takes: the working days up to its last date, or to the first one after it.

    A plan whose last date is a day of rest would otherwise be over before its last approval is due.
    """
    last = max(step.due_on for step in steps)
    return WorkingDays(calendar.working_days_between(today, last) + (not calendar.is_working(last)))
