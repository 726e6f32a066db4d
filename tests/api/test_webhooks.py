"""Events go out once they have happened, signed, to whoever may know of them, until they arrive."""

import base64
import hashlib
import hmac
import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from programs import NOW, program

import build
from build import moment
from xiaoneng.api import outbound
from xiaoneng.api.actions import webhooks
from xiaoneng.api.models import Delivery, Position
from xiaoneng.jobs import time_machine
from xiaoneng.matters.models import Entry
from xiaoneng.people.models import Account
from xiaoneng.supervision import actions as supervision
from xiaoneng.supervision import feed

pytestmark = pytest.mark.django_db


class Listener:
    """A server that takes what is posted to it, and answers as told."""

    def __init__(self) -> None:
        self.status, self.got = 204, []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((dict(self.headers), body))
                self.send_response(outer.status)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()

            def log_message(self, *args) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/events"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()


@pytest.fixture
def listener():
    found = Listener()
    yield found
    found.server.shutdown()
    found.server.server_close()
    found.thread.join(5)


@pytest.fixture
def where(db, settings):
    settings.WEBHOOK_PRIVATE = True
    with time_machine.at(NOW):
        Position.objects.create(entry=newest())
        yield build.city()


def newest() -> int:
    return Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0


def tell(at=NOW) -> None:
    while webhooks.lay_out(newest(), at=at, most=2):
        pass
    while webhooks.send_what_is_due(at=at):
        pass


def types(listener) -> list[str]:
    return [json.loads(body)["type"] for _, body in listener.got]


def test_what_happens_is_told_as_a_signed_cloudevent_without_anybodys_name(where, listener):
    hand = program(where.clerk)
    hook = hand.post("/webhooks", {"url": listener.url}).json()
    secret = hand.get(f"/webhooks/{hook['id']}/secret").json()["secret"]
    walk = build.application(where).received(moment("2026-03-20")).accepted(moment("2026-03-20", "15:00"))
    tell()
    assert types(listener) == ["xiaoneng.application.submit", "xiaoneng.application.accept"]
    headers, body = listener.got[1]
    event = json.loads(body)
    assert event["specversion"] == "1.0" and event["subject"] == walk.file.called and event["time"].endswith("+08:00")
    assert headers["Content-Type"].startswith("application/cloudevents+json") and headers["Webhook-Id"] == event["id"]
    assert event["data"]["state"] == "reviewing" and event["data"]["red_at"].endswith("+08:00")
    assert "沈若溪" not in body.decode() and "11010519491231002X" not in body.decode()
    signed = f"{headers['Webhook-Id']}.{headers['Webhook-Timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    assert headers["Webhook-Signature"] == "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def test_what_happened_between_a_webhooks_making_and_the_workers_first_look_is_told(where, listener):
    Position.objects.all().delete()  # nobody ever listened, and no worker looked
    webhooks.make(where.clerk.account, url=listener.url, types=[], departments=[], at=NOW)
    build.application(where).received(NOW)
    tell()
    assert types(listener) == ["xiaoneng.application.submit"]


def test_each_event_is_sent_once_however_often_the_worker_looks(where, listener):
    program(where.clerk).post("/webhooks", {"url": listener.url})
    build.application(where).received(moment("2026-03-20"))
    tell()
    tell()
    Position.objects.update(entry=0)
    tell()
    assert types(listener) == ["xiaoneng.application.submit"]


def test_a_webhook_is_told_only_of_what_its_account_may_see_and_asked_for(where, listener):
    elsewhere = build.city()
    for actor, body in (
        (where.clerk, {"types": ["xiaoneng.application.accept"]}),
        (elsewhere.clerk, {}),
        (where.stranger, {}),
        (where.citizen, {"types": ["xiaoneng.application.submit"]}),
        (where.supervisor, {"departments": [elsewhere.department.pk]}),
    ):
        made = program(actor).post("/webhooks", {"url": listener.url} | body)
        assert made.status_code == 201, made.content.decode()
    build.application(where).received(moment("2026-03-20")).accepted(moment("2026-03-20", "15:00"))
    tell()
    assert sorted(types(listener)) == ["xiaoneng.application.accept", "xiaoneng.application.submit"]


def test_a_red_light_that_was_recorded_is_told(where, listener):
    program(where.supervisor).post("/webhooks", {"url": listener.url, "types": ["xiaoneng.light.red"]})
    walk = build.application(where).received(moment("2026-03-02")).accepted(moment("2026-03-02", "15:00"))
    supervision.record_red_lights(lambda: NOW)
    tell()
    told = [json.loads(body) for _, body in listener.got]
    mine = [each for each in told if each["subject"] == walk.file.called]
    assert [each["data"]["clock"] for each in mine] == ["promised"] and mine[0]["time"].startswith(
        "2026-03-12T17:00:00"
    )


def test_what_does_not_arrive_is_tried_again_ever_later_then_listed_as_dead_and_sent_once_more(where, listener):
    hand = program(where.clerk)
    hook = hand.post("/webhooks", {"url": listener.url}).json()["id"]
    build.application(where).received(moment("2026-03-20"))
    listener.status, at, waits = 500, NOW, []
    tell()
    while (row := Delivery.objects.get()).state == "pending":
        waits.append(row.next_at - at)
        at = row.next_at
        assert webhooks.send_what_is_due(at=at - timedelta(seconds=1)) == 0
        webhooks.send_what_is_due(at=at)
    assert waits == list(webhooks.BACK_OFF) and len(listener.got) == len(waits) + 1
    dead = hand.get(f"/webhooks/{hook}/deliveries?state=dead").json()["rows"]
    assert dead[0]["trouble"] == "对方答复 500" and hand.get("/webhooks").json()["rows"][0]["dead"] == 1
    listener.status = 200
    assert hand.post(f"/webhooks/{hook}/deliveries/{dead[0]['id']}/replay").status_code == 200
    tell(at)
    assert hand.get(f"/webhooks/{hook}/deliveries").json()["rows"][0]["state"] == "delivered"


def test_a_listener_that_is_gone_is_not_asked_again(where, listener):
    hand = program(where.clerk)
    hook = hand.post("/webhooks", {"url": listener.url}).json()["id"]
    listener.status = 410
    build.application(where).received(moment("2026-03-20"))
    tell()
    told = hand.get(f"/webhooks/{hook}").json()
    assert not told["active"] and "410" in told["stopped_because"]
    assert hand.send("PATCH", f"/webhooks/{hook}", {"active": True}, key=None).json()["active"]


def test_what_waits_behind_an_event_that_met_nobody_is_not_counted_as_tried(where, listener):
    program(where.clerk).post("/webhooks", {"url": "http://127.0.0.1:1/"})
    build.application(where).received(moment("2026-03-20")).accepted(moment("2026-03-20", "15:00"))
    webhooks.lay_out(newest(), at=NOW)
    webhooks.send_what_is_due(at=NOW)
    assert list(Delivery.objects.order_by("id").values_list("attempts", flat=True)) == [1, 0]


def test_a_redirection_is_no_delivery_and_is_not_followed(where, listener):
    program(where.clerk).post("/webhooks", {"url": listener.url})
    listener.status = 302
    build.application(where).received(moment("2026-03-20"))
    tell()
    assert Delivery.objects.get().trouble == "对方答复 302" and len(listener.got) == 1


def test_nothing_is_sent_for_an_account_that_was_disabled(where, listener):
    program(where.clerk).post("/webhooks", {"url": listener.url})
    build.application(where).received(moment("2026-03-20"))
    webhooks.lay_out(newest(), at=NOW)
    Account.objects.filter(pk=where.clerk.account).update(is_active=False)
    assert webhooks.send_what_is_due(at=NOW) == 0 and listener.got == []


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/x", "http://localhost:8000/", "http://10.1.2.3/", "http://192.168.0.1/", "http://169.254.169.254/",
     "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/", "http://2130706433/", "http://0x7f.1/",
     "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://100.64.0.1/", "http://224.0.0.1/",
     "http://user:pass@93.184.216.34/", "https://93.184.216.34:99999/"],
)  # fmt: skip
def test_an_address_in_the_own_network_is_refused_when_made_and_when_sent_to(where, settings, url):
    settings.WEBHOOK_PRIVATE = False
    refused = program(where.clerk).post("/webhooks", {"url": url})
    assert refused.status_code in (409, 422) and refused["Content-Type"] == "application/problem+json"
    with pytest.raises(outbound.Unreachable):
        outbound.post(url, {}, b"{}")


def test_an_address_of_the_world_is_accepted(where, settings):
    settings.WEBHOOK_PRIVATE = False
    assert program(where.clerk).post("/webhooks", {"url": "https://93.184.216.34/events"}).status_code == 201


def test_unknown_types_and_departments_out_of_reach_are_refused_and_others_webhooks_not_there(where, listener):
    hand = program(where.clerk)
    beyond = [build.city().department.pk, 10**9]
    assert hand.post("/webhooks", {"url": listener.url, "departments": beyond}).status_code == 409
    assert hand.post("/webhooks", {"url": listener.url, "types": ["sky.falls"]}).status_code == 409
    hook = hand.post("/webhooks", {"url": listener.url}).json()["id"]
    other = program(where.head)
    for path in (f"/webhooks/{hook}", f"/webhooks/{hook}/secret", f"/webhooks/{hook}/deliveries"):
        assert other.get(path).status_code == 404
    assert other.send("DELETE", f"/webhooks/{hook}", key=None).status_code == 404
    assert hand.send("DELETE", f"/webhooks/{hook}", key=None).status_code == 204
    assert hand.get("/webhooks").json()["rows"] == []


def test_every_move_and_the_red_light_have_a_type(where):
    told = {row["type"] for row in program().get("/event-types").json()["rows"]}
    assert "xiaoneng.light.red" in told and "xiaoneng.application.deem_accepted" in told
    assert len(told) == len(feed.types())
