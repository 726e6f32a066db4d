"""What the hall announces stands on its front page for its days, as plain text whatever was typed."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

import build
from build import moment
from xiaoneng.jobs import time_machine
from xiaoneng.kit.amiss import Amiss
from xiaoneng.org import announcements
from xiaoneng.org.models import Announcement
from xiaoneng.people.models import Account
from xiaoneng.trail import reads as trail
from xiaoneng.trail.actions import By
from xiaoneng.web.public import counted

NOW = moment("2026-03-23", "10:24")
TYPED = {
    "title": "国庆办公时间", "text": "照常办事。\n\n<script>alert(1)</script><b>粗</b>", "office": "政务服务管理局",
    "since": "2026-03-24", "until": "2026-03-30",
}  # fmt: skip


@pytest.fixture
def keeper(db, monkeypatch):
    monkeypatch.setattr(counted, "_kept", {})
    with time_machine.at(NOW):
        where = build.city()
        client = Client()
        actor = build.holder(where.department, "系", "system_administrator", True)
        client.force_login(Account.objects.get(pk=actor.account))
        yield client


def page(address: str, day: str, client: Client | None = None) -> str:
    with time_machine.at(moment(day, "09:00")):
        return (client or Client()).get(address).content.decode()


def test_an_announcement_is_shown_in_its_days_and_its_text_is_no_markup(keeper):
    assert keeper.post("/manage/announcements", TYPED).status_code == 302
    made = Announcement.objects.get()
    one = f"/announcements/{made.pk}"
    assert TYPED["title"] not in page("/announcements", "2026-03-23") and "没有这条公告" in page(one, "2026-03-23")
    shown = page(one, "2026-03-24")
    assert "&lt;script&gt;alert(1)" in shown and "<script>alert" not in shown and "<b>粗" not in shown
    assert TYPED["title"] in page("/announcements", "2026-03-30")
    assert TYPED["title"] not in page("/announcements", "2026-03-31") and "可能已经过时" in page(one, "2026-03-31")
    line = trail.lines_of(trail.records(key=f"announcement:{made.pk}"))[0]
    assert line.what == "发布公告"


def test_the_front_page_lists_what_is_announced_today(keeper):
    announcements.announce(
        title="今天起周六开门",
        text="照常。",
        office="局",
        since=NOW.date(),
        until=date(2026, 4, 1),
        by=By(0, "系"),
        at=NOW,
    )
    shown = page("/", "2026-03-23")
    assert "今天起周六开门" in shown and 'href="/announcements"' in shown


def test_what_is_missing_stands_beside_its_field_and_nothing_typed_is_lost(keeper):
    wrong = keeper.post("/manage/announcements", TYPED | {"title": " ", "since": "2026-03-22"})
    text = wrong.content.decode()
    assert wrong.status_code == 422 and "请填写标题" in text and "照常办事。" in text
    with pytest.raises(Amiss) as refusal:
        announcements.announce(
            title="x", text="y", office="z", since=date(2026, 3, 22), until=date(2026, 3, 21), by=By(0, "系"), at=NOW
        )
    assert [field for field, _ in refusal.value.faults] == ["since", "until"]


def test_a_withdrawn_announcement_is_gone_at_once_with_its_reason_on_record(keeper):
    keeper.post("/manage/announcements", TYPED)
    pk = Announcement.objects.get().pk
    keeper.post(f"/manage/announcements/{pk}/withdraw", {"reason": ""})
    assert Announcement.objects.get().withdrawn_at is None
    keeper.post(f"/manage/announcements/{pk}/withdraw", {"reason": "时间写错"})
    assert "没有这条公告" in page(f"/announcements/{pk}", "2026-03-24")
    assert "已撤下" in keeper.get("/manage/announcements").content.decode()
    assert trail.lines_of(trail.records(key=f"announcement:{pk}"))[0].reason == "时间写错"
