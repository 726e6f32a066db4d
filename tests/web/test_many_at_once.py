"""The page for several cases at once: what the law lets be the same for all, by the rules of the single move."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

import build
from build import moment
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.people.models import Account
from xiaoneng.web.staff import bulk

pytestmark = pytest.mark.django_db
DAY = moment("2026-03-03")


@pytest.fixture
def three():
    first = build.application().received(DAY).accepted(DAY)
    return [first, *(build.application(first.city, first.version).received(DAY).accepted(DAY) for _ in range(2))]


def desk(actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account))
    return client


def chosen(client, walks) -> str:
    numbers = "&".join(f"case={walk.file.called}" for walk in walks)
    return client.get(reverse("staff:bulk") + "?" + numbers).content.decode()


def make(client, name, walks, **form):
    each = {f"key-{walk.file.called}": str(uuid4()) for walk in walks}
    return client.post(
        reverse("staff:bulk_move", args=[name]), {"case": [w.file.called for w in walks], **each, **form}
    ).content.decode()


def last(walk) -> str:
    return matters.journal(walk.matter)[0].move


def test_several_cases_are_published_and_closed_together_each_with_its_own_entry_and_paper(three):
    client = desk(three[0].city.reviewer)
    with time_machine.at(DAY):
        page = chosen(client, three)
        assert "开始公示（勾选的每一件）" in page and "登记公示结果（勾选的每一件）" not in page
        make(client, "publish", three, days=5, place="网站", content="拟准予。")
        assert [last(walk) for walk in three] == ["publish"] * 3
        assert len({document.number for walk in three for document in matters.documents(walk.matter)[-1:]}) == 3
        early = make(client, "close_publication", three, objections=0)
        assert early.count('<b class="is-red">没有办</b>') == 3 and "下班才期满" in early
    with time_machine.at(moment("2026-03-11")):
        assert "登记公示结果（勾选的每一件）" in chosen(client, three)
        make(client, "close_publication", three, objections=0)
    assert [last(walk) for walk in three] == ["close_publication"] * 3


def test_one_that_may_not_be_published_does_not_keep_the_others_away(three):
    client = desk(three[0].city.reviewer)
    with time_machine.at(DAY):
        make(client, "publish", three[:1], days=5, place="网站", content="拟准予。")
        told = make(client, "publish", three, days=5, place="网站", content="拟准予。")
    assert told.count('<b class="is-red">没有办</b>') == 1 and [last(walk) for walk in three] == ["publish"] * 3


def test_what_needs_the_facts_of_the_single_case_is_not_made_for_many(three):
    client = desk(three[0].city.head)
    with time_machine.at(DAY):
        for name in ("refuse", "extend", "suspend", "deliver", "request_correction", "withdraw", "terminate"):
            assert name not in bulk.SAME_FOR_ALL
            assert client.post(reverse("staff:bulk_move", args=[name])).status_code == 404
