"""Rows put right before they are understood: merged cells filled, rows of one item joined, a region for those without."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import PurePath

from xiaoneng.catalogue.imports.materials import is_about
from xiaoneng.catalogue.imports.plain import flat, told
from xiaoneng.catalogue.imports.reading import File, Row
from xiaoneng.catalogue.imports.trouble import Problem
from xiaoneng.catalogue.models import Division
from xiaoneng.catalogue.sources.layout import Layout

FOLD = 3  # problems of the same kind that are listed one by one
SAMPLE = 400
SAME = ("department", "statutory", "promised")  # what further rows of an item repeat or leave empty
_PLACE = re.compile(r"[\u4e00-\u9fff]{2,8}?(?:省|自治区|市|县|区|州|盟|旗)(?=[\u4e00-\u9fff]{2})")
ELSEWHERE = "99"  # begins the codes of places that have none in the national register


def with_a_place(file: File, layout: Layout) -> Layout:
    """Return a mapping under which every row has a region and a department, if need be named after the file."""
    if layout.typed:
        return layout
    given: dict[str, str] = {}
    region = layout.constants.get("region", "")
    if not layout.at("region") and not region:
        given["region"] = region = _place_in(file, layout) or PurePath(file.name).name.split(".")[0][:50] or "导入"
    if not layout.at("region_code") and "region_code" not in layout.constants:
        given["region_code"] = division_code(region) or made_region_code(region or layout.name)
    if not layout.at("department") and "department" not in layout.constants:
        given["department"] = f"{region}（部门待核）"
    return layout.with_constants(**given)


def _place_in(file: File, layout: Layout) -> str:
    """Return the place with which nearly all names of departments begin: 杭州市应急管理局 lies in 杭州市."""
    column = layout.at("department")
    names = [flat(row.content).get(column) for row in file.rows[:SAMPLE] if isinstance(row.content, Mapping)]
    matches = (_PLACE.match(str(name)) for name in names if name)
    found = Counter(match[0] for match in matches if match)
    place, times = next(iter(found.most_common(1)), ("", 0))
    if times > 0.5 * sum(1 for name in names if name):
        return place
    named = (_PLACE.match(each) for each in (file.title, file.name))  # 安澜市市级行政许可事项清单
    return next((each[0] for each in named if each), "")


def division_code(name: str) -> str:
    """Return the code of the one division of this name in the register, or nothing."""
    codes = set(Division.objects.filter(name=name, valid__endswith__isnull=True).values_list("code", flat=True)[:2])
    return codes.pop().ljust(6, "0") if len(codes) == 1 else ""


def made_region_code(name: str) -> str:
    """Return a code for a place that has none: the same name, the same code."""
    return f"{ELSEWHERE}{int(hashlib.sha256(name.encode()).hexdigest(), 16) % 10_000:04d}"


def joined(rows: Iterable[Row], layout: Layout) -> tuple[Row, ...]:
    """Return the rows with merged cells filled and, if several rows make one item, those rows as one."""
    filled = _filled(rows, layout)
    return tuple(_grouped(filled, layout)) if layout.grouped else tuple(filled)


def _filled(rows: Iterable[Row], layout: Layout) -> list[Row]:
    above: dict[str, object] = {}
    columns = [layout.at(target) for target in layout.fill_down if layout.at(target)]
    found = []
    for row in rows:
        if isinstance(row.content, Mapping):
            content = dict(row.content)
            for column in columns:
                if str(content.get(column) or "").strip():
                    above[column] = content[column]
                elif column in above:
                    content[column] = above[column]
            row = Row(row.number, content)
        found.append(row)
    return found


def is_grouped(file: File, chosen: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether several rows make one item: rows come again that differ in their material alone."""
    columns = {target: chosen[target][0] for target in ("name", "code", *SAME, "materials") if chosen.get(target)}
    if "name" not in columns or "materials" not in columns:
        return False
    rows = [flat(row.content) for row in file.rows[:SAMPLE] if isinstance(row.content, Mapping)]
    if any(isinstance(row.get(columns["materials"]), list) for row in rows):
        return False
    same = [target for target in columns if target != "materials"]
    further = sum(
        1
        for before, row in pairwise(rows)
        if row.get(columns["materials"])
        and row.get(columns["materials"]) != before.get(columns["materials"])
        and all(row.get(columns[each]) in ("", None, before.get(columns[each])) for each in same)
    )
    lengths = [len(str(row.get(columns["materials"]) or "")) for row in rows]
    return further > 0.05 * len(rows) and sum(lengths) < 60 * len(lengths)


def _grouped(rows: Iterable[Row], layout: Layout) -> Iterable[Row]:
    materials = layout.at("materials")
    first: dict[tuple[str, str], dict[str, object]] = {}
    found: list[Row] = []
    last: dict[str, object] | None = None
    used = frozenset(column for several in layout.columns.values() for column in several)
    for row in rows:
        if isinstance(row.content, Problem):
            found.append(row)
            continue
        plain = flat(row.content)
        key = _key(plain, layout)
        again = last if not any(key) else first.get(key)
        if again is None:
            plain[materials] = _demanded(plain, materials, used)
            found.append(Row(row.number, plain))
            again = first[key] = plain
        else:
            again[materials] = [*_listed(again.get(materials)), *_demanded(plain, materials, used)]
        last = again
    return found


def _key(plain: Mapping[str, object], layout: Layout) -> tuple[str, str]:
    """Return what tells the item of a row from others: its code, or its department and name."""
    code, name = (str(plain.get(layout.at(each)) or "") if layout.at(each) else "" for each in ("code", "name"))
    who = str(plain.get(layout.at("department")) or "") if layout.at("department") else ""
    return (code, "") if code else (who if name else "", name)


def _demanded(plain: Mapping[str, object], column: str, used: Collection[str]) -> list[object]:
    """Return the materials of one row, with what columns that carry nothing else say of them."""
    about = {name: str(value) for name, value in plain.items() if name not in used and value and is_about(name)}
    return [told(str(each), about) for each in _listed(plain.get(column))]


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value] if value else []


def folded(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems with those that say the same of the same value told once, with how many rows they are in."""
    known = list(problems)
    counts = Counter((each.field, each.value, each.message) for each in known)
    told: Counter[tuple[str, str, str]] = Counter()
    found = []
    for each in known:
        same = (each.field, each.value, each.message)
        told[same] += 1
        if counts[same] <= FOLD or told[same] == 1:
            more = f"（共 {counts[same]} 行如此）" if counts[same] > FOLD else ""
            found.append(replace(each, message=each.message + more))
    return found
