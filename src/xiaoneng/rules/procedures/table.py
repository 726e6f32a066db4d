"""The vocabulary of a procedure: states, moves, what a move does to the clocks and which documents it issues."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xiaoneng.rules.grounds import Basis
from xiaoneng.rules.roles import Role


class ClockName(StrEnum):
    """The clocks that a matter may carry."""

    PRE_ACCEPTANCE = "pre_acceptance"
    SUPPLEMENT = "supplement"
    STATUTORY = "statutory"
    PROMISED = "promised"
    STEP = "step"
    SPECIAL = "special"
    WAIT = "wait"
    HEARING_REQUEST = "hearing_request"
    HEARING = "hearing"
    DELIVERY = "delivery"
    STAGE = "stage"
    REPLY = "reply"
    VERIFICATION = "verification"
    STATEMENT = "statement"
    APPEAL = "appeal"
    DEFERRED = "deferred"
    CONSULT = "consult"
    POST_CHECK = "post_check"
    RECTIFY = "rectify"
    REVOCATION = "revocation"
    JOINT = "joint"
    AGENCY = "agency"

    @property
    def label(self) -> str:
        """Return the clock's Chinese name."""
        return _CLOCK_LABELS[self]

    @property
    def counts(self) -> bool:
        """Tell whether this clock decides the matter's light; those of the applicant's side and a step's do not."""
        return self not in _UNCOUNTED

    @property
    def beside(self) -> bool:
        """Tell whether this clock runs beside the others: it can turn the light red, and does not keep a pause away."""
        return self in (ClockName.SPECIAL, ClockName.WAIT, ClockName.HEARING)

    @property
    def holds(self) -> tuple[ClockName, ...]:
        """Return the clocks that stand still while this one runs."""
        return _HOLDS.get(self, ())


_CLOCK_LABELS = {
    ClockName.PRE_ACCEPTANCE: "受理前审核期限",
    ClockName.SUPPLEMENT: "申请人补正期限",
    ClockName.STATUTORY: "法定期限",
    ClockName.PROMISED: "承诺期限",
    ClockName.STEP: "环节期限",
    ClockName.SPECIAL: "特别程序期限",
    ClockName.WAIT: "等待期限",
    ClockName.HEARING_REQUEST: "申请听证期限",
    ClockName.HEARING: "组织听证期限",
    ClockName.DELIVERY: "送达期限",
    ClockName.STAGE: "清单编制阶段期限",
    ClockName.REPLY: "答复期限",
    ClockName.VERIFICATION: "核实期限",
    ClockName.STATEMENT: "陈述申辩期限",
    ClockName.APPEAL: "申诉期限",
    ClockName.DEFERRED: "容缺材料补交期限",
    ClockName.CONSULT: "征求意见答复期限",
    ClockName.POST_CHECK: "事后核查期限",
    ClockName.RECTIFY: "承诺改正期限",
    ClockName.REVOCATION: "撤销处理期限",
    ClockName.JOINT: "并联审批全程期限",
    ClockName.AGENCY: "代办期限",
}

# Those of the applicant's side, a single step's, and another department's.
_UNCOUNTED = frozenset(
    {
        ClockName.SUPPLEMENT, ClockName.STEP, ClockName.HEARING_REQUEST, ClockName.DEFERRED, ClockName.RECTIFY,
        ClockName.CONSULT, ClockName.STATEMENT, ClockName.APPEAL,
    }
)  # fmt: skip


# What a statute takes out of its own limit, and what a place takes out of its promise, are two lists.
_HOLDS = {
    ClockName.SPECIAL: (ClockName.STATUTORY, ClockName.PROMISED, ClockName.STEP),
    ClockName.WAIT: (ClockName.PROMISED, ClockName.STEP),
}


class Effect(StrEnum):
    """What a move may do to a clock."""

    START = "start"
    STOP = "stop"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"

    @property
    def label(self) -> str:
        """Return the effect in Chinese, as a page announces it."""
        return {"start": "开始计时", "stop": "停止", "pause": "暂停", "resume": "恢复", "extend": "延长"}[self.value]


@dataclass(frozen=True, slots=True)
class ClockEffect:
    """One effect on one clock."""

    effect: Effect
    clock: ClockName


def start(*clocks: ClockName) -> tuple[ClockEffect, ...]:
    """Return the effects that start these clocks."""
    return tuple(ClockEffect(Effect.START, clock) for clock in clocks)


def stop(*clocks: ClockName) -> tuple[ClockEffect, ...]:
    """Return the effects that stop these clocks."""
    return tuple(ClockEffect(Effect.STOP, clock) for clock in clocks)


def pause(*clocks: ClockName) -> tuple[ClockEffect, ...]:
    """Return the effects that pause these clocks."""
    return tuple(ClockEffect(Effect.PAUSE, clock) for clock in clocks)


def resume(*clocks: ClockName) -> tuple[ClockEffect, ...]:
    """Return the effects that resume these clocks."""
    return tuple(ClockEffect(Effect.RESUME, clock) for clock in clocks)


def extend(*clocks: ClockName) -> tuple[ClockEffect, ...]:
    """Return the effects that extend these clocks."""
    return tuple(ClockEffect(Effect.EXTEND, clock) for clock in clocks)


@dataclass(frozen=True, slots=True)
class Document:
    """A kind of outgoing document: its title and the word of its number, 「受」 in 安住建受字〔2026〕1号.

    What the region's own office issues to a department (`of_region`) is numbered by the region: 安澜效黄字〔2026〕1号.
    """

    kind: str
    title: str
    word: str
    of_region: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """A state of a matter: its name, who is awaited, what a citizen reads, whether the matter has ended."""

    code: str
    label: str
    desk: Role | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """One row of a procedure: from where, to where, by whom, with what effect and on which ground."""

    name: str
    label: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    roles: tuple[Role, ...]
    basis: Basis
    clock: tuple[ClockEffect, ...] = ()
    document: Document | None = None
    key: str = ""
    numbers: tuple[str, ...] = ()
    further: tuple[Document, ...] = ()  # what it issues besides where the case asks for it

    def target(self) -> str:
        """Return where this move leads when it leads to one place only.

        :raises ValueError: the move has several targets and the action must choose.
        """
        if len(self.targets) != 1:
            raise ValueError(f"{self.name} leads to one of {self.targets}")
        return self.targets[0]


@dataclass(frozen=True, slots=True)
class Procedure:
    """A kind of matter with its states and its table of moves; `mark` tells its numbers from those of other kinds."""

    kind: str
    label: str
    initial: str
    states: tuple[State, ...]
    moves: tuple[Move, ...]
    mark: str = ""

    def state(self, code: str) -> State:
        """Return the state of this code.

        :raises KeyError: the procedure has no such state.
        """
        for each in self.states:
            if each.code == code:
                return each
        raise KeyError(code)

    def move(self, name: str) -> Move:
        """Return the move of this name.

        :raises KeyError: the procedure has no such move.
        """
        for each in self.moves:
            if each.name == name:
                return each
        raise KeyError(name)

    def leaving(self, state: str) -> tuple[Move, ...]:
        """Return the moves that the table allows from a state, in the table's order."""
        return tuple(each for each in self.moves if state in each.sources)
