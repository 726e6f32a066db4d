"""The agents' worklist, and the page of a project with its plan."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xiaoneng.approval.agency import actions, reads
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.matters.move import Moved
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules.agency import PlannedStep
from xiaoneng.rules.grounds import NotFound, Obstacle
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.web import masking
from xiaoneng.web.access import Policy, account_of, actor_of, policy
from xiaoneng.web.posted import form_key
from xiaoneng.web.public.agency import shown
from xiaoneng.web.shown import entries_of as shown_entries
from xiaoneng.web.staff.forms import MoveForm, text
from xiaoneng.web.staff.whole_moves import Bound, draft_keys, offered, tried


class TakeOn(MoveForm):
    """The plan, a line each: what, which department, by when, after which lines."""

    plan = text(
        "全部审批的计划",
        8,
        "一行一项：事项 | 部门 | 计划完成日期 | 前置的行号。例：用地预审 | 自然资源和规划局 | 2026-03-13 | 1。"
        "从表格里复制几列粘贴也可以",
    )

    def clean_plan(self) -> list[PlannedStep]:
        """Return the lines as steps, or say which one cannot be read."""
        found, wrong = [], []
        for place, line in enumerate(
            (each for each in self.cleaned_data["plan"].splitlines() if each.strip()), start=1
        ):
            parts = [part.strip() for part in line.replace("｜", "|").replace("\t", "|").split("|")]
            title, department, day, after = (*parts, "", "", "")[:4]
            numbers = [each for each in after.replace("，", ",").replace("、", ",").split(",") if each.strip()]
            try:
                earlier = tuple(int(each) for each in numbers)
                found.append(PlannedStep(title, department, _day(day), earlier))
            except ValueError:
                wrong.append(f"第 {place} 行读不懂：日期写成 2026-03-13 的样子，前置写行号")
        if wrong:
            raise forms.ValidationError(wrong)
        return found

    def arguments(self) -> dict[str, Any]:
        """Return the plan as the action takes it."""
        return {"steps": self.cleaned_data["plan"]}


def _day(text: str) -> date:
    """Read 2026-03-13, 2026/3/13, 2026.3.13 and 2026年3月13日."""
    numbers = [int(each) for each in re.split(r"[-/.年月日]", text) if each]
    if len(numbers) != 3 or max(numbers) > date.max.year:  # what is no year at all, date() would not call a wrong value
        raise ValueError(text)
    return date(*numbers)


class Tick(MoveForm):
    """Which approval, under which number, and whether it is done."""

    step = forms.TypedChoiceField(
        label="哪一项", coerce=int,
        error_messages={"required": "请选择哪一项", "invalid_choice": "请从列表里选还没有办完的一项"},
    )  # fmt: skip
    number = forms.CharField(
        label="办件编号", max_length=40, required=False, help_text="已经收件的填写，进度会自己跟上"
    )
    done = forms.BooleanField(label="已经办完", required=False)


class Complete(MoveForm):
    """A word at the end."""

    note = text("结语", 2, required=False)


class Decline(MoveForm):
    """Why not."""

    reason = text("理由", 3)


def _form(name: str, file: MatterFile, posted: Any = None) -> MoveForm:
    """Return the form of a move on a project; progress is noted of what is not done yet."""
    form = FORMS[name][0](posted, auto_id=f"{name}_%s")
    if isinstance(form, Tick):
        left = [each for each in reads.service(file).steps if each.done_on is None]
        step = form.fields["step"]
        assert isinstance(step, forms.TypedChoiceField)
        step.choices = [("", "请选择"), *((str(each.position), f"{each.position}　{each.title}") for each in left)]
    return form


FORMS: dict[str, tuple[type[MoveForm], Callable[..., Moved]]] = {
    "take_on": (TakeOn, actions.take_on), "tick": (Tick, actions.tick), "complete": (Complete, actions.complete),
    "decline": (Decline, actions.decline),
}  # fmt: skip


@policy(Policy.STAFF)
@require_GET
@never_cache
def projects(request: HttpRequest) -> HttpResponse:
    """List the projects that are accompanied or wait for an agent, those due first on top; or those that ended."""
    now, ended = clock.now(), request.GET.get("ended") == "1"
    found = reads.awaiting(account_of(request).pk, local_day(now), ended=ended)[:100]
    rows = [shown(reads.load(row.pk), now) for row in found]
    for row in rows:
        row["done"] = sum(each["step"].done_on is not None for each in row["steps"])
        row["late"] = sum(each["light"] == "red" for each in row["steps"])
    return render(request, "staff/projects.html", {"rows": rows, "ended": ended})


@policy(Policy.STAFF)
@require_GET
@never_cache
def project(request: HttpRequest, number: str) -> HttpResponse:
    """Show a project with its plan."""
    now = clock.now()
    return _page(request, _visible(request, number, now), now)


@policy(Policy.STAFF)
@never_cache
def move(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Make a move, or show the page again with everything that stands against it."""
    if name not in FORMS:
        raise Http404
    now = clock.now()
    file = _visible(request, number, now)
    if request.method != "POST":
        return redirect("staff:project", number)
    form = _form(name, file, request.POST)

    def make() -> Moved:
        return FORMS[name][1](file.id, by=actor_of(request), at=now, key=form_key(request), **form.arguments())

    status, obstacles = tried(request, form, make)
    if status == 200:
        messages.success(request, f"已登记：{file.procedure.move(name).label}。")
        return redirect(reverse("staff:project", args=[number]) + f"?done={name}")
    return _page(request, _visible(request, number, now), now, (name, form), obstacles, status)


def _visible(request: HttpRequest, number: str, now: datetime) -> MatterFile:
    file = reads.load(number)
    if file.version == 0:
        raise NotFound(reads.NO_SUCH)
    reads.require_visible(file, account_of(request).pk, now)
    return file


def _page(
    request: HttpRequest, file: MatterFile, now: datetime, bound: Bound = None,
    obstacles: tuple[Obstacle, ...] = (), status: int = 200,
) -> HttpResponse:  # fmt: skip
    held = {each.role for each in org.roles_of(account_of(request).pk, file.department, local_day(now))}
    why = "" if Role.AGENT in held else "要由代办员来办"
    view = shown(file, now)
    left = sum(each["step"].done_on is None for each in view["steps"])
    unfinished = f"还有 {left} 项没有办完" if left else ""
    moves = [
        offered(
            row, why or (unfinished if row.name == "complete" else ""), reverse("staff:project_move", args=[file.called, row.name]),
            partial(_form, row.name, file), bound,
        )
        for row in file.procedure.leaving(file.state) if row.name in FORMS
    ]  # fmt: skip
    account = account_of(request).pk
    personal = masking.personal(file, in_full=masking.is_open(account, file, now))
    context = {
        "moves": moves,
        "obstacles": obstacles,
        "applicant": file.extra["applicant_name"],
        "phone": personal["phone"],
        "unmask": masking.offered(account, file, now),
        "case": draft_keys(file, account, request.GET.get("done", "")),
        "entries": shown_entries(file, matters.journal(file.id)),
    }
    return render(request, "staff/project.html", context | view, status=status)
