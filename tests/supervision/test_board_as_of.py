"""The board as of an earlier instant: what it showed then, whatever happened since."""

from datetime import timedelta

import pytest
from django.urls import reverse
from test_insiders import LATE, MONDAY, WHOLE, accepted
from test_supervision_pages import client_of

import build
from build import moment
from xiaoneng.approval.actions import special
from xiaoneng.jobs import time_machine
from xiaoneng.org.reads import Reach
from xiaoneng.supervision.as_of import by_department_then
from xiaoneng.supervision.reads import by_department

pytestmark = pytest.mark.django_db
EVERYWHERE = Reach(True, frozenset())


def told(rows):
    return {row.name: (row.red, row.yellow, row.paused, row.green) for row in rows}


def test_the_board_of_an_instant_stays_what_it_was_whatever_happens_afterwards():
    walk = accepted()
    where = walk.city
    left = build.application(where, walk.version).received(MONDAY).accepted(MONDAY)
    green, yellow, late = moment("2026-03-03", "12:00"), moment("2026-03-11", "12:00"), LATE
    shown = {}
    with time_machine.at(green):
        shown[green] = told(by_department(EVERYWHERE, green))
    with time_machine.at(yellow):
        shown[yellow] = told(by_department(EVERYWHERE, yellow))
    walk.do(special.suspend, moment("2026-03-11", "15:00"), where.reviewer, **WHOLE)
    with time_machine.at(late):
        shown[late] = told(by_department(EVERYWHERE, late))
    left.reviewed(LATE + timedelta(hours=1)).granted(LATE + timedelta(hours=2)).delivered(LATE + timedelta(hours=3))
    name = where.department.name
    assert [shown[at][name] for at in (green, yellow, late)] == [(0, 0, 0, 2), (0, 2, 0, 0), (1, 0, 1, 0)]
    assert {at: told(by_department_then(EVERYWHERE, at)) for at in shown} == shown
    assert by_department_then(EVERYWHERE, MONDAY - timedelta(days=1)) == ()
    assert by_department_then(Reach(False, frozenset()), late) == ()


def test_the_page_shows_an_instant_and_says_what_is_wrong_with_one_it_cannot_show():
    walk = accepted()
    office = client_of(walk.city.supervisor)
    with time_machine.at(LATE):
        board = office.get(reverse("supervise:board")).content.decode()
        assert "看过去某一刻" in board and "at=2026-03-15T10%3A00" in board
        page = office.get(reverse("supervise:board"), {"at": "2026-03-12T17:30"}).content.decode()
        assert walk.city.department.name in page and "2026-03-12T17:30" in page
        assert "还没有到" in office.get(reverse("supervise:board"), {"at": "2031-01-01T00:00"}).content.decode()
        for odd in ("", "gestern", "0001-01-01T00:00", "9999-12-31T23:59+00:00", "2026-02-30T10:00"):
            assert office.get(reverse("supervise:board"), {"at": odd, "region": "x"}).status_code == 200
