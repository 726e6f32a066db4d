"""Who sees to a case: taken by one, seen by all at the desk, handed on with a note; no state and no right changes."""

import pytest
from django.test import Client

import build
from build import moment
from xiaoneng.approval import worklists
from xiaoneng.approval.actions import claims
from xiaoneng.jobs import time_machine
from xiaoneng.org.models import Holding
from xiaoneng.people.models import Account
from xiaoneng.rules.grounds import NotAllowed

pytestmark = pytest.mark.django_db
NOW = moment("2026-03-23", "10:24")


@pytest.fixture
def desk(db):
    """Two reviewers of one department, with three cases."""
    with time_machine.at(NOW):
        where = build.city()
        colleague = build.holder(where.department, "许清和", "reviewer")
        version = build.item(where)
        at = moment("2026-03-16")
        yield where, colleague, [build.application(where, version).received(at).accepted(at) for _ in range(3)]


def signed_in(actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account))
    return client


def claim(client, walk, do="take") -> str:
    return client.post(f"/desk/cases/{walk.file.number}/claim", {"do": do}, follow=True).content.decode()


def test_a_claim_is_seen_on_the_case_and_in_both_worklists_and_changes_no_journal(desk):
    where, colleague, (walk, *_) = desk
    mine, other = signed_in(where.reviewer), signed_in(colleague)
    assert "您在办" in claim(mine, walk)
    assert "<b>我</b>" in mine.get("/desk/").content.decode()
    assert "顾知行" in other.get("/desk/").content.decode()
    assert "顾知行在办" in other.get(f"/desk/cases/{walk.file.number}").content.decode()
    assert walk.file.version == 2  # submitted and accepted, nothing else
    assert walk.file.number in mine.get("/desk/?whose=mine").content.decode()
    assert walk.file.number not in mine.get("/desk/?whose=free").content.decode()


def test_a_case_has_one_claim_and_only_its_holder_lays_it_back(desk):
    where, colleague, (walk, *_) = desk
    mine, other = signed_in(where.reviewer), signed_in(colleague)
    claim(mine, walk)
    assert "已由顾知行领办" in claim(other, walk)
    assert "只有本人可以放回" in claim(other, walk, "lay_back")
    claim(mine, walk)
    assert len(worklists.claims_of(walk.matter)) == 1
    claim(mine, walk, "lay_back")
    assert "您在办" in claim(other, walk)


def test_a_claim_keeps_nobody_else_from_his_lawful_move(desk):
    where, colleague, (walk, *_) = desk
    claim(signed_in(where.reviewer), walk)
    walk.city = build.City(
        where.department, where.clerk, colleague, where.head, where.supervisor, where.citizen, where.stranger
    )
    walk.reviewed(NOW)
    assert walk.file.state == "deciding"


def test_a_claim_holds_at_its_own_desk_only(desk):
    where, _, (walk, *_) = desk
    claim(signed_in(where.reviewer), walk)
    assert "没有这个岗位" in claim(signed_in(where.clerk), walk)
    walk.reviewed(NOW)
    assert worklists.claimed_by(where.reviewer.account) == ()
    assert "您在办" in claim(signed_in(where.head), walk)


def test_all_claims_go_to_a_successor_with_a_note_that_stands_on_each_case(desk):
    where, colleague, walks = desk
    mine = signed_in(where.reviewer)
    for walk in walks:
        claim(mine, walk)
    page = mine.get("/desk/hand-over").content.decode()
    assert "许清和" in page and "交出这 3 件" in page
    empty = mine.post("/desk/hand-over", {"receiver": colleague.account, "note": " "})
    assert empty.status_code == 422 and "请写交接说明" in empty.content.decode()
    answer = mine.post("/desk/hand-over", {"receiver": colleague.account, "note": "都看过现场，只差意见。"})
    assert "已把 3 件交给许清和" in answer.content.decode()
    assert [line.called for line in worklists.claimed_by(colleague.account)] == [walk.file.number for walk in walks]
    case = signed_in(colleague).get(f"/desk/cases/{walks[0].file.number}").content.decode()
    assert "顾知行交接：" in case and "都看过现场，只差意见。" in case
    (now, before) = worklists.claims_of(walks[0].matter)
    assert (before.name, before.until, now.name, now.until, now.made_by) == ("顾知行", NOW, "许清和", None, "顾知行")


def test_the_head_hands_on_the_cases_of_his_people_and_nobody_else_does(desk):
    where, colleague, (walk, *_) = desk
    claim(signed_in(where.reviewer), walk)
    head = signed_in(where.head)
    assert "替别人转交" in head.get("/desk/hand-over").content.decode()
    form = {"from": where.reviewer.account, "receiver": colleague.account, "note": "休病假，请接手。"}
    for stranger in (colleague, build.city().head):
        assert signed_in(stranger).post("/desk/hand-over", form).status_code == 404
        passed = claims.hand_over(
            [walk.matter],
            giver=where.reviewer.account,
            receiver=colleague.account,
            note="代交",
            by=stranger.account,
            at=NOW,
        )
        assert passed.went == () and "只有本人或者" in passed.stayed[0][1]
    with pytest.raises(NotAllowed):  # what is not claimed cannot be handed on
        claims.hand_over(
            [walk.matter], giver=colleague.account, receiver=where.reviewer.account, note="x", by=1, at=NOW
        )
    assert "已把 1 件交给许清和" in head.post("/desk/hand-over", form).content.decode()
    assert worklists.claims_of(walk.matter)[0].made_by == "周启明"


def test_a_case_stays_with_the_giver_where_the_successor_lacks_the_post(desk):
    where, colleague, (walk, *_) = desk
    claim(signed_in(where.reviewer), walk)
    Holding.objects.filter(account_id=colleague.account).delete()
    passed = claims.hand_over(
        [walk.matter],
        giver=where.reviewer.account,
        receiver=colleague.account,
        note="请接手",
        by=where.reviewer.account,
        at=NOW,
    )
    assert passed.went == () and "没有这个岗位" in passed.stayed[0][1]
    assert [line.called for line in worklists.claimed_by(where.reviewer.account)] == [walk.file.number]
