from datetime import date

import pytest

from xiaoneng.rules.limits import (
    Extended,
    Pause,
    Paused,
    Resumed,
    Started,
    Stopped,
    WorkingDays,
    deadline_of,
    fold,
    unite,
)
from xiaoneng.rules.units import CalendarDays

START = Started(date(2026, 3, 2))


def march(day: int) -> date:
    return date(2026, 3, day)


def test_overlapping_pauses_are_united_and_touching_ones_joined():
    pauses = [Pause(march(18), march(25)), Pause(march(9), march(20)), Pause(march(25), march(27)), Pause(march(30))]
    assert unite(pauses) == (Pause(march(9), march(27)), Pause(march(30)))


def test_an_open_pause_swallows_what_follows():
    assert unite([Pause(march(9)), Pause(march(12), march(13))]) == (Pause(march(9)),)


def test_a_pause_inside_another_changes_nothing():
    assert unite([Pause(march(9), march(20)), Pause(march(10), march(12))]) == (Pause(march(9), march(20)),)


def test_a_pause_without_any_day_is_none():
    assert unite([Pause(march(9), march(9))]) == ()


def test_a_pause_cannot_end_before_it_starts():
    with pytest.raises(ValueError, match="早于开始日"):
        Pause(march(9), march(8))


def test_events_fold_into_the_intervals_of_the_clock(official, at):
    folded = fold(
        [
            START,
            Paused(march(9), "专家评审", march(9)),
            Paused(march(18), "检验"),
            Resumed(march(20), "专家评审"),
            Resumed(march(25)),
            Extended(WorkingDays(5)),
            Extended(WorkingDays(5)),
            Stopped(at("2026-04-01", "10:00")),
        ]
    )
    assert folded.pauses == (Pause(march(9), march(25)),)
    assert [pause.kind for pause in folded.by_kind] == ["专家评审", "检验"]
    assert folded.extension == WorkingDays(10)
    assert folded.stopped_at == at("2026-04-01", "10:00")
    found = deadline_of(WorkingDays(20), folded, calendar=official)
    assert found is not None
    assert found.due_on == date(2026, 4, 30)


def test_a_pause_that_was_not_ended_stays_open(official):
    folded = fold([START, Paused(march(9), "听证")])
    assert folded.pauses == (Pause(march(9)),)
    assert deadline_of(WorkingDays(20), folded, calendar=official) is None


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([], "应为起算"),
        ([Paused(march(9), "听证")], "应为起算"),
        ([START, START], "不能再次起算"),
        ([START, Resumed(march(9))], "没有可以恢复"),
        ([START, Paused(march(9), "听证"), Resumed(march(12), "检验")], "没有可以恢复的检验"),
    ],
)
def test_an_impossible_order_of_events_is_refused_in_chinese(events, words):
    with pytest.raises(ValueError, match=words):
        fold(events)


def test_nothing_happens_to_a_clock_after_its_end(at):
    with pytest.raises(ValueError, match="已经终止"):
        fold([START, Stopped(at("2026-03-05", "10:00")), Paused(march(9), "听证")])


def test_extensions_of_different_units_are_a_type_error():
    with pytest.raises(TypeError, match="单位不同"):
        fold([START, Extended(WorkingDays(5)), Extended(CalendarDays(5))])
