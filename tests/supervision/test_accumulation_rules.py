"""The rules of accumulation are changed from a day to come on, keep what they said before, and are on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

import build
from build import moment
from xiaoneng.jobs import time_machine
from xiaoneng.kit.amiss import Amiss
from xiaoneng.kit.marks import Overtaken
from xiaoneng.people.models import Account
from xiaoneng.supervision import accountability, accumulating
from xiaoneng.supervision.accumulating import Wording
from xiaoneng.supervision.models import Accumulation
from xiaoneng.trail.actions import By
from xiaoneng.trail.models import Record

pytestmark = pytest.mark.django_db
NOW, BY = moment("2026-03-02"), By(1, "江晚舟")
TWICE = Wording("十二个月内两张黄牌生效", "card", "yellow", 2, 12, "education", 2, "安办〔2026〕8号第九条")


def on(day: str) -> tuple[int, int]:
    (found,) = (each for each in accountability.accumulations_on(date.fromisoformat(day)) if each.code == "A-YELLOW-3")
    return found.count, found.points


def test_a_rule_says_the_new_from_its_day_on_and_the_old_before():
    accumulating.change("A-YELLOW-3", TWICE, since=date(2026, 4, 1), by=BY, at=NOW)
    assert (on("2026-03-31"), on("2026-04-01")) == ((3, 1), (2, 2))
    record = Record.objects.get(key="accumulations")
    assert (record.before["几件"], record.after["几件"], record.reason) == (3, 2, TWICE.basis)
    with pytest.raises(Amiss, match="从那天以后改"):
        accumulating.change("A-YELLOW-3", replace(TWICE, count=4), since=date(2026, 3, 9), by=BY, at=NOW)


def test_a_rule_ends_after_its_last_day():
    accumulating.end("A-YELLOW-3", last=date(2026, 3, 9), reason="合并到新办法", by=BY, at=NOW)
    assert on("2026-03-09") == (3, 1)
    with pytest.raises(ValueError, match="not enough values"):
        on("2026-03-10")


def test_nobody_ends_a_rule_that_another_has_changed():
    read = accumulating.mark_of(Accumulation.objects.get(code="A-YELLOW-3", until=None))
    accumulating.change("A-YELLOW-3", TWICE, since=date(2026, 4, 1), by=BY, at=NOW)
    with pytest.raises(Overtaken, match="几件：2"):
        accumulating.end("A-YELLOW-3", last=date(2026, 4, 30), reason="停用", by=BY, at=NOW, seen=read)


@pytest.mark.parametrize(
    ("wrong", "word"),
    [({"count": 0}, "几件"), ({"basis": " "}, "依据文件"), ({"measure": "firing"}, "处理"), ({"points": 101}, "扣分")],
)
def test_what_does_not_fit_is_refused_in_words_and_nothing_changes(wrong, word):
    known = Accumulation.objects.count()
    with pytest.raises(Amiss, match=word):
        accumulating.change("A-NEW", replace(TWICE, **wrong), since=date(2026, 4, 1), by=BY, at=NOW)
    with pytest.raises(Amiss, match="最早从"):
        accumulating.change("A-NEW", TWICE, since=date(2026, 3, 2), by=BY, at=NOW)
    assert Accumulation.objects.count() == known


def test_the_city_s_supervisor_changes_a_rule_on_its_page_and_a_department_s_does_not():
    where = build.city()
    own = build.holder(where.department, "本单位监察", "supervisor")
    address = reverse("supervise:accumulation", args=["A-YELLOW-3"])
    form = {
        "label": TWICE.label, "source": "card", "rule": "yellow", "count": "2", "months": "12", "measure": "education",
        "points": "x", "basis": TWICE.basis, "since": "2026-04-01",
    }  # fmt: skip
    with time_machine.at(NOW):
        browsers = []
        for who in (where.supervisor, own):
            browsers.append(Client())
            browsers[-1].force_login(Account.objects.get(pk=who.account))
        office, other = browsers
        refused = office.post(address, form)
        assert refused.status_code == 422 and "扣分应为 0 到 100" in refused.content.decode()
        assert office.post(address, form | {"points": "2"}).status_code == 302
        assert "2026-04-01" in str(
            Accumulation.objects.filter(code="A-YELLOW-3").values_list("since", flat=True).last()
        )
        assert other.get(address).status_code == 404
