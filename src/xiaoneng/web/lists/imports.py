"""Taking in a file that nobody knows: hand it in, say what its columns are, see what would come in, let it come in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from procrastinate.contrib.django import app

from xiaoneng.catalogue import intakes, sources, upkeep
from xiaoneng.catalogue.imports.reading import File
from xiaoneng.catalogue.imports.trouble import Unreadable
from xiaoneng.catalogue.sources.layout import TARGETS, BadMapping, Layout, from_text, to_text
from xiaoneng.kit import clock
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.items.labels import UNITS
from xiaoneng.rules.roles import Role
from xiaoneng.rules.units import Limit
from xiaoneng.web.access import Policy, account_of, policy
from xiaoneng.web.lists import door

# The fields most asked for come first in the choice of a column.
FIRST = (
    "name", "code", "department", "kind", "statutory", "statutory_unit", "promised", "promised_unit", "materials",
    "legal_bases", "conditions", "fees", "region", "region_code", "summary", "audience", "themes", "phone",
)  # fmt: skip
DAYS = (("", "不写明的不采用"), ("working_day", "按工作日"), ("calendar_day", "按自然日"))
SEVERAL = ("name", "aliases", "conditions")  # fields that several columns may carry together
GIVEN = ("region", "region_code", "department", "kind")


@policy(Policy.STAFF)
def imports(request: HttpRequest) -> HttpResponse:
    """Show what was handed in, and take a file."""
    door.require(request, Role.LIST_OFFICE)
    problem = ""
    if request.method == "POST":
        handed = request.FILES.get("file")
        if handed is None:
            problem = "还没有选择文件。请选择要导入的 CSV、Excel 或者 JSON 文件。"
        else:
            try:
                by = account_of(request).pk
                intake = intakes.hand_in(handed.name or "文件", handed, by=by, at=clock.now())  # type: ignore[arg-type]
                return redirect("lists:import", intake)
            except Unreadable as refusal:
                problem = str(refusal)
    context = {"rows": intakes.lines(), "problem": problem, "mappings": sources.mappings().values()}
    return render(request, "lists/imports.html", context, status=422 if problem else 200)


@policy(Policy.STAFF)
def one_import(request: HttpRequest, intake: int) -> HttpResponse:
    """Show one file: its columns while they are mapped, its progress, and what came of it."""
    door.require(request, Role.LIST_OFFICE)
    line = intakes.line(intake)
    if line.is_running or line.state == "done":
        return render(request, "lists/import_done.html", {"intake": line})
    try:
        layout = intakes.mapping_of(intake)
        file = intakes.file_of(intake, layout.sheet)
        problem = line.progress if line.state == "failed" else ""
        if request.method == "POST":
            return _posted(request, intake, file, layout)
    except BadMapping as refusal:
        problem = str(refusal)
    except Unreadable as refusal:
        raise NotAllowed(str(refusal)) from None
    return _shown(request, intake, file, layout, problem)


def _posted(request: HttpRequest, intake: int, file: File, before: Layout) -> HttpResponse:
    sheet = request.POST.get("sheet", before.sheet)
    if sheet != before.sheet and sheet in ("", *file.sheets):
        intakes.remap(intake, intakes.proposed(intakes.file_of(intake, sheet), sheet))
        return redirect("lists:import", intake)
    layout = _said(request, file, before)
    intakes.remap(intake, layout)
    what = request.POST.get("do", "try")
    if what == "save":
        sources.save(layout, by=account_of(request).pk, at=clock.now())
    if what == "import":
        intakes.ask_for(intake, queue=lambda number: app.configure_task("import_intake").defer(intake=number))
    return redirect("lists:import", intake)


def _said(request: HttpRequest, file: File, before: Layout) -> Layout:
    """Return the mapping that the form says.

    :raises BadMapping: no column carries the name, or two carry the same field
    """
    columns: dict[str, tuple[str, ...]] = {}
    for n, column in enumerate(intakes.seen(file, before)):
        target = request.POST.get(f"column-{n}", "")
        if target in TARGETS:
            columns[target] = (*columns.get(target, ()), column.name)
    twice = [TARGETS[name] for name, several in columns.items() if len(several) > 1 and name not in SEVERAL]
    if twice:
        raise BadMapping(f"有几栏都对照到了同一项：{'、'.join(twice)}。每项只能选一栏，请改掉多余的。")
    if "name" not in columns:
        raise BadMapping("还没有选哪一栏是事项名称。请在“这一栏是”里选出事项名称。")
    constants = {name: request.POST.get(name, "").strip()[:80] for name in GIVEN if request.POST.get(name, "").strip()}
    said = replace(
        before, columns=columns, constants=constants, bare_days=request.POST.get("bare_days", ""),
        kinds=dict(_kinds(request, file, before)), grouped=request.POST.get("grouped") == "on",
        name=_name(request, before), title=request.POST.get("title", "").strip()[:120] or before.title, typed=False,
        other_kind=request.POST.get("other_kind", ""), code_lengths=frozenset(),
    )  # fmt: skip
    return from_text(to_text(said))


def _name(request: HttpRequest, before: Layout) -> str:
    name = "".join(sign for sign in request.POST.get("mapping_name", "").strip() if sign.isalnum() or sign in "-_")[:40]
    fresh = name or before.name
    return f"{fresh}-own" if fresh in sources.built_in() else fresh


def _kinds(request: HttpRequest, file: File, before: Layout) -> Iterator[tuple[str, str]]:
    names = {each.name for each in upkeep.kinds()}
    for n, (word, _, _) in enumerate(intakes.unknown_kinds(file, before)):
        kind = request.POST.get(f"kind-{n}", "")
        if kind in names and kind != word:
            yield word, kind


def _shown(request: HttpRequest, intake: int, file: File, layout: Layout, problem: str) -> HttpResponse:
    trial = intakes.trial(file, layout)
    context = {
        "intake": intakes.line(intake),
        "columns": intakes.seen(file, layout),
        "targets": _targets(),
        "layout": layout,
        "given": layout.constants,
        "kinds": intakes.unknown_kinds(file, layout),
        "kind_names": [each.name for each in upkeep.kinds()],
        "days": DAYS,
        "trial": trial,
        "file": file,
        "some_days": any("没有写明是工作日还是自然日" in each.message for each in trial.problems),
        "first": [_line(file.place(number), meaning) for number, meaning in trial.first],
        "problem": problem,
        "has_region": bool(layout.at("region") or layout.at("region_code")),
        "has_department": bool(layout.at("department")),
        "has_kind": bool(layout.at("kind")),
    }
    return render(request, "lists/import.html", context, status=422 if problem else 200)


def _targets() -> list[tuple[str, str]]:
    rest = sorted((name for name in TARGETS if name not in FIRST), key=lambda name: TARGETS[name])
    return [(name, TARGETS[name]) for name in (*FIRST, *rest)]


def _spoken(limit: Limit | None) -> str:
    return "" if limit is None else str(limit) if limit.n else "当场办结"


def _line(place: tuple[str, int], meaning: Any) -> Mapping[str, Any]:
    content = meaning.content
    return {
        "sheet": place[0], "row": place[1], "name": content.name, "kind": content.kind, "department": meaning.department,
        "region": meaning.region, "code": meaning.code, "basis": content.basis,
        "statutory": _spoken(content.statutory), "promised": _spoken(content.promised),
        "materials": [paper.name for paper in content.materials], "bases": content.legal_bases, "units": UNITS,
    }  # fmt: skip
