"""The same key gets the same answer, lists come in parts, and whatever is wrong is told in one form."""

from uuid import uuid4

import pytest
from programs import DECLARATION, NOW, Program, program

import build
from build import moment
from xiaoneng.api.actions import requests
from xiaoneng.api.models import KeyedRequest
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters

pytestmark = pytest.mark.django_db


@pytest.fixture
def where(db):
    with time_machine.at(NOW):
        yield build.city()


def test_the_same_key_gets_the_same_answer_and_makes_one_draft(where):
    hand, key, body = program(where.citizen), str(uuid4()), {"item": build.item(where).item.code}
    first, again = hand.post("/drafts", body, key), hand.post("/drafts", body, key)
    assert first.status_code == again.status_code == 201 and first.content == again.content
    assert "Idempotency-Replayed" not in first and again["Idempotency-Replayed"] == "true"
    assert len(hand.get("/applications").json()["rows"]) == 1


def test_a_key_used_for_other_content_is_refused_and_changes_nothing(where):
    hand, key, code = program(where.citizen), str(uuid4()), build.item(where).item.code
    hand.post("/drafts", {"item": code}, key)
    other = hand.post("/drafts", {"item": code, "declaration": DECLARATION}, key)
    assert other.status_code == 422 and other.json()["type"].endswith("key-reused")
    assert len(hand.get("/applications").json()["rows"]) == 1


def test_a_move_sent_twice_is_made_once(where):
    walk = build.application(where).received(moment("2026-03-20"))
    clerk, key = program(where.clerk), str(uuid4())
    path = f"/cases/{walk.file.called}/moves/accept"
    first = clerk.post(path, key=key).json()
    assert clerk.post(path, key=key).json() == first
    assert [line.move for line in matters.journal(walk.matter)] == ["accept", "submit"]


def test_a_move_whose_answer_was_lost_gets_it_when_sent_again(where):
    walk = build.application(where).received(moment("2026-03-20"))
    clerk, key = program(where.clerk), str(uuid4())
    path = f"/cases/{walk.file.called}/moves/accept"
    first = clerk.post(path, key=key).json()
    KeyedRequest.objects.update(status=None, answer="")  # the process died before the answer was kept
    assert clerk.post(path, key=key).json() == first
    assert len(matters.journal(walk.matter)) == 2


def test_an_upload_sent_twice_stands_there_once_though_its_boundary_differs(where):
    hand = program(where.citizen)
    draft = hand.post("/drafts", {"item": build.item(where).item.code}).json()["id"]
    key, content = str(uuid4()), build.picture().getvalue()
    from io import BytesIO

    first = hand.upload(f"/drafts/{draft}/files", "0", BytesIO(content), key=key)
    again = hand.upload(f"/drafts/{draft}/files", "0", BytesIO(content), key=key)
    assert first.content == again.content and len(hand.get(f"/drafts/{draft}").json()["files"]) == 1


def test_a_refused_request_may_be_sent_again_corrected_under_its_key(where):
    walk = build.application(where).received(moment("2026-03-20")).accepted(moment("2026-03-20", "15:00"))
    hand, key, path = program(where.reviewer), str(uuid4()), f"/cases/{walk.file.called}/moves/review"
    assert hand.post(path, {"opinion": " "}, key).status_code == 422
    assert hand.post(path, {"opinion": "符合条件"}, key).status_code == 200


def test_a_change_without_a_key_is_refused(where):
    hand, body = program(where.citizen), {"item": build.item(where).item.code}
    for key in (None, "7", "x" * 500):
        answer = hand.post("/drafts", body, key)
        assert answer.status_code == 400 and "Idempotency-Key" in answer.json()["detail"]


def test_old_keys_are_forgotten_after_three_days(where):
    program(where.citizen).post("/drafts", {"item": build.item(where).item.code})
    assert requests.forget_old(at=moment("2026-03-25")) == 0
    assert requests.forget_old(at=moment("2026-03-27")) == 1


def test_a_list_in_parts_tells_each_row_once_whatever_the_order_rests_on(where):
    version = build.item(where)
    days = ["2026-03-19", "2026-03-20", "2026-03-19", "2026-03-20", "2026-03-19"]
    walks = [build.application(where, version).received(moment(day)) for day in days]
    walks[0].accepted(moment("2026-03-20")).suspended(moment("2026-03-20", "11:00"))
    walks[1].asked(moment("2026-03-20", "11:00"))
    clerk, told, path = program(where.clerk), [], "/api/v1/cases?view=all&limit=2"
    while path:
        answer = clerk.client.get(path, headers=clerk.headers({}))
        told += [row["number"] for row in answer.json()["rows"]]
        path = answer["Link"].split(">")[0].lstrip("<") if "Link" in answer else ""
        assert bool(path) == bool(answer.json()["next"])
    assert sorted(told) == sorted(walk.file.called for walk in walks) and len(told) == 5
    assert told == [row["number"] for row in clerk.get("/cases?view=all&limit=100").json()["rows"]]
    assert [row["number"] for row in clerk.get("/cases?view=all&light=paused").json()["rows"]] == [walks[0].file.called]


def test_items_are_found_and_leafed_through(where):
    for n in range(5):
        build.item(where, name=f"露天烧烤许可{n}")
    hand, seen, cursor = program(), [], ""
    while cursor is not None:
        told = hand.get(f"/items?q=烧烤&limit=2&cursor={cursor}").json()
        seen += [row["code"] for row in told["rows"]]
        cursor = told["next"]
    assert len(seen) == len(set(seen)) == 5
    guide = hand.get(f"/items/{seen[0]}").json()
    assert guide["promised"] == {"n": 8, "unit": "working_day", "text": "8 个工作日"} and len(guide["materials"]) == 2
    assert {row["name"] for row in hand.get("/departments").json()["rows"]} >= {"住房和城乡建设局"}


def test_a_reading_that_has_not_changed_is_not_sent_again(where):
    hand, path = program(), f"/items/{build.item(where).item.code}"
    etag = hand.get(path)["ETag"]
    again = hand.get(path, **{"If-None-Match": etag})
    assert again.status_code == 304 and not again.content and "RateLimit-Limit" in again


def test_a_due_day_is_reckoned_as_the_law_counts(where):
    body = {"accepted_on": "2026-03-02", "limit": {"n": 8}, "pauses": [{"from": "2026-03-09", "to": "2026-03-20"}]}
    told = program().post("/due", body, key=None).json()
    assert told["due_on"] == "2026-03-25" and told["red_at"] == "2026-03-25T17:00:00+08:00"
    assert not told["provisional"] and any("第二百零一条" in each["basis"] for each in told["sentences"])
    open_ = program().post("/due", body | {"pauses": [{"from": "2026-03-09"}]}, key=None).json()
    assert open_["due_on"] is None and open_["sentences"]
    none = program().post("/due", body | {"limit": {"n": 0, "unit": "month"}}, key=None)
    assert none.status_code == 422 and "至少为 1" in none.json()["detail"]


def test_what_is_wrong_is_told_field_by_field_in_chinese(where):
    answer = program(where.citizen).post("/drafts", {"item": "a b", "declaration": {"kind": "robot", "extra": 1}})
    assert answer.status_code == 422
    told = {each["pointer"]: each["detail"] for each in answer.json()["errors"]}
    assert set(told) == {"/item", "/declaration/kind", "/declaration/extra"}
    assert "没有这个字段" in told["/declaration/extra"] and all("Input" not in text for text in told.values())


@pytest.mark.parametrize(
    ("content", "status"),
    [("{", 400), ('{"item": "\\ud800"}', 400), ("NaN", 400), ("[]", 422), ("null", 422), ('{"item": "\\u0000"}', 422),
     ("[" * 100_000, 400), (b"\xff\xfe", 400)],
)  # fmt: skip
def test_a_broken_body_is_refused_and_never_an_error_of_ours(where, content, status):
    answer = program(where.citizen).post("/drafts", content)
    assert answer.status_code == status and answer["Content-Type"] == "application/problem+json"


def test_every_refusal_below_the_interface_is_a_problem(where):
    hand = Program()
    for answer, status in (
        (hand.get("/no/such/thing"), 404),
        (hand.send("DELETE", "/items"), 405),
        (hand.client.get("/api/v1/items?q=%00"), 400),
        (hand.client.generic("POST", "/api/v1/due", b"x", CONTENT_LENGTH=str(200 * 1024 * 1024)), 413),
        (hand.get("/items?cursor=eyJ4"), 400),
        (hand.get("/items?limit=0"), 422),
    ):
        assert answer.status_code == status and answer["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == status and answer.json()["title"]


def test_a_misspelt_filter_is_refused_and_not_left_out(where):
    answer = program(where.clerk).get("/cases?ligth=red")
    assert answer.status_code == 422 and answer.json()["errors"][0]["pointer"] == "/ligth"
    assert "light" in answer.json()["errors"][0]["detail"]


def test_a_file_that_cannot_be_taken_says_why(where):
    from io import BytesIO

    hand = program(where.citizen)
    draft = hand.post("/drafts", {"item": build.item(where).item.code}).json()["id"]
    answer = hand.upload(f"/drafts/{draft}/files", "0", BytesIO(b"MZ\x90"), name="a.png")
    assert answer.status_code == 422 and "程序" in answer.json()["detail"]
    assert hand.upload(f"/drafts/{draft}/files", "99", build.picture()).status_code == 404


def test_a_draft_is_saved_and_thrown_away(where):
    hand = program(where.citizen)
    draft = hand.post("/drafts", {"item": build.item(where).item.code}).json()["id"]
    saved = hand.send("PUT", f"/drafts/{draft}", DECLARATION | {"phone": "138 1234 2607"}, key=None)
    assert saved.json()["declaration"]["phone"] == "13812342607"
    file = hand.upload(f"/drafts/{draft}/files", "0", build.picture()).json()["id"]
    assert hand.send("DELETE", f"/drafts/{draft}/files/{file}", key=None).status_code == 204
    assert program(where.stranger).get(f"/drafts/{draft}").status_code == 404
    assert hand.send("DELETE", f"/drafts/{draft}", key=None).status_code == 204
    assert hand.get(f"/drafts/{draft}").status_code == 404


def test_the_supervisor_sees_the_lights_as_the_board_does(where):
    walk = build.application(where).received(moment("2026-03-02")).accepted(moment("2026-03-02", "15:00"))
    hand = program(where.supervisor)
    board = hand.get("/supervision/board").json()
    assert [(row["department"], row["red"]) for row in board["departments"] if row["red"]] == [(where.department.pk, 1)]
    red = hand.get("/supervision/red").json()["rows"]
    assert red[0]["number"] == walk.file.called and red[0]["overdue"].startswith("超")
    listed = hand.get(f"/supervision/cases?light=red&department={where.department.pk}").json()["rows"]
    assert [row["number"] for row in listed] == [walk.file.called]
    from xiaoneng.supervision import actions

    actions.record_red_lights(lambda: NOW)
    assert hand.get(f"/supervision/cases/{walk.file.called}/records").json()["rows"][0]["clock"] == "promised"
    lights = hand.get("/supervision/lights?as_of=2026-03-03T10:00:00%2B08:00").json()
    assert lights["red"] == 0 and lights["as_of"] == "2026-03-03T10:00:00+08:00"
