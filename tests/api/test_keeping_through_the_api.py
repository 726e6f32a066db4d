"""Programs announce, keep the registers around items and set from when lights warn."""

import pytest
from programs import NOW, program

import build
from xiaoneng.jobs import time_machine

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    with time_machine.at(NOW):
        where = build.city()
        yield where, build.item(where)


def test_an_announcement_is_put_up_seen_by_everybody_and_taken_off(place):
    system = program(build.holder(place[0].department, "系统", "system_administrator", True))
    said = {
        "title": "周六照常",
        "text": "上午九点开门。",
        "office": "政务局",
        "since": "2026-03-23",
        "until": "2026-03-30",
    }
    made = system.post("/admin/announcements", said).json()
    assert [each["title"] for each in program().get("/announcements").json()] == ["周六照常"]
    back = system.post("/admin/announcements", said | {"since": "2026-03-22"})
    assert (back.status_code, back.json()["errors"][0]["pointer"]) == (422, "/since")
    system.post(f"/admin/announcements/{made['id']}/withdraw", {"reason": "改期"})
    assert program().get("/announcements").json() == []
    assert program().get(f"/announcements/{made['id']}").status_code == 404
    assert program(place[0].clerk).post("/admin/announcements", said).status_code == 403


def test_registers_are_kept_by_the_list_office_alone(place):
    where, version = place
    office = program(build.holder(where.department, "编办", "list_office", True))
    kind = {"name": "行政备案", "on_application": True}
    assert office.send("PUT", "/lists/kinds/record_filing", kind).json()["name"] == "行政备案"
    basic = {"name": "燃气备案", "kind": "行政备案", "statutory_n": 20, "statutory_unit": "working_day"}
    assert office.send("PUT", "/lists/basics/000100000001", basic).json()["items"] == 0
    assert office.send("DELETE", "/lists/kinds/record_filing").status_code == 409  # the basic catalogue has one of it
    line = {
        "sector": "燃气", "measure": "with_leave", "text": "未获许可不得经营", "basis": "条例", "document": "1 号",
        "items": [version.item.code],
    }  # fmt: skip
    at = f"/lists/negative/{where.department.region_id}/3.2"
    assert office.send("PUT", at, line).json()["items"] == [version.item.code]
    assert [each["number"] for each in program().get("/lists/negative").json()] == ["3.2"]
    assert (office.send("DELETE", at).status_code, office.send("DELETE", at).status_code) == (204, 404)
    word = office.post("/lists/synonyms", {"word": "煤气证", "official": "燃气经营"}).json()
    assert office.send("DELETE", f"/lists/synonyms/{word['id']}").status_code == 204
    editor = program(build.holder(where.department, "编辑", "list_editor", True))
    assert editor.send("PUT", "/lists/kinds/other", kind).status_code == 409


def test_a_theme_is_kept_as_it_was_read(place):
    where, version = place
    office = program(build.holder(where.department, "编办", "list_office", True))
    theme = {
        "name": "开气站", "lead": where.department.pk, "days": 20,
        "items": [{"code": version.item.code, "condition": "", "after": []}],
    }  # fmt: skip
    kept = office.send("PUT", "/lists/themes/gas-station", theme).json()
    again = {name: value for name, value in kept.items() if name not in ("code", "version")}
    changed = office.send("PUT", "/lists/themes/gas-station", again | {"days": 15}).json()
    assert changed == kept | {"days": 15, "version": changed["version"]} and changed["version"] != kept["version"]
    wrong = office.send("PUT", "/lists/themes/gas-station", again | {"items": [{"code": "nothing"}]})
    assert wrong.status_code == 422 and "没有编码为" in wrong.json()["errors"][0]["detail"]


def test_lights_warn_from_a_day_to_come(place):
    system = program(build.holder(place[0].department, "系统", "system_administrator", True))
    said = {"threshold": {"percent": 40, "least": 2}, "since": "2026-04-01", "reason": "市效能办通知"}
    assert system.post("/admin/thresholds", said).status_code == 200
    assert system.get("/admin/thresholds").json()[0]["since"] == "2026-04-01"
    assert system.post("/admin/thresholds", said | {"since": "2026-03-23"}).json()["errors"][0]["pointer"] == "/since"
