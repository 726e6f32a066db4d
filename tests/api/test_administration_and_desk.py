"""Programs administer as the three administrators do, hand cases on, move many at once, and never overwrite each other."""

from __future__ import annotations

from uuid import uuid4

import pytest
from programs import NOW, program

import build
from build import moment
from xiaoneng.api.operations import desk
from xiaoneng.approval.actions import claims
from xiaoneng.jobs import time_machine
from xiaoneng.matters.models import Matter
from xiaoneng.org import preferences
from xiaoneng.people.models import Account
from xiaoneng.trail.models import Record
from xiaoneng.web.staff import bulk

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(db):
    with time_machine.at(NOW):
        yield build.application().received(moment("2026-03-20"))


@pytest.fixture
def three(walk):
    names = ("system", "security", "audit")
    return {
        who: program(build.holder(walk.city.department, who, f"{who}_administrator", True), [f"admin:{who}"])
        for who in names
    }


def move(hand, walk, name: str, body: object = None, key: str = "", **headers: str):
    return hand.post(f"/cases/{walk.file.called}/moves/{name}", body, key, **headers)


# --- nobody's move is overlooked --------------------------------------------------------------------------------------
def test_a_move_on_what_has_changed_meanwhile_is_refused_and_changes_nothing(walk):
    clerk = program(walk.city.clerk)
    read = clerk.get(f"/cases/{walk.file.called}").json()["version"]
    asked = {"lacks": [{"text": "缺安全评价报告"}]}
    assert move(program(walk.city.clerk), walk, "request_correction", asked).status_code == 200
    stale = move(clerk, walk, "accept", {}, **{"If-Match": f'"{read}"'})
    assert stale.status_code == 412 and stale.json()["type"].endswith("stale") and stale.json()["version"] == read + 1
    assert Matter.objects.get(pk=walk.matter).version == read + 1
    again = move(clerk, walk, "supplement", {}, **{"If-Match": f'"{read}"'})
    assert again.status_code == 412  # also where the move itself would be refused


def test_a_move_on_what_was_read_goes_through_and_its_repetition_is_answered_alike(walk):
    clerk, key = program(walk.city.clerk), str(uuid4())
    read = clerk.get(f"/cases/{walk.file.called}").json()["version"]
    address, seen = f"/cases/{walk.file.called}/moves/accept", {"If-Match": f'"{read}"'}
    first = clerk.post(address, {}, key, **seen)
    assert first.status_code == 200 and first.json()["seq"] == read + 1
    assert clerk.post(address, {}, key, **seen).json() == first.json()


def test_who_came_between_reading_and_moving_wins_and_the_second_is_taken_back(walk, monkeypatch):
    from xiaoneng.api import moving

    clerk, file = program(walk.city.clerk), walk.file
    make = moving.if_unchanged
    monkeypatch.setattr(moving, "if_unchanged", lambda *given: (walk.asked(NOW), make(*given))[1])
    stale = move(
        clerk, walk, "not_accept", {"ground": "not_needed", "reason": "不需要许可"}, **{"If-Match": f'"{file.version}"'}
    )
    assert stale.status_code == 412 and Matter.objects.get(pk=walk.matter).state == "correcting"


def test_a_version_is_written_in_quotes(walk):
    refused = move(program(walk.city.clerk), walk, "accept", {}, **{"If-Match": "seven"})
    assert refused.status_code == 400 and "If-Match" in refused.json()["detail"]


# --- the three administrators -----------------------------------------------------------------------------------------
def test_a_person_is_made_placed_granted_a_role_and_ended_by_programs(walk, three):
    organ = walk.city.department.pk
    made = three["system"].post(
        "/admin/people", {"username": "yezhiqiu", "name": "叶知秋", "department": organ, "post": "综合窗口"}
    )
    person = made.json()["id"]
    assert made.status_code == 201 and "password" not in made.content.decode()
    wish = {"role": "window", "department": organ, "since": "2026-03-23", "authority": "安任1号"}
    granted = three["security"].post(f"/admin/people/{person}/holdings", wish)
    assert granted.status_code == 201
    told = three["system"].get(f"/admin/people/{person}").json()
    assert [each["role"] for each in told["roles"]] == ["window"] and told["post"] == "综合窗口"
    last = {"last": "2026-06-30", "reason": "借调协议"}
    assert three["security"].send("PUT", f"/admin/people/{person}/last-day", last, None).status_code == 200
    ended = three["security"].post(
        f"/admin/holdings/{granted.json()['id']}/end", {"last": "2026-03-23", "reason": "轮岗"}
    )
    assert ended.status_code == 200
    assert three["system"].post(f"/admin/people/{person}/disable", {"reason": "调离"}).status_code == 200
    assert not Account.objects.get(pk=person).is_active
    record = three["audit"].get("/admin/records?kind=change").json()["rows"]
    assert [row["what"] for row in record[:6]] == [
        "停用账号",
        "结束角色",
        "设账号有效期",
        "授予角色",
        "安排岗位",
        "新建账号",
    ]
    assert record[0]["request"].startswith("令牌 xn_")
    assert Record.objects.filter(kind="export", about="管理留痕").count() == 1


def test_faults_are_told_field_by_field_and_nobody_grants_himself_a_role(walk, three):
    organ = walk.city.department.pk
    taken = {
        "username": Account.objects.get(pk=walk.city.clerk.account).username,
        "name": " ",
        "department": organ,
        "post": "岗",
    }
    refused = three["system"].post("/admin/people", taken)
    assert refused.status_code == 422
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/username", "/name"]
    own = three["security"].get("/admin/holdings").json()
    me = next(each["account"] for each in own if each["role"] == "security_administrator")
    wish = {"role": "window", "department": organ, "since": "2026-03-23", "authority": "安任1号"}
    assert three["security"].post(f"/admin/people/{me}/holdings", wish).status_code == 409
    assert three["security"].post(f"/admin/people/{walk.city.citizen.account}/holdings", wish).status_code == 404


def test_places_calendars_and_settings_are_read_and_changed(walk, three):
    system = three["system"]
    region = system.get("/admin/regions").json()[0]["id"]
    window = system.post("/admin/windows", {"region": region, "name": "二号窗口", "place": "一楼"})
    assert window.status_code == 201
    assert (
        system.send(
            "PUT", f"/admin/windows/{window.json()['id']}", {"region": region, "name": "三号窗口"}, None
        ).status_code
        == 200
    )
    assert "三号窗口" in [each["name"] for each in system.get("/admin/windows").json()]
    calendar = system.get("/admin/calendars").json()[0]
    year = {"document": "放假安排的通知", "lines": "2027-01-01 放假 元旦", "seen_version": calendar["version"]}
    address = f"/admin/calendars/{calendar['id']}/2027"
    assert system.send("PUT", address, year, None).json()["version"] == calendar["version"] + 1
    assert system.get(address).json()["lines"] == "2027-01-01 放假 元旦"
    assert system.send("PUT", address, year, None).status_code == 409  # somebody changed it since
    assert system.send("PUT", "/admin/settings/hall_address", {"value": "临江路 1 号"}, None).status_code == 200
    assert preferences.in_force("hall_address") == "临江路 1 号"
    assert system.send("PUT", "/admin/settings/lock_tries", {"value": 5}, None).status_code == 409
    assert three["security"].send("PUT", "/admin/settings/lock_tries", {"value": 5}, None).status_code == 200
    assert system.send("PUT", "/admin/settings/nothing", {"value": 5}, None).status_code == 404


# --- the desk ---------------------------------------------------------------------------------------------------------
def test_many_cases_are_moved_each_with_its_own_answer_and_twice_is_once(walk):
    other = build.application(walk.city, walk.version).received(moment("2026-03-20"))
    clerk, key = program(walk.city.clerk), str(uuid4())
    cases = {"cases": [walk.file.called, other.file.called, "NOSUCH"]}
    made = clerk.post("/cases/moves/accept", cases, key).json()
    assert (made["done"], made["failed"]) == (2, 1) and [row["done"] for row in made["rows"]] == [True, True, False]
    assert all(row["documents"] for row in made["rows"][:2]) and made["rows"][2]["detail"]
    assert clerk.post("/cases/moves/accept", cases, key).json() == made
    reviewer = program(walk.city.reviewer)
    passed = reviewer.post("/cases/moves/review", {"cases": [walk.file.called], "opinion": "符合条件"}).json()
    assert passed["done"] == 1
    assert tuple(desk.SAME_FOR_ALL) == tuple(bulk.SAME_FOR_ALL)[:3]


def test_cases_are_taken_and_handed_on_with_a_note(walk):
    clerk, colleague = walk.city.clerk, build.holder(walk.city.department, "叶知秋", "window")
    mine = program(clerk)
    assert mine.send("PUT", f"/cases/{walk.file.called}/claim", None, None).json()["claimed_by"] == clerk.name
    login = Account.objects.get(pk=colleague.account).username
    asked = {"cases": [walk.file.called], "receiver": login, "note": "材料已看过一遍"}
    assert mine.post("/cases/hand-over", asked).json() == {"went": [walk.file.called], "stayed": []}
    assert mine.send("DELETE", f"/cases/{walk.file.called}/claim", None, None).status_code == 409
    claims.lay_back(walk.matter, by=colleague.account, at=NOW)


def test_a_list_saved_by_a_program_opens_on_the_desk(walk):
    clerk = program(walk.city.clerk)
    made = clerk.post("/views", {"name": "红灯", "light": "red", "q": "燃气"})
    assert made.status_code == 201 and made.json()["filters"] == {"light": "red", "q": "燃气"}
    clerk.client.force_login(Account.objects.get(pk=walk.city.clerk.account))
    assert "红灯" in clerk.client.get("/desk/?light=red&q=%E7%87%83%E6%B0%94").content.decode()
    assert clerk.send("DELETE", f"/views/{made.json()['id']}", None, None).status_code == 204
    assert clerk.get("/views").json() == []
