"""Settings: a default that fits the installation, bounds, whose they are, and a record of each change."""

import pytest

from build import moment
from xiaoneng.kit.amiss import Amiss
from xiaoneng.org import preferences
from xiaoneng.org.preferences import PREFERENCES
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.roles import Administrator
from xiaoneng.trail import reads as trail
from xiaoneng.trail.actions import By

AT, BY = moment("2026-03-23"), By(0, "安全管理员")
SECURITY, SYSTEM = frozenset({Administrator.SECURITY}), frozenset({Administrator.SYSTEM})
GIVEN = {"site_name": "安澜政务服务", "city": "安澜市", "hall_address": ""}


def change(key, text, roles=SECURITY):
    current = preferences.values("test", GIVEN)
    preferences.change(key, text, current=current, roles=roles, by=BY, at=AT)
    return preferences.values("test", GIVEN)[key]


@pytest.mark.django_db
def test_a_production_installation_is_stricter_from_the_first_day():
    demo, real = preferences.values("demo", GIVEN), preferences.values("production", GIVEN)
    assert (demo["second_factor"], real["second_factor"]) == (False, True)
    assert demo["idle_minutes"] > real["idle_minutes"]


@pytest.mark.django_db
def test_a_change_holds_and_says_who_made_it_when():
    assert change("password_length", " 12 ") == 12
    row = next(each for each in preferences.shown("test", GIVEN) if each.preference.key == "password_length")
    assert (row.value, row.default, row.changed_by, row.changed_at) == (12, 10, "安全管理员", AT)
    assert trail.lines_of(trail.records(key="setting:password_length"))[0].changes == (("最少位数", "10", "12"),)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["7", "65", "-1", "十", "", "1e3", "９"])
def test_a_number_out_of_bounds_or_none_is_refused_with_the_bounds(text):
    with pytest.raises(Amiss, match="8 到 64"):
        change("password_length", text)


@pytest.mark.django_db
def test_each_setting_is_one_administrators_and_unknown_ones_are_not_there():
    with pytest.raises(NotAllowed, match="安全管理员"):
        change("second_factor", "1", SYSTEM)
    with pytest.raises(NotFound):
        change("no_such", "1")


def test_every_setting_explains_itself_and_its_default_fits_its_bounds():
    for each in PREFERENCES.values():
        assert len(each.why) > 8 and each.label
        for value in (each.default, each.strict):
            if each.kind == "number" and value is not None:
                assert preferences.read(each, str(value)) == value
