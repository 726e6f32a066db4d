"""Cases walked through what follows from a promise, through the review chain, and through a whole of several departments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from uuid import uuid4

import build
import joint
from build import moment
from xiaoneng.approval.actions import (
    annulment,
    commitment,
    consult,
    correcting,
    deferred,
    deliver,
    dispatch,
    drafts,
    in_branch,
    instant,
)
from xiaoneng.approval.actions.accept import Lack
from xiaoneng.approval.joint import supplements
from xiaoneng.approval.joint.reads import slot_of
from xiaoneng.catalogue.models import ItemVersion
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.org.models import Setting

MONDAY, TUESDAY = moment("2026-03-02"), moment("2026-03-03")
LATER = build.FORM | {"deferred": "1", "promise": "1"}
COMMITS = build.FORM | {"way": "commitment", "promise": "1"}
Begin = Callable[[str, ItemVersion], build.Walk]


def walk_promised(where: build.City, begin: Begin) -> None:
    """Walk cases through every promise kept and broken; all are filed before the first breach bars their applicant."""
    file = partial(_filed, where, begin)
    kept, broken, turned = file("kept", LATER), file("unsupplied", LATER), file("turned", LATER)
    issued, excused = file("issued", LATER, early_issue=True), file("excused", LATER)
    true, ignored = (file(name, COMMITS, committable=True) for name in ("vowed", "ignored"))
    _retract(where, begin)
    for walk in (kept, broken, issued, excused, true, ignored):
        walk.accepted(TUESDAY)
    turned.accepted(moment("2026-03-04"))
    issued.reviewed(TUESDAY)
    for walk in (issued, true, ignored):
        walk.granted(TUESDAY).delivered(TUESDAY)
    issued.do(deferred.postpone_deferred, TUESDAY, where.head, days=5, reason="台风停运")
    _supply(kept.reviewed(TUESDAY))
    _check(true, ignored)
    _look("2026-03-09", "17:01")
    excused.do(
        deferred.excuse_default,
        moment("2026-03-10", "09:00"),
        where.head,
        ground="organ",
        reason="登记系统停机，换不了证",
    )
    _refuse_what_did_not_come(turned)
    _look("2026-03-17", "10:00")
    _order(issued)
    issued.do(
        commitment.revoke_on_promise, moment("2026-03-18"), where.head, reason="承诺的材料没有补交", basis="通知书"
    )


def _filed(where: build.City, begin: Begin, name: str, form: dict[str, str], **flags: bool) -> build.Walk:
    walk = begin(name, _item(where, **flags)).drafted(MONDAY, form=form, files=False)
    _hand_in(walk, "0", MONDAY)
    return walk.received(MONDAY)


def _item(where: build.City, **flags: bool) -> ItemVersion:
    version = build.item(where, name="小餐饮经营登记")
    version.materials.filter(position=1).update(deferrable=True, deferred_days=4)
    ItemVersion.objects.filter(pk=version.pk).update(**flags or {"early_issue": False})
    return ItemVersion.objects.get(pk=version.pk)


def _hand_in(walk: build.Walk, slot: str, at) -> None:
    drafts.attach(walk.matter, by=walk.city.citizen.account, slot=slot, name="材料.png", stream=build.picture(), at=at)


def _look(day: str, clock: str) -> None:
    at = moment(day, clock)
    with time_machine.at(at):
        deferred.remind(lambda: at)
        deferred.look_after(lambda: at)


def _supply(walk: build.Walk) -> None:
    """Let what was promised come on its last day after a reminder, send the decision and mend a slip after its end."""
    _look("2026-03-09", "16:00")
    at = moment("2026-03-09", "16:10")
    _hand_in(walk, "1", at)
    walk.do(deferred.supply_deferred, at, walk.city.citizen)
    walk.granted(moment("2026-03-09", "16:20"))
    walk.do(dispatch.dispatch, moment("2026-03-10"), walk.city.clerk, way="post", tracking="EX123456789CN")
    walk.do(deliver.deliver, moment("2026-03-12"), walk.city.clerk, way="post", recipient=build.FORM["name"])
    grant = next(each for each in matters.documents(walk.matter) if each.kind == "grant_decision")
    slip = {"wrong": "面积 80 平方米", "right": "面积 88 平方米", "reason": "录入时漏写一位"}
    walk.do(correcting.correct_document, moment("2026-03-13"), walk.city.head, document=grant.number, **slip)


def _check(told: build.Walk, ignored: build.Walk) -> None:
    """Let two commitments be found wanting: one is put right without avail and kept, one ignores the order."""
    by, head = told.city.reviewer, told.city.head
    found = {"officers": [by.account, told.city.clerk.account], "findings": "消防器材不足"}
    for walk, days in ((told, 5), (ignored, 2)):
        walk.do(commitment.record_check, moment("2026-03-05"), by, result="correctable", days=days, **found)
    told.do(commitment.report_rectified, moment("2026-03-09"), told.city.citizen, note="已配齐")
    told.do(commitment.record_check, moment("2026-03-10"), by, result="false", **found)
    told.do(commitment.keep_on_promise, moment("2026-03-11"), head, reason="撤销会影响供气")


def _order(walk: build.Walk) -> None:
    """Let what never came after an early licence be ordered, reported and found wanting all the same."""
    by = walk.city.reviewer
    found = {"officers": [by.account, walk.city.clerk.account], "findings": "补交的是过期的证明"}
    walk.do(commitment.order_correction, moment("2026-03-17", "10:10"), walk.city.head, text="补交房屋产权证明", days=2)
    walk.do(commitment.report_rectified, moment("2026-03-17", "10:20"), walk.city.citizen, note="已补交")
    walk.do(commitment.record_check, moment("2026-03-17", "10:30"), by, result="false", **found)


def _refuse_what_did_not_come(walk: build.Walk) -> None:
    """Let a missed promise lead to refusal, where the place has set it so."""
    setting = Setting.objects.create(key="deferred_to_refusal", value=True, changed_at=MONDAY, changed_by="某人")
    _look("2026-03-10", "17:01")
    setting.delete()
    walk.refused(moment("2026-03-11")).delivered(moment("2026-03-12"))
    walk.do(
        annulment.annul_decision, moment("2026-03-17", "09:00"), walk.city.head, way="reconsideration",
        organ="安澜市人民政府", decision="安政复决〔2026〕3号", made_on=date(2026, 3, 16), reason="补交期限计算有误",
    )  # fmt: skip


def _retract(where: build.City, begin: Begin) -> None:
    walk = begin("retracted", _item(where, committable=True)).drafted(MONDAY, form=COMMITS)
    walk.received(MONDAY).accepted(TUESDAY)
    walk.do(commitment.retract_commitment, TUESDAY, where.citizen)
    walk.reviewed(moment("2026-03-04")).granted(moment("2026-03-05")).delivered(moment("2026-03-06"))


def walk_chained(where: build.City, begin: Begin) -> None:
    """Walk a case through askings and back, one through the window in one go, and a whole of two departments."""
    whole = joint.project({1: [], 2: [1]}, lead=where).received(MONDAY).accepted(MONDAY)
    asked, version = whole.cities[2], build.item(where, steps=(("初审", 2), ("复审", 2)))
    walk = begin("consulted", version).received(MONDAY).accepted(MONDAY)
    question = {"department": asked.department.pk, "question": "是否涉及地下管线", "days": 3}
    walk.do(consult.consult, MONDAY, where.reviewer, **question)
    walk.do(consult.answer_consultation, TUESDAY, asked.reviewer, opinion="不涉及")
    walk.reviewed(TUESDAY).reviewed(TUESDAY)
    walk.do(consult.send_back, moment("2026-03-04"), where.head, step=1, reason="现场情况没有写明")
    walk.do(consult.consult, moment("2026-03-04"), where.reviewer, **question)
    walk.do(consult.close_consultation, moment("2026-03-05"), where.reviewer, reason="所问事项已由图纸证明")
    walk.reviewed(moment("2026-03-05")).reviewed(moment("2026-03-06")).granted(moment("2026-03-06"))
    walk.delivered(moment("2026-03-09"))
    _settle_at_the_window(where, begin)
    _ask_in_a_branch(whole)
    whole.granted(1, moment("2026-03-04")).refused(2, moment("2026-03-05"))
    for place in (1, 2):
        told = {"way": "direct", "recipient": build.FORM["name"]}
        whole.move(place, deliver.deliver, moment("2026-03-06"), "clerk", **told)


def _ask_in_a_branch(whole: joint.Joint) -> None:
    lacks = [Lack("申请书没有签章", "法定代表人签章", "第三十一条", slot="0")]
    whole.move(1, in_branch.ask_in_branch, TUESDAY, "reviewer", lacks=lacks)
    paper = {"slot": slot_of("申请书"), "name": "新.png", "stream": build.picture()}
    with time_machine.at(TUESDAY):
        supplements.attach(whole.matter, by=whole.lead.citizen.account, at=TUESDAY, **paper)
    assert whole.do(supplements.answer, TUESDAY, whole.lead.citizen, branches=(1,), note="") == 1


def _settle_at_the_window(where: build.City, begin: Begin) -> None:
    version = build.item(where, steps=(), name="排水接入登记")
    ItemVersion.objects.filter(pk=version.pk).update(case_type="即办件", window_authorised=True)
    walk = begin("settled", version).received(MONDAY)
    representative = build.holder(where.department, "梁思远", "chief_representative")
    _also_at_the_window(where, representative)
    walk.do(instant.settle_at_once, moment("2026-03-02", "10:30"), representative, uuid4(), opinion="符合条件，准予。")


def _also_at_the_window(where: build.City, who: build.Actor) -> None:
    build.Holding.objects.create(
        account_id=who.account, role=build.Role.objects.get(code="window"), department=where.department,
        during=(build.LONG_AGO, None),
    )  # fmt: skip
