"""One application from draft to delivery, by programs alone, each acting for its person."""

import pytest
from programs import DECLARATION, NOW, program

import build
from build import moment
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters

pytestmark = pytest.mark.django_db


@pytest.fixture
def street(db):
    with time_machine.at(NOW):
        where = build.city()
        yield where, build.item(where)


def filed(where, version, hand=None):
    hand = hand or program(where.citizen)
    draft = hand.post("/drafts", {"item": version.item.code, "declaration": DECLARATION})
    assert draft.status_code == 201, draft.content.decode()
    told = draft.json()
    assert [each["code"] for each in told["obstacles"]] == ["material-0", "material-1"]
    for slot in ("0", "1"):
        answer = hand.upload(f"/drafts/{told['id']}/files", slot, build.picture())
        assert answer.status_code == 201, answer.content.decode()
    moved = hand.post(f"/drafts/{told['id']}/submit")
    assert moved.status_code == 200, moved.content.decode()
    return hand, moved.json()["number"]


def test_programs_take_an_application_from_draft_to_delivery(street):
    where, version = street
    hand, number = filed(where, version)
    clerk, reviewer, head = program(where.clerk), program(where.reviewer), program(where.head)
    assert [row["number"] for row in clerk.get("/cases").json()["rows"]] == [number]
    accepted = clerk.post(f"/cases/{number}/moves/accept").json()
    assert accepted["state"] == "reviewing" and accepted["documents"][0].endswith("号")
    number = accepted["case_number"]
    assert (
        reviewer.post(f"/cases/{number}/moves/review", {"opinion": "符合条件", "step": 1}).json()["state"] == "deciding"
    )
    assert head.post(f"/cases/{number}/moves/grant", {"opinion": "准予"}).json()["state"] == "granted"
    done = clerk.post(f"/cases/{number}/moves/deliver", {"way": "direct", "recipient": "沈若溪"}).json()
    assert done["state"] == "delivered"
    told = hand.get(f"/cases/{number}").json()
    assert told["light"]["light"] == "done" and told["applicant"]["identity"] == DECLARATION["identity"]
    assert [each["move"] for each in clerk.get(f"/cases/{number}/journal").json()["rows"]] == [
        "deliver", "grant", "review", "accept", "submit",
    ]  # fmt: skip
    assert clerk.get(f"/cases/{number}").json()["applicant"]["identity"] == "110***********002X"


def test_whoever_filed_reads_the_code_and_with_it_anybody_asks_how_far_it_is(street):
    where, version = street
    hand, number = filed(where, version)
    receipt = hand.get(f"/cases/{number}/receipt").json()
    assert receipt["submitted_at"] == "2026-03-23T10:24:00+08:00"
    asked = program().post("/progress", {"number": number, "code": receipt["query_code"].lower()}, key=None)
    told = asked.json()
    assert told["state"] == "received" and told["applicant"] == "沈*溪" and told["explanations"][0]["sentences"]
    assert [each["day"] for each in told["explanations"][0]["days"] if each["kind"] == "due"] or told["promised_due"]
    wrong = program().post("/progress", {"number": number, "code": "22222222"}, key=None)
    assert wrong.status_code == 404 and "对不上" in wrong.json()["detail"]
    assert program(where.stranger).get(f"/cases/{number}/receipt").status_code == 404


def test_a_document_is_verified_and_handed_out_as_pdf(street):
    where, version = street
    hand, number = filed(where, version)
    document = hand.get(f"/cases/{number}").json()["documents"][0]
    told = program().get(f"/documents/{document['verify_code']}").json()
    assert told["number"] == document["number"] and told["addressee"] == "沈*溪"
    pdf = program().client.get(document["pdf"])
    assert pdf["Content-Type"] == "application/pdf" and b"".join(pdf.streaming_content).startswith(b"%PDF")


def test_every_obstacle_comes_at_once_with_its_basis_and_what_to_do(street):
    where, version = street
    hand = program(where.citizen)
    draft = hand.post("/drafts", {"item": version.item.code, "declaration": {"name": "沈若溪"}}).json()["id"]
    refused = hand.post(f"/drafts/{draft}/submit")
    assert refused.status_code == 422 and refused["Content-Type"] == "application/problem+json"
    told = refused.json()
    codes = {each["code"] for each in told["obstacles"]}
    assert codes == {"identity", "contact", "phone", "content", "material-0", "material-1"}
    material = next(each for each in told["obstacles"] if each["code"] == "material-0")
    assert material["basis"]["cited"] == "《行政许可法》第三十二条第一款第四项" and material["remedy"]


def test_an_item_for_firms_takes_no_person(street):
    where, version = street
    type(version).objects.filter(pk=version.pk).update(audience=["企业法人"])
    hand = program(where.citizen)
    declared = {"kind": "person", "name": "沈若溪"}
    draft = hand.post("/drafts", {"item": version.item.code, "declaration": declared}).json()["id"]
    told = hand.post(f"/drafts/{draft}/submit").json()
    assert "只向单位办理" in next(each["message"] for each in told["obstacles"] if each["code"] == "kind")


def test_the_window_takes_in_with_papers_in_one_request_and_only_for_its_own_department(street):
    where, version = street
    clerk = program(where.clerk)
    body = {"item": version.item.code, "declaration": DECLARATION, "papers": ["0", "1"]}
    taken = clerk.post("/intake", body)
    assert taken.status_code == 201 and taken.json()["received"]["state"] == "received", taken.content.decode()
    number = taken.json()["received"]["number"]
    assert clerk.get(f"/cases/{number}").json()["channel"] == "window"
    assert len(clerk.get(f"/cases/{number}/receipt").json()["query_code"]) == 8
    elsewhere = program(build.city().clerk).post("/intake", body)
    assert elsewhere.status_code == 409 and "窗口" in elsewhere.json()["detail"]
    missing = clerk.post("/intake", body | {"papers": []})
    assert missing.status_code == 422 and len(missing.json()["obstacles"]) == 2


def test_a_correction_is_asked_for_supplemented_and_taken_back(street):
    where, version = street
    hand, number = filed(where, version)
    clerk = program(where.clerk)
    nothing = clerk.post(f"/cases/{number}/moves/request_correction", {"lacks": []})
    assert nothing.status_code == 422 and nothing.json()["obstacles"][0]["code"] == "lacks"
    asked = clerk.post(f"/cases/{number}/moves/request_correction", {"lacks": [{"text": "缺场所证明"}]})
    assert asked.json()["state"] == "correcting"
    assert hand.upload(f"/cases/{number}/files", "other", build.picture()).status_code == 201
    assert hand.post(f"/cases/{number}/moves/supplement", {"note": "已补"}).json()["state"] == "received"
    assert hand.post(f"/cases/{number}/moves/withdraw", {}).json()["state"] == "withdrawn"
    file = clerk.get(f"/cases/{number}").json()["materials"][-1]["files"][0]
    answer = clerk.get(f"/cases/{number}/files/{file['id']}")
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")


def test_pausing_resuming_and_extending_move_the_dates_of_the_case(street):
    where, _ = street
    walk = build.application(where).received(moment("2026-03-20")).accepted(moment("2026-03-20", "15:00"))
    number = walk.file.called
    reviewer, head = program(where.reviewer), program(where.head)
    body = {"kind": "expert_review", "days": 5, "reason": "需要专家评审"}
    assert reviewer.post(f"/cases/{number}/moves/suspend", body).status_code == 200
    told = reviewer.get(f"/cases/{number}").json()
    promised = next(each for each in told["clocks"] if each["clock"] == "promised")
    assert told["light"]["light"] == "paused" and promised["pauses"] == [
        {"from": "2026-03-23", "to": None, "kind": "专家评审"}
    ]
    assert reviewer.post(f"/cases/{number}/moves/resume", {"result": "通过"}).status_code == 200
    assert head.post(f"/cases/{number}/moves/extend", {"days": 10, "reason": "情况复杂"}).status_code == 200
    again = head.post(f"/cases/{number}/moves/extend", {"days": 10, "reason": "情况复杂"})
    assert again.status_code == 422 and "第四十二条" in again.json()["obstacles"][0]["basis"]["cited"]
    assert reviewer.post(f"/cases/{number}/moves/grant", {"opinion": "准予"}).status_code == 409
    assert matters.journal(walk.matter)[0].move == "extend"
