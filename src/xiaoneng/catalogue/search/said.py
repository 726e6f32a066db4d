"""What people say turned into what items are called, by the table of synonyms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product, zip_longest

from django.db import connection

from xiaoneng.catalogue import models

SHORTEST = 2  # characters that are worth looking for when words around them were left out
TRIED = 8  # ways to say the same that are looked for
# Said around what is meant, and never part of it.
AROUND = re.compile(
    r"我想要?|我要|我们|请问|怎么样?|如何|在哪里?|去哪里?|哪里|哪儿|什么|需要|要|想|可以|能不能|多少钱|流程|材料|条件|手续|"
    r"啥时候|啥|咋办|咋弄|咋|怎么弄|找谁|谁来?|哪些|几天|多久|多长时间|过程|证件|办理|办个?|弄个?|开一?[家个间]|一[家个间张]|给|帮|的|了|吗|呢|？|\?|，|。|！"
)
_WORDS = "SELECT word, array_agg(official ORDER BY id) FROM catalogue_synonym WHERE strpos(%s, word) > 0 GROUP BY word"


@dataclass(frozen=True, slots=True)
class SynonymLine:
    """A row of the table of synonyms."""

    id: int
    word: str
    official: str


def synonyms() -> tuple[SynonymLine, ...]:
    """Return the table of synonyms by everyday word."""
    rows = models.Synonym.objects.order_by("word", "id").values_list("id", "word", "official")
    return tuple(SynonymLine(*row) for row in rows)


def officially(typed: str) -> list[list[str]]:
    """Return the official ways to say a query, each as its words, the likeliest first; none where no word is known."""
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, [typed])
        known: dict[str, list[str]] = dict(cursor.fetchall())
    parts = list(_parts(typed, known))
    if not known and (parts == typed.split() or any(len(part) < SHORTEST for part in parts)):
        return []  # nothing was said in other words, or too little is left to look for
    said = [known.get(part, [part]) for part in parts]
    ways = [list(dict.fromkeys(way)) for way in islice(product(*said), TRIED)] if said else []
    # Two everyday words are often one thing said twice: each for itself comes after both together. Beside a word that
    # nobody knows it is not: that word is what distinguishes the thing, and is left to likeness.
    unknown = any(part not in known and len(part) >= SHORTEST for part in parts)
    alone = list(_alone(parts, known)) if len(said) > 1 and not unknown else []
    tried = [way for way in [*ways, *alone[:TRIED]] if way != typed.split()]
    return [list(way) for way in dict.fromkeys(map(tuple, tried))]


def _alone(parts: list[str], known: dict[str, list[str]]) -> Iterator[list[str]]:
    """Give the first official word of each everyday one, then the second of each, and so on."""
    for same_place in zip_longest(*(known[part] for part in parts if part in known)):
        yield from ([official] for official in same_place if official)


def _parts(typed: str, known: dict[str, list[str]]) -> Iterator[str]:
    """Give the known words and what stands between them, the longest known word first at each place."""
    pattern = re.compile("|".join(map(re.escape, sorted(known, key=len, reverse=True)))) if known else None
    at = 0
    for match in pattern.finditer(typed) if pattern else ():
        yield from AROUND.sub(" ", typed[at : match.start()]).split()
        yield match.group()
        at = match.end()
    yield from AROUND.sub(" ", typed[at:]).split()
