"""The pages of comparisons: make one, and work through what it found."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from xiaoneng.kit import clock
from xiaoneng.kit.marks import Overtaken
from xiaoneng.powerlists import comparing, reads, verdicts
from xiaoneng.rules.grounds import NotAllowed, Obstacle, Obstructed
from xiaoneng.rules.roles import Role
from xiaoneng.web import seen
from xiaoneng.web.access import Policy, account_of, actor_of, policy
from xiaoneng.web.lists import door

PAGE = 30


@policy(Policy.STAFF)
def comparisons(request: HttpRequest) -> HttpResponse:
    """Show the comparisons made, and make one."""
    door.require(request, Role.LIST_OFFICE)
    obstacles: tuple[Obstacle, ...] = ()
    problem = ""
    if request.method == "POST":
        try:
            region = _number(request.POST.get("region", ""))
            others = [_number(each) for each in request.POST.getlist("others")]
            number = comparing.compare(region, others, by=account_of(request).pk, at=clock.now())
            return redirect("lists:comparison", number)
        except Obstructed as refusal:
            obstacles = refusal.obstacles
        except NotAllowed as refusal:
            problem = str(refusal)
    context = {
        "rows": comparing.comparisons(), "regions": comparing.regions_with_items(clock.now()), "obstacles": obstacles,
        "problem": problem,
    }  # fmt: skip
    return render(request, "lists/comparisons.html", context, status=422 if obstacles or problem else 200)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise NotAllowed("请选择本地区和要比较的地区。")
    return int(text)


@policy(Policy.STAFF)
def comparison(request: HttpRequest, number: int) -> HttpResponse:
    """Show what a comparison found, kind by kind, and take decisions."""
    door.require(request, Role.LIST_OFFICE)
    line = comparing.comparison(number)
    kinds = [kind for kind, _, n, _ in line.counts if n]
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds else next(iter(kinds), "only_ours")
    obstacles: tuple[Obstacle, ...] = ()
    finding, overtaken = 0, ""
    if request.method == "POST":
        try:
            finding = _number(request.POST.get("finding", ""))
            if request.POST.get("do") == "propose":
                return _propose(request, finding)
            comparing.decide(
                finding, verdict=request.POST.get("verdict", ""), reason=request.POST.get("reason", "").replace("\0", ""),
                by=account_of(request).pk, at=clock.now(), seen=seen.posted(request),
            )  # fmt: skip
            return redirect(f"{request.get_full_path()}#finding-{finding}")
        except Obstructed as refusal:
            obstacles = refusal.obstacles
        except Overtaken as first:
            obstacles, overtaken = (Obstacle("finding", str(first), comparing.REASONED, ""),), first.now
        except NotAllowed as refusal:
            obstacles = (Obstacle("finding", str(refusal), comparing.REASONED, ""),)
    page = Paginator(range(comparing.count_findings(number, kind)), PAGE).get_page(request.GET.get("page"))
    rows = comparing.findings(number, kind, limit=PAGE, offset=(page.number - 1) * PAGE)
    if finding and finding not in {row.id for row in rows}:  # what another decided may have put it on another page
        rows = (comparing.finding(finding), *rows)
    typed = {"id": finding, "verdict": request.POST.get("verdict", ""), "reason": request.POST.get("reason", "")}
    running = verdicts.running_of({row.ours_item for row in rows if row.ours_item})
    handed = verdicts.proposed_in([row.id for row in rows])
    context = {
        "typed": typed | {"seen": overtaken or seen.posted(request)},
        "line": line, "kind": kind, "page": page, "obstacles": obstacles, "departments": reads.departments_with_items(),
        "rows": [(row, running.get(row.ours_item), handed.get(row.id), verdicts.proposes(row.verdict)) for row in rows],
    }  # fmt: skip
    return render(request, "lists/comparison.html", context, status=422 if obstacles else 200)


def _propose(request: HttpRequest, finding: int) -> HttpResponse:
    chosen = request.POST.get("department", "")
    department = _number(chosen) if chosen else None
    matter = verdicts.propose(finding, department=department, by=actor_of(request), at=clock.now())
    messages.success(request, "已作为拟议交给部门。部门补齐内容后，照清单编制的各个阶段走；清单到公布时才改变。")
    return redirect("lists:compilation", matter)
