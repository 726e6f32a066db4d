"""How an item really runs, as a chart: the steps of its version, joined by what the table of moves allows after each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from xiaoneng.catalogue.reads import Plan, Step
from xiaoneng.rules.limits import DELIVERY, PRE_ACCEPTANCE
from xiaoneng.rules.procedures.application import (
    CORRECTING,
    DECIDING,
    DRAFT,
    GRANTED,
    PROCEDURE,
    RECEIVED,
    REFUSED,
    REVIEWING,
)
from xiaoneng.rules.procedures.promises import CHECKING, OWING, RECTIFYING, REVOKED, REVOKING
from xiaoneng.rules.procedures.table import Move
from xiaoneng.rules.roles import Role

START, SUBMIT = "start", "submit"
ANYWHERE = 3  # a move open to this many waiting states is told beside the chart, not drawn at each
_DEFERRED = frozenset({"supply_deferred", "default_withdrawn", "default_unsupplied", "default_issued"})
_COMMITTED = frozenset({"retract_commitment", "record_check"})
_JOINT = frozenset({"open_branch", "ask_in_branch", "answer_in_branch"})
_AFTER_A_PROMISE = {OWING: "deferred", CHECKING: "committed"}
_STEP_OF = {RECEIVED: "accept", REVIEWING: "review", DECIDING: "decide"}
_DELIVERED_IN = f"{DELIVERY}内"


@dataclass(frozen=True, slots=True)
class Node:
    """A place of the chart: start, task, fork or end; who works there and how long it may take."""

    id: str
    kind: str
    name: str
    who: str = ""
    days: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """What leads from a place to the next; `silent` are those that time opens and nobody walks."""

    source: str
    target: str
    name: str = ""
    basis: str = ""
    silent: bool = False
    main: bool = True


@dataclass(frozen=True, slots=True)
class Chart:
    """The chart of an item's version, and the moves that are possible at many places or beside the way."""

    title: str
    nodes: tuple[Node, ...]
    ways: tuple[Way, ...]
    anywhere: tuple[str, ...]
    beside: tuple[str, ...]


@lru_cache(maxsize=512)
def chart(plan: Plan) -> Chart:
    """Return the chart of an item's version."""
    return _Drawing(plan).chart()


class _Drawing:
    """One chart while it is drawn, from the start on."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.nodes: dict[str, Node] = {}
        self.ways: list[Way] = []
        self.features = {
            name
            for name, there in (
                ("deferred", any(material.deferrable for material in plan.materials)),
                ("committed", plan.committable),
                ("renewal", "延续" in plan.name),
            )
            if there
        }
        self.steps = {state: [step for step in plan.steps if step.kind == kind] for state, kind in _STEP_OF.items()}

    def chart(self) -> Chart:
        """Draw from the application on, and return what came of it."""
        self.nodes[START] = Node(START, "start", "提出申请", Role.APPLICANT.label)
        self._enter(RECEIVED, START)
        everywhere = tuple(row.label for row in PROCEDURE.moves if self._anywhere(row) and self._of_this_item(row))
        return Chart(self.plan.name, tuple(self.nodes.values()), tuple(self.ways), everywhere, self._beside())

    def _enter(
        self, state: str, source: str, name: str = "", basis: str = "", *, silent: bool = False, main: bool = True
    ) -> None:
        """Lead a way into a state; the first time also draw what is done there and what may follow."""
        first, last, fresh = self._tasks(state)
        self.ways.append(Way(source, first, name, basis, silent, main))
        if not fresh or PROCEDURE.state(state).closed:
            return
        leaving = self._leaving(state)
        if len(leaving) == 1 and not leaving[0][2]:
            _, target, _, _ = leaving[0]
            self._enter(target, last)
            return
        fork = f"{state}-fork"
        self.nodes[fork] = Node(fork, "fork", "")
        self.ways.append(Way(last, fork))
        for n, (move, onward, by_time, ground) in enumerate(leaving):
            self._enter(onward, fork, move.label, ground, silent=by_time, main=n == 0)

    def _tasks(self, state: str) -> tuple[str, str, bool]:
        """Return the first and last place of a state, drawing them if they are new."""
        row = PROCEDURE.state(state)
        steps = self.steps.get(state) or []
        ids = [f"step-{step.position}" for step in steps] or [state]
        if ids[0] in self.nodes:
            return ids[0], ids[-1], False
        if row.closed:
            self.nodes[state] = Node(state, "end", row.label)
        elif not steps:
            self.nodes[state] = Node(state, "task", *self._waiting(state))
        for place, step in zip(ids, steps, strict=False):
            self.nodes[place] = Node(place, "task", step.name, step.role.label, self._days(step))
        for before, after in pairwise(ids):
            self.ways.append(Way(before, after))
        return ids[0], ids[-1], True

    def _waiting(self, state: str) -> tuple[str, str, str]:
        row = PROCEDURE.state(state)
        names = {
            CORRECTING: "补正材料", GRANTED: "送达准予决定", REFUSED: "送达不予决定", OWING: "补交容缺材料",
            CHECKING: "事后核查", RECTIFYING: "改正", REVOKING: "处理未履行的承诺", REVIEWING: "审查", DECIDING: "决定",
        }  # fmt: skip
        days = _DELIVERED_IN if state in (GRANTED, REFUSED) else ""
        return names.get(state, row.label), row.desk.label if row.desk else "", days

    def _days(self, step: Step) -> str:
        if step.limit is not None:
            return str(step.limit) if step.limit.n else "当场"
        return f"{PRE_ACCEPTANCE}内" if step.kind == "accept" else ""

    def _leaving(self, state: str) -> list[tuple[Move, str, bool, str]]:
        """Return the moves that lead on from a state, with where they lead here."""
        found = []
        for row in PROCEDURE.leaving(state):
            if self._anywhere(row) or not self._of_this_item(row):
                continue
            silent = row.roles == (Role.PLATFORM,)
            for target in self._targets(row, state):
                found.append((row, target, silent, str(row.basis)))
        return found

    def _targets(self, row: Move, state: str) -> list[str]:
        # A row of several states that leads to those same states leaves each where it is.
        staying = row.sources if len(row.targets) > 1 else (state,)
        others = [target for target in row.targets if target not in staying and target in self._reachable()]
        if state == REFUSED:  # what was promised binds who was granted something
            return [target for target in others if target not in _AFTER_A_PROMISE]
        if state == RECEIVED and set(others) >= {REVIEWING, DECIDING}:
            return [REVIEWING if self.steps[REVIEWING] else DECIDING]
        return others

    def _reachable(self) -> set[str]:
        """Return the states that an item of this kind can come into."""
        promised = {state for state, feature in _AFTER_A_PROMISE.items() if feature in self.features}
        more = promised | ({RECTIFYING} if CHECKING in promised else set())
        more |= {REVOKING, REVOKED} if promised else set()
        rest = {OWING, CHECKING, RECTIFYING, REVOKING, REVOKED}
        reviewing = set() if self.steps[REVIEWING] else {REVIEWING}
        return {row.code for row in PROCEDURE.states if row.code not in rest - more} - reviewing - {DRAFT}

    def _of_this_item(self, row: Move) -> bool:
        if row.name in _DEFERRED:
            return "deferred" in self.features
        if row.name in _COMMITTED:
            return "committed" in self.features
        if row.name == "deem_renewed":
            return "renewal" in self.features
        return row.name not in _JOINT

    @staticmethod
    def _anywhere(row: Move) -> bool:
        leads_on = any(target not in row.sources for target in row.targets)
        return leads_on and len([state for state in row.sources if state != DRAFT]) >= ANYWHERE

    def _beside(self) -> tuple[str, ...]:
        stages = {REVIEWING, DECIDING}
        return tuple(
            row.label
            for row in PROCEDURE.moves
            if set(row.targets) == set(row.sources) == stages
            and row.roles != (Role.PLATFORM,)
            and self._of_this_item(row)
        )


__all__ = ["Chart", "Node", "Way", "chart"]
