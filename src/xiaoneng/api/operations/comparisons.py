"""Comparisons of lists for programs, files to be taken in, and the registers around items."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, BinaryIO, Literal, cast

from django.http import HttpRequest, HttpResponse
from ninja import File, Query, UploadedFile
from procrastinate.contrib.django import app
from pydantic import Field

from xiaoneng.api import paging
from xiaoneng.api.door import Bearer, Caller, caller_of
from xiaoneng.api.operations.lists import reach_of
from xiaoneng.api.problems import Problem
from xiaoneng.api.room import Room
from xiaoneng.api.schemas import lists as schemas
from xiaoneng.api.schemas.words import CLEAN, Id, Page
from xiaoneng.api.scopes import Scope
from xiaoneng.api.unchanged import seen_of
from xiaoneng.catalogue import intakes, sources, upkeep
from xiaoneng.catalogue.imports.trouble import Unreadable
from xiaoneng.catalogue.sources.layout import BadMapping, Layout, from_text, to_text
from xiaoneng.kit import clock
from xiaoneng.powerlists import comparing, verdicts
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.roles import Role

room = Room(tags=["权责清单"])
READ, WRITE = Bearer(Scope.LISTS_READ), Bearer(Scope.LISTS_WRITE)
Kind = Literal["only_ours", "lacking", "other_name", "slower", "more_materials", "duplicate"]


def _keeper(request: HttpRequest) -> Caller:
    caller = caller_of(request)
    reach_of(caller, Role.LIST_OFFICE)
    return caller


# --- comparisons ------------------------------------------------------------------------------------------------------
@room.reads("/lists/comparisons", list[schemas.ComparisonTold], door=READ, summary="跨地区比较")
def list_comparisons(request: HttpRequest) -> list[schemas.ComparisonTold]:
    """List the latest comparisons, the newest first."""
    _keeper(request)
    return [_told(each) for each in comparing.comparisons(100)]


def _told(line: comparing.ComparisonLine) -> schemas.ComparisonTold:
    counts = [schemas.CountTold(kind=k, label=label, total=n, undecided=open_) for k, label, n, open_ in line.counts]
    return schemas.ComparisonTold(
        id=line.id, region=line.region, others=list(line.others), at=line.at, counts=counts
    )  # fmt: skip


@room.changes("/lists/comparisons", schemas.ComparisonTold, door=WRITE, summary="比较几个地区的清单", status=201)
def compare_lists(request: HttpRequest, asked: schemas.ComparisonAsked) -> schemas.ComparisonTold:
    """Compare a region's list in force with those of others; what differs becomes a worklist."""
    caller = _keeper(request)
    number = comparing.compare(asked.region, asked.others, by=caller.account, at=clock.now())
    return _told(comparing.comparison(number))


@room.reads("/lists/comparisons/{id}", schemas.ComparisonTold, door=READ, summary="一次比较")
def read_comparison(request: HttpRequest, id: Id) -> schemas.ComparisonTold:
    """Tell how many lines of each kind a comparison found, and how many are undecided."""
    _keeper(request)
    return _told(comparing.comparison(id))


class ComparedAsked(paging.Part):
    """Which kind of lines is asked for."""

    kind: Kind = "only_ours"


@room.reads("/lists/comparisons/{id}/lines", Page[schemas.ComparedTold], door=READ, summary="比较的结果逐条")
def list_compared(
    request: HttpRequest, response: HttpResponse, id: Id, asked: Annotated[ComparedAsked, Query()]
) -> Page[schemas.ComparedTold]:
    """List what a comparison found of one kind, with what was decided."""
    _keeper(request)
    comparing.comparison(id)
    known = paging.read(asked.cursor, (int,))
    found = comparing.findings(id, asked.kind, limit=asked.limit + 1, after=known[0] if known else 0)
    page = found[: asked.limit]
    following = paging.written([page[-1].id]) if len(found) > asked.limit else None
    return Page[schemas.ComparedTold](
        rows=[_line_told(each) for each in page], next=paging.link(request, response, following)
    )


def _line_told(line: comparing.FindingLine) -> schemas.ComparedTold:
    told = asdict(line) | {"choices": dict(line.choices)}
    return schemas.ComparedTold(**{name: told[name] for name in schemas.ComparedTold.model_fields})


@room.sets(
    "PUT", "/lists/compared/{id}", schemas.ComparedTold, door=WRITE, summary="对一条比较结果作出决定", marked=True
)
def decide_compared(request: HttpRequest, id: Id, asked: schemas.VerdictAsked) -> schemas.ComparedTold:
    """Decide about a line, with the reason; the last decision stands, and the comparison alone changes no list."""
    caller = _keeper(request)
    comparing.decide(
        id, verdict=asked.verdict, reason=asked.reason, by=caller.account, at=clock.now(), seen=seen_of(request)
    )
    return _line_told(comparing.finding(id))


@room.changes("/lists/compared/{id}/hand-over", schemas.HandedTold, door=WRITE, summary="把决定交给部门编制")
def hand_over_compared(request: HttpRequest, id: Id, asked: schemas.HandedAsked) -> schemas.HandedTold:
    """Hand a decision to its department as a proposal of the running compilation."""
    caller = _keeper(request)
    made = verdicts.propose(id, department=asked.department, by=caller.actor, at=clock.now())
    return schemas.HandedTold(compilation=made)


# --- files ------------------------------------------------------------------------------------------------------------
@room.reads("/lists/imports", list[schemas.ImportTold], door=READ, summary="清单导入")
def list_imports(request: HttpRequest) -> list[schemas.ImportTold]:
    """List the files that were handed in lately."""
    _keeper(request)
    return [_import_told(each) for each in intakes.lines(100)]


def _import_told(line: intakes.IntakeLine) -> schemas.ImportTold:
    told = asdict(line)
    return schemas.ImportTold(**{name: told[name] for name in schemas.ImportTold.model_fields})


@room.reads("/lists/mappings", list[schemas.MappingTold], door=READ, summary="对照表")
def list_mappings(request: HttpRequest) -> list[schemas.MappingTold]:
    """List the mappings under which files can be read: those that come with the platform, and those saved here."""
    _keeper(request)
    return [_mapping_told(each) for each in sources.mappings().values()]


def _mapping_told(layout: Layout) -> schemas.MappingTold:
    return schemas.MappingTold(name=layout.name, title=layout.title, text=to_text(layout))


@room.changes("/lists/mappings", schemas.MappingTold, door=WRITE, summary="保存自己的对照表", status=201)
def keep_mapping(request: HttpRequest, asked: schemas.MappingKept) -> schemas.MappingTold:
    """Keep a mapping under the name it says, in place of an earlier one of that name."""
    caller, layout = _keeper(request), _layout(asked.text)
    try:
        sources.save(layout, by=caller.account, at=clock.now())
    except BadMapping as refusal:
        raise Problem("refused-file", str(refusal)) from None
    return _mapping_told(layout)


def _layout(text: str) -> Layout:
    try:
        return from_text(text)
    except BadMapping as refusal:
        raise Problem("refused-file", str(refusal)) from None


@room.changes("/lists/imports", schemas.ImportTold, door=WRITE, summary="上传要导入的清单", status=201)
def hand_in_list(request: HttpRequest, file: Annotated[UploadedFile, File()]) -> schemas.ImportTold:
    """Keep a file of items under the mapping that fits or is guessed; nothing comes in yet."""
    caller = _keeper(request)
    try:
        made = intakes.hand_in(file.name or "文件", cast(BinaryIO, file.file), by=caller.account, at=clock.now())
    except Unreadable as refusal:
        raise Problem("refused-file", str(refusal)) from None
    return _import_told(intakes.line(made))


@room.reads("/lists/imports/{id}", schemas.ImportWhole, door=READ, summary="一次导入：栏目、试算、结果")
def read_import(request: HttpRequest, id: Id) -> schemas.ImportWhole:
    """Tell how a file's columns are taken and what would come in; of one that came in, its report."""
    _keeper(request)
    return _import_whole(id)


def _import_whole(number: int) -> schemas.ImportWhole:
    line = intakes.line(number)
    told = _import_told(line).model_dump()
    if line.is_running or line.state == "done":
        return schemas.ImportWhole(**told)
    try:
        layout = intakes.mapping_of(number)
        file = intakes.file_of(number, layout.sheet)
    except (Unreadable, BadMapping) as refusal:
        return schemas.ImportWhole(**told | {"progress": str(refusal)})
    tried = intakes.trial(file, layout)
    columns = [
        schemas.ColumnTold(name=each.name, examples=list(each.examples), field=each.target)
        for each in intakes.seen(file, layout)
    ]
    return schemas.ImportWhole(
        **told, mapping=layout.name, columns=columns, rows=tried.rows, usable=tried.usable,
        problems=[each.as_json() for each in tried.problems],
    )  # fmt: skip


@room.sets("PUT", "/lists/imports/{id}/mapping", schemas.ImportWhole, door=WRITE, summary="换一张对照表")
def remap_import(request: HttpRequest, id: Id, asked: schemas.MappingAsked) -> schemas.ImportWhole:
    """Read a file under another mapping; nothing comes in yet."""
    _keeper(request)
    layout = _layout(asked.text) if asked.text else sources.mappings().get(asked.mapping)
    if layout is None:
        raise NotFound(f"没有叫“{asked.mapping}”的对照表。请用 GET /lists/mappings 查看有哪些。")
    intakes.remap(id, layout)
    return _import_whole(id)


@room.changes("/lists/imports/{id}/run", schemas.ImportTold, door=WRITE, summary="开始导入")
def run_import(request: HttpRequest, id: Id) -> schemas.ImportTold:
    """Have a file imported by the worker; how far it is, `GET /lists/imports/{id}` tells."""
    _keeper(request)
    intakes.ask_for(id, queue=lambda number: app.configure_task("import_intake").defer(intake=number))
    return _import_told(intakes.line(id))


# --- registers --------------------------------------------------------------------------------------------------------
class WordsAsked(paging.Part):
    """Which words a line shall hold."""

    q: Annotated[str, Field(max_length=60, pattern=CLEAN)] = ""


@room.reads("/lists/kinds", list[schemas.KindTold], door=READ, summary="权力类型")
def list_kinds(request: HttpRequest) -> list[schemas.KindTold]:
    """List the kinds of power, and whether they begin with an application."""
    reach_of(caller_of(request))
    return [schemas.KindTold(**asdict(each)) for each in upkeep.kinds()]


@room.reads("/lists/basics", Page[schemas.BasicTold], door=READ, summary="基本目录")
def list_basics(
    request: HttpRequest, response: HttpResponse, asked: Annotated[WordsAsked, Query()]
) -> Page[schemas.BasicTold]:
    """List the basic catalogue, which says what no region below may widen."""
    reach_of(caller_of(request))
    known = paging.read(asked.cursor, (str,))
    rows = sorted(upkeep.basics(asked.q, limit=100_000), key=lambda each: each.code)
    found = [each for each in rows if known is None or each.code > known[0]][: asked.limit + 1]
    page = found[: asked.limit]
    following = paging.written([page[-1].code]) if len(found) > asked.limit else None
    return Page[schemas.BasicTold](
        rows=[schemas.BasicTold(**asdict(each)) for each in page], next=paging.link(request, response, following)
    )


@room.reads("/lists/synonyms", list[schemas.SynonymTold], door=READ, summary="平常的说法")
def list_synonyms(
    request: HttpRequest, q: Annotated[str, Query(max_length=30, pattern=CLEAN)] = ""
) -> list[schemas.SynonymTold]:
    """List the everyday words that the search understands."""
    reach_of(caller_of(request))
    return [schemas.SynonymTold(**asdict(each)) for each in upkeep.synonyms(q, limit=1000)]
