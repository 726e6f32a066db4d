"""The pages of a round: who is where and who is late, one department's list, one item of it, what anybody may say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from xiaoneng.catalogue import upkeep
from xiaoneng.catalogue.imports import workbook
from xiaoneng.catalogue.imports.trouble import Unreadable
from xiaoneng.kit import clock, marks
from xiaoneng.kit.marks import Overtaken
from xiaoneng.matters import reads as matters
from xiaoneng.matters.move import Actor
from xiaoneng.org import reads as org
from xiaoneng.powerlists import actions, comparing, reads, remarks, verdicts
from xiaoneng.rules.grounds import NotAllowed, NotFound, Obstructed
from xiaoneng.rules.procedures import Move
from xiaoneng.rules.procedures.power_list import PROCEDURE
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.web import seen
from xiaoneng.web.access import Policy, actor_of, policy
from xiaoneng.web.lists import door
from xiaoneng.web.lists.forms import Item, initial_of
from xiaoneng.web.lists.public import XLSX

LARGEST = 20 * 1024 * 1024
ASKED_OF_AN_ITEM = ("disposition", "reason", "ground", "on_running", "target", "target_code", "content")
ASKS = {
    "look_back": (("statement", "自查说明"),), "clear": (("opinion", "合法性审查意见"),), "send_back": (("reason", "退回理由"),),
    "drop": (("reason", "终止理由"),), "publish": (("document", "公布文号"), ("meeting", "审定的会议"), ("notice", "公布方式")),
}  # fmt: skip
DOES: dict[str, Callable[..., Any]] = {
    "report": actions.report, "look_back": actions.look_back, "argue": actions.argue, "hear": actions.hear,
    "clear": actions.clear, "publish": actions.publish, "send_back": actions.send_back, "drop": actions.drop,
}  # fmt: skip


@policy(Policy.STAFF)
def home(request: HttpRequest) -> HttpResponse:
    """Show the rounds, the comparisons, and a form that opens a round."""
    reach = door.reach_of(request)
    now = clock.now()
    obstacle = ""
    if request.method == "POST":
        try:
            number = _open(request, now)
            return redirect("lists:round", number)
        except NotAllowed as refusal:
            obstacle = str(refusal)
    departments = _departments(reach)
    context = {
        "rounds": reads.rounds(), "comparisons": comparing.comparisons(5), "departments": departments, "problem": obstacle,
        "keeps": _keeps(request), "mine": _mine(reach, now),
    }  # fmt: skip
    return render(request, "lists/home.html", context, status=422 if obstacle else 200)


def _mine(reach: org.Reach, now: datetime) -> list[reads.CompilationLine]:
    within = None if reach.everywhere else reach.departments
    return [line for row in reads.rounds()[:5] for line in reads.board(row.id, now, within) if not line.closed][:20]


def _keeps(request: HttpRequest) -> bool:
    held = org.all_roles_of(int(request.user.pk or 0), local_day(clock.now()))
    return Role.LIST_OFFICE in held


def _departments(reach: org.Reach) -> list[tuple[int, str, str]]:
    return [each for each in reads.departments_with_items() if reach.covers(each[0])][:200]


def _open(request: HttpRequest, now: datetime) -> int:
    door.require(request, Role.LIST_OFFICE)
    chosen = [int(each) for each in request.POST.getlist("departments") if each.isascii() and each.isdigit()]
    days = [
        _days(request, name, usual) for name, usual in (("compile_days", 20), ("stage_days", 10), ("notice_days", 7))
    ]
    return actions.open_round(
        name=request.POST.get("name", ""), departments=chosen, by=actor_of(request), at=now,
        compile_days=days[0], stage_days=days[1], notice_days=days[2],
    )  # fmt: skip


def _days(request: HttpRequest, name: str, usual: int) -> int:
    text = request.POST.get(name, "") or str(usual)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:5]) <= 250:
        raise NotAllowed("天数应为 1 到 250 的整数，请更正。")
    return int(text)


@policy(Policy.STAFF)
def one_round(request: HttpRequest, number: int) -> HttpResponse:
    """Show where every department of a round stands, those that are late first."""
    reach = door.reach_of(request)
    lines = reads.board(number, clock.now(), None if reach.everywhere else reach.departments)
    context = {"round": reads.round_of(number), "rows": lines, "late": sum(each.light == "red" for each in lines)}
    return render(request, "lists/round.html", context)


def _seen(request: HttpRequest, matter: int) -> reads.CompilationLine:
    reach = door.reach_of(request)
    line = reads.compilation(matter, clock.now())
    if not reach.covers(line.department_id):
        raise NotFound("没有这份清单编制。请从编制列表里打开。")
    return line


@policy(Policy.STAFF)
def compilation(request: HttpRequest, matter: int) -> HttpResponse:
    """Show a department's list: its items, what the checks find, what was said, and what can be done now."""
    line = _seen(request, matter)
    obstacles: tuple[Any, ...] = ()
    problems: tuple[Any, ...] = ()
    told, kept = "", ("", "", "")
    if request.method == "POST":
        try:
            told, problems = _do(request, matter)
            if not problems and not told:
                return redirect("lists:compilation", matter)
        except Obstructed as refusal:
            obstacles = refusal.obstacles
        except Overtaken as first:
            anchor = request.POST.get("do", "")
            obstacles, kept = (
                ({"message": str(first), "anchor": anchor},),
                (anchor[7:], _said(request, anchor), first.now),
            )
        except Unreadable as refusal:
            raise NotAllowed(str(refusal)) from None
        line = _seen(request, matter)
    return _compilation(request, line, obstacles, problems, told, kept)


def _do(request: HttpRequest, matter: int) -> tuple[str, tuple[Any, ...]]:
    name, by, at = request.POST.get("do", ""), actor_of(request), clock.now()
    if name in DOES:
        asked = {field: request.POST.get(field, "").replace("\0", "") for field, _ in ASKS.get(name, ())}
        DOES[name](matter, by=by, at=at, **asked)
        return "", ()
    if name == "upload":
        return _upload(request, matter, by, at)
    if name == "remark":
        _may(request, Role.LIST_OFFICE, Role.LEGAL_OFFICE)
        source = "expert" if reads.compilation(matter, at).state == "expert_review" else "legal"
        remarks.remark(matter, source=source, who=_said(request, "who"), text=_said(request, "text"), at=at)
        return "", ()
    if name.startswith("answer-") and name[7:].isdigit():
        read = request.POST.get(f"seen-{name[7:]}", "")[:16]
        remarks.answer(int(name[7:]), text=_said(request, name), by=by, at=at, seen=read)
        return "", ()
    raise NotAllowed("这一步不认识。请刷新页面后重试。")


def _may(request: HttpRequest, *roles: Role) -> None:
    door.require(request, *roles)


def _said(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\0", "")


def _upload(request: HttpRequest, matter: int, by: Actor, at: datetime) -> tuple[str, tuple[Any, ...]]:
    handed = request.FILES.get("file")
    if handed is None or (handed.size or 0) > LARGEST:
        raise NotAllowed("请选择填好的表格（.xlsx，20 MB 以内）。")
    told = actions.take_spreadsheet(matter, handed.read(), by=by, at=at)
    return f"表格已收：变更 {told.changed} 项，新增 {told.added} 项，未变 {told.unchanged} 项。", told.problems


def _compilation(
    request: HttpRequest,
    line: reads.CompilationLine,
    obstacles: tuple[Any, ...],
    problems: tuple[Any, ...],
    told: str,
    kept: tuple[str, str, str],
) -> HttpResponse:
    file = reads.file_of(line.matter)
    now = clock.now()
    held = {each.role for each in org.roles_of(int(request.user.pk or 0), file.department, local_day(now))}
    context = {
        "line": line, "rows": reads.proposals(line.matter), "counts": reads.counts_of(line.matter),
        "failings": actions.failings(line.matter, now) if not line.closed else (), "remarks": reads.remarks(line.matter),
        "moves": [_move(each) for each in PROCEDURE.leaving(line.state) if held & set(each.roles)], "obstacles": obstacles,
        "problems": problems, "told": told, "journal": matters.journal(line.matter),
        "kept": {"id": kept[0], "text": kept[1], "seen": kept[2]},
        "edits": Role.LIST_EDITOR in held and line.state in actions.EDITABLE,
        "remarks_now": line.state in ("expert_review", "legality_review") and held & {Role.LIST_OFFICE, Role.LEGAL_OFFICE},
        "answers_now": bool(held & {Role.LIST_OFFICE, Role.LIST_EDITOR}) and line.state == "public_notice",
    }  # fmt: skip
    return render(request, "lists/compilation.html", context, status=422 if obstacles else 200)


def _move(each: Move) -> dict[str, Any]:
    return {
        "name": each.name,
        "label": each.label,
        "basis": str(each.basis),
        "fields": ASKS.get(each.name, ()),
        "key": each.key,
    }


@policy(Policy.STAFF)
def sheet(request: HttpRequest, matter: int) -> HttpResponse:
    """Hand out a department's list as the spreadsheet that can be filled in and handed in again."""
    line = _seen(request, matter)
    rows = (workbook.Listed(each.code, line.department, "", "", each.content) for each in reads.proposals(matter))
    answer = HttpResponse(workbook.write(rows, [each.name for each in upkeep.kinds()]), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="list-{matter}.xlsx"'
    return answer


@policy(Policy.STAFF)
def item(request: HttpRequest, matter: int, number: int) -> HttpResponse:
    """Edit one item of a list; number 0 is a new one."""
    line = _seen(request, matter)
    each = reads.proposal(matter, number) if number else None
    overtaken = False
    form = Item(request.POST or None, initial=initial_of(each) if each else {"disposition": "add"})
    if request.method == "POST" and form.is_valid():
        asked = {name: form.cleaned_data[name] for name in ASKED_OF_AN_ITEM}
        code = each.code if each else form.cleaned_data["code"]
        # Who adds an item has seen none under its code: what another has added meanwhile is not written over.
        read = seen.posted(request) if each else seen.posted(request) or marks.mark({})
        try:
            actions.propose(matter, code, by=actor_of(request), at=clock.now(), seen=read, **asked)
            return redirect("lists:compilation", matter)
        except Overtaken as first:
            form.add_error(None, str(first))
            overtaken = True
            each = next((one for one in reads.proposals(matter) if one.code == code), None)
    context = {
        "seen": seen.next_mark(request, reads.mark_of(each), overtaken=overtaken) if each else "",
        "line": line, "each": each, "form": form, "groups": form.groups(),
        "changes": reads.changes_of(each, clock.now()) if each else (),
        "failings": reads.obstacles_of(each, clock.now()) if each else (),
        "running": verdicts.running(each.code) if each else None,
    }  # fmt: skip
    return render(request, "lists/edit.html", context, status=422 if request.method == "POST" else 200)
