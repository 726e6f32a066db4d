"""A program of the efficiency office reads findings, asks about one, decides it and issues a card from it."""

import pytest
from programs import program

import build
from build import moment
from xiaoneng.approval.actions import special
from xiaoneng.jobs import time_machine
from xiaoneng.supervision import models
from xiaoneng.supervision.findings import actions, detect

pytestmark = pytest.mark.django_db
DUE_SOON = moment("2026-03-12", "09:30")


@pytest.fixture
def trick():
    walk = build.application().received(moment("2026-03-02")).accepted(moment("2026-03-02", "11:00"))
    walk.do(special.suspend, DUE_SOON, walk.city.reviewer, kind="testing", days=10, reason="涉及公共安全")
    with time_machine.at(DUE_SOON):
        detect.in_cases(lambda: DUE_SOON)
        yield walk


def test_a_finding_is_read_asked_about_decided_and_carded(trick):
    office = program(trick.city.supervisor)
    (row,) = office.get("/supervision/findings?rule=F-PAUSE-LATE&state=found").json()["rows"]
    where = f"/supervision/findings/{row['number']}"
    whole = office.get(where).json()
    assert whole["case_numbers"] == [trick.file.called] and "涉及公共安全" in whole["evidence"]
    assert office.post(f"{where}/moves/ask", {"wants": "为什么到最后一天才送检"}).json()["state"] == "asked"
    early = office.post(f"{where}/card", {"grounds": "最后一天停表"})
    assert early.status_code == 409 and "认定属实以后才能发牌" in early.json()["detail"]
    actions.explain(row["number"], text="检测机构排期晚。", by=trick.city.head, at=DUE_SOON)
    assert office.post(f"{where}/moves/confirm", {"opinion": "属实"}).json()["state"] == "confirmed"
    card = office.post(f"{where}/card", {"grounds": "最后一天停表"}).json()
    told = models.Card.objects.get(matter__number=card["number"])
    assert (card["move"], told.rule, told.about_id) == ("issue_yellow", "V-SUSP", trick.matter)
    assert '"发现规则":"F-PAUSE-LATE"' in told.evidence and whole["evidence_sha256"] in told.evidence
    other = build.application(trick.city, trick.version).received(DUE_SOON)
    strange = office.post(f"{where}/card", {"grounds": "x", "about": other.file.called})
    assert strange.status_code == 409 and "有关办件里选择" in strange.json()["detail"]


def test_another_department_s_findings_and_no_supervisor_s_token_find_nothing(trick):
    number = program(trick.city.supervisor).get("/supervision/findings").json()["rows"][0]["number"]
    own = build.holder(build.city().department, "别处监察", "supervisor")
    assert program(own).get("/supervision/findings").json()["rows"] == []
    assert program(own).get(f"/supervision/findings/{number}").status_code == 404
    assert program(own).post(f"/supervision/findings/{number}/moves/ask", {"wants": "?"}).status_code == 404
    assert program(trick.city.head).get("/supervision/findings").status_code == 403
