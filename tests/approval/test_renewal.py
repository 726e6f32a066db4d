"""A renewal that nobody decides before the licence expires is granted by law."""

from datetime import date

import pytest

import build
from build import moment
from xiaoneng.approval.actions import accept, renewal
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.rules.grounds import Obstructed

pytestmark = pytest.mark.django_db


def renewing(expires_on: date) -> build.Walk:
    walk = build.application().received(moment("2026-03-02"))
    walk.do(accept.accept, moment("2026-03-02"), walk.city.clerk, certificate="燃许〔2023〕7号", expires_on=expires_on)
    return walk


def settle_at(at) -> int:
    with time_machine.at(at):
        return renewal.grant_what_is_deemed_renewed(lambda: at)


def test_undecided_when_the_licence_expires_means_granted_at_that_instant():
    walk = renewing(date(2026, 4, 1))
    assert settle_at(moment("2026-04-01", "23:59")) == 0
    assert (settle_at(moment("2026-04-03", "08:00")), settle_at(moment("2026-04-03", "08:01"))) == (1, 0)
    file, line = walk.file, matters.journal(walk.matter)[0]
    assert (file.state, line.move) == ("granted", "deem_renewed")
    assert line.facts["what"]["true_at"].startswith("2026-04-01T16:00")
    assert file.clock("statutory").state == "stopped" and file.late
    assert matters.documents(walk.matter)[-1].title == "准予延续行政许可决定书"


def test_who_asks_less_than_thirty_days_ahead_waits_for_the_decision():
    walk = renewing(date(2026, 3, 31))
    assert settle_at(moment("2026-04-03", "08:00")) == 0 and walk.file.state == "reviewing"


def test_a_renewal_without_its_last_day_is_no_renewal():
    walk = build.application().received(moment("2026-03-02"))
    with pytest.raises(Obstructed, match="有效期届满日"):
        walk.do(accept.accept, moment("2026-03-02"), walk.city.clerk, certificate="燃许〔2023〕7号")
