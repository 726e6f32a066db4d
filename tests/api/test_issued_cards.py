"""Cards, orders and reminders as programs of the efficiency office read them."""

import pytest
from programs import program

import build
from build import moment
from xiaoneng.jobs import time_machine
from xiaoneng.matters.models import Document
from xiaoneng.supervision import actions, cards, notices, orders, urging

pytestmark = pytest.mark.django_db
NOW = moment("2026-03-23", "10:24")


@pytest.fixture
def late():
    where = build.city()
    version = build.item(where)
    walks = [build.application(where, version).received(moment("2026-03-02")) for _ in range(2)]
    for walk in walks:
        walk.accepted(moment("2026-03-02", "11:00"))
    with time_machine.at(NOW):
        actions.record_red_lights(lambda: NOW)
        cards.issue_what_is_called_for(lambda: NOW)
        urging.remind_who_is_due(lambda: NOW)
        orders.urge(walks[0].matter, wants="请答复", by=where.supervisor, at=NOW)
        yield where, walks


def test_the_office_reads_cards_page_by_page_and_orders_and_reminders(late):
    where, walks = late
    office = program(where.supervisor)
    first = office.get("/supervision/cards?limit=1").json()
    second = office.get(f"/supervision/cards?limit=1&cursor={first['next']}").json()
    told = [*first["rows"], *second["rows"]]
    assert {row["about"] for row in told} == {walk.file.number for walk in walks} and second["next"] is None
    assert told[0]["rule"] == "V-LATE-P" and told[0]["state"] == "issued" and told[0]["points"] == 1
    assert office.get("/supervision/cards?level=red").json()["rows"] == []
    assert [row["label"] for row in office.get("/supervision/orders?waits=unit").json()["rows"]] == ["催办单"]
    rungs = office.get(f"/supervision/cases/{walks[0].file.number}/reminders").json()["rows"]
    assert [row["rung"] for row in rungs] == [1, 2, 3, 4] and rungs[2]["recipients"] == [where.head.name]


def test_a_department_s_token_reads_none_of_it(late):
    where, _ = late
    for path in ("/supervision/cards", "/supervision/orders"):
        assert program(where.head).get(path).status_code == 403


def test_a_card_is_verified_by_its_code_and_what_is_for_few_eyes_is_handed_to_nobody(late, monkeypatch):
    card = Document.objects.filter(kind="yellow_card").order_by("id")[0]
    told = program().get(f"/documents/{card.verify_code}").json()
    assert (told["number"], told["addressee"]) == (card.number, "住房和城乡建设局")
    pdf = program().get(f"/documents/{card.verify_code}/pdf")
    assert pdf.status_code == 200 and b"".join(pdf.streaming_content).startswith(b"%PDF")
    monkeypatch.setattr(notices, "may_read", lambda document, account, at: False)
    assert program().get(f"/documents/{card.verify_code}/pdf").status_code == 404
