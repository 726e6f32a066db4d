"""The tallies behind the boards: exact to the moment, whoever is dead or under way, and the doctor counts after them."""

from __future__ import annotations

import time
from datetime import timedelta

import psycopg
import pytest
from django.db import connection, connections

import build
import joint
from build import moment
from xiaoneng.jobs.doctor import tallies
from xiaoneng.org.reads import Reach
from xiaoneng.supervision import feed, reads, tally, tally_periods, tally_reads

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
EVERYWHERE = Reach(True, frozenset())
US = timedelta(microseconds=1)


def lights(now, **how):
    return {each for each in tally_reads.lights(EVERYWHERE, now, **how) if each.total or each.decided}


def one(now):
    (only,) = reads.by_department(EVERYWHERE, now)
    return only


def cursor_of_the_tally() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(cursor), 0) FROM supervision_tally")
        return int(cursor.fetchone()[0])


def walks(where, version):
    """Walk one case to each light, counting after some of the moves and not after others."""
    paused = build.application(where, version).received(moment("2026-03-02")).accepted(moment("2026-03-03"))
    tally.keep_up(moment("2026-03-03", "12:00"))
    paused.suspended(moment("2026-03-04"))
    granted = build.application(where, version).received(moment("2026-03-04")).accepted(moment("2026-03-05"))
    running = build.application(where, version).received(moment("2026-03-05")).accepted(moment("2026-03-06"))
    tally.keep_up(moment("2026-03-06", "12:00"))
    granted.reviewed(moment("2026-03-09")).granted(moment("2026-03-10"))
    paused.resumed(moment("2026-03-11"))
    tally.keep_up(moment("2026-03-11", "12:00"))
    granted.delivered(moment("2026-03-12"))
    paused.suspended(moment("2026-03-12", "11:00"))
    return running


def test_a_board_from_the_tallies_equals_a_count_at_every_instant():
    where = build.city()
    running = walks(where, build.item(where))
    file = running.file
    turns = [file.yellow_at, file.red_at]
    asked = [at + delta for at in turns for delta in (-US, timedelta(0), US)]
    asked += [moment("2026-03-12", "11:30"), moment("2026-03-31", "23:59"), moment("2026-04-01", "00:00")]
    for behind in ("some entries behind", "nothing behind"):
        for now in sorted(asked):
            assert lights(now) == lights(now, live=True), (behind, now)
        tally.keep_up(moment("2026-03-12", "12:00"))
    assert [one(turns[1] + delta).red for delta in (-US, timedelta(0), US)] == [0, 0, 1]
    assert [one(turns[0] + delta).yellow for delta in (-US, timedelta(0))] == [0, 1]


def test_todays_work_and_the_months_rate_stand_on_the_board():
    where = build.city()
    walks(where, build.item(where))
    now = moment("2026-03-10", "23:00")
    for _ in ("before the worker counted the rest", "after"):
        row = one(now)
        assert (row.accepted_today, row.decided_today, row.decided, row.on_time) == (0, 1, 1, 1)
        tally.keep_up(moment("2026-03-12", "12:00"))
    assert one(moment("2026-03-06", "23:00")).accepted_today == 1


def test_the_branch_of_a_joint_case_is_taken_on_and_decided_like_any_application():
    case = joint.project({1: [], 2: []}).received(moment("2026-03-02")).accepted(moment("2026-03-03"))
    case.granted(2, moment("2026-03-09"))
    day, night = moment("2026-03-03", "00:01"), moment("2026-03-31", "23:00")
    rows = {row.department: row for row in tally_periods.period(EVERYWHERE, day, night, ["application"])}
    branch = rows[case.cities[2].department.pk]
    assert (branch.taken_on, branch.decided) == (1, 1)
    accepted = [
        row.accepted_today for row in reads.by_department(EVERYWHERE, moment("2026-03-03", "23:00"), ["application"])
    ]
    assert sorted(accepted) == [1, 1]


def test_days_gone_by_are_folded_and_change_nothing():
    where = build.city()
    running = walks(where, build.item(where))
    later = running.file.red_at + timedelta(days=3)
    tally.keep_up(later)
    assert lights(later) == lights(later, live=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM supervision_turn WHERE turns_at > %s AND turns_at < %s",
                       [tally.EPOCH, later - timedelta(days=1)])  # fmt: skip
        assert cursor.fetchone() == (0,)
    before = running.file.red_at - timedelta(days=1)
    assert lights(before) == lights(before, live=True)  # a moment before what is folded is counted live
    running.reviewed(later).granted(later + timedelta(minutes=1))  # what has been folded is taken back all the same
    tally.keep_up(later + timedelta(minutes=2))
    assert lights(later + timedelta(minutes=3)) == lights(later + timedelta(minutes=3), live=True)
    assert not list(tallies.check())


def test_a_dead_worker_shows_no_wrong_light(monkeypatch):
    where = build.city()
    walks(where, build.item(where))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE supervision_turn SET green = green + 1000")
    now = moment("2026-03-12", "12:00")
    assert lights(now) != lights(now, live=True)
    monkeypatch.setattr(tally_reads, "MOST_BEHIND", 0)  # too much to add: the tallies are left aside
    assert lights(now) == lights(now, live=True)


def another() -> psycopg.Connection:
    """Give a session beside the test's own."""
    known = connections["default"].settings_dict
    return psycopg.connect(dbname=known["NAME"], host=known["HOST"], port=known["PORT"], user=known["USER"])


def sooner_or_later(came_true) -> bool:
    """Wait for what transactions of other databases on the same server may hold back; each of them ends."""
    give_up = time.monotonic() + 600
    while not came_true():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.05)
    return True


def test_nothing_is_counted_while_somebody_who_began_before_is_under_way():
    with another() as slow, another() as quick:
        slow.execute("SELECT pg_current_xact_id()")
        where = build.city()
        quick.execute("SELECT pg_current_xact_id()")
        quick.commit()  # somebody who began later has ended, so that the slow one is seen to be under way
        running = walks(where, build.item(where))
        assert cursor_of_the_tally() == 0
        now = running.file.red_at + US
        assert lights(now) == lights(now, live=True)
        slow.rollback()
    assert sooner_or_later(lambda: tally.keep_up(now) > 0)
    assert cursor_of_the_tally() > 0
    assert lights(now) == lights(now, live=True)
    assert tally.keep_up(now) == 0


def test_what_ends_after_a_later_one_was_seen_is_not_taken_for_settled():
    with another() as early, another() as late:
        early.execute("SELECT pg_current_xact_id()")
        late.execute("SELECT pg_current_xact_id()")  # it may draw a number before the early one does
        early.commit()
        _, before = feed.horizon()
        assert not feed.has_settled(before)
        late.rollback()
        assert sooner_or_later(lambda: feed.has_settled(before))


def test_a_kind_is_counted_by_itself():
    where = build.city()
    walks(where, build.item(where))
    now = moment("2026-03-12", "12:00")
    assert sum(row.total for row in reads.by_department(EVERYWHERE, now, ["application"])) == 2
    assert reads.by_department(EVERYWHERE, now, ["power_list"]) == ()


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE supervision_turn SET red = red + 1 WHERE turns_at > '2026-01-01' AND red > 0",
        "UPDATE supervision_turn SET turns_at = turns_at + interval '1 second' WHERE yellow > 0",
        "DELETE FROM supervision_turn WHERE turns_at = 'epoch'",
        "UPDATE supervision_done SET on_time = 0 WHERE span = 'month'",
        "DELETE FROM supervision_done WHERE span = 'day' AND accepted > 0",
        "UPDATE supervision_tally SET cursor = cursor - 1",
    ],
)
def test_the_doctor_finds_a_tally_that_differs_from_the_journal(harm):
    where = build.city()
    walks(where, build.item(where))
    now = moment("2026-03-12", "12:00")
    assert sooner_or_later(lambda: tally.keep_up(now) > 0)
    assert not list(tallies.check())
    with connection.cursor() as cursor:
        cursor.execute(harm)
    assert {fault.id for fault in tallies.check()} == {19}
    tally.recount(now)
    assert not list(tallies.check())
    assert lights(now) == lights(now, live=True)
