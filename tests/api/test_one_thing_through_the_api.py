"""Programs of an applicant for several things at once: the whole draft, its supplements, held facts, paying online."""

from __future__ import annotations

from decimal import Decimal

import pytest
from programs import DECLARATION, NOW, program
from test_projects_and_money import done, problem

import build
import joint
from xiaoneng.approval import certificates, fees
from xiaoneng.approval.actions import certificates as issuing
from xiaoneng.approval.joint.reads import slot_of
from xiaoneng.approval.payments import TEST, TestBank
from xiaoneng.catalogue.models import Fee, Result
from xiaoneng.jobs import time_machine

pytestmark = pytest.mark.django_db
LACK = {"text": "申请书没有签章", "standard": "法定代表人签章", "slot": "0"}


@pytest.fixture(autouse=True)
def _day():
    with time_machine.at(NOW):
        yield


@pytest.fixture
def case() -> joint.Joint:
    return joint.project({1: [], 2: []})


def drafted(case, mine, **more) -> dict:
    asked = {"theme": case.theme.code, "project": "一号店", "declaration": DECLARATION, **more}
    return done(mine.post("/joint-drafts", asked), 201)


def filled(mine, draft) -> None:
    for each in draft["materials"]:
        upload = mine.upload(f"/joint-drafts/{draft['id']}/files", each["slot"], build.picture())
        assert done(upload, 201)["slot"] == each["slot"]


def test_one_form_and_one_set_are_drafted_filled_and_submitted_once(case):
    mine, key = program(case.lead.citizen), "6f1f7d9e-4a64-4b5f-9a52-3f0f6f2f9e41"
    draft = drafted(case, mine)
    assert [row["position"] for row in draft["items"]] == [1, 2] and draft["title"].endswith("（一号店）")
    shared = next(each for each in draft["materials"] if each["slot"] == slot_of("申请书"))
    assert (shared["used_by"], shared["count"]) == ([1, 2], 0) and draft["obstacles"]
    where = f"/joint-drafts/{draft['id']}"
    assert problem(mine.post(f"{where}/submit"), 422)["obstacles"]
    filled(mine, draft)
    saved = done(mine.send("PUT", where, DECLARATION | {"phone": "13900000000"}))
    assert saved["declaration"]["phone"] == "13900000000" and saved["obstacles"] == []
    first = done(mine.post(f"{where}/submit", {}, key))
    assert first["state"] == "received" and done(mine.post(f"{where}/submit", {}, key)) == first
    problem(mine.send("PUT", where, DECLARATION), 409)
    assert len(done(mine.get(f"/joint/{first['number']}"))["branches"]) == 2


def test_a_joint_draft_is_its_owners_and_no_draft_of_a_single_application(case):
    mine, other = program(case.lead.citizen), program(case.lead.stranger)
    pk = drafted(case, mine)["id"]
    for method, path in (("GET", ""), ("PUT", ""), ("DELETE", ""), ("PUT", "/items"), ("POST", "/submit")):
        body = {"items": []} if path == "/items" else DECLARATION
        problem(other.send(method, f"/joint-drafts/{pk}{path}", body), 404)
    for method, path in (("GET", ""), ("PUT", ""), ("POST", "/submit"), ("GET", "/held-facts"), ("DELETE", "")):
        problem(mine.send(method, f"/drafts/{pk}{path}", DECLARATION), 404)
    problem(mine.upload(f"/drafts/{pk}/files", "0", build.picture()), 404)
    single = build.application(case.lead).drafted(NOW).matter
    for method, path in (("GET", ""), ("PUT", ""), ("POST", "/submit"), ("DELETE", "")):
        problem(mine.send(method, f"/joint-drafts/{single}{path}", DECLARATION), 404)
    assert done(mine.get(f"/joint-drafts/{pk}"))["id"] == pk
    assert mine.send("DELETE", f"/joint-drafts/{pk}").status_code == 204


def test_the_leading_window_takes_one_thing_in_and_no_other_window_does(case):
    clerk, papers = program(case.lead.clerk), [slot_of(name) for name in ("申请书", "材料1", "材料2")]
    asked = {"theme": case.theme.code, "declaration": DECLARATION, "papers": papers}
    other = case.cities[2].clerk
    problem(program(other).post("/joint-intake", asked), 409)
    problem(program(case.lead.citizen).post("/joint-intake", asked), 403)
    later = done(clerk.post("/joint-intake", asked | {"submit": False}), 201)["draft"]
    assert later["papers"] == papers and later["obstacles"] == []
    assert done(clerk.post("/joint-intake", asked), 201)["received"]["state"] == "received"


def test_what_branches_ask_is_read_handed_in_once_and_answered_on_the_version_that_was_read(case):
    mine = program(case.lead.citizen)
    case.received(NOW).accepted(NOW)
    for place in (1, 2):
        by = program(case.cities[place].reviewer)
        done(by.post(f"/cases/{case.branch(place).number}/moves/ask_in_branch", {"lacks": [LACK]}))
    where = f"/joint/{case.file.called}"
    asked = done(mine.get(f"{where}/supplements"))
    assert [row["position"] for row in asked["branches"]] == [1, 2]
    assert asked["branches"][0]["lacks"][0]["text"] == LACK["text"]
    bare = problem(mine.post(f"{where}/supplements", {"branches": [1, 2]}), 422)
    assert len(bare["obstacles"]) == 2
    given = done(mine.upload(f"{where}/files", slot_of("申请书"), build.picture()), 201)
    assert done(mine.get(f"{where}/supplements"))["files"] == [given]
    stale = mine.post(f"{where}/supplements", {"branches": [1, 2]}, **{"If-Match": f'"{asked["version"] + 1}"'})
    assert stale.status_code == 412 and len(done(mine.get(f"{where}/supplements"))["branches"]) == 2
    fresh = {"If-Match": f'"{asked["version"]}"'}
    told = done(mine.post(f"{where}/supplements", {"branches": [1]}, **fresh))
    assert [row["outcome"] for row in told["branches"]] == ["open", "open"]
    assert [row["position"] for row in done(mine.get(f"{where}/supplements"))["branches"]] == [2]
    problem(program(case.lead.stranger).get(f"{where}/supplements"), 404)


def test_a_file_for_a_supplement_is_taken_off_again_before_it_is_handed_in(case):
    mine = program(case.lead.citizen)
    number = case.received(NOW).file.called
    done(program(case.lead.clerk).post(f"/joint/{number}/moves/request_correction", {"lacks": [LACK]}))
    given = done(mine.upload(f"/joint/{number}/files", slot_of("申请书"), build.picture()), 201)
    problem(program(case.lead.stranger).send("DELETE", f"/joint/{number}/files/{given['id']}"), 404)
    assert mine.send("DELETE", f"/joint/{number}/files/{given['id']}").status_code == 204
    assert problem(mine.post(f"/joint/{number}/moves/supplement", {}), 422)["obstacles"]


@pytest.fixture
def licensed():
    walk = build.application()
    Result.objects.create(version=walk.version, position=0, name="燃气经营许可证", kind="证照", validity="5年")
    Fee.objects.create(
        version=walk.version, position=0, name="工本费", low=Decimal("10"), high=Decimal("10"), unit="证",
        basis="《城镇燃气管理条例》第十五条", basis_rank="administrative_regulation",
    )  # fmt: skip
    return walk.received(NOW).accepted(NOW)


def test_what_a_department_certified_is_not_handed_in_again_if_the_applicant_agrees(licensed):
    licensed.reviewed(NOW).granted(NOW)
    issuing.issue_what_is_granted(lambda: NOW)
    code, mine = certificates.of_case(licensed.matter).code, program(licensed.city.citizen)
    build.known(licensed.city.citizen)
    next_item = build.item(build.city(), materials=("申请书", "燃气经营许可证（副本）"))
    asked = {"item": next_item.item.code, "declaration": DECLARATION}
    where = f"/drafts/{done(mine.post('/drafts', asked), 201)['id']}"
    offered = done(mine.get(f"{where}/held-facts"))
    assert [(row["slot"], row["reference"]) for row in offered["offered"]] == [("1", code)] and not offered["used"]
    problem(mine.send("PUT", f"{where}/held-facts/1", {"reference": code, "agreed": False}), 422)
    problem(mine.send("PUT", f"{where}/held-facts/1", {"reference": "别人的证", "agreed": True}), 409)
    assert "material-1" in {each["code"] for each in done(mine.get(where))["obstacles"]}
    used = done(mine.send("PUT", f"{where}/held-facts/1", {"reference": code, "agreed": True}))["used"]
    assert [row["slot"] for row in used] == ["1"]
    assert "material-1" not in {each["code"] for each in done(mine.get(where))["obstacles"]}
    assert done(mine.send("DELETE", f"{where}/held-facts/1"))["used"] == []
    problem(program(licensed.city.stranger).get(f"{where}/held-facts"), 404)


def test_a_fee_is_paid_through_a_provider_by_the_applicants_program_only(licensed):
    path = f"/cases/{licensed.file.called}/charges"
    charge = done(program(licensed.city.reviewer).post(path, {"tariff": "工本费"}), 201)["id"]
    mine, key = program(licensed.city.citizen), "6f1f7d9e-4a64-4b5f-9a52-3f0f6f2f9e42"
    where = f"{path}/{charge}/payments"
    assert [way["through"] for way in done(mine.get(where))["ways"]] == [TEST]
    problem(mine.post(where, {"through": "counter"}), 409)
    problem(mine.post(where, {"through": "elsewhere"}), 404)
    begun = done(mine.post(where, {"through": TEST}, key), 201)
    assert done(mine.post(where, {"through": TEST}, key), 201) == begun and begun["amount"] == 1000
    message = TestBank().message(fees.attempts(charge)[0].order, "succeeded", 1000)
    assert mine.client.post(f"/pay/heard/{TEST}", message).json() == {"state": "paid"}
    assert [(row["order"], row["state"]) for row in done(mine.get(where))["rows"]] == [(begun["order"], "paid")]
    problem(mine.post(where, {"through": TEST}), 409)
    problem(program(licensed.city.stranger).get(where), 404)
    problem(program(licensed.city.clerk).post(where, {"through": TEST}), 403)
