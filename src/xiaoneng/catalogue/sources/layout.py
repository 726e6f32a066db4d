"""What is said of a source of catalogue files: which column carries what, read from a small declarative file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from xiaoneng.rules.items.labels import PARTS

NOTHING = frozenset(
    {
        "",
        "无",
        "/",
        "\\",
        "-",
        "--",
        "—",
        "——",
        "null",
        "NULL",
        "None",
        "none",
        "N/A",
        "n/a",
        "NA",
        "暂无",
        "nan",
        "NaN",
    }
)
# What only the import knows; everything else that a column can carry is a part of an item.
OWN = {
    "code": "实施编码",
    "department": "实施部门",
    "department_code": "机构代码",
    "region_code": "行政区划代码",
    "region": "行政区划名称",
    "statutory": "法定办结时限",
    "statutory_unit": "法定时限单位",
    "promised": "承诺办结时限",
    "promised_unit": "承诺时限单位",
    "materials": "申请材料",
    "legal_bases": "设定依据",
    "fees": "收费标准",
    "fee_basis": "收费依据",
    "summary": "事项说明",
}
_FOLDED = {"statutory_n", "promised_n"}
TARGETS: Mapping[str, str] = OWN | {
    name: part.label for name, part in PARTS.items() if name not in _FOLDED and name not in OWN
}
NEEDED = ("name",)


class BadMapping(ValueError):
    """A mapping that cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns carry what, what stands for what is missing, and how the source writes its values."""

    name: str
    title: str
    columns: Mapping[str, tuple[str, ...]]
    constants: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)  # the source's word for a kind -> ours
    units: Mapping[str, str] = field(default_factory=dict)  # the unit of a limit's bare number, by field
    nothing: frozenset[str] = NOTHING  # the words with which the source says "none"
    code_lengths: frozenset[int] = frozenset()
    typed: bool = False  # values are of the types that JSON gives them; else everything may come as text
    bare_days: str = ""  # what 日 or "days" means where the source does not say
    other_kind: str = ""  # the kind of a row whose kind is not known
    grouped: bool = False  # rows of one code are one item, one material each
    fill_down: tuple[str, ...] = ()  # fields whose empty cells repeat the one above
    sheet: str = ""

    def at(self, target: str) -> str:
        """Return the first column that carries a field, or nothing."""
        return next(iter(self.columns.get(target, ())), "")

    def all_at(self, target: str) -> tuple[str, ...]:
        """Return every column that carries a field."""
        return self.columns.get(target, ())

    def fits(self, row: Mapping[str, object]) -> bool:
        """Tell whether a row has the columns without which nothing can come in."""
        named = {column for target in ("code", "name", "department", "kind") for column in self.columns.get(target, ())}
        every = {column for several in self.columns.values() for column in several}
        # Other sources name their first columns alike: who knows most of the columns is meant.
        return bool(self.columns.get("name")) and named.issubset(row) and 2 * len(every & set(row)) > len(every)

    def fits_exactly(self, columns: Iterable[str]) -> bool:
        """Tell whether every column that the mapping names is there."""
        return {column for several in self.columns.values() for column in several}.issubset(set(columns))

    def with_constants(self, **given: str) -> Layout:
        """Return the mapping with further values for what no column carries."""
        return replace(self, constants=dict(self.constants) | {name: value for name, value in given.items() if value})


def from_text(text: str) -> Layout:
    """Read a mapping from its declarative file.

    :raises BadMapping: it is no TOML, or a part of it is not known
    """
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadMapping(f"对照表文件不是完整的 TOML（{error}）。请更正后再用。") from None
    return _layout(plain)


def _layout(plain: Mapping[str, Any]) -> Layout:
    columns = {target: _several(value) for target, value in plain.get("columns", {}).items()}
    unknown = sorted(set(columns) - set(TARGETS) | set(plain.get("constants", {})) - set(TARGETS))
    if unknown:
        raise BadMapping(f"对照表里有不认识的栏目：{'、'.join(unknown)}。可用的有：{'、'.join(TARGETS)}。")
    if not plain.get("name") or not any(columns.get(each) for each in NEEDED):
        raise BadMapping("对照表至少要有自己的 name，并在 [columns] 里写明哪一栏是事项名称 name。请补上。")
    return Layout(
        name=str(plain["name"]),
        title=str(plain.get("title", plain["name"])),
        columns={target: several for target, several in columns.items() if several},
        constants={target: str(value) for target, value in plain.get("constants", {}).items()},
        kinds={str(word): str(kind) for word, kind in plain.get("kinds", {}).items()},
        units={str(target): str(unit) for target, unit in plain.get("units", {}).items()},
        nothing=frozenset(plain["nothing"]) if "nothing" in plain else NOTHING,
        code_lengths=frozenset(plain.get("code_lengths", ())),
        typed=bool(plain.get("typed", False)),
        bare_days=str(plain.get("bare_days", "")),
        other_kind=str(plain.get("other_kind", "")),
        grouped=bool(plain.get("grouped", False)),
        fill_down=tuple(plain.get("fill_down", ())),
        sheet=str(plain.get("sheet", "")),
    )


def _several(value: Any) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, list) else (str(value),) if value else ()


def to_text(layout: Layout) -> str:
    """Write a mapping as its declarative file."""
    lines = [f"name = {_quoted(layout.name)}", f"title = {_quoted(layout.title)}"]
    for name in ("bare_days", "other_kind", "sheet"):
        if value := getattr(layout, name):
            lines.append(f"{name} = {_quoted(value)}")
    lines += [f"{name} = true" for name in ("typed", "grouped") if getattr(layout, name)]
    if layout.fill_down:
        lines.append(f"fill_down = {_listed(layout.fill_down)}")
    if layout.code_lengths:
        lines.append(f"code_lengths = [{', '.join(str(each) for each in sorted(layout.code_lengths))}]")
    if layout.nothing != NOTHING:
        lines.append(f"nothing = {_listed(sorted(layout.nothing))}")
    lines += ["", "[columns]", *(f"{target} = {_listed(several)}" for target, several in layout.columns.items())]
    for name in ("constants", "kinds", "units"):
        if table := getattr(layout, name):
            lines += ["", f"[{name}]", *(f"{_quoted(key)} = {_quoted(value)}" for key, value in table.items())]
    return "\n".join(lines) + "\n"


def _listed(values: Iterable[str]) -> str:
    return f"[{', '.join(_quoted(each) for each in values)}]"


_ESCAPED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _quoted(text: str) -> str:
    plain = "".join(_ESCAPED.get(sign, sign if ord(sign) >= 32 and sign != "\x7f" else " ") for sign in text)
    return f'"{plain}"'
