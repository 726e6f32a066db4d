"""Which items of two lists are the same power: by code, then by name and basis; what is only likely is left to a person."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from xiaoneng.rules.units import Limit

LIKELY, DUPLICATE = 72, 90
NEAR = 12  # names looked at for each item
BASIC = slice(19, 31)  # the basic code within an implementation code: credit code 18, level 1, basic code 12
_NATIONAL = re.compile(r"[0-9A-Z]{31}(?:[0-9A-Z]{2})?")
_BRACKETS = re.compile(r"[（(][^）)]*[）)]|[\s“”\"'《》、，,。.·-]")
_ENDINGS = re.compile(r"(?:行政许可|许可证?|审批|审核|核准|核发|办理|事项)+$")


@dataclass(frozen=True, slots=True)
class Known:
    """An item as it is compared."""

    id: int
    code: str
    name: str
    kind: str
    department: str
    region: str
    laws: frozenset[str]
    promised: Limit | None
    materials: int

    @property
    def basic(self) -> str:
        """Return the basic code within a national code, or nothing where the code is of another form."""
        return self.code[BASIC] if _NATIONAL.fullmatch(self.code) else ""

    @property
    def core(self) -> str:
        """Return the name without what differs from place to place and means nothing."""
        bare = _BRACKETS.sub("", self.name)
        return _ENDINGS.sub("", bare) or bare or self.name


@dataclass(frozen=True, slots=True)
class Pair:
    """Two items that are, or are likely to be, the same power, and how sure that is (0 to 100)."""

    ours: Known
    theirs: Known
    score: int


@dataclass(frozen=True, slots=True)
class Matched:
    """The outcome of matching a list with others."""

    same: tuple[Pair, ...]
    likely: tuple[Pair, ...]
    only_ours: tuple[Known, ...]
    lacking: tuple[Known, ...]


def matched(ours: Sequence[Known], theirs: Sequence[Known]) -> Matched:
    """Match our items with those of one or more other lists; each of ours meets at most one item of each region."""
    same: list[Pair] = []
    likely: list[Pair] = []
    by_region: dict[str, list[Known]] = defaultdict(list)
    for each in theirs:
        by_region[each.region].append(each)
    for others in by_region.values():
        sure, perhaps = _with_one(ours, others)
        same += sure
        likely += perhaps
    met = {pair.ours.id for pair in (*same, *likely)}
    found = {pair.theirs.id for pair in (*same, *likely)}
    only = tuple(each for each in ours if each.id not in met)
    lacking = _once([each for each in theirs if each.id not in found])
    return Matched(tuple(same), tuple(likely), only, lacking)


def _with_one(ours: Sequence[Known], others: Sequence[Known]) -> tuple[list[Pair], list[Pair]]:
    same: list[Pair] = []
    left, right = list(ours), list(others)
    for key in (_by_code, _by_name):
        table: dict[str, list[Known]] = defaultdict(list)
        for each in right:
            if word := key(each):
                table[word].append(each)
        taken: set[int] = set()
        for each in left:
            candidates = [one for one in table.get(key(each), ()) if one.id not in taken and one.kind == each.kind]
            if candidates:
                taken |= {each.id, candidates[0].id}
                same.append(Pair(each, candidates[0], 100))
        left = [each for each in left if each.id not in taken]
        right = [each for each in right if each.id not in taken]
    return same, _fuzzy(left, right)


def _by_code(each: Known) -> str:
    return each.basic


def _by_name(each: Known) -> str:
    return each.core


def _fuzzy(left: Sequence[Known], right: Sequence[Known]) -> list[Pair]:
    """Return the likeliest pairs of what neither code nor name settled, each item once, the likeliest first."""
    found: list[tuple[float, int, int]] = []
    names: dict[str, dict[int, str]] = defaultdict(dict)
    for place, each in enumerate(right):
        names[each.kind][place] = each.core
    for r, mine in enumerate(left):
        near = process.extract(mine.core, names[mine.kind], scorer=fuzz.ratio, score_cutoff=LIKELY - 22, limit=NEAR)
        scored = ((_score(mine, right[c], likeness), r, c) for _, likeness, c in near)
        found += [each for each in scored if each[0] >= LIKELY]
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    pairs = []
    for score, r, c in sorted(found, key=lambda each: (-each[0], each[1], each[2])):
        if r not in taken_left and c not in taken_right:
            taken_left.add(r)
            taken_right.add(c)
            pairs.append(Pair(left[r], right[c], int(score)))
    return pairs


def _score(ours: Known, theirs: Known, names: float) -> float:
    """Return how likely two names mean one power; laws in common raise it, laws without any in common lower it."""
    if not ours.laws or not theirs.laws:
        return names
    common = len(ours.laws & theirs.laws) / min(len(ours.laws), len(theirs.laws))
    return min(99.0, 0.78 * names + 22 * common)


def _once(items: Iterable[Known]) -> tuple[Known, ...]:
    """Return items without those that another region names the same."""
    found: dict[tuple[str, str], Known] = {}
    for each in items:
        found.setdefault((each.kind, each.core), each)
    return tuple(found.values())


def duplicates(items: Sequence[Known]) -> tuple[Pair, ...]:
    """Return the pairs of items that two departments of one list both have: nearly the same name, the same kind."""
    pairs: list[Pair] = []
    by_kind: dict[str, list[Known]] = defaultdict(list)
    for each in items:
        by_kind[each.kind].append(each)
    for several in by_kind.values():
        names = {place: each.core for place, each in enumerate(several)}
        for place, each in enumerate(several):
            del names[place]  # a pair is met once
            near = process.extract(each.core, names, scorer=fuzz.ratio, score_cutoff=DUPLICATE, limit=NEAR)
            others = ((several[other], likeness) for _, likeness, other in near)
            pairs += [Pair(each, other, int(score)) for other, score in others if other.department != each.department]
    return tuple(pairs)


def totals(items: Iterable[Known]) -> Mapping[str, Mapping[str, int]]:
    """Return how many items there are by kind and by department."""
    known = list(items)
    kinds, departments = Counter(each.kind for each in known), Counter(each.department for each in known)
    return {"kind": dict(kinds.most_common()), "department": dict(departments.most_common())}
