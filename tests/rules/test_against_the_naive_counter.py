"""The rules against a counter that shares no code with them, on calendars and lives made up at random."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

import naive
from xiaoneng.rules.limits import Hours, Light, Pause, Threshold, deadline, light, limit, unite, used, when_paused
from xiaoneng.rules.units import WARNED
from xiaoneng.rules.workdays import CHINA, OFFICE_HOURS, Calendar, DayKind, SpecialDay

FIRST, LAST = date(2025, 1, 1), date(2027, 12, 31)


def within(first, last):
    """Draw a day from a span; drawing its number is many times quicker than drawing year, month and day."""
    return st.integers(0, (last - first).days).map(lambda n: first + timedelta(days=n))


days = within(date(2025, 6, 1), date(2026, 12, 31))
units = st.sampled_from(["working_day", "calendar_day", "month"])


@st.composite
def calendars(draw):
    special = draw(st.dictionaries(within(FIRST, LAST), st.sampled_from(list(DayKind)), max_size=60))
    for start in draw(st.lists(within(FIRST, LAST), max_size=6)):
        special |= {start + timedelta(days=n): DayKind.HOLIDAY for n in range(draw(st.integers(1, 12)))}
    noticed = draw(st.sets(st.integers(2024, 2028)))
    named = {day: SpecialDay(kind, "节") for day, kind in special.items()}
    return Calendar("000000", 1, named, dict.fromkeys(noticed, "通知"))


@st.composite
def spans(draw, may_stay_open=True):
    start = draw(within(date(2025, 5, 1), date(2027, 3, 1)))
    length = draw(st.integers(0, 40))
    is_open = may_stay_open and draw(st.integers(0, 5)) == 0
    return start, None if is_open else start + timedelta(days=length)


some_spans, closed_spans = st.lists(spans(), max_size=5), st.lists(spans(may_stay_open=False), max_size=5)
lengths = st.integers(0, 60)


def pauses_of(taken_out):
    return [Pause(start, end) for start, end in taken_out]


def compute(calendar, start, n, unit, taken_out=(), extension=0, threshold=WARNED):
    return deadline(
        limit(unit, max(n, unit == "month")),
        start,
        calendar=calendar,
        pauses=pauses_of(taken_out),
        extension=limit(unit, extension) if extension else None,
        threshold=threshold,
    )


@settings(max_examples=200, deadline=None)
@given(calendars(), days, lengths, units, some_spans, st.integers(0, 15))
def test_the_due_day_agrees_with_a_naive_counter(calendar, start, n, unit, taken_out, extension):
    n = max(1, n // 6) if unit == "month" else n
    extension = extension // 5 if unit == "month" else extension
    found = compute(calendar, start, n, unit, taken_out, extension)
    expected = naive.due(start, n, unit, calendar.is_working, taken_out, extension)
    assert (found and found.due_on) == expected
    if found:
        assert found.red_at == datetime.combine(found.due_on, OFFICE_HOURS.closes, CHINA)
        assert found.yellow_at <= found.red_at


@settings(max_examples=200, deadline=None)
@given(
    calendars(), days, st.integers(1, 60), st.sampled_from(["working_day", "calendar_day"]), some_spans,
    st.builds(Threshold, st.integers(0, 99), st.integers(0, 20)),
)  # fmt: skip
def test_yellow_begins_on_the_first_counted_day_with_no_more_than_the_threshold_left(
    calendar, start, n, unit, taken_out, threshold
):
    found = compute(calendar, start, n, unit, taken_out, threshold=threshold)
    if found is None:
        return
    allowed = max(threshold.least, next(k for k in range(n + 1) if 100 * k >= threshold.percent * n))
    day = start
    while True:
        day += timedelta(days=1)
        left = n - naive.used(start, unit, calendar.is_working, taken_out, day)
        if left <= allowed and naive.counts(day, unit, calendar.is_working, taken_out):
            break
    rolled = found.due_on if left == 0 else day
    assert found.yellow_at == datetime.combine(rolled, time(), CHINA)


@settings(max_examples=150, deadline=None)
@given(calendars(), days, units, some_spans, st.integers(-5, 200))
def test_days_used_agree_with_a_naive_counter(calendar, start, unit, taken_out, later):
    on = start + timedelta(days=later)
    expected = naive.used(start, unit, calendar.is_working, taken_out, on)
    assert used(start, unit, pauses_of(taken_out), calendar, on) == expected


@settings(max_examples=150, deadline=None)
@given(calendars(), days, st.integers(1, 40), units, closed_spans, st.integers(0, 4), st.randoms())
def test_overlapping_pauses_never_count_double(calendar, start, n, unit, taken_out, again, chance):
    n = min(n, 6) if unit == "month" else n
    once = compute(calendar, start, n, unit, taken_out)
    repeated = taken_out + taken_out[:again]
    chance.shuffle(repeated)
    assert compute(calendar, start, n, unit, repeated) == once


@settings(max_examples=60, deadline=None)
@given(some_spans)
def test_united_pauses_take_out_the_same_days_and_never_touch(taken_out):
    united = unite(pauses_of(taken_out))
    for n in range(800):
        day = date(2025, 4, 1) + timedelta(days=n)
        assert any(pause.excludes(day) for pause in united) == naive.stands_still(day, taken_out)
    assert all(one.end is not None and one.end < other.start for one, other in pairwise(united))


@settings(max_examples=150, deadline=None)
@given(calendars(), days, st.integers(1, 40), units, closed_spans, st.integers(0, 10), st.integers(0, 10))
def test_a_longer_extension_never_ends_sooner(calendar, start, n, unit, taken_out, shorter, more):
    n = min(n, 6) if unit == "month" else n
    one = compute(calendar, start, n, unit, taken_out, shorter)
    other = compute(calendar, start, n, unit, taken_out, shorter + more)
    assert one is not None and other is not None
    assert one.due_on <= other.due_on
    if more and unit == "working_day":
        assert one.due_on < other.due_on


@settings(max_examples=150, deadline=None)
@given(calendars(), days, st.integers(1, 30), units, closed_spans, spans())
def test_another_pause_never_ends_a_limit_sooner(calendar, start, n, unit, taken_out, further):
    n = min(n, 6) if unit == "month" else n
    before = compute(calendar, start, n, unit, taken_out)
    after = compute(calendar, start, n, unit, [*taken_out, further])
    assert before is not None
    assert after is None or before.due_on <= after.due_on


@settings(max_examples=200, deadline=None)
@given(calendars(), days, lengths, units, closed_spans, spans(), st.integers(0, 60 * 24 * 150))
def test_pausing_never_unlights_red(calendar, start, n, unit, taken_out, further, minutes):
    n = max(1, n // 12) if unit == "month" else n
    at = datetime.combine(start, time(), CHINA) + timedelta(minutes=minutes)
    before = compute(calendar, start, n, unit, taken_out)
    kept = when_paused(before, compute(calendar, start, n, unit, [*taken_out, further]), at)
    if light(before, at) is Light.RED:
        assert light(kept, at) is Light.RED
        assert light(kept, at + timedelta(days=400)) is Light.RED


@settings(max_examples=150, deadline=None)
@given(calendars(), days, st.integers(1, 60), some_spans)
def test_a_date_is_provisional_exactly_when_a_counted_year_lacks_its_notice(calendar, start, n, taken_out):
    found = compute(calendar, start, n, "working_day", taken_out)
    if found:
        walked = {(start + timedelta(days=k)).year for k in range(1, (found.due_on - start).days + 1)}
        assert found.provisional == any(calendar.is_provisional(year) for year in walked)


@settings(max_examples=150, deadline=None)
@given(calendars(), days, st.integers(0, 23), st.integers(1, 120), some_spans)
def test_hours_agree_with_counting_hour_by_hour(calendar, start, hour, n, taken_out):
    began = datetime.combine(start, time(hour), CHINA)
    found = deadline(Hours(n), start, calendar=calendar, pauses=pauses_of(taken_out), started_at=began)
    moment, run = began, 0
    for _ in range(24 * 400):
        if run == n:
            break
        run += not naive.stands_still(moment.date(), taken_out)
        moment += timedelta(hours=1)
    assert (found and found.red_at) == (moment if run == n else None)
