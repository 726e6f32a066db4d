"""The situations (情形) of an item: what is asked, what may be answered, and which materials an answer leaves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from xiaoneng.rules.grounds import LICENSING, Basis, Obstacle

USUAL = "您属于哪一种情形？"
ONLY_WHAT_IS_NEEDED = Basis(
    LICENSING, 31, "一款", "行政机关不得要求申请人提交与其申请的行政许可事项无关的技术资料和其他材料"
)


class Situation(Protocol):
    """A situation as the item states it: several with one question are the answers to it."""

    @property
    def name(self) -> str:
        """Return what the applicant recognises."""

    @property
    def question(self) -> str:
        """Return what is asked; nothing where the usual question does."""

    @property
    def note(self) -> str:
        """Return what explains the answer."""


class Conditional(Protocol):
    """Something that is asked for in some situations only (none named: in all)."""

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Return in which."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its answers, each a name and a note."""

    text: str
    answers: tuple[tuple[str, str], ...]


Asked = TypeVar("Asked", bound=Conditional)


def questions(situations: Iterable[Situation]) -> tuple[Question, ...]:
    """Return what has to be asked, in the item's order; situations with the same question are its answers."""
    grouped: dict[str, dict[str, str]] = {}
    for each in situations:
        grouped.setdefault(each.question or USUAL, {}).setdefault(each.name, each.note)
    return tuple(Question(text, tuple(answers.items())) for text, answers in grouped.items())


def settled(asked: Sequence[Question], chosen: Iterable[str]) -> tuple[str, ...]:
    """Return the answers that fit, one for each question in their order; what fits no question is left out."""
    given = list(chosen)
    found = (next((name for name in given if name in dict(each.answers)), "") for each in asked)
    return tuple(name for name in found if name)


def demanded(rows: Iterable[Asked], asked: Sequence[Question], chosen: Iterable[str]) -> tuple[Asked, ...]:
    """Return what is asked for after these answers.

    A row that names situations of one question is asked for in any of them; of several questions, in one of each. While a
    question is open, what hangs on it stays in.
    """
    answers = set(chosen)
    open_or_fitting = []
    for each in asked:
        names = set(dict(each.answers))
        open_or_fitting.append((names, not (names & answers)))
    return tuple(
        row
        for row in rows
        if all(
            undecided or not (wanted := names & set(row.scenarios)) or wanted & answers
            for names, undecided in open_or_fitting
        )
    )


def certain(rows: Iterable[Asked], asked: Sequence[Question], chosen: Iterable[str]) -> tuple[Asked, ...]:
    """Return what is asked for however the questions that are still open will be answered."""
    answers = set(chosen)
    still_open = {name for each in asked if not (names := set(dict(each.answers))) & answers for name in names}
    return tuple(row for row in demanded(rows, asked, answers) if not still_open & set(row.scenarios))


def obstacles_to_choosing(
    rows: Iterable[Conditional], asked: Sequence[Question], chosen: Iterable[str]
) -> tuple[Obstacle, ...]:
    """Return the questions that are still open although materials hang on their answer."""
    answers, used = set(chosen), {name for row in rows for name in row.scenarios}
    return tuple(
        Obstacle(
            "scenario", f"还没有回答：{each.text}", ONLY_WHAT_IS_NEEDED,
            f"请选择{'或者'.join(f'“{name}”' for name, _ in each.answers)}，只交这种情形要的材料。",
        )
        for each in asked
        if (names := set(dict(each.answers))) & used and not names & answers
    )  # fmt: skip
