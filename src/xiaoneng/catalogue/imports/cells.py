"""The cells of one row: each is read as what it should be, and what it is not becomes a problem."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xiaoneng.catalogue.imports.plain import whole
from xiaoneng.catalogue.imports.trouble import Problem, shown
from xiaoneng.catalogue.text import one_line, some_lines

_HALF_A_PAIR = re.compile("[\ud800-\udfff]")
# How sources of several languages say that there is nothing, whatever their mapping calls so.
_EMPTY = frozenset({
    "无要求", "不涉及", "不适用", "未设定", "没有", "无需", "无需提供", "暂无数据", "…", "……", "－", "–", "–-", "none required",
    "not applicable", "not specified", "unknown", "nil", "tbd", "keine", "keine angabe", "keine angaben", "k. a.", "k.a.",
    "entfällt", "nicht angegeben", "nenhum", "nenhuma", "não se aplica", "ninguno", "ninguna", "no aplica", "aucun", "aucune",
    "sans objet", "puudub", "ei ole", "없음", "해당없음", "해당 없음", "なし", "нет", "geen", "nessuno",
})  # fmt: skip
_APART = re.compile(r"\s*[\n;；|、，,]\s*")


class Cells:
    """A row under reading; collects the problems on the way. Without types a list may also come as one text."""

    def __init__(
        self, number: int, row: Mapping[str, object], nothing: frozenset[str], *, typed: bool = True
    ) -> None:  # fmt: skip
        self.number = number
        self.row = row
        self.nothing = nothing
        self.typed = typed
        self.problems: list[Problem] = []

    def is_nothing(self, text: str) -> bool:
        """Tell whether a text says that there is nothing."""
        return text in self.nothing or (not self.typed and text.casefold() in _EMPTY)

    def report(self, column: str, value: object, message: str) -> None:
        """Note a problem of a column."""
        self.problems.append(Problem(self.number, column, shown(value), message))

    def value(self, column: str) -> object:
        """Return what stands in a column; where types mean nothing, a list is its members on lines."""
        found = self.row.get(column)
        if not self.typed and isinstance(found, list):
            return "\n".join(whole(each) for each in found)
        return found

    def needed(self, column: str, what: str, longest: int) -> str:
        """Return a text without which the row cannot come in, or nothing, noted."""
        value = self.value(column)
        text = one_line(value) if isinstance(value, str) else ""
        if value is None or (isinstance(value, str) and self.is_nothing(text)):
            self.report(column, value or "", f"缺少{what}，本行未导入；请补上{what}后再导入。")
        elif not isinstance(value, str) or not self._whole(value):
            self.report(column, value, f"{what}应为可显示的文字，本行未导入；请更正。")
        elif len(text) > longest:
            self.report(column, value, f"{what}超过 {longest} 字，本行未导入；请核对并缩短后再导入。")
        else:
            return text
        return ""

    def text(self, column: str, what: str, longest: int | None = None, *, lines: bool = False) -> str:
        """Return a text that may be missing; one that is not usable is left empty and noted."""
        value = self.value(column)
        if value is None:
            return ""
        if not isinstance(value, str) or not self._whole(value):
            self.report(column, value, f"{what}应为可显示的文字，该项未采用；请更正。")
            return ""
        text = some_lines(value) if lines else one_line(value)
        if self.is_nothing(text):
            return ""
        if longest is not None and len(text) > longest:
            self.report(column, value, f"{what}超过 {longest} 字，该项未采用；请缩短后再导入。")
            return ""
        return text

    def words(self, column: str, what: str, longest: int) -> tuple[str, ...]:
        """Return a list of short texts; a missing or wrong list is empty and noted, so is each wrong member."""
        value = self.row.get(column)
        if isinstance(value, str) and self.is_nothing(one_line(value)):
            return ()
        if not self.typed and isinstance(value, str):
            value = _APART.split(value)
        if value is None and not self.typed:
            return ()  # a record that lacks what others have
        if not isinstance(value, list):
            self.report(column, value, f"{what}应为列表，该项未采用；请改为列表，没有的写成空列表 []。")
            return ()
        members = (self.word(column, what, member) for member in value)
        fitting = (self.fitting(column, what, member, longest) for member in members if member)
        return tuple(dict.fromkeys(member for member in fitting if member))

    def word(self, column: str, what: str, value: object) -> str:
        """Return a member of a list, or nothing; noted unless it is a word that says "none"."""
        if isinstance(value, str) and self._whole(value):
            text = one_line(value)
            return "" if self.is_nothing(text) else text
        self.report(column, value, f"{what}列表中有一项不是可显示的文字，该项未采用；请更正。")
        return ""

    def fitting(self, column: str, what: str, text: str, longest: int) -> str:
        """Return a text if it is not too long, otherwise nothing, noted."""
        if len(text) <= longest:
            return text
        self.report(column, text, f"{what}列表中有一项超过 {longest} 字，该项未采用；请缩短后再导入。")
        return ""

    @staticmethod
    def _whole(text: str) -> bool:
        # Half a surrogate pair is no character: neither the database nor a page can hold it.
        return _HALF_A_PAIR.search(text) is None
