"""Two who read the same row of a register: the second to write is told what stands now, and nothing is written over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from programs import NOW, program

import build
from xiaoneng.catalogue import upkeep
from xiaoneng.jobs import time_machine
from xiaoneng.kit import marks
from xiaoneng.kit.amiss import Amiss
from xiaoneng.org import preferences
from xiaoneng.org.models import Department, Setting, Window
from xiaoneng.people import reads as people
from xiaoneng.people.models import Account, FailedTry
from xiaoneng.rules.roles import Administrator
from xiaoneng.trail.actions import By
from xiaoneng.trail.models import Record

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    with time_machine.at(NOW):
        where = build.city()
        yield where, build.item(where)


def administrator(where, kind: str):
    return program(build.holder(where.department, kind, f"{kind}_administrator", True), [f"admin:{kind}"])


def seen(version: str) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}


def wins_once(hand, path: str, read, first: dict, second: dict) -> None:
    """Let two write on the same reading: the first is taken, the second refused, and a fresh reading is taken again."""
    version = read()["version"]
    assert hand.send("PUT", path, first, None, **seen(version)).status_code == 200
    stale = hand.send("PUT", path, second, None, **seen(version))
    assert stale.status_code == 412 and stale.json()["type"].endswith("stale") and "现在是：" in stale.json()["detail"]
    assert read()["version"] != version
    assert hand.send("PUT", path, second, None, **seen(read()["version"])).status_code == 200


def test_places_posts_and_settings_are_not_written_over(place):
    where = place[0]
    system, organ, region = administrator(where, "system"), where.department, where.department.region_id

    def one(path: str, key: str, value: object):
        return lambda: next(each for each in system.get(path).json() if each[key] == value)

    named = {"region": region, "code": organ.code, "sign": organ.sign}
    wins_once(
        system, f"/admin/departments/{organ.pk}", one("/admin/departments", "id", organ.pk),
        named | {"name": organ.name, "phone": "0001"}, named | {"name": "改名局"},
    )  # fmt: skip
    assert Department.objects.get(pk=organ.pk).name == "改名局"
    window = Window.objects.create(region_id=region, name="一号", place="")
    wins_once(
        system, f"/admin/windows/{window.pk}", one("/admin/windows", "id", window.pk),
        {"region": region, "name": "一号", "place": "一楼"}, {"region": region, "name": "二号"},
    )  # fmt: skip
    wins_once(
        system, "/admin/settings/hall_address", one("/admin/settings", "key", "hall_address"), {"value": "临江路 1 号"},
        {"value": "临江路 2 号"},
    )  # fmt: skip
    clerk = where.clerk.account
    wins_once(
        system, f"/admin/people/{clerk}/post", lambda: system.get(f"/admin/people/{clerk}").json(),
        {"department": organ.pk, "post": "一号窗口"}, {"department": organ.pk, "post": "二号窗口"},
    )  # fmt: skip
    asked = {"name": "柳浦镇", "code": "339902101", "sign": "LP", "parent": region}
    lost = system.post("/admin/regions", asked | {"parent": 2**50})
    assert (lost.status_code, lost.json()["errors"][0]["pointer"]) == (422, "/parent")
    town = system.post("/admin/regions", asked).json()["id"]
    path = f"/admin/regions/{town}"
    wins_once(system, path, one("/admin/regions", "id", town), asked | {"name": "柳浦街道"}, asked | {"sign": "LQ"})
    assert system.send("PUT", path, asked, None, **{"If-Match": "seven"}).status_code == 400
    assert system.send("PUT", path, asked, None).status_code == 200  # who says nothing is not asked


def test_the_registers_around_items_and_themes_are_not_written_over(place):
    where, version = place
    office = program(build.holder(where.department, "编办", "list_office", True))
    kind = {"name": "行政备案", "on_application": True}
    office.send("PUT", "/lists/kinds/record_filing", kind)

    def of(path: str, key: str, value: str):
        def read() -> dict:
            told = office.get(path).json()
            return next(each for each in (told if isinstance(told, list) else told["rows"]) if each[key] == value)

        return read

    wins_once(
        office, "/lists/kinds/record_filing", of("/lists/kinds", "code", "record_filing"),
        kind | {"on_application": False}, kind,
    )  # fmt: skip
    basic, at = {"name": "燃气备案", "kind": "行政备案"}, "/lists/basics/000100000001"
    office.send("PUT", at, basic)
    wins_once(
        office, at, of("/lists/basics", "code", "000100000001"), basic | {"materials": ["申请书"]}, basic | {"bases": ["条例"]}
    )  # fmt: skip
    line = {"sector": "燃气", "measure": "with_leave", "text": "未获许可不得经营", "basis": "条例", "document": "1 号"}
    at = f"/lists/negative/{where.department.region_id}/3.2"
    office.send("PUT", at, line | {"items": [version.item.code]})
    wins_once(office, at, of("/lists/negative", "number", "3.2"), line, line | {"text": "不得经营"})
    theme = {"name": "开燃气站", "lead": where.department.pk, "days": 20, "items": [{"code": version.item.code}]}
    office.send("PUT", "/lists/themes/gas", theme)
    wins_once(
        office, "/lists/themes/gas", of("/lists/themes", "code", "gas"), theme | {"days": 15}, theme | {"summary": "一次办"}
    )  # fmt: skip


def test_nothing_is_removed_that_another_has_changed_and_no_rule_laid_down_over_another(place):
    where = place[0]
    office = program(build.holder(where.department, "编办", "list_office", True))
    kind, region = {"name": "行政备案", "on_application": True}, where.department.region_id
    line = {"sector": "燃气", "measure": "with_leave", "text": "未获许可不得经营", "basis": "条例", "document": "1 号"}
    for path, first, changed in (
        ("/lists/kinds/record_filing", kind, kind | {"on_application": False}),
        ("/lists/basics/000100000001", {"name": "燃气备案", "kind": "行政备案"}, {"name": "备案", "kind": "行政备案"}),
        (f"/lists/negative/{region}/3.2", line, line | {"text": "不得经营"}),
    ):
        read = office.send("PUT", path, first, None).json()["version"]
        assert office.send("PUT", path, changed, None).status_code == 200
        stale = office.send("DELETE", path, None, None, **seen(read))
        assert stale.status_code == 412 and "现在是：" in stale.json()["detail"]
    system = administrator(where, "system")
    rule = {"threshold": {"percent": 30, "least": 2}, "since": "2026-05-01", "reason": "一"}
    assert system.post("/admin/thresholds", rule).status_code == 200
    read = system.get("/admin/thresholds").json()[0]["version"]
    assert system.post("/admin/thresholds", rule | {"since": "2026-06-01", "threshold": None}).status_code == 200
    third = rule | {"since": "2026-07-01"}
    stale = system.send("POST", "/admin/thresholds", third, **seen(read))
    assert stale.status_code == 412 and "最近定的：所有的事从 2026-06-01 起" in stale.json()["detail"]
    client = Client()
    client.force_login(
        Account.objects.get(pk=build.holder(where.department, "系统", "system_administrator", True).account)
    )
    form = {"how": "own", "percent": 20, "least": 1, "since": "2026-07-01", "reason": "三", "seen": read}
    late = client.post("/manage/thresholds", form)
    assert late.status_code == 422 and "别人改过" in late.content.decode() and 'value="三"' in late.content.decode()
    assert client.post("/manage/thresholds", form | {"seen": late.context["seen"]}).status_code == 302


def test_a_line_that_somebody_wrote_just_now_is_not_written_at_an_earlier_moment(place):
    where = place[0]
    region, by, later = where.department.region_id, By(0, "编办"), NOW + timedelta(seconds=2)
    line = {
        "number": "3.2",
        "sector": "燃气",
        "measure": "with_leave",
        "text": "甲",
        "basis": "条例",
        "document": "1 号",
    }
    upkeep.save_negative(region, line, (), fresh=True, by=by, at=later)
    with pytest.raises(Amiss, match="刚刚有人写了这一条"):
        upkeep.save_negative(region, line | {"text": "乙"}, (), fresh=False, by=by, at=NOW)


def test_a_page_that_was_overtaken_keeps_what_was_typed_and_says_what_stands_now(place):
    where = place[0]
    organ, client = where.department, Client()
    keeper = build.holder(organ, "系统", "system_administrator", True)
    client.force_login(Account.objects.get(pk=keeper.account))
    address = f"/manage/organisation/department/{organ.pk}"
    old = client.get(address).context["seen"]
    form = {"region": organ.region_id, "name": organ.name, "code": organ.code, "sign": organ.sign, "seen": old}
    assert client.post(address, form | {"phone": "0001"}).status_code == 302
    late = client.post(address, form | {"phone": "0002"})
    text = late.content.decode()
    assert late.status_code == 422 and "别人改过" in text and "电话：0001" in text and 'value="0002"' in text
    assert Department.objects.get(pk=organ.pk).phone == "0001"
    assert client.post(address, form | {"phone": "0002", "seen": late.context["seen"]}).status_code == 302
    assert Department.objects.get(pk=organ.pk).phone == "0002"


def test_a_new_theme_does_not_take_the_place_of_one_of_the_same_code(place):
    where, version = place
    client = Client()
    client.force_login(Account.objects.get(pk=build.holder(where.department, "编办", "list_office", True).account))
    form = {"code": "gas", "name": "开燃气站", "lead": where.department.pk, "days": 20, "lines": version.item.code}
    assert client.post("/lists/themes/new", form).status_code == 302
    late = client.post("/lists/themes/new", form | {"days": 15})
    assert late.status_code == 422 and "别人改过" in late.content.decode()
    assert client.post("/lists/themes/new", form | {"days": 15, "seen": late.context["seen"]}).status_code == 302


def test_a_slip_of_the_pen_is_no_reading_of_what_another_wrote_meanwhile(place):
    where = place[0]
    client, organ, clerk = Client(), where.department, where.clerk.account
    client.force_login(Account.objects.get(pk=build.holder(organ, "系统", "system_administrator", True).account))

    def setting(value: str, mark: str):
        return client.post("/manage/settings", {"key": "hall_address", "value": value, "seen": mark})

    def mark_of_the_setting(answer):
        rows = [row for _, group in answer.context["groups"] for row in group]
        return next(row.version for row in rows if row.preference.key == "hall_address")

    old = mark_of_the_setting(client.get("/manage/settings"))
    assert setting("临江路 1 号", old).status_code == 302
    assert mark_of_the_setting(slipped := setting("长" * 1000, old)) == old and slipped.status_code == 422
    overtaken = setting("临江路 2 号", old)
    assert "临江路 1 号" in overtaken.content.decode() and overtaken.status_code == 422
    assert setting("临江路 2 号", mark_of_the_setting(overtaken)).status_code == 302

    def mark_of_the_post(answer):
        return next(act["seen"] for act in answer.context["acts"] if act["name"] == "place")

    address = f"/manage/people/{clerk}"
    old = mark_of_the_post(client.get(address))
    said = {"place-department": organ.pk, "place-post": "一号窗口", "seen": old}
    assert client.post(f"{address}/place", said).status_code == 302
    assert mark_of_the_post(client.post(f"{address}/place", said | {"place-department": ""})) == old
    overtaken = client.post(f"{address}/place", said | {"place-post": "二号窗口"})
    assert "一号窗口" in overtaken.content.decode() and mark_of_the_post(overtaken) != old


def test_of_two_who_set_a_value_for_the_first_time_the_second_is_told(place, monkeypatch):
    def meanwhile(seen_: str, values: dict) -> None:
        require(seen_, values)
        Setting.objects.get_or_create(
            key="hall_address", defaults={"value": "先", "changed_at": NOW, "changed_by": "甲"}
        )

    require = marks.require
    monkeypatch.setattr(marks, "require", meanwhile)
    current = {"hall_address": "默认"}
    with pytest.raises(marks.Overtaken, match="先"):
        preferences.change(
            "hall_address", "后", current=current, roles=frozenset(Administrator), by=By(0, "乙"), at=NOW,
            seen=marks.mark({preferences.PREFERENCES["hall_address"].label: "默认"}),
        )  # fmt: skip


def test_a_mark_stands_for_all_that_was_read():
    values = {"名称": "甲", "开放": True, "_": ("全文",)}
    assert marks.mark(values) == marks.mark(dict(reversed(values.items())))
    for changed in ({"名称": "乙"}, {"开放": False}, {"_": ("别的",)}):
        assert marks.mark(values | changed) != marks.mark(values)
    with pytest.raises(marks.Overtaken) as refused:
        marks.require("0" * 16, values)
    assert "名称：甲；开放：是" in str(refused.value) and "全文" not in str(refused.value)


# --- what pages could and programs could not --------------------------------------------------------------------------
def test_administrators_rename_unlock_pass_work_on_and_take_hours_back(place):
    where = place[0]
    system, security = administrator(where, "system"), administrator(where, "security")
    clerk, region = where.clerk, where.department.region_id
    assert system.send("PUT", f"/admin/people/{clerk.account}/name", {"name": "陆远"}, None).status_code == 200
    assert Account.objects.get(pk=clerk.account).name == "陆远"
    login = Account.objects.get(pk=clerk.account).username
    what = people.hashed(login)
    FailedTry.objects.bulk_create(FailedTry(door="login", what=what, whence="10.0.0.9", at=NOW) for _ in range(12))
    told = security.get("/admin/locked").json()
    assert [each["username"] for each in told] == [login] and told[0]["tries"] >= 5
    assert security.post(f"/admin/people/{clerk.account}/unlock", {"reason": "本人来过"}).status_code == 200
    assert security.get("/admin/locked").json() == []
    assert system.get("/admin/locked").status_code == 403
    left = {"receiver": login, "reason": "调离"}
    assert security.post(f"/admin/people/{where.reviewer.account}/pass-on", left).status_code == 409  # nothing to pass
    assert system.post(f"/admin/regions/{region}/hours/withdraw", {}).status_code == 409
    hours = {"hours": "9:00-12:00 14:00-18:00", "since": "2026-04-01", "reason": "夏令"}
    assert system.post(f"/admin/regions/{region}/hours", hours).status_code == 200
    assert system.post(f"/admin/regions/{region}/hours/withdraw", {}).status_code == 200
    assert [each.what for each in Record.objects.order_by("-id")[:1]] == ["撤销办公时间调整"]
