"""What the texts of notices are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from xiaoneng.catalogue.contents import content_of
from xiaoneng.kit.numbers import chinese_date
from xiaoneng.matters.reads import EntryLine, MatterFile
from xiaoneng.rules.workdays import local


@dataclass(frozen=True, slots=True)
class Text:
    """The part of a notice that differs by kind."""

    paragraphs: tuple[str, ...]
    items: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    closing: tuple[str, ...] = ()


def facts_of(entry: EntryLine) -> dict[str, Any]:
    """Return the facts that the action itself wrote down."""
    what: dict[str, Any] = entry.facts.get("what", {})
    return what


def day(text: str) -> str:
    """Write a day of the journal as a notice does."""
    return chinese_date(date.fromisoformat(text))


def moment(at: datetime | str) -> str:
    """Write a moment as a notice does."""
    there = local(datetime.fromisoformat(at) if isinstance(at, str) else at)
    return f"{chinese_date(there.date())} {there:%H:%M}"


def about(file: MatterFile) -> str:
    """Say which application a notice is about."""
    return f"你（单位）的“{file.title}”申请（办件编号 {file.called}）"


def remedies(file: MatterFile) -> str:
    """Say where and until when a decision can be contested: at the organ and court that the item publishes, if it does."""
    said = content_of(file.item_version) if file.item_version else None
    organ = (said.reconsideration if said else "") or f"{file.region_name}人民政府"
    court = (said.court if said else "") or "有管辖权的人民法院"
    return (
        f"如不服本决定，可以自收到之日起六十日内向{organ}申请行政复议，"
        f"也可以自收到之日起六个月内依法向{court}提起行政诉讼。"
    )


def clock_of(entry: EntryLine, name: str) -> dict[str, Any] | None:
    """Return a clock as an entry wrote it, or nothing."""
    clocks: list[dict[str, Any]] = entry.facts.get("clocks", [])
    return next((clock for clock in clocks if clock["name"] == name), None)


def lines(text: str) -> tuple[str, ...]:
    """Return the lines of what was written."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())
