"""Licences of limited number are granted in the order of acceptance, or with a reason that stays on record."""

from __future__ import annotations

import pytest

import build
from build import moment
from xiaoneng.approval.actions import deemed, review
from xiaoneng.catalogue.models import ItemVersion
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.rules.grounds import Obstructed
from xiaoneng.rules.in_order import is_limited
from xiaoneng.web import shown

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY, FRIDAY = moment("2026-03-02"), moment("2026-03-03"), moment("2026-03-06")


def limited(where, published="本市不超过 30 个"):
    version = build.item(where)
    ItemVersion.objects.filter(pk=version.pk).update(quantity_limit=published)
    return ItemVersion.objects.get(pk=version.pk)


def filed(where, version, form=None):
    return build.application(where, version).drafted(MONDAY, form=form).received(MONDAY)


def test_what_is_published_as_no_limit_is_none():
    told = [is_limited(each) for each in ("", " ", "无", "无数量限制", "不限", "否", "每年 30 个", "本市不超过 30 个")]
    assert told == [False] * 6 + [True] * 2


def test_who_was_accepted_later_is_not_granted_first_unless_a_reason_is_written():
    where = build.city()
    version = limited(where)
    first, second = filed(where, version), filed(where, version)
    second.accepted(TUESDAY).reviewed(TUESDAY)
    first.accepted(moment("2026-03-04")).reviewed(moment("2026-03-04"))
    first_called, second_called = first.file.called, second.file.called
    with pytest.raises(Obstructed, match=second_called):  # filed at once, accepted later: acceptance counts
        first.granted(FRIDAY)
    first.do(review.grant, FRIDAY, where.head, opinion="准予", out_of_order="先受理的依法听证，条件尚未查明。")
    granted = matters.journal(first.matter)[0]
    assert granted.facts["what"]["passed_over"] == [second_called]
    assert "不按先后的理由：先受理的依法听证" in shown.content_of(granted)
    second.granted(FRIDAY)
    assert "passed_over" not in matters.journal(second.matter)[0].facts["what"] and first_called


def test_whom_silence_accepted_comes_by_the_day_of_receipt_and_a_refused_one_is_waited_for_no_more():
    where = build.city()
    version = limited(where)
    silent, later = filed(where, version), filed(where, version)
    later.accepted(TUESDAY).reviewed(TUESDAY)
    at = moment("2026-03-10")
    with time_machine.at(at):
        deemed.settle(silent.file, at)
    with pytest.raises(Obstructed, match=silent.file.called):
        later.granted(at)
    silent.reviewed(at).refused(at)
    assert later.granted(at).file.state == "granted"


def test_an_item_without_a_limit_is_decided_in_any_order():
    where = build.city()
    version = limited(where, "无")
    first, second = filed(where, version).accepted(TUESDAY), filed(where, version).accepted(TUESDAY)
    assert second.reviewed(TUESDAY).granted(TUESDAY).file.state == "granted" and first.file.state == "reviewing"
