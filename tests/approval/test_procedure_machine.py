"""Whatever people and silence do to an application in whatever order, the doctor finds nothing unlawful in it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

import build
from build import moment
from xiaoneng.approval import reads
from xiaoneng.approval.actions import (
    accept,
    annulment,
    apply,
    closing,
    commitment,
    consult,
    deemed,
    deferred,
    deliver,
    drafts,
    extension,
    inspections,
    proceedings,
    renewal,
    review,
    special,
)
from xiaoneng.approval.models import Terms
from xiaoneng.catalogue.models import ItemVersion
from xiaoneng.jobs import doctor, time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.rules.grounds import NotAllowed, NotFound, Obstructed
from xiaoneng.rules.procedures.application import PROCEDURE
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.supervision import actions as supervision

pytestmark = pytest.mark.django_db
JUDGED = frozenset({*range(1, 4), *range(6, 21), 23, 24, 31, 34})
MONDAY = moment("2026-03-02", "09:00")
SPECIAL, WAITS = ("hearing", "testing", "expert_review", "holiday"), ("payment", "public_notice")

STRAIGHT = (
    "accept",
    "request_correction",
    "supplement",
    "review",
    "grant",
    "refuse",
    "resume",
    "close_publication",
    "record_hearing",
    "supply_deferred",
    "record_check",
    "report_rectified",
    "answer_consultation",
)
STATES: set[str] = set()
RESULTS = ("true", "correctable", "false")
PROMISED = {"deferred"}


class Machine(RuleBasedStateMachine):
    """One application, the people around it, and time going on."""

    straight: tuple[str, ...] = ()  # moves made before chance takes over, which else would seldom get far
    always: str = ""  # a promise that is made in any case, and holds up the grant

    @initialize(renews=st.booleans(), strict=st.booleans(), promise=st.sampled_from(("", "deferred", "commitment")),
                early=st.booleans())  # fmt: skip
    def begin(self, renews: bool, strict: bool, promise: str = "", early: bool = False) -> None:
        promise, early = self.always or promise, early and not self.always
        self.inside = transaction.atomic()
        self.inside.__enter__()
        self.city = build.city()
        version = build.item(self.city, steps=(("初审", 3), ("复审", None)))
        version.materials.filter(position=1).update(deferrable=True, deferred_days=4)
        ItemVersion.objects.filter(pk=version.pk).update(committable=True, early_issue=early, check_days=3)
        self.other = build.city()
        if not strict:
            Terms.objects.create(
                version=version, waits=["payment"], extension_n=15, extension_unit="working_day",
                extension_basis="某条例第三条", set_at=MONDAY,
            )  # fmt: skip
        self.head = build.holder(self.city.department, "林海", "head")
        self.now, self.renews = MONDAY, renews
        self.walk = build.application(self.city, version)
        if promise:
            self.promise(promise)
        self.walk.received(self.now)
        for name in self.straight:
            if name == "silence":  # nobody answers for longer than the law gives
                self.now += timedelta(days=10)
                self.look_round(self.now)
                continue
            by = {"request_correction": self.city.clerk, "review": self.city.reviewer, "deliver": self.city.clerk}
            action, asked = self.asked(1, 0, False)[name]
            self.tries(action, by.get(name, self.city.clerk if name == "accept" else self.city.head), **asked)

    def promise(self, kind: str) -> None:
        """Promise one material for later, or commit oneself; nothing else is handed in but the first."""
        asked = {"promise": "1"} | ({"deferred": "1"} if kind == "deferred" else {"way": "commitment"})
        self.walk.drafted(self.now, form=build.FORM | asked, files=False)
        self.hand_in("0")

    def hand_in(self, slot: str) -> None:
        drafts.attach(
            self.walk.matter, by=self.city.citizen.account, slot=slot, name="材料.png", stream=build.picture(),
            at=self.now,
        )  # fmt: skip

    def supply(self, matter: int, **more: Any) -> Any:
        """Hand in what was promised, with its paper if it can still be taken."""
        if PROMISED.intersection(each.name for each in self.walk.file.clocks):
            with contextlib.suppress(NotAllowed, NotFound):
                self.hand_in("1")
        return deferred.supply_deferred(matter, **more)

    @property
    def people(self) -> tuple[Any, ...]:
        return self.city.clerk, self.city.reviewer, self.city.head, self.head, self.city.citizen, self.city.stranger

    def tries(self, action: Callable[..., Any], by: Any, **asked: Any) -> None:
        self.now += timedelta(seconds=1)
        try:
            with transaction.atomic():
                self.walk.do(action, self.now, by, **asked)
        except (NotAllowed, Obstructed) as refusal:
            assert str(refusal).strip()

    @property
    def is_open(self) -> bool:
        return not self.walk.file.closed

    @rule(days=st.integers(0, 9), hours=st.integers(0, 12))
    def time_goes_on(self, days: int, hours: int) -> None:
        self.now += timedelta(days=days, hours=hours)

    @rule()
    def the_platform_looks_round(self) -> None:
        self.now += timedelta(seconds=1)
        self.look_round(self.now)

    def look_round(self, at: datetime) -> None:
        """Do what the worker does when it looks."""
        with time_machine.at(at):
            deemed.accept_what_is_deemed_accepted(lambda: at)
            closing.lapse_what_was_not_supplemented(lambda: at)
            renewal.grant_what_is_deemed_renewed(lambda: at)
            deferred.look_after(lambda: at)
            deferred.remind(lambda: at)

    @precondition(lambda self: self.is_open)
    @rule(fits=st.integers(0, 9), who=st.integers(0, 5), n=st.integers(1, 12), kind=st.integers(0, 3),
          what=st.integers(0, 199), yes=st.booleans())  # fmt: skip
    def somebody_acts(self, fits: int, who: int, n: int, kind: int, what: int, yes: bool) -> None:
        """Make a move that the state allows and by who may make it, but one in ten by anybody and at any time."""
        asked = self.asked(n, kind, yes)
        state = self.walk.file.state
        rows = PROCEDURE.leaving(state) if fits else PROCEDURE.moves
        options = [each for each in rows if each.name in asked for _ in range(6 if each.name in STRAIGHT else 1)]
        row = options[what % len(options)]
        holders = (
            [by for role in row.roles if role is not Role.PLATFORM for by in self.holders[role]]
            if fits
            else self.people
        )
        action, arguments = asked[row.name]
        self.tries(action, holders[who % len(holders)], **arguments)

    @property
    def holders(self) -> dict[Role, tuple[Any, ...]]:
        return {
            Role.WINDOW: (self.city.clerk,), Role.REVIEWER: (self.city.reviewer,),
            Role.HEAD: (self.city.head, self.head), Role.APPLICANT: (self.city.citizen,), Role.DEPUTY: (self.head,),
            Role.CHIEF: (self.city.head,), Role.CONSULTED: (self.other.reviewer,),
        }  # fmt: skip

    def asked(self, n: int, kind: int, yes: bool) -> dict[str, tuple[Callable[..., Any], dict[str, Any]]]:
        others = [self.city.clerk.account, self.city.reviewer.account]
        round_ = None if yes else 1 + kind % 2
        lacks = [accept.Lack("缺少材料", "", "", slot="0")]
        ahead = self.now + timedelta(days=n + 8)
        expires = (MONDAY + timedelta(days=30 + n)).date() if self.renews else None
        renews = {"certificate": "燃许 7", "expires_on": expires} if self.renews else {}
        checked = {"officers": others[: 1 + yes], "place": "路", "findings": "好", "passed": yes}
        return {
            "accept": (accept.accept, renews),
            "request_correction": (accept.request_correction, {"lacks": lacks, "reason_again": "新发现" if yes else ""}),
            "supplement": (apply.supplement, {"note": "已补"}),
            "withdraw": (apply.withdraw, {"reason": "不办了", "code": self.code if n > 9 else ""}),
            "review": (review.review, {"opinion": "符合"}),
            "grant": (review.grant, {"opinion": "准予"}),
            "refuse": (review.refuse, {"reason": "不符合", "basis": "第五条"}),
            "deliver": (deliver.deliver, {"way": "post", "recipient": "李四", "note": "快递", "tracking": "EX1"}),
            "suspend": (special.suspend, {"kind": SPECIAL[kind], "days": n, "reason": "需要"}),
            "resume": (special.resume, {"result": "完成", "procedure": round_}),
            "wait": (special.wait, {"kind": WAITS[kind % 2], "days": n, "reason": "等"}),
            "end_wait": (special.end_wait, {"result": "完成"}),
            "extend": (extension.extend, {"days": n + 4 * yes, "reason": "复杂"}),
            "terminate": (closing.terminate, {"ground": "death", "reason": "死亡证明" if n > 9 else ""}),
            "inform_parties": (proceedings.inform_parties, {"parties": "李四", "interest": "相邻", "hearing": yes}),
            "record_statement": (
                proceedings.record_statement, {"speaker": "李四", "statement": "反对", "answer": "不采纳"},
            ),
            "request_hearing": (proceedings.request_hearing, {"asked_by": "party"}),
            "decline_hearing": (proceedings.decline_hearing, {"reason": "已协商", "given_up": yes}),
            "schedule_hearing": (
                proceedings.schedule_hearing,
                {"starts_at": ahead, "place": "三楼", "chair": self.people[kind].account},
            ),
            "record_hearing": (
                proceedings.record_hearing, {"attendees": "李四", "transcript": "略", "signed": True},
            ),
            "schedule_site_check": (
                inspections.schedule_site_check, {"starts_at": ahead, "place": "路", "officers": others},
            ),
            "record_site_check": (inspections.record_site_check, checked),
            "publish": (inspections.publish, {"days": n, "place": "网站", "content": "拟准予"}),
            "close_publication": (inspections.close_publication, {"objections": 0, "handling": ""}),
            "supply_deferred": (self.supply, {"note": "补交"}),
            "postpone_deferred": (deferred.postpone_deferred, {"days": n, "reason": "台风停运" if yes else ""}),
            "excuse_default": (
                deferred.excuse_default, {"ground": "organ", "reason": "停机" if yes else "", "days": n},
            ),
            "annul_decision": (
                annulment.annul_decision,
                {"way": "court", "organ": "法院", "decision": "判决" if yes else "", "made_on": local_day(self.now), "reason": "x"},
            ),
            "retract_commitment": (commitment.retract_commitment, {}),
            "record_check": (
                commitment.record_check,
                {"officers": others[: 1 + (fits_two := n > 2)], "result": RESULTS[kind % 3], "findings": "核查",
                 "days": n * fits_two},
            ),
            "report_rectified": (commitment.report_rectified, {"note": "已改正"}),
            "order_correction": (commitment.order_correction, {"text": "补齐" if yes else "", "days": n}),
            "revoke_on_promise": (commitment.revoke_on_promise, {"reason": "承诺不实", "basis": "六十九条"}),
            "keep_on_promise": (commitment.keep_on_promise, {"reason": "公共利益"}),
            "consult": (
                consult.consult, {"department": self.other.department.pk, "question": "是否同意", "days": n},
            ),
            "answer_consultation": (consult.answer_consultation, {"opinion": "同意" if n > 1 else ""}),
            "close_consultation": (consult.close_consultation, {"reason": "不影响审查" if yes else ""}),
            "send_back": (consult.send_back, {"step": 1 + kind % 2, "reason": "补充核实" if n > 2 else ""}),
            "call_off": (
                inspections.call_off, {"kind": ("hearing", "site_check", "publication")[kind % 3], "reason": "取消"},
            ),
        }  # fmt: skip

    @property
    def code(self) -> str:
        return reads.query_code(self.walk.file)

    def tempt(self) -> None:
        """Try what no rule allows, wherever the case stands now, in the names of those who would be asked to allow it.

        Chance seldom tries the same thing twice running; what is let through stands, and is judged with the rest.
        """
        city, what = self.city, self.asked(1, 1, True)
        tried: tuple[tuple[str, Any, dict[str, Any]], ...] = (
            ("suspend", city.reviewer, {"kind": "holiday"}), ("extend", city.head, {"days": 40}),
            ("extend", city.head, {"days": 5}), ("extend", self.head, {"days": 5}),
            ("suspend", city.reviewer, {"kind": "testing"}), ("review", city.reviewer, {}), ("grant", city.head, {}),
            ("resume", city.reviewer, {}), ("review", city.reviewer, {}), ("review", city.reviewer, {}),
            ("grant", city.head, {}),
        )  # fmt: skip
        for name, by, asked in tried:
            action, usual = what[name]
            self.tries(action, by, **usual | asked)

    def teardown(self) -> None:
        if not hasattr(self, "inside"):
            return
        try:
            if self.is_open:
                self.tempt()
            self.judge()
            STATES.update(line.facts["to"] for line in matters.journal(self.walk.matter))
        finally:
            transaction.set_rollback(True)
            self.inside.__exit__(None, None, None)

    def judge(self) -> None:
        late: datetime = self.now + timedelta(days=1)
        self.look_round(late)
        with time_machine.at(late):
            supervision.record_red_lights(lambda: late)
        with time_machine.at(late + timedelta(seconds=30)):
            report = doctor.examine(full=True)
        assert [each for each in report.findings if each.id in JUDGED] == []


REVIEWED = ("accept", "review", "review")
BEGUN = {
    "received": (), "correcting": ("request_correction",), "reviewing": ("accept",), "deciding": REVIEWED,
    "granted": (*REVIEWED, "grant"), "refused": (*REVIEWED, "refuse"), "delivered": (*REVIEWED, "grant", "deliver"),
}  # fmt: skip


def test_no_order_of_allowed_moves_leaves_anything_unlawful():
    quiet = settings(
        max_examples=2, stateful_step_count=20, deadline=None, derandomize=True, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    owing = {"straight": REVIEWED, "always": "deferred"}
    silent = {"straight": ("silence",)}
    for begun in (*({"straight": moves} for moves in BEGUN.values()), owing, silent):
        run_state_machine_as_test(type("Begun", (Machine,), begun), settings=quiet)
    end_by_death()
    assert {*BEGUN, "terminated"} <= STATES


def end_by_death() -> None:
    """Lead the machine by hand to the end that a random walk seldom meets, and let it be judged like the others."""
    machine = Machine()
    machine.begin(renews=False, strict=True)
    machine.tries(accept.accept, machine.city.clerk)
    machine.tries(closing.terminate, machine.city.head, ground="death", reason="死亡证明")
    machine.teardown()
