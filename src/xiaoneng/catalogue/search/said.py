"""What people say turned into what items are called, by the table of synonyms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product

from django.db import connection
from rapidfuzz import fuzz

from xiaoneng.catalogue import models
from xiaoneng.catalogue.initials import sounds

SHORTEST = 2  # characters that are worth looking for when words around them were left out
LIKE = 50.0  # of an everyday word and a query that share a character and more
TRIED = 8  # ways to say the same that are looked for
# Said around what is meant, and never part of it.
AROUND = re.compile(
    r"请问一下|请问|我爸妈?|我妈|爸妈|每个?月|每年|第一次|刚刚|已经|不知道|必须|一定|到底|请问|您好|你好|谢谢|咨询一下|一下|今年|明年|现在|应该|可不可以|是不是|有没有|有什么|哪个部门|为什么|怎么办|怎样|才能|打算|准备|听说|"
    r"是谁的|算不算|上哪儿?|我家|自己|能领钱|我想要?|我要|我们|怎么样?|如何|在哪里?|去哪里?|哪里|哪儿|什么|需要|要|想|可以|能不能|多少钱|流程|材料|条件|手续|"
    r"啥时候|啥|咋办|咋弄|咋|怎么弄|找谁|谁来?|哪些|几天|多久|多长时间|过程|证件|办理|办个?|弄个?|开一?[家个间]|一[家个间张]|给|帮|的|了|吗|呢|？|\?|，|。|！"
)
# An age: digits, or Chinese ones below a hundred.
_AGE = re.compile(
    r"(?<!\d)(\d{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])多?(?:周?岁|(?<=\d\d)(?=了))"
)
_TENS = {sign: value for value, sign in enumerate("零一二三四五六七八九")}
OLD, OLD_MAN = 60, "老人"  # 老年人权益保障法, art. 2; the everyday word for them
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


def core(typed: str) -> str:
    """Return what is left of a query without what is said around it."""
    return " ".join(AROUND.sub(" ", typed).split())


def aged(typed: str) -> str:
    """Return a query with ages put in words: who is past sixty is an old man, other ages tell nothing of an item."""
    return " ".join(_AGE.sub(lambda match: OLD_MAN if _years(match[1]) >= OLD else " ", typed).split())


def _years(said: str) -> int:
    if said.isdecimal():
        return int(said)
    tens, ten, ones = said.rpartition("十")
    return (10 * _TENS.get(tens, 1) if ten else 0) + _TENS.get(ones, 0)


def parts_of(typed: str) -> list[tuple[str, list[str]]]:
    """Return the parts of a query in their order, each with the official words that it stands for."""
    known = _known(typed)
    return [(part, known.get(part, [])) for part in _parts(typed, known)]


def is_sentence(typed: str) -> bool:
    """Tell whether a query is more than a name with a slip: an everyday word is in it, or something is said around it."""
    return core(typed) != typed or bool(_known(typed))


def sounding(letters: str) -> str:
    """Return the everyday word that is typed by its sounds, or nothing: shebao is 社保."""
    words = models.Synonym.objects.values_list("word", flat=True).distinct()
    return next((word for word in words if len(word) <= len(letters) and sounds(word) == letters), "")


def like_words(typed: str, most: int = 6) -> tuple[str, ...]:
    """Return everyday words that are most like a query: what else can be typed where nothing is found."""
    words = models.Synonym.objects.values_list("word", flat=True).distinct()
    shared = ((fuzz.ratio(typed, word) + 20 * len(set(typed) & set(word)), word) for word in words)
    likely = sorted((-score, word) for score, word in shared if score >= LIKE and word != typed)
    return tuple(word for _, word in likely[:most])


def _known(typed: str) -> dict[str, list[str]]:
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, [typed])
        return dict(cursor.fetchall())


def officially(typed: str, known: Mapping[str, list[str]] | None = None) -> list[list[str]]:
    """Return the official ways to say a query, each as its words, the likeliest first; none where no word is known.

    :param known: the everyday words in it, where somebody looked already.
    """
    known = _known(typed) if known is None else known
    parts = list(_parts(typed, known))
    if not known and (parts == typed.split() or any(len(part) < SHORTEST for part in parts)):
        return []  # nothing was said in other words, or too little is left to look for
    said = [known.get(part, [part]) for part in parts]
    ways = [list(dict.fromkeys(way)) for way in islice(product(*said), TRIED)] if said else []
    tried = [way for way in ways if way != typed.split()]
    return [list(way) for way in dict.fromkeys(map(tuple, tried))]


def _parts(typed: str, known: Mapping[str, list[str]]) -> Iterator[str]:
    """Give the known words and what stands between them, the longest known word first at each place."""
    pattern = re.compile("|".join(map(re.escape, sorted(known, key=len, reverse=True)))) if known else None
    at = 0
    for match in pattern.finditer(typed) if pattern else ():
        yield from AROUND.sub(" ", typed[at : match.start()]).split()
        yield match.group()
        at = match.end()
    yield from AROUND.sub(" ", typed[at:]).split()
