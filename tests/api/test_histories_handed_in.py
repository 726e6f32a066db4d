"""Logs of other places, handed in by a program or on the page: the worker takes them in and tells what came of it."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest
from django.test import Client
from programs import NOW, program

import build
from little_logs import TWO, log
from xiaoneng.history import intakes
from xiaoneng.jobs import time_machine
from xiaoneng.kit import clock
from xiaoneng.people.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    with time_machine.at(NOW):
        yield build.city()


def test_a_log_is_handed_in_by_a_program_taken_in_by_the_worker_and_read(city, tmp_path):
    supervisor = program(city.supervisor)
    packed = log(tmp_path, *TWO).read_bytes()

    def hand_in(data: bytes, name: str, **more: str):
        stream = io.BytesIO(data)
        stream.name = name
        headers = supervisor.headers({"Idempotency-Key": str(uuid4())})
        return supervisor.client.post(
            "/api/v1/supervision/history-imports", {"file": stream} | more, headers=headers
        )  # fmt: skip

    made = hand_in(packed, "小城.xes.gz", called="小城 2011")
    assert made.status_code == 201 and (made.json()["state"], made.json()["mapping"]) == ("waiting", "wabo")
    assert hand_in(b"no log", "小城.xes").status_code == 422
    assert hand_in(packed, "小城.xes.gz", mapping="../etc/passwd.toml").status_code == 422
    intakes.run(made.json()["id"], now=clock.now)
    told = supervisor.get(f"/supervision/history-imports/{made.json()['id']}").json()
    assert told["state"] == "done" and (told["report"]["created"], told["report"]["events"]) == (2, 4)
    (past,) = supervisor.get("/supervision/histories").json()
    assert (past["name"], past["source"], past["cases"]) == ("小城 2011", "小城.xes.gz", 2)
    again = hand_in(packed, "又一次.xes.gz", called="小城 2011").json()
    intakes.run(again["id"], now=clock.now)
    first = supervisor.get("/supervision/history-imports").json()[0]
    assert (first["report"]["unchanged"], first["report"]["created"]) == (2, 0)
    assert "wabo" in {each["name"] for each in supervisor.get("/supervision/history-mappings").json()}
    assert not any(each.is_file() for each in intakes._folder().rglob("*"))  # the entries hold the whole log
    reader = program(city.supervisor, ["supervision:read"])
    assert reader.post("/supervision/history-imports", {}).status_code == 403


def test_a_supervisor_hands_a_log_in_on_the_page(city, tmp_path):
    client = Client()
    client.force_login(Account.objects.get(pk=city.supervisor.account))
    assert "导入一份日志" in client.get("/supervise/history").content.decode()
    with log(tmp_path, *TWO).open("rb") as stream:
        assert client.post("/supervise/history", {"file": stream, "called": "小城"}).status_code == 302
    assert "等待导入" in client.get("/supervise/history").content.decode()
    refused = client.post("/supervise/history", {"file": io.BytesIO(b"nothing")})
    assert refused.status_code == 422 and "不能导入" in refused.content.decode()


def test_a_log_whose_file_is_gone_says_so_without_naming_a_place_of_the_server(city, tmp_path):
    with log(tmp_path, *TWO).open("rb") as stream:
        handed = intakes.hand_in(
            "小城.xes.gz", stream, mapping="", called="", by=city.supervisor.account, at=NOW, queue=lambda row: None
        )
    for file in [each for each in intakes._folder().rglob("*") if each.is_file()]:
        file.unlink()
    intakes.run(handed, now=clock.now)
    told = intakes.line(handed)
    assert told.state == intakes.State.FAILED
    assert "重新上传" in told.progress and str(intakes._folder()) not in told.progress
