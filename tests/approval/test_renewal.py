"""A renewal that nobody decides before the licence expires is granted by law."""

from datetime import date

import pytest

import build
from build import moment
from xiaoneng.approval.actions import accept, deemed, renewal
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


@pytest.mark.parametrize(
    ("asked", "accepted", "expires_on"),
    [(("2026-03-01", "10:00"), "2026-03-02", date(2026, 3, 31)), (("2026-03-02", "20:00"), "2026-03-03", date(2026, 4, 1))],
)  # fmt: skip
def test_a_renewal_is_asked_for_on_the_day_it_was_sent_be_it_a_sunday_or_an_evening(asked, accepted, expires_on):
    walk, ends = build.application().received(moment(*asked)), moment("2026-04-03")
    walk.do(accept.accept, moment(accepted), walk.city.clerk, certificate="燃许〔2023〕7号", expires_on=expires_on)
    assert settle_at(ends) == 1


def test_a_supplement_does_not_make_a_renewal_late_that_was_asked_for_in_time():
    walk = build.application().received(moment("2026-03-02")).asked(moment("2026-03-04"))
    walk.supplemented(moment("2026-03-20"))
    at = moment("2026-03-23")
    walk.do(accept.accept, at, walk.city.clerk, certificate="燃许〔2023〕7号", expires_on=date(2026, 4, 3))
    assert settle_at(moment("2026-04-07")) == 1


def test_what_the_applicant_asks_to_renew_stands_though_the_window_stays_silent():
    asked = build.FORM | {"renews": "燃许〔2023〕7号", "renews_until": "2026-04-01"}
    walk = build.application().drafted(moment("2026-03-02"), form=asked).received(moment("2026-03-02"))
    with time_machine.at(moment("2026-03-10")):
        deemed.accept_what_is_deemed_accepted(lambda: moment("2026-03-10"))
    assert matters.journal(walk.matter)[0].facts["what"]["renewal"]["in_time"] is True
    assert settle_at(moment("2026-04-02")) == 1 and walk.file.state == "granted"


def test_a_form_that_tells_half_of_a_renewal_is_not_submitted():
    for half, told in (({"renews": "燃许 7"}, "renews_until"), ({"renews_until": "2026-04-01"}, "renews"),
                       ({"renews": "燃许 7", "renews_until": "2026-02-01"}, "renews_until")):  # fmt: skip
        walk = build.application().drafted(moment("2026-03-02"), form=build.FORM | half)
        with pytest.raises(Obstructed) as refused:
            walk.received(moment("2026-03-02"))
        assert [each.code for each in refused.value.obstacles] == [told]


def test_a_renewal_without_its_last_day_is_no_renewal():
    walk = build.application().received(moment("2026-03-02"))
    with pytest.raises(Obstructed, match="有效期届满日"):
        walk.do(accept.accept, moment("2026-03-02"), walk.city.clerk, certificate="燃许〔2023〕7号")
