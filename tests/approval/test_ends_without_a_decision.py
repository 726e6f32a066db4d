"""An application may end without a decision: lapsed, terminated, withdrawn; nothing of it makes lateness disappear."""

from datetime import date

import pytest

import build
from build import moment
from xiaoneng.approval import reads, refiled
from xiaoneng.approval.actions import apply, closing
from xiaoneng.approval.models import Words
from xiaoneng.approval.words import with_words
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.rules.grounds import Obstructed

pytestmark = pytest.mark.django_db


def lapse_at(at) -> int:
    with time_machine.at(at):
        return closing.lapse_what_was_not_supplemented(lambda: at)


def test_a_supplement_that_never_comes_ends_the_case_on_the_day_told_and_in_writing():
    walk = build.application().received(moment("2026-03-02")).asked(moment("2026-03-03"))
    assert walk.file.clock("supplement").due_on == date(2026, 3, 24)
    assert lapse_at(moment("2026-03-24", "17:00")) == 0
    assert (lapse_at(moment("2026-03-25", "09:00")), lapse_at(moment("2026-03-25", "09:01"))) == (1, 0)
    file = walk.file
    assert (file.state, file.closed, file.late) == ("terminated", True, False)
    assert matters.documents(walk.matter)[-1].title == "终止办理通知书"
    assert matters.journal(walk.matter)[0].facts["what"]["true_at"].startswith("2026-03-24T09:00")


def test_terminating_a_case_that_is_late_leaves_it_late():
    walk = build.application().received(moment("2026-03-02")).accepted(moment("2026-03-02"))
    walk.do(closing.terminate, moment("2026-04-20"), walk.city.head, ground="death", reason="死亡证明 2026-04-01")
    assert walk.file.late and walk.file.state == "terminated"


def test_a_duplicate_is_terminated_only_beside_the_one_that_goes_on():
    where = build.city()
    version = build.item(where)
    one = build.application(where, version).received(moment("2026-03-02"))
    two = build.application(where, version).received(moment("2026-03-03"))
    assert [twin.called for twin in refiled.twins_of(two.file)] == [one.file.called]
    asked = {"ground": "duplicate", "reason": "重复提交"}
    with pytest.raises(Obstructed, match="没有找到同一申请人"):
        two.do(closing.terminate, moment("2026-03-04"), where.head, other="A120260302", **asked)
    two.do(closing.terminate, moment("2026-03-04"), where.head, other=one.file.called, **asked)
    assert refiled.twins_of(one.file) == ()


def test_filing_again_after_a_withdrawal_keeps_the_first_filings_moment():
    where = build.city()
    version = build.item(where)
    first = build.application(where, version).received(moment("2026-03-02"))
    first.do(apply.withdraw, moment("2026-03-05"), where.citizen, reason="改日再办")
    second = build.application(where, version).received(moment("2026-03-09"))
    facts = matters.journal(second.matter)[0].facts["what"]
    assert facts["refiles"] == first.file.intake_number and facts["first_filed_at"].startswith("2026-03-02T02:00")
    second.do(apply.withdraw, moment("2026-03-10"), where.citizen, reason="再改")
    third = build.application(where, version).received(moment("2026-04-08"))
    assert matters.journal(third.matter)[0].facts["what"]["first_filed_at"].startswith("2026-03-02T02:00")
    other_item = build.application(where, build.item(where)).received(moment("2026-04-08"))
    assert "refiles" not in matters.journal(other_item.matter)[0].facts["what"]


def test_the_window_withdraws_only_with_the_applicants_code():
    walk = build.application().received(moment("2026-03-02"))
    with pytest.raises(Obstructed, match="查询码不对"):
        walk.do(apply.withdraw, moment("2026-03-03"), walk.city.clerk, reason="书面申请", code="23456789")
    code = reads.query_code(walk.file).lower()
    walk.do(apply.withdraw, moment("2026-03-03"), walk.city.clerk, reason="书面申请", code=code)
    assert walk.file.state == "withdrawn"


def test_what_was_written_freely_can_be_erased_and_the_journal_stays_whole():
    walk = build.application().received(moment("2026-03-02"))
    walk.do(apply.withdraw, moment("2026-03-03"), walk.city.citizen, reason="我母亲张三住院")
    line = matters.journal(walk.matter)[0]
    assert "张三" not in str(line.facts)
    assert with_words(walk.matter, [line])[0].facts["what"]["reason"] == "我母亲张三住院"
    Words.objects.filter(matter_id=walk.matter).delete()
    assert with_words(walk.matter, [line])[0].facts["what"]["reason"] == "（个人信息已依法删除）"
