"""Cases reckoned by hand from the text of the law and the official notices, before the rules were asked."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from xiaoneng.org.official_calendar import national
from xiaoneng.rules import certificates, deferred, delivery, extension, facts, parallel, proceedings, renewal, special
from xiaoneng.rules.limits import DELIVERY, PRE_ACCEPTANCE, Pause, deadline
from xiaoneng.rules.units import CalendarDays, Hours, Months, WorkingDays
from xiaoneng.rules.workdays import receipt_day

CALENDAR = national()
WD, CD, MO = WorkingDays, CalendarDays, Months


def day(text: str) -> date:
    return date.fromisoformat(text)


def pauses(*stretches: tuple[str, str]) -> list[Pause]:
    return [Pause(day(start), day(end)) for start, end in stretches]


# start, limit, pauses, extension, last day
DATES = [
    # Labour Day 1-5 May, Saturday 9 May is worked: 6, 7, 8, 9, 11.
    ("2026-04-30", WD(5), [], None, "2026-05-11"),
    ("2026-09-18", WD(3), [], None, "2026-09-22"),  # Sunday 20 September is worked: 20, 21, 22
    # From a worked Sunday over Mid-Autumn and National Day to a worked Saturday.
    ("2026-09-20", WD(10), [], None, "2026-10-10"),
    ("2026-03-07", WD(1), [], None, "2026-03-09"),  # begun on a Saturday
    ("2026-02-12", WD(5), [], None, "2026-02-26"),  # 13, worked Saturday 14, then 24, 25, 26
    ("2026-02-13", WD(1), [], None, "2026-02-14"),
    ("2026-09-16", CD(15), [], None, "2026-10-08"),  # 1 October rolls over the holiday
    ("2026-04-01", CD(30), [], None, "2026-05-06"),
    ("2026-09-10", CD(10), [], None, "2026-09-20"),  # a worked Sunday is no rest day: nothing rolls
    ("2026-05-02", CD(7), [], None, "2026-05-09"),
    ("2026-02-11", CD(3), [], None, "2026-02-14"),
    ("2026-06-05", CD(15), [], None, "2026-06-22"),  # Dragon Boat 19-21 June
    ("2026-01-31", MO(1), [], None, "2026-02-28"),  # no 31st: the month's end, a worked Saturday
    ("2026-03-31", MO(1), [], None, "2026-04-30"),
    ("2026-07-01", MO(3), [], None, "2026-10-08"),
    ("2025-12-01", MO(1), [], None, "2026-01-04"),  # 1-3 January rest, Sunday 4 is worked
    # Two working days before the pause, four taken out of it, eight after it.
    ("2026-04-27", WD(10), [("2026-04-29", "2026-05-08")], None, "2026-05-19"),
    # One pause inside another is one pause.
    ("2026-06-01", WD(10), [("2026-06-03", "2026-06-12"), ("2026-06-05", "2026-06-09")], None, "2026-06-25"),
    # A pause that begins on the day on which another ends.
    ("2026-06-01", WD(10), [("2026-06-03", "2026-06-05"), ("2026-06-05", "2026-06-09")], None, "2026-06-22"),
    ("2026-03-02", WD(5), [("2026-03-04", "2026-03-04")], None, "2026-03-09"),  # begun and ended in a day: nothing
    ("2026-03-10", WD(5), [("2026-03-09", "2026-03-12")], None, "2026-03-19"),  # already running at the start
    ("2026-04-28", WD(5), [("2026-04-30", "2026-05-05")], None, "2026-05-08"),  # a pause of rest days only
    ("2026-03-02", WD(20), [("2026-03-09", "2026-03-20")], WD(10), "2026-04-27"),  # pause, then ten more
    ("2026-03-02", WD(45), [], None, "2026-05-08"),
    ("2026-03-02", WD(45), [], WD(15), "2026-05-28"),
    ("2026-03-02", WD(45), [("2026-03-31", "2026-04-10")], WD(15), "2026-06-08"),
    ("2026-09-18", WD(20), [], None, "2026-10-22"),  # deemed accepted on the day of receipt
    ("2026-09-30", DELIVERY, [], None, "2026-10-20"),
    ("2026-04-24", DELIVERY, [], None, "2026-05-12"),
    ("2026-09-18", PRE_ACCEPTANCE, [], None, "2026-09-24"),
    ("2026-03-02", CD(20), [("2026-03-09", "2026-03-13")], None, "2026-03-26"),  # four days out of natural days
    ("2026-02-14", WD(6), [], None, "2026-03-02"),  # begun on a worked Saturday, over another one
    ("2025-01-26", WD(5), [], None, "2025-02-08"),  # between two worked days of Spring Festival
    ("2026-03-02", WD(20), [("2026-03-30", "2026-04-03")], None, "2026-03-30"),  # the last day was counted: too late
    ("2026-03-02", WD(20), [("2026-03-27", "2026-03-30")], None, "2026-03-31"),  # the last day taken out
    ("2026-03-02", WD(20), [("2026-03-07", "2026-03-13")], None, "2026-04-07"),  # from a Saturday, over Qingming
    ("2026-03-02", WD(20), [("2026-03-06", "2026-03-15")], None, "2026-04-07"),  # ended on a Sunday: as on the Friday
    ("2026-03-02", WD(20), [("2026-03-06", "2026-03-16")], None, "2026-04-08"),  # ended on the Monday: that is out too
    (
        "2026-03-02",
        WD(20),
        [("2026-03-09", "2026-03-12"), ("2026-03-13", "2026-03-20")],
        None,
        "2026-04-10",
    ),  # the 13th
    (
        "2026-03-02",
        WD(20),
        [("2026-03-20", "2026-03-25"), ("2026-03-09", "2026-03-13")],
        None,
        "2026-04-09",
    ),  # unordered
    ("2026-09-18", WD(5), [("2026-09-19", "2026-09-20")], None, "2026-09-28"),  # a worked Sunday taken out
    ("2026-03-02", WD(20), [("2026-04-01", "2026-04-08")], WD(10), "2026-04-20"),  # a pause in the added days
    ("2026-03-02", WD(45), [("2026-05-08", "2026-05-15")], WD(15), "2026-06-05"),  # from the old last day
    ("2026-09-02", CD(30), [("2026-10-02", "2026-10-12")], None, "2026-10-08"),  # begun on the last day: it only rolls
    ("2026-09-02", CD(30), [("2026-10-05", "2026-10-12")], None, "2026-10-08"),  # begun while it rolls
    ("2026-09-02", CD(15), [("2026-09-12", "2026-09-13")], None, "2026-09-18"),  # a Sunday out of natural days
    ("2026-09-02", CD(20), [], CD(10), "2026-10-08"),  # thirty from the start, not ten from a day that rolled
    ("2024-02-29", MO(1), [], None, "2024-03-29"),  # the corresponding day, not the month's end
    ("2024-02-29", MO(12), [], None, "2025-02-28"),
    ("2026-01-31", MO(1), [("2026-02-10", "2026-02-20")], None, "2026-03-10"),
    ("2026-01-31", MO(1), [], MO(1), "2026-03-31"),  # two months from the start
    ("2026-12-24", WD(5), [], None, "2026-12-31"),  # the year's last day, of which the notice is known
    ("2026-03-03", WD(0), [], None, "2026-03-03"),
    ("2026-03-07", WD(0), [], None, "2026-03-09"),
]


@pytest.mark.parametrize(("start", "limit", "stretches", "more", "due"), DATES)
def test_a_limit_ends_on_the_day_reckoned_by_hand(start, limit, stretches, more, due):
    found = deadline(limit, day(start), calendar=CALENDAR, pauses=pauses(*stretches), extension=more)
    assert found is not None and (str(found.due_on), found.provisional) == (due, False)


def test_a_limit_into_a_year_without_its_notice_is_provisional_and_never_too_long():
    found = deadline(WD(5), day("2026-12-25"), calendar=CALENDAR)
    assert found is not None and found.provisional and found.due_on <= day("2027-01-04")


RECEIPTS = [
    ("2026-03-06T16:59", "2026-03-06"), ("2026-03-06T17:00", "2026-03-06"), ("2026-03-06T17:01", "2026-03-09"),
    ("2026-03-07T10:00", "2026-03-09"), ("2026-02-14T10:00", "2026-02-14"), ("2026-02-14T20:00", "2026-02-24"),
    ("2026-04-30T18:00", "2026-05-06"), ("2026-09-30T20:00", "2026-10-08"), ("2026-03-09T00:01", "2026-03-09"),
    ("2026-03-09T12:30", "2026-03-09"), ("2026-09-19T23:59", "2026-09-20"),
]  # fmt: skip


@pytest.mark.parametrize(("arrived", "counts"), RECEIPTS)
def test_what_arrives_after_hours_counts_from_the_next_working_day(at, arrived, counts):
    assert str(receipt_day(at(*arrived.split("T")), CALENDAR)) == counts


def test_hours_run_by_day_and_night_from_their_moment(at):
    begun = at("2026-09-30", "16:00")
    found = deadline(Hours(24), begun.date(), calendar=CALENDAR, started_at=begun)
    assert found is not None and found.red_at == at("2026-10-01", "16:00")
    held = deadline(
        Hours(24), begun.date(), calendar=CALENDAR, started_at=begun, pauses=pauses(("2026-09-30", "2026-10-02"))
    )
    assert held is not None and held.red_at == at("2026-10-03", "16:00")


def hearing(starts: datetime, chair: int = 1) -> set[str]:
    plan = proceedings.HearingPlan(starts, "三楼", chair, True, {7})
    return {each.code for each in proceedings.to_hearing(plan, day("2026-04-27"), CALENDAR)}


def test_a_hearing_is_told_seven_working_days_before_and_not_led_by_its_reviewer(at):
    # 28, 29, 30 April, then 6, 7, 8 and the worked Saturday 9 May.
    assert hearing(at("2026-05-08", "09:00")) == {"starts_at"} and hearing(at("2026-05-09", "09:00")) == set()
    assert hearing(at("2026-05-10", "09:00")) == {"starts_at"}  # a Sunday
    assert hearing(at("2026-05-11", "09:00"), chair=7) == {"chair"}


def allowed(limit, at_, own=None, *, joint=False, extended=False) -> list[str]:
    given = extension.allowance(limit, own, "", joint=joint)
    end = deadline(limit, day("2026-03-02"), calendar=CALENDAR)
    standing = extension.Standing(limit, end.red_at if end else None, extended, False)
    return [f"{given.most.n}" if given else "", *(each.code for each in extension.to_extension(standing, given, at_))]


def test_an_extension_comes_once_before_the_end_and_as_long_as_its_law_says(at):
    last = at("2026-03-30", "17:00")
    assert allowed(WD(20), last) == ["10"] and allowed(WD(20), last + timedelta(seconds=1)) == ["10", "extend"]
    assert allowed(WD(20), last, extended=True) == ["10", "extend"]
    assert allowed(WD(20), last, WD(40)) == ["40"] and allowed(WD(45), last, joint=True) == ["15"]
    assert allowed(CD(20), at("2026-03-03", "10:00")) == ["", "extend"]


@pytest.mark.parametrize(
    ("since", "validity", "last"),
    [
        ("2026-03-02", "5年", "2031-03-01"), ("2024-02-29", "五年", "2029-02-28"), ("2026-03-31", "6个月", "2026-09-30"),
        ("2026-01-01", "1年", "2026-12-31"), ("2026-03-02", "长期", "None"),
    ],
)  # fmt: skip
def test_a_certificate_is_good_until_the_day_before_the_corresponding_day(since, validity, last):
    assert str(certificates.last_day(day(since), certificates.months_of(validity))) == last


@pytest.mark.parametrize(
    ("until", "validity", "last"),
    [
        ("2026-12-31", "3年", "2029-12-31"), ("2026-06-30", "6个月", "2026-12-31"), ("2027-02-28", "1年", "2028-02-29"),
        ("2028-02-29", "五年", "2033-02-28"), ("2029-03-04", "长期", "None"),
    ],
)  # fmt: skip
def test_a_renewed_validity_begins_the_day_after_the_earlier_one_and_loses_no_day(until, validity, last):
    renewed = certificates.renewed_until(day(until), certificates.months_of(validity), day("2026-01-05"))
    assert str(renewed) == last


@pytest.mark.parametrize(
    ("filed", "expires", "in_time"),
    [("2026-05-31", "2026-06-30", True), ("2026-06-01", "2026-06-30", False), ("2028-01-30", "2028-02-29", True)],
)
def test_a_renewal_is_asked_for_thirty_natural_days_before_the_end(filed, expires, in_time):
    assert renewal.in_time(day(filed), day(expires)) is in_time


def test_only_the_eight_kinds_stop_the_statutory_clock():
    assert len(special.SPECIAL_PROCEDURES) == 8
    for kind in ("site_survey", "publication", "payment", "", "technical_review"):
        asked = special.Asked(kind, 5, "需要")
        assert [each.code for each in special.to_special(asked, ())] == ["kind"], kind


def test_who_breaks_a_promise_is_barred_for_the_days_of_the_place_and_not_a_day_longer():
    broken = day("2026-03-09")
    assert deferred.barred_until(broken, 365, day("2027-03-08")) == day("2027-03-09")
    assert deferred.barred_until(broken, 365, day("2027-03-09")) is None
    assert deferred.barred_until(broken, 0, broken) is None
    assert deferred.length([None, 30], 8) == WD(8) and deferred.length([4, 12], None) == WD(4)


def test_a_public_notice_serves_after_thirty_days_and_a_letter_when_it_arrives():
    notice = delivery.Served("public_notice")
    assert delivery.served_on(notice, day("2026-05-01"), day("2026-03-02")) == day("2026-04-01")
    early = {each.code for each in delivery.to_service(notice, day("2026-03-31"), day("2026-03-02"), day("2026-03-02"))}
    # The thirtieth day after the notice must have passed: it ends with 1 April.
    assert early and delivery.to_service(notice, day("2026-04-01"), day("2026-03-02"), day("2026-03-02"))
    assert not delivery.to_service(notice, day("2026-04-02"), day("2026-03-02"), day("2026-03-02"))


def test_a_refused_branch_ends_only_what_waits_for_it():
    granted, refused, waits = parallel.Outcome.GRANTED, parallel.Outcome.REFUSED, parallel.Outcome.WAITING
    line = [(1, (), refused), (2, (), granted), (3, (1,), waits), (4, (3,), waits), (5, (2,), waits)]
    steps = parallel.next_steps(parallel.Branch(place, frozenset(after), outcome) for place, after, outcome in line)
    assert (steps.opens, steps.ends) == ((5,), {3: (1,), 4: (3,)})


def test_a_paper_is_used_again_for_a_year_and_what_was_written_for_one_case_never():
    assert facts.is_fresh(day("2025-03-02"), day("2026-03-02")) and not facts.is_fresh(
        day("2025-03-01"), day("2026-03-02")
    )
    assert not facts.is_reusable("授权委托书") and facts.same_paper(
        "营业执照复印件", facts.Wanted("1", "营业执照（副本）")
    )
    assert not facts.satisfies("燃气经营许可证", facts.Wanted("1", "燃气经营许可证申请表"))
