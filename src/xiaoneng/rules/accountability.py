"""Calling to account: the ladder of measures, and which of them what has come together calls for."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Measure(StrEnum):
    """What may follow, from the lightest to the gravest."""

    REMINDER = "reminder"
    EDUCATION = "education"
    WRITTEN_CHECK = "written_check"
    ADMONISHMENT = "admonishment"
    EFFICIENCY_ADMONITION = "efficiency_admonition"
    CRITICISM = "circulated_criticism"
    ORGANISATIONAL = "organisational"
    REMOVAL = "removal"
    REFERRAL = "referral"

    @property
    def label(self) -> str:
        """Return the measure's Chinese name."""
        return _LABELS[self]

    @property
    def place(self) -> int:
        """Return how high on the ladder it stands."""
        return list(Measure).index(self)


_LABELS = {
    Measure.REMINDER: "谈话提醒",
    Measure.EDUCATION: "批评教育",
    Measure.WRITTEN_CHECK: "责令书面检查",
    Measure.ADMONISHMENT: "诫勉",
    Measure.EFFICIENCY_ADMONITION: "效能告诫",
    Measure.CRITICISM: "通报批评",
    Measure.ORGANISATIONAL: "停职检查、待岗或者调离岗位",
    Measure.REMOVAL: "建议责令辞职、免职或者辞退",
    Measure.REFERRAL: "移送纪检监察机关",
}


class Source(StrEnum):
    """What somebody may be called to account for."""

    CARD = "card"
    FINDING = "finding"
    COMPLAINT = "complaint"
    MEASURE = "measure"

    @property
    def label(self) -> str:
        """Return the source's Chinese name."""
        return {"card": "生效的牌", "finding": "查实的问题", "complaint": "查实的投诉", "measure": "已生效的问责"}[
            self.value
        ]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that counts against a person: what it was, under which rule, when."""

    source: str
    rule: str
    on: date


@dataclass(frozen=True, slots=True)
class Accumulation:
    """So many of a kind within so many months call for a measure, and take off so many points.

    `rule` narrows the kind: a level of cards (red), a rule of findings, a measure; empty: any.
    """

    code: str
    label: str
    source: str
    rule: str
    count: int
    months: int
    measure: Measure
    points: int


def called_for(
    happenings: Iterable[Happening], accumulations: Iterable[Accumulation], on: date
) -> tuple[Accumulation, ...]:
    """Return what has come together by a day, the gravest measure first."""
    past = tuple(happenings)
    reached = (each for each in accumulations if _how_many(past, each, on) >= each.count)
    return tuple(sorted(reached, key=lambda each: (-each.measure.place, each.code)))


def _how_many(past: Iterable[Happening], wanted: Accumulation, on: date) -> int:
    since = months_before(on, wanted.months)
    return sum(
        each.source == wanted.source and wanted.rule in ("", each.rule) and since < each.on <= on for each in past
    )


def months_before(day: date, months: int) -> date:
    """Return the same day of an earlier month, or that month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
