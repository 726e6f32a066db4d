"""Which column of an unknown file carries what: guessed from the headings and from what stands below them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xiaoneng.catalogue.imports.books import SHEET
from xiaoneng.catalogue.imports.grouping import is_grouped
from xiaoneng.catalogue.imports.headings import HEADINGS, SURE, likeness
from xiaoneng.catalogue.imports.kinds import NUMBERED, kind_of
from xiaoneng.catalogue.imports.limits import NotALimit, is_unit, parse, unit_named
from xiaoneng.catalogue.imports.parts import NO, YES
from xiaoneng.catalogue.imports.plain import flat
from xiaoneng.catalogue.imports.reading import File
from xiaoneng.catalogue.imports.sheets import SECTION
from xiaoneng.catalogue.sources.layout import Layout

SAMPLE = 400
KINDS = tuple(NUMBERED.values())
LIKELY, MEANT = 62.0, -20.0
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]{0,59}")
_DEPARTMENT = re.compile(
    r"(局|委员会|委|厅|办公室|中心|大队|政府|街道|银行|公司|法院|院|处|站)$|department|agency|ministry|office|authority|council|"
    r"commission|bureau|division|board|service\b|secretar[ií]a|instituto|direcci[oó]n|minist[eè]re|pr[eé]fecture|amt\b",
    re.IGNORECASE,
)
# A heading that says of which limit it speaks carries no other one.
_MEANS_ANOTHER = {
    "promised": re.compile(r"法定|statutory|legal", re.IGNORECASE),
    "promised_unit": re.compile(r"法定|statutory|legal", re.IGNORECASE),
    "statutory": re.compile(r"承诺|promis|target|expected|standard", re.IGNORECASE),
    "statutory_unit": re.compile(r"承诺|promis|target|expected|standard", re.IGNORECASE),
}
_MAIN = re.compile(r"主项|大项|项目名称（主|^事项名称$")
_SUB = re.compile(r"子项|小项|业务办理项|办理项")
_NO_NAME = re.compile(r"\d[\d./-]*")
_ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)
_PHONE = re.compile(r"^[\d\s()+\-－—/、,，;；转ext.]{5,60}$", re.IGNORECASE)
_PLACE = re.compile(r"[路街道号楼层窗室]|street|\bst\b|avenue|\broad\b|floor|\bsuite\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """What is seen of a column: its heading, its first values, how full and how varied it is."""

    name: str
    values: tuple[str, ...]
    share_filled: float
    share_distinct: float
    mean_length: float
    begins_filled: bool = True

    def share(self, pattern: re.Pattern[str]) -> float:
        """Return which share of the values a pattern is found in."""
        return sum(1 for each in self.values if pattern.search(each)) / len(self.values) if self.values else 0.0


@dataclass(frozen=True, slots=True)
class Guess:
    """That a column carries a field, and how sure that is (0 to 100)."""

    target: str
    column: str
    score: float


def columns_of(file: File) -> tuple[Column, ...]:
    """Return what is seen of every column of a file."""
    rows = [flat(row.content) for row in file.rows if isinstance(row.content, Mapping)][:SAMPLE]
    names: dict[str, None] = {}
    for row in rows:
        names.update(dict.fromkeys(row))
    return tuple(_column(name, rows) for name in names)


def _column(name: str, rows: Sequence[Mapping[str, object]]) -> Column:
    values = [text for row in rows if (text := _text(row.get(name)))]
    lengths = [len(each) for each in values]
    return Column(
        name, tuple(values), len(values) / len(rows), len(set(values)) / len(values) if values else 0.0,
        sum(lengths) / len(lengths) if lengths else 0.0, bool(rows and _text(rows[0].get(name))),
    )  # fmt: skip


def _text(value: object) -> str:
    if isinstance(value, list):
        return "；".join(str(each) for each in value)
    return str(value).strip() if value is not None else ""


def guesses(columns: Sequence[Column]) -> tuple[Guess, ...]:
    """Return the best guess for each field, each column used once, the surest first."""
    found = [
        Guess(target, column.name, score)
        for column in columns
        for target in HEADINGS
        if (score := _score(target, column)) >= LIKELY
    ]
    # Equal scores are broken by the order of the fields, then of the columns, so that the same file is guessed the same.
    order, places = list(HEADINGS), [column.name for column in columns]
    taken: set[str] = set()
    chosen: dict[str, Guess] = {}
    for each in sorted(found, key=lambda one: (-one.score, order.index(one.target), places.index(one.column))):
        if each.column not in taken and each.target not in chosen:
            taken.add(each.column)
            chosen[each.target] = each
    return tuple(chosen.values())


def _score(target: str, column: Column) -> float:
    heading = likeness(column.name, HEADINGS[target])
    if heading < 45 or not column.values:
        return 0.0
    if (other := _MEANS_ANOTHER.get(target)) and other.search(column.name):
        return 0.0
    content = _content(target, column)
    # Who heads a column 法定时限 means it, however little of what stands below can be read.
    return heading + (max(content, MEANT) if target in ("statutory", "promised") and heading >= SURE else content)


def _content(target: str, column: Column) -> float:
    """Return what the values below a heading add to it or take away."""
    test = _TESTS.get(target)
    return test(column) if test else 0.0


def _like_a_name(column: Column) -> float:
    if column.share(_ADDRESS) > 0.5 or column.mean_length > 120 or all(each.isdigit() for each in column.values):
        return -60.0
    return 6.0 if column.share_distinct > 0.6 and column.mean_length >= 4 else -8.0


def _like_a_code(column: Column) -> float:
    fitting = sum(1 for each in column.values if _CODE.fullmatch(each)) / len(column.values)
    return 5.0 if fitting > 0.9 and column.share_distinct > 0.9 else -45.0 if fitting < 0.6 else -10.0


def _like_a_department(column: Column) -> float:
    if column.mean_length > 80 or column.share(_ADDRESS) > 0.3 or all(each.isdigit() for each in column.values):
        return -60.0
    return 8.0 * column.share(_DEPARTMENT) + (4.0 if column.share_distinct < 0.5 else 0.0)


def _like_a_kind(column: Column) -> float:
    known = sum(1 for each in column.values if kind_of(each, (), {})) / len(column.values)
    return 10.0 * known - (30.0 if column.share_distinct > 0.7 and len(column.values) > 10 else 0.0)


def _like_a_limit(column: Column) -> float:
    read = sum(1 for each in column.values if _is_limit(each)) / len(column.values)
    return 6.0 * read if read > 0.3 else -40.0


def _is_limit(words: str) -> bool:
    try:
        parse(words, "working_day")
    except NotALimit:
        return False
    return True


def _like_a_mark(column: Column) -> float:
    known = sum(1 for each in column.values if each.casefold() in YES | NO or _ADDRESS.match(each)) / len(column.values)
    return 5.0 if known > 0.6 else -50.0


def _like_an_address(column: Column) -> float:
    return 5.0 if column.share(_ADDRESS) > 0.5 else -60.0


def _like_a_phone(column: Column) -> float:
    return 5.0 if column.share(re.compile(r"\d{4,}|\d{3}[ -]\d{3}")) > 0.5 else -50.0


def _like_a_division(column: Column) -> float:
    fitting = sum(1 for each in column.values if re.fullmatch(r"[1-9]\d{5}(\d{3}(\d{3})?)?", each)) / len(column.values)
    return 5.0 if fitting > 0.9 else -80.0


def _like_a_region(column: Column) -> float:
    return -60.0 if column.mean_length > 30 or all(each.isdigit() for each in column.values) else 0.0


def _like_a_unit(column: Column) -> float:
    units = (each for each in column.values if is_unit(each) and (len(each) == 1 or not any(map(str.isdigit, each))))
    return 6.0 if sum(1 for _ in units) > 0.5 * len(column.values) else -80.0


def _like_hours(column: Column) -> float:
    return -60.0 if sum(1 for each in column.values if _is_limit(each)) > 0.5 * len(column.values) else 0.0


def _like_money(column: Column) -> float:
    return 4.0 if column.share(re.compile(r"\d|免|不收|free|no fee|否|是", re.IGNORECASE)) > 0.4 else -15.0


_TESTS = {
    "name": _like_a_name, "code": _like_a_code, "department": _like_a_department, "kind": _like_a_kind,
    "statutory": _like_a_limit, "promised": _like_a_limit, "statutory_unit": _like_a_unit, "promised_unit": _like_a_unit,
    "online": _like_a_mark, "web_address": _like_an_address, "phone": _like_a_phone, "complaint_phone": _like_a_phone,
    "region_code": _like_a_division, "region": _like_a_region, "fees": _like_money,
    "open_hours": _like_hours,
}  # fmt: skip


def layout_of(file: File, columns: Sequence[Column], found: Sequence[Guess], *, title: str) -> Layout:
    """Return a mapping made of guesses; its name is the same for every file with the same columns."""
    by_name = {column.name: column for column in columns}
    chosen = {guess.target: (guess.column,) for guess in found} | _by_place(columns, found)
    if "name" in chosen:
        chosen["name"] = _parts_of_name(chosen["name"][0], columns)
    digest = hashlib.sha256("|".join(sorted(by_name)).encode()).hexdigest()[:8]
    return Layout(
        name=f"auto-{digest}",
        title=title,
        columns={target: chosen[target] for target in HEADINGS if target in chosen},
        units={target: unit for target in ("statutory", "promised") if (unit := _headed(chosen.get(target, ())))},
        constants={} if "kind" in chosen or not (kind := _entitled(file)) else {"kind": kind},
        other_kind="公共服务",
        grouped=is_grouped(file, chosen),
        fill_down=tuple(
            target for target in ("department", "kind", "region") if _is_merged(chosen.get(target), by_name)
        ),
    )


def _entitled(file: File) -> str:
    """Return the kind of all items that title or name of a file say: 行政许可事项清单."""
    found = {kind for words in (file.title, file.name) for kind in KINDS if kind in words}
    return found.pop() if len(found) == 1 else ""


def _headed(columns: Sequence[str]) -> str:
    """Return the unit that the heading of a column of limits names: 法定时限（工作日）, processing time (business days)."""
    return unit_named(columns[0]) if columns and unit_named(columns[0]) != "month" else ""


def _by_place(columns: Sequence[Column], found: Sequence[Guess]) -> dict[str, tuple[str, ...]]:
    """Return for department and kind the sheets or the lines across the table that say them, where no column does."""
    chosen: dict[str, tuple[str, ...]] = {}
    taken = {guess.target for guess in found}
    for column in columns:
        if column.name not in (SHEET, SECTION):
            continue
        if "department" not in taken | set(chosen) and column.share(_DEPARTMENT) > 0.5:
            chosen["department"] = (column.name,)
        elif "kind" not in taken | set(chosen) and _like_a_kind(column) > 5:
            chosen["kind"] = (column.name,)
    return chosen


def _parts_of_name(name: str, columns: Sequence[Column]) -> tuple[str, ...]:
    """Return the columns of the name: the main item, and the sub-item that some of them are parted into."""
    mains = [column.name for column in columns if _MAIN.search(column.name) and column.values]
    subs = [column.name for column in columns if _SUB.search(column.name) and column.values]
    if len(mains) == len(subs) == 1 and name in (mains[0], subs[0]):
        return (mains[0], subs[0])
    return (name,)


def _is_merged(column: Sequence[str] | None, columns: Mapping[str, Column]) -> bool:
    """Tell whether a column has the gaps that merged cells leave behind: each value stands in one place only."""
    if not column:
        return False
    known = columns[column[0]]
    return known.begins_filled and known.share_filled < 1 and known.share_distinct == 1.0
