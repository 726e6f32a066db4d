"""The registers around items kept by programs of the list office: kinds, basics, negative list, everyday words, themes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from pydantic import Field

from xiaoneng.api.door import PUBLIC, Bearer, Caller, caller_of
from xiaoneng.api.operations.comparisons import room
from xiaoneng.api.operations.drafts import nothing
from xiaoneng.api.operations.lists import reach_of
from xiaoneng.api.schemas import lists as told
from xiaoneng.api.schemas import registers as schemas
from xiaoneng.api.schemas.words import CLEAN, Code, Id, Line
from xiaoneng.api.scopes import Scope
from xiaoneng.api.tables import by_of
from xiaoneng.api.unchanged import seen_of
from xiaoneng.approval.joint import themes
from xiaoneng.catalogue import lists, upkeep
from xiaoneng.catalogue.search.keys import normalised
from xiaoneng.kit import clock
from xiaoneng.org import registers as org
from xiaoneng.rules.roles import Role

READ, WRITE = Bearer(Scope.LISTS_READ), Bearer(Scope.LISTS_WRITE)
Numbered = Annotated[str, Field(min_length=1, max_length=20, pattern=CLEAN)]


def _keeper(request: HttpRequest) -> Caller:
    caller = caller_of(request)
    reach_of(caller, Role.LIST_OFFICE)
    return caller


# --- kinds and basic catalogue ----------------------------------------------------------------------------------------
@room.sets("PUT", "/lists/kinds/{code}", told.KindTold, door=WRITE, summary="新增或者修改一种权力类型", marked=True)
def keep_kind(request: HttpRequest, code: Code, asked: schemas.KindAsked) -> told.KindTold:
    """Write a kind of power, new or changed; what is found by it is indexed anew."""
    _keeper(request)
    fresh = code not in {each.code for each in upkeep.kinds()}
    upkeep.save_kind(
        code, **asked.model_dump(), fresh=fresh, by=by_of(request), at=clock.now(), seen=seen_of(request)
    )  # fmt: skip
    return next(told.KindTold(**asdict(each)) for each in upkeep.kinds() if each.code == code)


@room.sets("DELETE", "/lists/kinds/{code}", None, door=WRITE, summary="删除一种没有用到的权力类型", marked=True)
def remove_kind(request: HttpRequest, code: Code) -> HttpResponse:
    """Remove a kind of power that nothing is of."""
    _keeper(request)
    upkeep.remove_kind(code, by=by_of(request), at=clock.now(), seen=seen_of(request))
    return nothing()


@room.sets("PUT", "/lists/basics/{code}", told.BasicTold, door=WRITE, summary="新增或者修改基本目录的一条", marked=True)
def keep_basic(request: HttpRequest, code: Code, asked: schemas.BasicAsked) -> told.BasicTold:
    """Write an entry of the basic catalogue; what it fixes binds every new version of the items under it."""
    _keeper(request)
    fresh = _basic(code) is None
    upkeep.save_basic(
        {"code": code} | asked.model_dump(), fresh=fresh, by=by_of(request), at=clock.now(), seen=seen_of(request)
    )  # fmt: skip
    kept = _basic(code)
    assert kept is not None
    return kept


def _basic(code: str) -> told.BasicTold | None:
    found = next((each for each in upkeep.basics(code, limit=1000) if each.code == code), None)
    if found is None:
        return None
    return told.BasicTold(
        code=found.code, name=found.name, kind=found.kind, statutory_n=found.statutory_n,
        statutory_unit=found.statutory_unit, bases=list(found.bases), materials=list(found.materials),
        free_of_charge=found.free_of_charge, source=found.source, items=found.items, version=found.version,
    )  # fmt: skip


@room.sets("DELETE", "/lists/basics/{code}", None, door=WRITE, summary="删除基本目录的一条", marked=True)
def remove_basic(request: HttpRequest, code: Code) -> HttpResponse:
    """Remove an entry of the basic catalogue that no item stands under."""
    _keeper(request)
    upkeep.remove_basic(code, by=by_of(request), at=clock.now(), seen=seen_of(request))
    return nothing()


# --- negative list ----------------------------------------------------------------------------------------------------
@room.reads("/lists/negative", list[schemas.NegativeTold], door=PUBLIC, summary="负面清单")
def list_negative(request: HttpRequest, region: Id | None = None) -> list[schemas.NegativeTold]:
    """List the negative list as it stands now, with the items that its lines are about."""
    known, now = {each.name: each.id for each in org.regions()}, clock.now()
    marks = upkeep.negative_marks(now)
    found = ((each, known[each.region]) for each in lists.negative(now, region=region))
    return [_negative_told(each, place, marks[place, each.number]) for each, place in found]


def _negative_told(line: lists.NegativeLine, region: int, version: str) -> schemas.NegativeTold:
    return schemas.NegativeTold(
        region=region, region_name=line.region, number=line.number, sector=line.sector,
        measure=schemas.MEASURES[line.measure], measure_label=line.measure, text=line.text, basis=line.basis,
        document=line.document, items=[code for code, _ in line.items],
        version=version,
    )  # fmt: skip


@room.sets(
    "PUT", "/lists/negative/{region}/{number}", schemas.NegativeTold, door=WRITE, marked=True,
    summary="新增或者修改负面清单的一条",
)  # fmt: skip
def keep_negative(
    request: HttpRequest, region: Id, number: Numbered, asked: schemas.NegativeAsked
) -> schemas.NegativeTold:
    """Write a line of the negative list from now on; what it said before stays on record."""
    _keeper(request)
    values, number = asked.model_dump(), number.strip()
    codes = values.pop("items")
    fresh = all(each.number != number for each in lists.negative(clock.now(), region=region))
    upkeep.save_negative(
        region,
        values | {"number": number},
        codes,
        fresh=fresh,
        by=by_of(request),
        at=clock.now(),
        seen=seen_of(request),
    )
    now = clock.now()
    rows, version = lists.negative(now, region=region), upkeep.negative_marks(now)[region, number]
    return next(_negative_told(each, region, version) for each in rows if each.number == number)


@room.sets("DELETE", "/lists/negative/{region}/{number}", None, door=WRITE, summary="移出负面清单", marked=True)
def end_negative(request: HttpRequest, region: Id, number: Numbered) -> HttpResponse:
    """End a line of the negative list now; what it said stays on record."""
    _keeper(request)
    upkeep.end_negative(region, number.strip(), by=by_of(request), at=clock.now(), seen=seen_of(request))
    return nothing()


# --- everyday words ---------------------------------------------------------------------------------------------------
@room.changes("/lists/synonyms", told.SynonymTold, door=WRITE, summary="加一个平常的说法", status=201)
def say_word(request: HttpRequest, asked: schemas.SynonymAsked) -> told.SynonymTold:
    """Let an everyday word stand for an official one; the search understands it at once."""
    _keeper(request)
    upkeep.say(asked.word, asked.official, by=by_of(request), at=clock.now())
    plain = (normalised(asked.word), normalised(asked.official))
    rows = upkeep.synonyms(asked.word, limit=1000)
    found = next(each for each in rows if (each.word, each.official) == plain)
    return told.SynonymTold(id=found.id, word=found.word, official=found.official)


@room.sets("DELETE", "/lists/synonyms/{id}", None, door=WRITE, summary="去掉一个平常的说法")
def unsay_word(request: HttpRequest, id: Id) -> HttpResponse:
    """Take an everyday word back; one that is gone already is no trouble."""
    _keeper(request)
    upkeep.unsay(id, by=by_of(request), at=clock.now())
    return nothing()


# --- themes -----------------------------------------------------------------------------------------------------------
@room.reads("/lists/themes", list[schemas.ThemeKept], door=READ, summary="一件事目录，含停办的")
def list_all_themes(request: HttpRequest) -> list[schemas.ThemeKept]:
    """List every theme as the list office keeps it."""
    reach_of(caller_of(request))
    return [_theme(each) for each in themes.themes(clock.now(), closed=True)]


def _theme(shown: themes.ThemeShown) -> schemas.ThemeKept:
    items = [
        schemas.ThemeItemKept(code=each.code, condition=each.condition, after=list(each.after)) for each in shown.items
    ]
    return schemas.ThemeKept(
        code=shown.code, name=shown.name, summary=shown.summary, basis=shown.basis, lead=shown.lead, days=shown.days,
        active=shown.active, items=items, version=themes.mark_of(shown),
    )  # fmt: skip


@room.sets("PUT", "/lists/themes/{code}", schemas.ThemeKept, door=WRITE, summary="新增或者修改一件事", marked=True)
def keep_theme(request: HttpRequest, code: Line, asked: schemas.ThemeAsked) -> schemas.ThemeKept:
    """Keep a theme, new or changed; joint cases that were filed keep what they were filed with."""
    caller = _keeper(request)
    rows = (f"{each.code} | {each.condition} | {','.join(map(str, each.after))}" for each in asked.items)
    values = asked.model_dump(exclude={"items"})
    wish = themes.Wish(code=code, **values, lines="\n".join(rows))
    themes.keep(wish, by=by_of(request), account=caller.account, at=clock.now(), seen=seen_of(request))
    return _theme(themes.theme(code, clock.now()))
