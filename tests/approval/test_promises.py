"""Promises: documents that come later, conditions committed to, and what follows when they are not kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

import build
from build import moment
from xiaoneng.approval import notices, promises
from xiaoneng.approval.actions import accept, apply, closing, commitment, deferred, deliver, drafts, review
from xiaoneng.approval.models import Breach, Deferral
from xiaoneng.catalogue.models import ItemVersion
from xiaoneng.jobs import doctor, time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.org import preferences
from xiaoneng.org.models import Setting
from xiaoneng.rules.grounds import NotAllowed, Obstructed
from xiaoneng.rules.roles import Administrator
from xiaoneng.trail.actions import By
from xiaoneng.web import shown

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = moment("2026-03-02"), moment("2026-03-03")
LATER = build.FORM | {"deferred": "1", "promise": "1"}
COMMITS = build.FORM | {"way": "commitment", "promise": "1"}


def a_default_leads_to_refusal():
    key, who = "deferred_to_refusal", frozenset({Administrator.SYSTEM})
    with time_machine.at(MONDAY):
        preferences.change(key, "是", current={key: False}, roles=who, by=By(0, "系统管理员"), at=MONDAY)


def item(where, **flags):
    version = build.item(where)
    version.materials.filter(position=1).update(deferrable=True, deferred_days=4)
    ItemVersion.objects.filter(pk=version.pk).update(**flags)
    return ItemVersion.objects.get(pk=version.pk)


def hand_in(walk, slot, at):
    drafts.attach(walk.matter, by=walk.city.citizen.account, slot=slot, name="材料.png", stream=build.picture(), at=at)


def promised(form, where=None, **flags) -> build.Walk:
    where = where or build.city()
    walk = build.application(where, item(where, **flags)).drafted(MONDAY, form=form, files=False)
    hand_in(walk, "0", MONDAY)
    return walk.received(MONDAY)


def look(at):
    with time_machine.at(at):
        deferred.remind(lambda: at)
        deferred.look_after(lambda: at)


def sound(at) -> None:
    with time_machine.at(at):
        report = doctor.examine(full=True)
    assert [(each.id, each.what) for each in report.findings if each.id <= 34] == []


def refused(action, walk, at, by, **more) -> str:
    with pytest.raises((Obstructed, NotAllowed)) as refusal:
        walk.do(action, at, by, **more)
    return str(refusal.value)


def test_a_main_material_cannot_be_promised_and_a_promise_must_be_made():
    where = build.city()
    walk = build.application(where, item(where)).drafted(MONDAY, form=LATER | {"deferred": "0,1"}, files=False)
    assert "“申请书”是主要材料，不能容缺" in refused(apply.submit, walk, MONDAY, where.citizen)
    drafts.save_draft(walk.matter, by=where.citizen.account, form=LATER | {"promise": ""})
    hand_in(walk, "0", MONDAY)
    assert "还没有作出补交承诺" in refused(apply.submit, walk, MONDAY, where.citizen)


def test_what_was_promised_is_accepted_named_in_a_notice_awaited_and_then_decided():
    walk = promised(LATER).accepted(TUESDAY)
    owed = promises.all_owed(walk.matter)
    assert [(each.name, str(each.due_on), each.outcome) for each in owed] == [("身份证明", "2026-03-09", "")]
    accepted = matters.documents(walk.matter)[-2]
    notice = notices.compose(accepted)
    assert notice.title == "容缺受理通知书"
    assert notice.items == (("身份证明", ""),)
    assert any("2026年3月9日" in text for text in notice.paragraphs)
    walk.reviewed(TUESDAY)
    assert "容缺的材料还没有补齐：身份证明" in refused(review.grant, walk, TUESDAY, walk.city.head, opinion="准予")
    at = moment("2026-03-09", "16:00")
    assert "还没有交上" in refused(deferred.supply_deferred, walk, at, walk.city.citizen)
    look(at)
    assert matters.documents(walk.matter)[-1].title == "容缺材料补交提醒"
    hand_in(walk, "1", at)
    walk.do(deferred.supply_deferred, at, walk.city.citizen)
    walk.granted(at).delivered(at)
    assert walk.file.state == "delivered"
    assert not Breach.objects.exists()
    sound(at)


def test_the_window_takes_the_paper_in_and_notes_that_it_has_seen_it():
    walk = promised(LATER).accepted(TUESDAY)
    walk.do(deferred.supply_deferred, TUESDAY, walk.city.clerk, papers=["1"])
    assert [each.outcome for each in promises.all_owed(walk.matter)] == ["supplied"]


def test_what_does_not_come_is_taken_as_withdrawn_and_bars_from_promising_again_for_a_time():
    where = build.city()
    walk = promised(LATER, where).accepted(TUESDAY)
    look(moment("2026-03-09", "16:59"))
    assert walk.file.state == "reviewing"
    look(moment("2026-03-09", "17:01"))
    assert (walk.file.state, walk.file.late) == ("terminated", False)
    assert Deferral.objects.get().outcome == "defaulted"
    sound(moment("2026-03-10"))
    again = build.application(where, item(where)).drafted(moment("2026-03-10"), form=LATER, files=False)
    hand_in(again, "0", moment("2026-03-10"))
    build.known(where.citizen)
    assert "2027-03-09 以前不能再用容缺受理" in refused(apply.submit, again, moment("2026-03-10"), where.citizen)
    Setting.objects.create(key="promise_bar_days", value=0, changed_at=MONDAY, changed_by="某人")
    again.do(apply.submit, moment("2026-03-10"), where.citizen)


@pytest.mark.parametrize("form", [LATER, COMMITS], ids=["deferred", "commitment"])
def test_until_when_somebody_may_promise_nothing_is_told_to_whom_she_is_known_as_and_to_the_window(form):
    where = build.city()
    broken = promised(LATER, where).accepted(TUESDAY)
    look(moment("2026-03-10"))
    assert broken.file.state == "terminated"
    at = moment("2026-03-11")
    again = build.application(where, item(where, committable=True)).drafted(at, form=form, files=False)
    hand_in(again, "0", at)
    told = refused(apply.submit, again, at, where.citizen)
    assert "这位申请人现在不能用容缺受理和告知承诺" in told
    assert "没有履行" not in told
    assert "2027" not in told
    build.known(where.citizen)
    assert "2027-03-09 以前不能再用容缺受理" in refused(apply.submit, again, at, where.citizen)


def test_where_a_place_sets_it_so_a_default_leads_to_refusal():
    a_default_leads_to_refusal()
    walk = promised(LATER).accepted(TUESDAY)
    look(moment("2026-03-10"))
    assert walk.file.state == "deciding"
    at = moment("2026-03-10", "10:30")
    assert "逾期没有补交，不能准予" in refused(review.grant, walk, at, walk.city.head, opinion="准予")
    walk.refused(at)
    sound(at)


def test_an_item_that_issues_early_is_granted_first_and_revoked_if_the_rest_does_not_come():
    walk = promised(LATER, early_issue=True).accepted(TUESDAY).reviewed(TUESDAY).granted(TUESDAY).delivered(TUESDAY)
    assert walk.file.state == "owing"
    walk.do(deferred.postpone_deferred, TUESDAY, walk.city.head, days=5, reason="台风停运")
    look(moment("2026-03-10"))
    assert walk.file.state == "owing"
    look(moment("2026-03-17"))
    assert (walk.file.state, walk.file.desk) == ("revoking", "head")
    walk.do(
        commitment.revoke_on_promise, moment("2026-03-18"), walk.city.head, reason="承诺的材料没有补交", basis="通知书"
    )
    assert walk.file.state == "revoked"
    sound(moment("2026-03-18"))


def test_the_longer_time_is_given_once_and_not_after_the_end():
    walk = promised(LATER).accepted(TUESDAY)
    walk.do(deferred.postpone_deferred, TUESDAY, walk.city.head, days=2, reason="道路中断")
    again = refused(deferred.postpone_deferred, walk, TUESDAY, walk.city.head, days=2, reason="道路中断")
    assert "已经延长过一次" in again
    assert str(promises.all_owed(walk.matter)[0].due_on) == "2026-03-11"
    sound(TUESDAY)


EXCUSE = {"ground": "organ", "reason": "身份证明由公安机关换发，系统停机至 3 月 12 日。"}


def excused(walk, at, **more):
    walk.do(deferred.excuse_default, at, walk.city.head, **EXCUSE | more)


def test_a_default_through_no_fault_of_the_applicants_is_excused_once_by_the_head_and_the_paper_comes_after_all():
    a_default_leads_to_refusal()
    walk = promised(LATER).accepted(TUESDAY).reviewed(TUESDAY)
    assert "没有逾期未补交" in refused(deferred.excuse_default, walk, TUESDAY, walk.city.head, days=5, **EXCUSE)
    look(moment("2026-03-10"))
    at = moment("2026-03-10", "10:30")
    with pytest.raises(NotAllowed):
        walk.do(deferred.excuse_default, at, walk.city.clerk, days=5, **EXCUSE)
    wrong = refused(deferred.excuse_default, walk, at, walk.city.head, ground="friend", reason=" ", days=31)
    assert all(word in wrong for word in ("免责的情形", "1 至 30", "事实和证明"))
    excused(walk, at, days=3)
    assert [(each.label, str(each.due_on)) for each in promises.all_owed(walk.matter)] == [("待补交", "2026-03-13")]
    assert "还没有补齐" in refused(review.grant, walk, at, walk.city.head, opinion="准予")
    assert promises.barred_until(walk.file.extra["identity_mark"], at.date()) is None
    hand_in(walk, "1", at)
    walk.do(deferred.supply_deferred, at, walk.city.citizen)
    walk.granted(at)
    sound(at)


def test_who_lets_the_excused_time_pass_too_has_broken_the_promise():
    a_default_leads_to_refusal()
    walk = promised(LATER).accepted(TUESDAY).reviewed(TUESDAY)
    look(moment("2026-03-10"))
    excused(walk, moment("2026-03-10", "10:30"), days=1)
    look(moment("2026-03-12"))
    at = moment("2026-03-12", "10:30")
    assert "不能准予" in refused(review.grant, walk, at, walk.city.head, opinion="准予")
    assert str(promises.barred_until(walk.file.extra["identity_mark"], at.date())) == "2027-03-11"
    assert "已经免责过一次" in refused(deferred.excuse_default, walk, at, walk.city.head, days=5, **EXCUSE)
    walk.refused(at)
    sound(at)


def test_an_issued_decision_is_not_revoked_and_an_ended_case_bars_no_more_where_the_default_is_excused():
    walk = promised(LATER, early_issue=True).accepted(TUESDAY).reviewed(TUESDAY).granted(TUESDAY)
    look(moment("2026-03-10"))
    at = moment("2026-03-10", "10:30")
    assert walk.file.state == "revoking"
    excused(walk, at, days=3)
    assert (walk.file.state, str(walk.file.clock("delivery").due_on)) == ("granted", "2026-03-24")
    walk.delivered(at)
    assert walk.file.state == "owing"
    hand_in(walk, "1", at)
    walk.do(deferred.supply_deferred, at, walk.city.citizen)
    assert walk.file.state == "delivered"
    where = build.city()
    ended = promised(LATER, where).accepted(TUESDAY)
    look(moment("2026-03-10"))
    assert ended.file.state == "terminated"
    excused(ended, at)
    assert (ended.file.state, ended.file.closed) == ("terminated", True)
    assert "可以再次承诺" in "".join(notices.compose(matters.documents(ended.matter)[-1]).paragraphs)
    again = build.application(where, item(where)).drafted(at, form=LATER, files=False)
    hand_in(again, "0", at)
    again.do(apply.submit, at, where.citizen)
    sound(at)


def test_what_comes_a_minute_late_finds_the_consequence_on_record():
    walk = promised(LATER).accepted(TUESDAY)
    at = moment("2026-03-09", "17:01")
    hand_in(walk, "1", at)
    with time_machine.at(at), pytest.raises(NotAllowed, match="承诺期限已经届满"):
        deferred.supply_deferred(walk.matter, by=walk.city.citizen, at=at, key=None)
    assert walk.file.state == "terminated"


def test_a_commitment_is_decided_at_once_and_checked_afterwards_by_two():
    walk = promised(COMMITS, committable=True, check_days=10).accepted(TUESDAY)
    assert walk.file.state == "deciding"
    assert ("承诺", "当场办结", "") in [(c.name, c.limit_text, c.used) for c in shown.clocks_of(walk.file, TUESDAY)]
    walk.granted(TUESDAY).delivered(TUESDAY)
    assert (walk.file.state, str(walk.file.clock("post_check").due_on)) == ("checking", "2026-03-17")
    officers = [walk.city.reviewer.account, walk.city.clerk.account]
    asked = {"result": "true", "findings": "现场与承诺一致"}
    short = refused(commitment.record_check, walk, TUESDAY, walk.city.reviewer, officers=officers[:1], **asked)
    assert "不足两名" in short
    walk.do(commitment.record_check, moment("2026-03-12"), walk.city.reviewer, officers=officers, **asked)
    assert (walk.file.state, walk.file.closed) == ("delivered", True)
    sound(moment("2026-03-12"))


def test_a_check_that_nobody_makes_turns_red():
    walk = promised(COMMITS, committable=True, check_days=3).accepted(TUESDAY).granted(TUESDAY).delivered(TUESDAY)
    assert walk.file.light(moment("2026-03-09")).value == "red"


def test_what_is_not_as_committed_is_put_right_once_or_revoked():
    walk = promised(COMMITS, committable=True).accepted(TUESDAY).granted(TUESDAY).delivered(TUESDAY)
    officers, by = [walk.city.reviewer.account, walk.city.clerk.account], walk.city.reviewer
    asked = {"officers": officers, "result": "correctable", "findings": "消防器材不足", "days": 5}
    walk.do(commitment.record_check, moment("2026-03-05"), by, **asked)
    walk.do(commitment.report_rectified, moment("2026-03-09"), walk.city.citizen, note="已配齐")
    assert "已经责令改正过一次" in refused(commitment.record_check, walk, moment("2026-03-10"), by, **asked)
    walk.do(commitment.record_check, moment("2026-03-10"), by, **asked | {"result": "false"})
    assert Breach.objects.get().kind == "commitment"
    walk.do(commitment.keep_on_promise, moment("2026-03-11"), walk.city.head, reason="撤销会影响供气")
    assert walk.file.state == "delivered"
    sound(moment("2026-03-11"))


def test_an_order_to_put_right_that_is_ignored_leads_to_revocation():
    walk = promised(COMMITS, committable=True).accepted(TUESDAY).granted(TUESDAY).delivered(TUESDAY)
    officers = [walk.city.reviewer.account, walk.city.clerk.account]
    asked = {"officers": officers, "result": "correctable", "findings": "消防器材不足", "days": 2}
    walk.do(commitment.record_check, moment("2026-03-05"), walk.city.reviewer, **asked)
    look(moment("2026-03-10"))
    assert walk.file.state == "revoking"
    sound(moment("2026-03-10"))


def test_a_commitment_can_be_taken_back_before_the_decision_if_everything_is_there():
    where = build.city()
    walk = build.application(where, item(where, committable=True)).drafted(MONDAY, form=COMMITS)
    walk.received(MONDAY).accepted(TUESDAY)
    walk.do(commitment.retract_commitment, TUESDAY, where.citizen)
    assert (walk.file.state, str(walk.file.clock("promised").due_on)) == ("reviewing", "2026-03-13")
    walk.reviewed(TUESDAY).granted(TUESDAY).delivered(TUESDAY)
    assert walk.file.state == "delivered"
    sound(TUESDAY)


def test_an_item_without_the_mark_takes_no_commitment():
    where = build.city()
    walk = build.application(where, item(where)).drafted(MONDAY, form=COMMITS)
    assert "没有公布可以告知承诺" in refused(apply.submit, walk, MONDAY, where.citizen)


def test_a_refusal_ends_what_was_owed():
    walk = promised(LATER).accepted(TUESDAY).reviewed(TUESDAY).refused(TUESDAY)
    assert [each.outcome for each in promises.all_owed(walk.matter)] == ["dropped"]
    walk.do(deliver.deliver, TUESDAY, walk.city.clerk, way="direct", recipient="沈若溪")
    sound(TUESDAY)


def test_silence_accepts_what_was_promised_with_its_day():
    from xiaoneng.approval.actions import deemed

    walk, at = promised(LATER), moment("2026-03-10")
    with time_machine.at(at):
        deemed.accept_what_is_deemed_accepted(lambda: at)
    assert str(promises.all_owed(walk.matter)[0].due_on) == "2026-03-16"
    walk.do(closing.terminate, at + timedelta(minutes=1), walk.city.head, ground="death", reason="死亡证明")
    assert walk.file.closed


def test_whom_a_version_without_a_promise_meets_is_asked_for_everything():
    walk = promised(LATER)
    walk.version.materials.filter(position=1).update(deferrable=False)
    from xiaoneng.catalogue import reads

    reads.plan.cache_clear()
    assert "还差“身份证明”" in refused(accept.accept, walk, TUESDAY, walk.city.clerk)
