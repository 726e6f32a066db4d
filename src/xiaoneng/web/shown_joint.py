"""How a joint case is shown: the whole with its light, and every branch with its day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from xiaoneng.approval.joint import reads
from xiaoneng.matters import reads as matters
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.parallel import RESULTS, Level, Outcome
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.web import shown


def whole(file: MatterFile, now: datetime) -> dict[str, Any]:
    """Return a joint case as its pages show it."""
    lines = reads.branches(file.id)
    clock = file.clock(ClockName.JOINT)
    waiting = file.clock(ClockName.PRE_ACCEPTANCE) or file.clock(ClockName.SUPPLEMENT)
    journal = matters.journal(file.id)
    result = next((line.facts["what"]["result"] for line in journal if line.move == "conclude"), "")
    return {
        "id": file.id, "called": file.called, "title": file.title, "number": file.number,
        "intake_number": file.intake_number, "department": file.department_name, "about": reads.about(file.id),
        "state": file.step_name, "closed": file.closed,
        "light": "done" if file.closed else reads.light(file, lines, now).value,
        "due": clock.due_on if clock else waiting.due_on if waiting else None,
        "weekday": shown.weekday(clock.due_on) if clock else "",
        "limit": str(clock.total) if clock else "", "accepted": clock is not None, "result": RESULTS.get(result, ""),
        "branches": branches(lines, now, accepted=clock is not None),
        "refused": "、".join(line.plan.name for line in lines if line.now is Outcome.REFUSED),
        "late": sum(line.light(now).value == "red" for line in lines if line.now is Outcome.OPEN),
        "notices": [
            {"title": d.title, "number": d.number, "day": d.issued_at, "url": reverse("public:notice", args=[d.verify_code])}
            for d in matters.documents(file.id)
        ],
    }  # fmt: skip


def branches(lines: tuple[reads.BranchLine, ...], now: datetime, *, accepted: bool = True) -> list[dict[str, Any]]:
    """Return the branches as a table shows them, in a number of queries that does not depend on how many there are."""
    dues = matters.dues_of([line.matter for line in lines if line.matter])
    names = {line.position: line.plan.name for line in lines}
    return [
        {
            "position": line.position, "name": line.plan.name, "department": line.plan.department, "number": line.number,
            "outcome": line.now.value, "label": _label(line, accepted), "light": _light(line, now),
            "step": line.step_name if line.now is Outcome.OPEN else _label(line, accepted),
            "told": shown.to_the_applicant(line.step_name) if line.now is Outcome.OPEN else _label(line, accepted),
            "due": dues.get(line.matter or 0, {}).get(ClockName.PROMISED),
            "promise": str(line.plan.promised or line.plan.statutory),
            "after": [names[place] for place in line.after if place in names], "late": line.late,
            "url": reverse("public:progress", args=[line.number]) if line.number else "",
            "case_url": reverse("staff:case", args=[line.number]) if line.number else "",
            "urged": Level(line.urged).label if line.now is Outcome.OPEN else "", "delivered": line.closed,
        }
        for line in lines
    ]  # fmt: skip


def _label(line: reads.BranchLine, accepted: bool) -> str:
    """Return where a branch stands; before the whole is accepted, what nothing precedes waits for that alone."""
    waits_for_acceptance = line.now is Outcome.WAITING and not accepted and not line.after
    return "受理后启动" if waits_for_acceptance else line.now.label


def _light(line: reads.BranchLine, now: datetime) -> str:
    if line.now in (Outcome.WAITING, Outcome.NEVER):
        return ""
    if line.now.over:  # in words and by its shape: a tick says fulfilled
        return {Outcome.GRANTED: "done", Outcome.REFUSED: "refused"}.get(line.now, "ended")
    return line.light(now).value
