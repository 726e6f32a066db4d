"""From when a light warns is data: for all, for a kind, for an item, from a day to come on, and never backwards."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

import build
from build import moment
from xiaoneng.approval.explained import explanations_of
from xiaoneng.jobs import time_machine
from xiaoneng.jobs.doctor import dates, ground, reading
from xiaoneng.kit.amiss import Amiss
from xiaoneng.matters import models, thresholds
from xiaoneng.rules.units import WARNED, Threshold, Warned, threshold_on
from xiaoneng.trail.actions import By
from xiaoneng.trail.models import Record

BY = By(1, "系统管理员")
BEFORE, MONDAY = moment("2026-02-26"), moment("2026-03-02")


def ruled(threshold, *, kind="", item="", since="2026-03-02", at=BEFORE, reason="县政府办〔2026〕1号"):
    thresholds.change(
        kind=kind, item=item, threshold=threshold, since=date.fromisoformat(since), reason=reason, by=BY, at=at
    )


def yellow_of(walk) -> date:
    return walk.file.clock("promised").yellow_at.astimezone(build.CHINA).date()


def faults_of(walk):
    with time_machine.at(moment("2026-03-05")):
        facts = ground.read(moment("2026-03-05"))
    facts.learn([walk.version.pk])
    (case,) = (each for each in reading.cases(None) if each.row.id == walk.matter)
    return [fault.what for fault in dates.check(case, facts)]


@pytest.mark.django_db
def test_the_narrowest_rule_holds_and_the_doctor_counts_the_same():
    where = build.city()
    version = build.item(where)
    ruled(Threshold(50, 1), kind="application")
    plain = build.application(where).received(MONDAY).accepted(MONDAY)
    ruled(Threshold(0, 2), item=version.item.code, since="2026-03-03", at=MONDAY)
    own = build.application(where, version).received(moment("2026-03-03")).accepted(moment("2026-03-03"))
    assert yellow_of(plain) == date(2026, 3, 6)  # four of the eight days remain
    assert yellow_of(own) == date(2026, 3, 11)  # two remain
    assert faults_of(plain) == faults_of(own) == []


@pytest.mark.django_db
def test_a_clock_keeps_the_rule_it_started_under_and_a_calendar_counted_anew_keeps_it_too():
    where = build.city()
    walk = build.application(where).received(MONDAY).accepted(MONDAY)
    with time_machine.at(moment("2026-03-03")):
        ruled(Threshold(60, 1), since="2026-03-04", at=moment("2026-03-03"))
    walk.suspended(moment("2026-03-04")).resumed(moment("2026-03-05"))
    assert walk.file.clock("promised").threshold == WARNED
    later = build.application(where, walk.version).received(moment("2026-03-04")).accepted(moment("2026-03-04"))
    later.suspended(moment("2026-03-05")).resumed(moment("2026-03-06"))
    assert later.file.clock("promised").threshold == Threshold(60, 1)
    assert faults_of(walk) == faults_of(later) == []


@pytest.mark.django_db
def test_a_rule_is_for_days_to_come_has_a_reason_and_is_on_record():
    for wrong in ({"since": "2026-02-26"}, {"reason": " "}, {"kind": "lunch"}, {"item": "no-such-item"}):
        with pytest.raises(Amiss):
            ruled(Threshold(30, 1), **wrong)
    with pytest.raises(Amiss, match="至少提前 1 日预警"):
        ruled(Threshold(0, 0))
    ruled(Threshold(30, 1))
    with pytest.raises(Amiss, match="本来就是这样"):
        ruled(Threshold(30, 1), since="2026-04-01")
    ruled(None, since="2026-05-01")
    assert [line.stage for line in thresholds.lines(date(2026, 3, 9))] == ["将施行", "施行中"]
    assert [row.after["预警"] for row in Record.objects.filter(key="warnings").order_by("at", "id")] == [
        "剩余不超过期限的 30%，不少于 1 日", thresholds.WIDER,
    ]  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE matters_warningrule SET percent = 1")


@pytest.mark.django_db
def test_the_doctor_sees_a_clock_that_warns_by_no_rule():
    walk = build.application().received(MONDAY).accepted(MONDAY)
    with time_machine.at(BEFORE):
        models.WarningRule.objects.create(
            percent=50, least=1, since="2026-03-01", reason="补写", set_by="x", set_at=BEFORE
        )
    assert any("那天施行的规则" in what for what in faults_of(walk))


@pytest.mark.django_db
def test_the_page_of_a_case_says_by_which_rule_it_turns_yellow():
    ruled(Threshold(50, 2))
    walk = build.application().received(MONDAY).accepted(MONDAY)
    told = explanations_of(walk.file, MONDAY)[0].told.sentences
    assert ("承诺：剩余不超过期限的 50%，不少于 2 日时预警", "3月6日转黄") in [(s.text, s.result) for s in told]


@given(
    st.lists(st.builds(Warned, st.integers(0, 2), st.dates(date(2026, 1, 1), date(2026, 2, 9)), st.integers(1, 99),
                       st.none() | st.integers(0, 90), st.just(1)), max_size=8, unique_by=lambda each: each.serial),
    st.dates(date(2026, 1, 1), date(2026, 2, 9)),
)  # fmt: skip
def test_no_rule_counts_before_its_day_and_a_later_one_changes_nothing_before_it(rules, day):
    found = threshold_on(rules, day)
    assert found == threshold_on([each for each in rules if each.since <= day], day)
    begun = sorted(
        (each for each in rules if each.since <= day), key=lambda each: (each.scope, each.since, each.serial)
    )
    last = {each.scope: each for each in begun}
    holding = [last[scope] for scope in sorted(last, reverse=True) if last[scope].percent is not None]
    assert found == (Threshold(holding[0].percent, 1) if holding else WARNED)
