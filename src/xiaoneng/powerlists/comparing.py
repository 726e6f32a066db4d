"""Comparisons of a region's list with its neighbours': made once, worked through line by line, each with a verdict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet

from xiaoneng.catalogue.models import ItemVersion, LegalBasis, Material
from xiaoneng.kit import marks
from xiaoneng.org.models import Region
from xiaoneng.powerlists import models
from xiaoneng.powerlists.likeness import Known, Pair, duplicates, matched, totals
from xiaoneng.rules.grounds import Basis, NotAllowed, NotFound, Obstacle, Obstructed
from xiaoneng.rules.items.lawful import longer
from xiaoneng.rules.units import limit

Kind, Verdict = models.Finding.Kind, models.Finding.Verdict
REASONED = Basis("优化营商环境条例", 40, "", "对通过事中事后监管或者市场机制能够解决的事项，一律不得设立行政许可")
# What can be decided about each kind of finding.
VERDICTS: Mapping[str, tuple[str, ...]] = {
    Kind.ONLY_OURS: (Verdict.KEEP, Verdict.CANCEL, Verdict.MERGE),
    Kind.LACKING: (Verdict.KEEP, Verdict.ADD),
    Kind.OTHER_NAME: (Verdict.KEEP, Verdict.RENAME, Verdict.NOT_THE_SAME),
    Kind.SLOWER: (Verdict.KEEP, Verdict.SHORTEN),
    Kind.MORE_MATERIALS: (Verdict.KEEP, Verdict.CUT),
    Kind.DUPLICATE: (Verdict.KEEP, Verdict.MERGE, Verdict.NOT_THE_SAME),
}


@dataclass(frozen=True, slots=True)
class ItemCard:
    """An item of a finding as a page shows it."""

    code: str
    name: str
    department: str
    region: str


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A line of a comparison's worklist."""

    id: int
    kind: str
    label: str
    ours: ItemCard | None
    theirs: ItemCard | None
    score: int
    words: str
    verdict: str
    verdict_label: str
    reason: str
    decided_by: int | None
    decided_at: datetime | None
    choices: tuple[tuple[str, str], ...]
    ours_item: int = 0
    version: str = ""


@dataclass(frozen=True, slots=True)
class ComparisonLine:
    """A comparison as a list shows it."""

    id: int
    region: str
    others: tuple[str, ...]
    at: datetime
    totals: Mapping[str, Any]
    counts: tuple[tuple[str, str, int, int], ...]  # kind, label, all, undecided


def known_items(region: int, at: datetime) -> tuple[Known, ...]:
    """Return the items of a region in force at an instant as they are compared."""
    rows = ItemVersion.objects.filter(item__department__region_id=region, in_force__contains=at)
    versions = list(rows.select_related("item__department__region", "kind"))
    ids = [row.pk for row in versions]
    laws: dict[int, set[str]] = defaultdict(set)
    for version, law in LegalBasis.objects.filter(version__in=ids).values_list("version_id", "law"):
        laws[version].add(law.removeprefix("中华人民共和国"))
    materials = dict(
        Material.objects.filter(version__in=ids).values_list("version_id").annotate(n=Count("id")).values_list("version_id", "n")
    )  # fmt: skip
    return tuple(
        Known(
            row.item_id, row.item.code, row.name, row.kind.name, row.item.department.name, row.item.department.region.name,
            frozenset(laws[row.pk]), limit(row.promised_unit, row.promised_n) if row.promised_n is not None else None,
            materials.get(row.pk, 0),
        )
        for row in versions
    )  # fmt: skip


@transaction.atomic
def compare(region: int, others: Sequence[int], *, by: int, at: datetime) -> int:
    """Compare a region's list with those of others and return the comparison with its worklist.

    :raises Obstructed: a list is missing or empty
    """
    if not others or region in others:
        raise NotAllowed("请选择至少一个别的地区来比较。")
    ours = known_items(region, at)
    theirs = [each for other in others for each in known_items(other, at)]
    if not ours or not theirs:
        which = "本地区" if not ours else "所选地区"
        remedy = "请先导入该地区的清单，再来比较。"
        raise Obstructed([Obstacle("region", f"{which}还没有在用的事项，无法比较。", REASONED, remedy)])
    found = {"ours": totals(ours), "theirs": totals(theirs), "n": {"ours": len(ours), "theirs": len(theirs)}}
    row = models.Comparison.objects.create(region_id=region, at=at, by=by, totals=found)
    row.others.set(others)
    models.Finding.objects.bulk_create(_findings(row, ours, theirs), batch_size=1000)
    return row.pk


def _findings(row: models.Comparison, ours: Sequence[Known], theirs: Sequence[Known]) -> Iterator[models.Finding]:
    outcome = matched(ours, theirs)
    for pair in outcome.likely:
        words = f"“{pair.ours.name}”与{pair.theirs.region}“{pair.theirs.name}”可能是同一权力"
        yield _finding(row, Kind.OTHER_NAME, pair.ours, pair.theirs, pair.score, words)
    for pair in outcome.same:
        if pair.ours.name != pair.theirs.name:
            words = f"编码或者核心名称相同，本地叫“{pair.ours.name}”，{pair.theirs.region}叫“{pair.theirs.name}”"
            yield _finding(row, Kind.OTHER_NAME, pair.ours, pair.theirs, 100, words)
    yield from _against_the_best(row, outcome.same)
    for each in outcome.only_ours:
        yield _finding(row, Kind.ONLY_OURS, each, None, 0, f"“{each.name}”，比较的地区都没有，可以考虑取消")
    for each in outcome.lacking:
        yield _finding(row, Kind.LACKING, None, each, 0, f"{each.region}有“{each.name}”，本地没有")
    for pair in duplicates(ours):
        words = (
            f"{pair.ours.department}与{pair.theirs.department}都有，名称相近：“{pair.ours.name}”“{pair.theirs.name}”"
        )
        yield _finding(row, Kind.DUPLICATE, pair.ours, pair.theirs, pair.score, words)


def _against_the_best(row: models.Comparison, pairs: Iterable[Pair]) -> Iterator[models.Finding]:
    met: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        met[pair.ours.id].append(pair)
    for several in met.values():
        mine = several[0].ours
        faster = [
            p.theirs
            for p in several
            if p.theirs.promised and mine.promised and longer(mine.promised, p.theirs.promised)
        ]
        if faster:
            best = min(faster, key=lambda each: each.promised.n if each.promised else 0)
            words = f"本地承诺 {mine.promised}，{best.region}承诺 {best.promised}"
            yield _finding(row, Kind.SLOWER, mine, best, 100, words)
        leaner = [p.theirs for p in several if 0 < p.theirs.materials < mine.materials]
        if leaner:
            best = min(leaner, key=lambda each: each.materials)
            words = f"本地要 {mine.materials} 份材料，{best.region}只要 {best.materials} 份"
            yield _finding(row, Kind.MORE_MATERIALS, mine, best, 100, words)


def _finding(
    row: models.Comparison, kind: str, ours: Known | None, theirs: Known | None, score: int, words: str
) -> models.Finding:
    return models.Finding(
        comparison=row, kind=kind, ours_id=ours.id if ours else None, theirs_id=theirs.id if theirs else None,
        score=score, words=words,
    )  # fmt: skip


@transaction.atomic
def decide(finding: int, *, verdict: str, reason: str, by: int, at: datetime, seen: str = "") -> None:
    """Decide about a line of a worklist; a decision can be changed, the last one stands.

    :param seen: the mark of the decision that was read; whoever gives none is not compared with others.
    :raises Overtaken: somebody decided after it was read
    :raises NotFound: there is no such line
    :raises Obstructed: the verdict does not fit, or no reason is given
    """
    row = models.Finding.objects.select_for_update().filter(pk=finding).first()
    if row is None:
        raise NotFound("没有这条比较结果。请从比较列表里打开。")
    found = []
    if verdict not in VERDICTS[row.kind]:
        fitting = "、".join(Verdict(each).label for each in VERDICTS[row.kind])
        found.append(Obstacle("verdict", "还没有选择怎样处理。", REASONED, f"可以选：{fitting}。"))
    if not reason.strip():
        found.append(Obstacle("reason", "还没有写明理由。", REASONED, "请用一两句话写明理由。"))
    if found:
        raise Obstructed(found)
    marks.require(seen, _decided(row))
    row.verdict, row.reason, row.decided_by, row.decided_at = verdict, reason.strip()[:1000], by, at
    row.save(update_fields=["verdict", "reason", "decided_by", "decided_at"])


def _decided(row: models.Finding) -> dict[str, object]:
    return {"怎样处理": row.get_verdict_display(), "理由": row.reason} if row.verdict else {}


def comparisons(limit: int = 20) -> tuple[ComparisonLine, ...]:
    """Return the latest comparisons, newest first."""
    rows = models.Comparison.objects.select_related("region").order_by("-id")[:limit]
    return tuple(_line(row) for row in rows)


def comparison(number: int) -> ComparisonLine:
    """Return a comparison.

    :raises NotFound: there is none
    """
    row = models.Comparison.objects.select_related("region").filter(pk=number).first()
    if row is None:
        raise NotFound("没有这次比较。请从比较列表里打开。")
    return _line(row)


def _line(row: models.Comparison) -> ComparisonLine:
    counted = row.findings.values("kind", "verdict").annotate(n=Count("id"))
    everything: dict[str, int] = defaultdict(int)
    undecided: dict[str, int] = defaultdict(int)
    for each in counted:
        everything[each["kind"]] += each["n"]
        undecided[each["kind"]] += each["n"] if not each["verdict"] else 0
    counts = tuple((kind.value, str(kind.label), everything[kind], undecided[kind]) for kind in Kind)
    names = tuple(row.others.order_by("id").values_list("name", flat=True))
    return ComparisonLine(row.pk, row.region.name, names, row.at, row.totals, counts)


def count_findings(number: int, kind: str) -> int:
    """Count the lines of a worklist of one kind."""
    return models.Finding.objects.filter(comparison_id=number, kind=kind).count()


def findings(
    number: int, kind: str, *, limit: int, offset: int = 0, after: int | None = None
) -> tuple[FindingLine, ...]:
    """Return lines of a worklist, the undecided first, the likeliest first among them.

    :param after: only those behind this one, in the order in which they were found, which no decision changes.
    """
    rows = models.Finding.objects.filter(comparison_id=number, kind=kind).order_by("verdict", "-score", "id")
    if after is not None:
        rows = rows.filter(pk__gt=after).order_by("id")
    return _lines(rows[offset : offset + limit])


def finding(number: int) -> FindingLine:
    """Return one line of a worklist.

    :raises NotFound: there is none
    """
    found = _lines(models.Finding.objects.filter(pk=number))
    if not found:
        raise NotFound("没有这条比较结果。请从比较列表里打开。")
    return found[0]


def _lines(rows: QuerySet[models.Finding]) -> tuple[FindingLine, ...]:
    page = list(rows.select_related("ours__department__region", "theirs__department__region"))
    items = {item.pk: item for row in page for item in (row.ours, row.theirs) if item}
    names = dict(
        ItemVersion.objects.filter(item__in=items).order_by("serial").values_list("item_id", "name")
    )  # fmt: skip
    cards = {
        pk: ItemCard(item.code, names.get(pk, item.code), item.department.name, item.department.region.name)
        for pk, item in items.items()
    }
    return tuple(
        FindingLine(
            row.pk, row.kind, row.get_kind_display(), cards.get(row.ours_id or 0), cards.get(row.theirs_id or 0), row.score,
            row.words, row.verdict, row.get_verdict_display() if row.verdict else "", row.reason, row.decided_by,
            row.decided_at, tuple((each, str(Verdict(each).label)) for each in VERDICTS[row.kind]),
            row.ours_id or 0, marks.mark(_decided(row)),
        )
        for row in page
    )  # fmt: skip


def regions_with_items(at: datetime) -> tuple[tuple[int, str, int], ...]:
    """Return the regions that have a list in force: id, name, how many items."""
    rows = Region.objects.filter(departments__items__versions__in_force__contains=at)
    counted = rows.annotate(n=Count("departments__items", distinct=True)).order_by("-n", "id")
    return tuple(counted.values_list("id", "name", "n"))
