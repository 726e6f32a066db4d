"""Verbs of those who keep the registers around items: kinds, basic catalogue, negative list, everyday words; all on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import ProtectedError

from xiaoneng.catalogue import models
from xiaoneng.catalogue.actions import drop_synonym, index_versions, put_synonym
from xiaoneng.catalogue.search.keys import normalised
from xiaoneng.kit import marks
from xiaoneng.kit.amiss import Amiss
from xiaoneng.org.models import Region
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.units import limit
from xiaoneng.trail import actions as trail
from xiaoneng.trail.actions import By

GONE = "没有找到，可能刚被别人改过。请从列表重新打开。"


@dataclass(frozen=True, slots=True)
class KindLine:
    """A kind of power with how many versions are of it."""

    code: str
    name: str
    on_application: bool
    version: str


@dataclass(frozen=True, slots=True)
class BasicLine:
    """An entry of the basic catalogue, its lists as lines of text."""

    code: str
    name: str
    kind: str
    statutory_n: int | None
    statutory_unit: str
    bases: tuple[str, ...]
    materials: tuple[str, ...]
    free_of_charge: bool
    source: str
    items: int
    version: str


@dataclass(frozen=True, slots=True)
class SynonymLine:
    """An everyday word and an official one."""

    id: int
    word: str
    official: str


def kinds() -> tuple[KindLine, ...]:
    """Return the kinds of powers in the order of their codes."""
    rows = models.PowerKind.objects.order_by("code")
    return tuple(KindLine(row.code, row.name, row.on_application, marks.mark(_kind_values(row))) for row in rows)


@transaction.atomic
def save_kind(
    code: str, name: str, *, on_application: bool, fresh: bool, by: By, at: datetime, seen: str = ""
) -> None:  # fmt: skip
    """Add a kind of power, or change its name and whether anybody can apply for it; what is found by it is indexed anew.

    :param seen: the mark of what was read, here and below; whoever gives none is not compared with others.
    :raises Amiss: names every fault.
    :raises Overtaken: somebody changed it after it was read.
    """
    code, name = code.strip(), name.strip()
    row = models.PowerKind.objects.select_for_update().filter(code=code).first()
    faults = []
    if not code or not all(each.isascii() and (each.isalnum() or each in "_-") for each in code):
        faults.append(("code", "代码用小写字母、数字和下划线，例如 record_filing。"))
    if fresh and row is not None:
        faults.append(("code", f"代码 {code} 已经有了（{row.name}）。"))
    if not name:
        faults.append(("name", "请填写名称。"))
    if models.PowerKind.objects.filter(name=name).exclude(code=code).exists():
        faults.append(("name", "已经有同名的事项类型。"))
    if faults:
        raise Amiss(faults)
    if row is None and not fresh:
        raise NotFound(GONE)
    before = _kind_values(row) if row else {}
    marks.require(seen, before)
    models.PowerKind.objects.update_or_create(code=code, defaults={"name": name[:30], "on_application": on_application})
    after = {"名称": name, "依申请": on_application}
    if before != after:
        _note(by, "修改事项类型" if before else "新增事项类型", name, f"kind:{code}", at, before, after)
    if before and before != after:
        index_versions(list(models.ItemVersion.objects.filter(kind_id=code).values_list("id", flat=True)))


def _kind_values(row: models.PowerKind) -> dict[str, Any]:
    return {"名称": row.name, "依申请": row.on_application}


@transaction.atomic
def remove_kind(code: str, *, by: By, at: datetime, seen: str = "") -> None:
    """Remove a kind of power that nothing is of.

    :raises Overtaken: somebody changed it after it was read.
    :raises NotAllowed: items or entries of the basic catalogue are of it.
    """
    row = models.PowerKind.objects.select_for_update().filter(code=code).first()
    if row is None:
        raise NotFound(GONE)
    marks.require(seen, _kind_values(row), "删除")
    try:
        row.delete()
    except ProtectedError:
        raise NotAllowed(f"还有事项或者基本目录属于“{row.name}”，不能删除。请先把它们改成别的类型。") from None
    _note(by, "删除事项类型", row.name, f"kind:{code}", at, {"名称": row.name}, {})


def basics(words: str = "", *, limit: int = 200) -> tuple[BasicLine, ...]:
    """Return the entries of the basic catalogue whose code or name has some words."""
    rows = models.BasicItem.objects.select_related("kind").prefetch_related("items").order_by("code")
    if words:
        rows = rows.filter(name__icontains=words) | rows.filter(code__startswith=words)
    return tuple(
        BasicLine(
            row.code, row.name, row.kind.name, row.statutory_n, row.statutory_unit, tuple(row.bases), tuple(row.materials),
            row.free_of_charge, row.source, len(row.items.all()), marks.mark(_basic_values(row)),
        )
        for row in rows[:limit]
    )  # fmt: skip


@transaction.atomic
def save_basic(values: Mapping[str, Any], *, fresh: bool, by: By, at: datetime, seen: str = "") -> None:
    """Write an entry of the basic catalogue; what it fixes binds every new version of the items under it.

    :raises Amiss: names every fault.
    """
    code = str(values["code"]).strip()
    row = models.BasicItem.objects.select_for_update().filter(code=code).first()
    kind = models.PowerKind.objects.filter(name=values["kind"]).first()
    faults = []
    if not (len(code) == 12 and code.isascii() and code.isalnum()):
        faults.append(("code", "基本编码是 12 位数字或字母。"))
    if fresh and row is not None:
        faults.append(("code", f"基本编码 {code} 已经有了（{row.name}）。"))
    if not str(values["name"]).strip():
        faults.append(("name", "请填写事项名称。"))
    if kind is None:
        faults.append(("kind", "请从事项类型里选。"))
    if values["statutory_n"] is not None:
        try:
            limit(values["statutory_unit"], values["statutory_n"])
        except ValueError as refusal:
            faults.append(("statutory_n", str(refusal)))
    if faults:
        raise Amiss(faults)
    assert kind is not None
    before = _basic_values(row) if row else {}
    marks.require(seen, before)
    given = {name: values[name] for name in ("name", "bases", "materials", "free_of_charge", "source")}
    made, _ = models.BasicItem.objects.update_or_create(
        code=code,
        defaults={
            **given, "kind": kind, "statutory_n": values["statutory_n"],
            "statutory_unit": values["statutory_unit"] if values["statutory_n"] is not None else "",
        },
    )  # fmt: skip
    after = _basic_values(made)
    if before != after:
        _note(by, "修改基本目录" if before else "新增基本目录", made.name, f"basic:{code}", at, before, after)


def _basic_values(row: models.BasicItem) -> dict[str, Any]:
    return {
        "名称": row.name, "类型": row.kind.name, "法定时限": f"{row.statutory_n or ''}{row.statutory_unit}",
        "依据": "；".join(row.bases), "材料": "；".join(row.materials), "不收费": row.free_of_charge, "来源": row.source,
    }  # fmt: skip


@transaction.atomic
def remove_basic(code: str, *, by: By, at: datetime, seen: str = "") -> None:
    """Remove an entry of the basic catalogue under which no item stands.

    :raises Overtaken: somebody changed it after it was read.
    :raises NotAllowed: items stand under it.
    """
    row = models.BasicItem.objects.select_for_update().filter(code=code).first()
    if row is None:
        raise NotFound(GONE)
    before = _basic_values(row)
    marks.require(seen, before, "删除")
    try:
        row.delete()
    except ProtectedError:
        raise NotAllowed(f"还有实施事项挂在基本目录 {code} 下面，不能删除。请先把那些事项取消或者改挂。") from None
    _note(by, "删除基本目录", row.name, f"basic:{code}", at, before, {})


@transaction.atomic
def save_negative(
    region: int, values: Mapping[str, Any], codes: Sequence[str], *, fresh: bool, by: By, at: datetime, seen: str = ""
) -> None:
    """Write a line of the negative list from now on; a line of the same number that stood ends now and stays on record.

    :raises Amiss: names every fault.
    """
    number = str(values["number"]).strip()
    standing = _standing(region, number)
    faults = [
        (name, f"请填写{label}。")
        for name, label in (
            ("number", "序号"),
            ("sector", "领域"),
            ("text", "措施"),
            ("basis", "依据"),
            ("document", "公布文号"),
        )
        if not str(values[name]).strip()
    ]
    if fresh and standing is not None:
        faults.append(("number", f"序号 {number} 已经有了（{standing.sector}）。"))
    if values["measure"] not in models.NegativeEntry.Measure.values:
        faults.append(("measure", "请选择禁止还是许可准入。"))
    if not Region.objects.filter(pk=region).exists():
        faults.append(("region", "请选择地区。"))
    items = list(models.Item.objects.filter(code__in=codes))
    missing = sorted(set(codes) - {item.code for item in items})
    if missing:
        faults.append(("items", f"没有这些编码的事项：{'、'.join(missing)}。请核对。"))
    if faults:
        raise Amiss(faults)
    before = _negative_values(standing) if standing else {}
    marks.require(seen, before)
    if standing is not None:
        _end(standing, at)
    given = {name: str(values[name]).strip() for name in ("sector", "measure", "text", "basis", "document")}
    row = models.NegativeEntry.objects.create(
        region_id=region, number=number[:20], in_force=DateTimeTZRange(at, None), **given
    )
    row.items.set(items)
    what = "修改负面清单" if before else "新增负面清单"
    _note(by, what, f"{number} {row.sector}", f"negative:{region}:{number}", at, before, _negative_values(row))


def _standing(region: int, number: str) -> models.NegativeEntry | None:
    """Return the line that stands, held by its region: whoever waited for somebody else sees what that one wrote."""
    list(Region.objects.select_for_update(no_key=True).filter(pk=region))
    return models.NegativeEntry.objects.filter(
        region_id=region, number=number, in_force__upper_inf=True
    ).first()  # fmt: skip


def _end(row: models.NegativeEntry, at: datetime) -> None:
    if row.in_force.lower > at:
        raise Amiss([("", "刚刚有人写了这一条。请刷新以后再看，再改。")])
    row.in_force = DateTimeTZRange(row.in_force.lower, at)
    row.save(update_fields=["in_force"])


def _negative_values(row: models.NegativeEntry) -> dict[str, Any]:
    codes = "、".join(sorted(item.code for item in row.items.all()))
    return {
        "领域": row.sector, "方式": row.get_measure_display(), "措施": row.text, "依据": row.basis, "文号": row.document,
        "事项": codes,
    }  # fmt: skip


def negative_marks(at: datetime) -> dict[tuple[int, str], str]:
    """Return the marks of the lines of the negative list that stand, by region and number."""
    rows = models.NegativeEntry.objects.filter(in_force__contains=at).prefetch_related("items")
    return {(row.region_id, row.number): marks.mark(_negative_values(row)) for row in rows}


@transaction.atomic
def end_negative(region: int, number: str, *, by: By, at: datetime, seen: str = "") -> None:
    """Take a line off the negative list from now on; it stays to be seen as of any earlier day.

    :raises Overtaken: somebody changed it after it was read.
    """
    row = _standing(region, number)
    if row is None:
        raise NotFound(GONE)
    marks.require(seen, _negative_values(row), "移出")
    _end(row, at)
    _note(by, "移出负面清单", f"{number} {row.sector}", f"negative:{region}:{number}", at, _negative_values(row), {})


def synonyms(words: str = "", *, limit: int = 60, offset: int = 0) -> tuple[SynonymLine, ...]:
    """Return everyday words with what they stand for, those that have some words in them if any are given."""
    rows = _synonyms(words).order_by("word", "official")[offset : offset + limit]
    return tuple(SynonymLine(row.pk, row.word, row.official) for row in rows)


def count_synonyms(words: str = "") -> int:
    """Count the rows of everyday words."""
    return int(_synonyms(words).count())


def _synonyms(words: str) -> Any:
    rows, said = models.Synonym.objects.all(), normalised(words)
    return rows.filter(word__contains=said) | rows.filter(official__contains=said) if said else rows


@transaction.atomic
def say(word: str, official: str, *, by: By, at: datetime) -> None:
    """Let an everyday word stand for an official one, on record.

    :raises NotAllowed: a word is missing or too long, or both are the same.
    """
    plain = (normalised(word), normalised(official))
    known = models.Synonym.objects.filter(word=plain[0], official=plain[1]).exists()
    put_synonym(word, official)
    if not known:
        _note(by, "新增平常说法", f"{plain[0]} → {plain[1]}", f"word:{plain[0]}", at, {}, {"正式的说法": plain[1]})


@transaction.atomic
def unsay(synonym: int, *, by: By, at: datetime) -> None:
    """Take an everyday word back, on record; one that is gone already is no trouble."""
    row = models.Synonym.objects.select_for_update().filter(pk=synonym).first()
    if row is None:
        return
    drop_synonym(synonym)
    _note(by, "删除平常说法", str(row), f"word:{row.word}", at, {"正式的说法": row.official}, {})


def _note(
    by: By, what: str, about: str, key: str, at: datetime, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    trail.note_change(by, what, about, key=key, at=at, before=before, after=after)
