"""Rows put right before they are understood: merged cells filled, rows of one item joined, a region for those without."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import PurePath

from xiaoneng.catalogue.imports.plain import flat
from xiaoneng.catalogue.imports.reading import File, Row
from xiaoneng.catalogue.imports.trouble import Problem
from xiaoneng.catalogue.models import Division
from xiaoneng.catalogue.sources.layout import Layout

FOLD = 3  # problems of the same kind that are listed one by one
SAMPLE = 400
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
    return place if times > 0.5 * sum(1 for name in names if name) else ""


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


def _grouped(rows: Iterable[Row], layout: Layout) -> Iterable[Row]:
    key, materials = layout.at("code") or layout.at("name"), layout.at("materials")
    first: dict[str, dict[str, object]] = {}
    found: list[Row] = []
    last = ""
    for row in rows:
        if isinstance(row.content, Problem):
            found.append(row)
            continue
        plain = flat(row.content)
        name = str(plain.get(key) or "") or last
        last = name
        if name and name in first:
            first[name][materials] = [*_listed(first[name].get(materials)), *_listed(plain.get(materials))]
        else:
            first[name] = plain
            found.append(Row(row.number, plain))
    return found


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
