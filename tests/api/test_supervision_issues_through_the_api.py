"""Programs of the office urge, card and call to account, programs of a department answer, and nobody oversteps."""

import pytest
from programs import NOW, program

import build
from build import moment
from xiaoneng.jobs import time_machine
from xiaoneng.supervision import models
from xiaoneng.trail import reads as trail

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk():
    walk = build.application().received(moment("2026-03-19")).accepted(moment("2026-03-20"))
    with time_machine.at(NOW):
        yield walk


def everywhere(walk):
    return program(build.holder(walk.city.department, "效能办", "supervisor", everywhere=True))


def test_a_card_is_issued_explained_and_upheld_and_what_was_read_too_early_is_412(walk):
    office, head = everywhere(walk), program(walk.city.head)
    said = {"rule": "V-OTHER", "grounds": "窗口推诿，群众跑了三趟"}
    card = office.post(f"/supervision/cases/{walk.file.called}/card", said).json()
    where = f"/supervision/cards/{card['number']}"
    assert [each["number"] for each in head.get("/supervision/waiting").json()["issued"]] == [card["number"]]
    read = head.get(where).json()
    assert (read["version"], {m["move"] for m in read["moves"] if m["allowed"]}) == (1, {"explain", "appeal"})
    assert (
        head.post(f"{where}/moves/explain", {"text": "人手不足"}, **{"If-Match": '"1"'}).json()["state"] == "explained"
    )
    stale = office.post(f"{where}/moves/confirm", {"opinion": "属实"}, **{"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["version"]) == (412, 2)
    assert head.post(f"{where}/moves/confirm", {"opinion": "不属实"}).status_code == 403
    assert office.post(f"{where}/moves/confirm", {"opinion": "属实"}).json()["state"] == "upheld"
    asked = {"person": walk.city.reviewer.account, "measure": "reminder", "reason": "经办人"}
    record = office.post(f"{where}/proposals", asked).json()["number"]
    own = program(walk.city.reviewer)
    assert own.post(f"/supervision/records/{record}/moves/speak", {"text": "当天请假"}).json()["state"] == "heard"
    assert program(walk.city.clerk).get(f"/supervision/records/{record}").status_code == 404


def test_the_same_key_urges_once_and_another_department_s_supervisor_finds_nothing(walk):
    office, key = everywhere(walk), "6f1f7d9e-4a64-4b5f-9a52-3f0f6f2f9e11"
    path = f"/supervision/cases/{walk.file.called}/urge"
    first, again = (office.post(path, {"wants": "说明进度", "days": 3}, key) for _ in range(2))
    assert (first.status_code, first.json(), models.Order.objects.count()) == (201, again.json(), 1)
    order = first.json()["number"]
    answered = program(walk.city.head).post(f"/supervision/orders/{order}/moves/answer", {"text": "明天办完"})
    assert answered.json()["state"] == "answered"
    other = program(build.holder(build.city().department, "别处", "supervisor"))
    assert other.post(path, {"wants": "说明进度", "days": 3}).status_code == 404
    assert office.post(path, {"wants": "说明进度", "days": 61}).json()["errors"][0]["pointer"] == "/days"


def test_findings_are_entered_samples_are_drawn_and_rules_are_the_city_s(walk):
    office, own = everywhere(walk), program(build.holder(walk.city.department, "本局监察", "supervisor"))
    found = {"source": "patrol", "department": walk.city.department.pk, "note": "窗口无人", "cases": [walk.file.called]}
    number = office.post("/supervision/findings", found).json()["number"]
    assert office.get(f"/supervision/findings/{number}").json()["case_numbers"] == [walk.file.called]
    nothing = office.post("/supervision/samples", {"since": "2026-03-01", "until": "2026-03-23", "wanted": 1})
    assert nothing.status_code == 409 and "没有您可以抽查的" in nothing.json()["detail"]
    rule = {
        "code": "A-TEST-1", "label": "三张黄牌", "source": "card", "rule": "yellow", "count": 3, "months": 12,
        "measure": "reminder", "points": 1, "basis": "安办〔2026〕8号", "since": "2026-04-01",
    }  # fmt: skip
    assert own.post("/supervision/accumulations", rule).status_code == 409
    assert office.post("/supervision/accumulations", rule).status_code == 200
    assert "A-TEST-1" in {each["code"] for each in office.get("/supervision/accumulations").json()}
    past = office.post("/supervision/accumulations", rule | {"code": "A-TEST-2", "since": "2026-03-23"})
    assert (past.status_code, past.json()["errors"][0]["pointer"]) == (422, "/since")


def test_the_worklist_leaves_as_a_table_and_that_is_on_record(walk):
    answer = program(walk.city.reviewer).get("/tables/cases?view=all")
    assert answer["Content-Type"].startswith("text/csv") and walk.file.called in answer.content.decode()
    (line,) = trail.lines_of(trail.records(kind="export"))
    assert (line.about, "令牌" in line.request) == ("工作台", True)


def test_the_process_and_the_cases_behind_each_step(walk):
    office = program(walk.city.supervisor)
    told = office.get("/supervision/process?days=0").json()
    assert (told["cases"], "受理" in {each["name"] for each in told["steps"]}) == (1, True)
    rows = office.get("/supervision/process/cases?days=0&step=%E5%8F%97%E7%90%86").json()["rows"]
    assert [each["number"] for each in rows] == [walk.file.called]
    assert office.get("/supervision/process/cases?days=0&step=x").json()["rows"] == []
    assert office.get("/supervision/period?kind=nothing").json()["errors"][0]["pointer"] == "/kind"
    rows = office.get("/supervision/period/matters?first=2026-03-01&figure=taken_on").json()["rows"]
    assert [each["number"] for each in rows] == [walk.file.called]
    assert office.get("/supervision/period/matters?first=2026-03-01&figure=late").json()["rows"] == []
