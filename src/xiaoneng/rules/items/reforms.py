"""Measures of the reform of items: who is stationed and authorized, what was cut, how much shorter a promise is.

Sources: 两集中、两到位; 三减一加 (fewer materials, charges, steps and less time, more self-service). Everything is computed from
what the versions of an item say; nobody types a rate.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from xiaoneng.rules.items.content import Content, Fee
from xiaoneng.rules.items.scenarios import questions
from xiaoneng.rules.units import CalendarDays, Hours, Limit, Months, WorkingDays

# What need not be stationed: it stands outside the denominator. Any other ground leaves the item inside.
EXEMPTIONS = (
    ("secret", "涉及国家秘密、国家安全", re.compile(r"国家秘密|国家安全|涉密|保密")),
    ("testing", "检验、检测、检疫环节", re.compile(r"检验|检测|检疫")),
)
_PROOF = re.compile(r"证明(?:书|材料|文件)?(?:[（(].*)?$")
_NOT_A_PROOF = re.compile(r"(?:身份证明|出生医学证明|产权证明|合格证明)")
_HOURS_A_DAY = 24.0
_DAYS_A_MONTH = 30.0
_WORKING_DAYS_A_WEEK = 7 / 5


def exemption(ground: str) -> str:
    """Return which lawful exemption a written ground is, or nothing: then the item counts."""
    return next((name for name, _, words in EXEMPTIONS if ground and words.search(ground)), "")


def exemption_words(name: str) -> str:
    """Return an exemption in words."""
    return next((words for each, words, _ in EXEMPTIONS if each == name), "")


@dataclass(frozen=True, slots=True)
class Burden:
    """What an item costs an applicant; None where its guide does not say."""

    materials: int
    proofs: int
    form_fields: int | None
    fees: int
    waived: int
    steps: int
    days: float | None  # natural days of the promise, or of the law where there is none
    visits: int | None
    self_service: bool


def burden(content: Content) -> Burden:
    """Return what an item costs an applicant."""
    limit = content.promised or content.statutory
    return Burden(
        materials=_most(content),
        proofs=len(proofs(content)), form_fields=content.form_fields, fees=sum(charged(fee) for fee in content.fees),
        waived=sum(bool(fee.exemption) for fee in content.fees), steps=len(content.steps),
        days=natural_days(limit) if limit else None, visits=content.visits, self_service=content.self_service,
    )  # fmt: skip


def _most(content: Content) -> int:
    """Return how many materials the situation needs that needs the most."""
    needed = [paper for paper in content.materials if paper.required]
    always, counted = sum(not paper.scenarios for paper in needed), 0
    for question in questions(content.scenarios):
        answers = [name for name, _ in question.answers]
        mine = [paper for paper in needed if set(paper.scenarios) & set(answers)]
        counted += max((sum(name in paper.scenarios for paper in mine) for name in answers), default=0)
        needed = [paper for paper in needed if paper not in mine]
    return always + counted


def proofs(content: Content) -> tuple[str, ...]:
    """Return the proofs that somebody has to fetch: what is called 证明 and is neither an identity paper nor a certificate."""
    named = (paper.name for paper in content.materials if paper.required)
    return tuple(name for name in named if _PROOF.search(name) and not _NOT_A_PROOF.search(name))


def charged(fee: Fee) -> bool:
    """Tell whether a fee has to be paid by anybody."""
    return not (fee.low == 0 and fee.high == 0)


def natural_days(limit: Limit) -> float:
    """Return how long a limit is in natural days, so that limits of different units can be compared; five make a week."""
    if isinstance(limit, WorkingDays):
        return limit.n * _WORKING_DAYS_A_WEEK
    if isinstance(limit, CalendarDays):
        return float(limit.n)
    if isinstance(limit, Months):
        return limit.n * _DAYS_A_MONTH
    assert isinstance(limit, Hours)
    return limit.n / _HOURS_A_DAY


def compression(statutory: Limit | None, promised: Limit | None) -> float | None:
    """Return by which share the promise is shorter than the law's limit; None where one of them is missing or nought."""
    if statutory is None or promised is None or not statutory.n:
        return None
    return 1 - natural_days(promised) / natural_days(statutory)


# The measures of three reductions and one addition: name, words, and whether more is better.
MEASURES = (
    ("materials", "必交材料", False), ("proofs", "证明", False), ("form_fields", "填写项", False), ("fees", "收费", False),
    ("waived", "减免", True), ("steps", "环节", False), ("days", "时限（折合自然日）", False), ("visits", "跑动次数", False),
    ("self_service", "自助可办", True),
)  # fmt: skip
LABELS = {name: words for name, words, _ in MEASURES}


@dataclass(frozen=True, slots=True)
class Cut:
    """A measure before and after; `share` is by how much it fell (or rose, where more is better)."""

    name: str
    before: float
    after: float

    @property
    def share(self) -> float | None:
        """Return the change as a share of what was before; None where nothing was."""
        return (self.before - self.after) / self.before if self.before else None


def cuts(before: Content, after: Content) -> tuple[Cut, ...]:
    """Return the measures that both versions state."""
    old, new = burden(before), burden(after)
    pairs = ((name, getattr(old, name), getattr(new, name)) for name, _, _ in MEASURES)
    return tuple(Cut(name, float(a), float(b)) for name, a, b in pairs if a is not None and b is not None)


def abolished(before: Content, after: Content) -> tuple[str, ...]:
    """Return what is not asked for any more, in words: materials, proofs, fees, each by its name."""
    kept = {paper.name for paper in after.materials if paper.required}
    papers = [paper.name for paper in before.materials if paper.required and paper.name not in kept]
    fees = {fee.name for fee in after.fees if charged(fee)}
    gone = [fee.name for fee in before.fees if charged(fee) and fee.name not in fees]
    old = set(proofs(before))
    return tuple(
        [f"{'证明' if name in old else '材料'}：{name}" for name in papers] + [f"收费：{name}" for name in gone]
    )
