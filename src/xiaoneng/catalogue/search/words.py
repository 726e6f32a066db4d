"""Finding items by words: as typed, by the official words for everyday ones, by initials, by code."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations, zip_longest
from typing import Any

from django.db import connection

from xiaoneng.catalogue.initials import of_syllables, sounds
from xiaoneng.catalogue.models import Sought
from xiaoneng.catalogue.search import keys, likeness, meant, said
from xiaoneng.catalogue.search.frequent import MANY, frequent
from xiaoneng.catalogue.search.rows import KEYS, PAGE, RANKED, Choice, Found, ItemLine, lines, told
from xiaoneng.kit import asking

EVERYTHING = Choice()
NO_PAGE = slice(0, 0)
ENOUGH = 20  # hits; where the very words find fewer, other ways are gone too
BESIDES = (
    100  # hits of each of the other ways, and of names that begin with the words where there are too many of these
)
MOST_WORDS = 4  # that are looked for apart where nothing has them all
SOUNDED = 600  # names whose initials fit that are read aloud
LAST = "\U0010ffff"
_CODE = re.compile(r"[0-9a-z]{4,40}")

_SIGNS, _ESCAPED = re.compile(r"([%_\\\\])"), r"\\\1"  # what a pattern takes for more than itself
_APART = "\x1f"  # between what stands in one list
_PAGE = "find_page(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
_FIND = f"SELECT ids, page, known FROM {_PAGE}"
_EVERY = f"""
SELECT array_agg(version_id) FROM catalogue_sought
WHERE in_force @> %s AND {KEYS} @> %s::text[] AND name || U&'\\E001' || rest LIKE ALL (%s::text[])"""
_COUNT = _EVERY.replace("array_agg(version_id)", "count(*)")
_WAYS = "SELECT (found).ids, (found).places FROM (SELECT find_ways(%s, %s, %s) AS found) AS once"
_BY_INITIALS = f"""
SELECT version_id FROM catalogue_sought
WHERE in_force @> %s AND {KEYS} @> %s::text[] AND strpos(initials, %s) > 0
ORDER BY NOT starts_with(initials, %s), char_length(initials), version_id LIMIT %s"""
_BY_CODE = """
SELECT s.version_id FROM catalogue_item i JOIN catalogue_itemversion v ON v.item_id = i.id
JOIN catalogue_sought s ON s.version_id = v.id
WHERE i.code ~>=~ %s AND i.code ~<~ %s AND s.in_force @> %s AND s.headings @> %s::text[] ORDER BY i.code LIMIT %s"""


@dataclass(frozen=True, slots=True)
class Looked:
    """What carries the words, best first; the lines of the page asked for; everyday words of the query, where few carry it."""

    ids: list[int]
    rows: tuple[ItemLine, ...]
    known: Mapping[str, list[str]]


@dataclass(slots=True)
class Hits:
    """What was found so far, each once, the best first."""

    ids: dict[int, None] = field(default_factory=dict)
    also: list[str] = field(default_factory=list)

    def add(self, found: Sequence[int]) -> bool:
        """Append what is new and tell whether anything is."""
        before = len(self.ids)
        self.ids.update(dict.fromkeys(found))
        return len(self.ids) > before


def search(text: str, *, at: datetime, limit: int = 20, offset: int = 0, choice: Choice = EVERYTHING) -> Found:
    """Return the items in force that carry all words of a text in name, alias, theme or department, best first.

    Where these are few, items follow that carry the official words for everyday ones, the initials typed, or the code.
    Where there is nothing at all, the most similar names are returned as approximate.
    """
    typed = keys.normalised(text)
    if not typed:
        return Found(0, ())
    first = max(0, min(offset, RANKED))
    page = slice(first, first + max(0, min(limit, PAGE)))
    words = typed.split()
    looked = _look(words, at, choice, page)
    more = len(looked.ids) > RANKED
    direct = looked.ids[:RANKED]
    hits = Hits(dict.fromkeys(direct))
    if len(direct) < ENOUGH:
        _other_ways(typed, at, choice, hits, looked.known)
    ids = tuple(hits.ids)
    if not ids:
        return _nearest(typed, at, choice, page)
    rows = looked.rows if len(ids) == len(direct) else lines(ids[page])
    if more and frequent().rows < MANY:  # then to count them all takes no time
        return Found(_count(words, at, choice), rows, ids=ids)
    total = len(direct) or len(ids)
    return Found(total, rows, False, more, tuple(hits.also), ids, len(ids) - total)


def _nearest(typed: str, at: datetime, choice: Choice, page: slice) -> Found:
    """Return what shares most with a query, or is most like it; slips of the pen where no word is known."""
    some = _some(typed.split(), at, choice)
    if some:
        return Found(len(some), lines(some[page]), approximate=True, ids=tuple(some))
    told = said.aged(typed)
    is_sentence = told != typed or said.is_sentence(typed)
    like = [] if is_sentence else likeness.nearest(typed, at, choice)
    if like:
        return Found(len(like), lines(like[page]), approximate=True, ids=tuple(like))
    meaning = meant.nearest(told, at, choice)
    if meaning.whole and meaning.also:
        return Found(len(meaning.ids), lines(meaning.ids[page]), also=meaning.also, ids=meaning.ids)
    if is_sentence:  # without what is said around it: half of all names for questions have 怎么 in common
        like = likeness.nearest(said.core(told) or typed, at, choice)
    near = tuple(dict.fromkeys([*meaning.ids, *like]))[: meant.SHOWN]
    return Found(len(near), lines(near[page]), approximate=bool(near), also=meaning.also, ids=near)


def _some(words: Sequence[str], at: datetime, choice: Choice) -> list[int]:
    """Return what carries some of several words that nothing carries together; those that few carry lead.

    Nothing where one of them leads nowhere: it may be a slip of the pen, or part of a sentence.
    """
    if not 2 <= len(words) <= MOST_WORDS:
        return []
    apart = _find_each([[word] for word in words], at, choice, meant.SHOWN)
    if not all(apart):
        return []
    fewer = list(combinations(words, len(words) - 1)) if len(words) > 2 else []
    together = _find_each(fewer, at, choice, meant.SHOWN) if fewer else []
    in_turns = [row for finds in (together, apart) for row in zip_longest(*sorted(finds, key=len))]
    return list(dict.fromkeys(each for row in in_turns for each in row if each is not None))[: meant.SHOWN]


def every(text: str, at: datetime) -> list[int]:
    """Return the versions that carry all words of a text, however many: what a search looks at before it ranks."""
    words = keys.normalised(text).split()
    return asking.only(_EVERY, [at, keys.of_words(words), _like(_long(words))])[0] or []


def _count(words: Sequence[str], at: datetime, choice: Choice) -> int:
    return int(asking.only(_COUNT, [at, keys.of_words(words) + choice.keys(), _like(_long(words))])[0])


def _other_ways(typed: str, at: datetime, choice: Choice, hits: Hits, known: Mapping[str, list[str]]) -> None:
    asked = typed
    if _CODE.fullmatch(typed):
        hits.add(_by_code(typed, at, choice))
    if keys.are_initials(typed):
        hits.add(_by_initials(typed, at, choice) or _by_sounds(typed, at, choice))
        typed = said.sounding(typed) or typed if not hits.ids else typed
    typed = said.aged(typed)
    core = said.core(typed)
    if not hits.ids and core != typed and all(len(word) >= said.SHORTEST for word in core.split()):
        hits.add(_find(core.split(), at, choice)[:RANKED])
    ways = said.officially(typed, known if typed == asked else None)
    if not ways:
        return
    headings = choice.keys()
    given = json.dumps([{"patterns": _like(words), "keys": keys.of_words(words) + headings} for words in ways])
    found, places = asking.only(_WAYS, [at, given, BESIDES])
    for place, words in enumerate(ways, start=1):
        if hits.add([version for version, its in zip(found, places, strict=True) if its == place]):
            hits.also.append(" ".join(words))


def _find(words: Sequence[str], at: datetime, choice: Choice, most: int = RANKED + 1) -> list[int]:
    return _find_each([words], at, choice, most)[0]


def _find_each(asked: Sequence[Sequence[str]], at: datetime, choice: Choice, most: int) -> list[list[int]]:
    """Return for each of several queries what carries all of its words, in one statement."""
    columns = ", ".join(f"f{n}.ids" for n in range(len(asked)))
    tables = ", ".join(f"{_PAGE} AS f{n}" for n in range(len(asked)))
    values = [value for words in asked for value in _values(words, at, choice, most, NO_PAGE)]
    return [list(dict.fromkeys(ids)) for ids in asking.only(f"SELECT {columns} FROM {tables}", values)]


def _look(words: Sequence[str], at: datetime, choice: Choice, page: slice) -> Looked:
    """Return what carries all words, a page of it as rows, and which everyday words stand in the query."""
    ids, shown, officials = asking.only(_FIND, _values(words, at, choice, RANKED + 1, page))
    return Looked(list(dict.fromkeys(ids)), told(shown), json.loads(officials) if officials else {})


def _values(words: Sequence[str], at: datetime, choice: Choice, most: int, page: slice) -> list[Any]:
    """Return what find_page() is given, in its order."""
    headings, known, pieces = choice.keys(), frequent(), keys.of_words(words)
    return [
        at, _APART.join(keys.of_words(words, keys.IN_NAME) + headings), _APART.join(pieces + headings),
        _APART.join(_like(_long(words))), _APART.join(_like(words)), _APART.join(headings), " ".join(words), most,
        min(BESIDES, most), known.few(pieces), not headings and known.many_named(pieces, most),
        not headings and known.many(pieces, most), page.start, max(0, min(page.stop, RANKED) - page.start),
        ENOUGH if page.stop else 0,
    ]  # fmt: skip


def _long(words: Sequence[str]) -> list[str]:
    """Return the words that their keys alone do not prove."""
    return [word for word in words if len(word) > keys.LONG]


def _like(words: Sequence[str]) -> list[str]:
    return [f"%{_SIGNS.sub(_ESCAPED, word)}%" for word in words]


def _by_initials(letters: str, at: datetime, choice: Choice, most: int = BESIDES) -> list[int]:
    with connection.cursor() as cursor:
        wanted = keys.of_initials(letters) + choice.keys()
        cursor.execute(_BY_INITIALS, [at, wanted, letters, letters, most])
        return [row[0] for row in cursor.fetchall()]


def _by_sounds(letters: str, at: datetime, choice: Choice) -> list[int]:
    """Return what is read aloud as the letters say: gongjijin finds 住房公积金."""
    first = of_syllables(letters)
    if not first:
        return []
    found = _by_initials(first, at, choice, SOUNDED)
    names = dict(Sought.objects.filter(version__in=found).values_list("version_id", "name"))
    return [version for version in found if letters in sounds(names[version])][:BESIDES]


def _by_code(typed: str, at: datetime, choice: Choice) -> list[int]:
    code, headings = typed.upper(), choice.keys()
    with connection.cursor() as cursor:
        cursor.execute(_BY_CODE, [code, code + LAST, at, headings, BESIDES])
        return [row[0] for row in cursor.fetchall()]
