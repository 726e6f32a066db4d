"""Programs of an agent, of a cashier and of a head: what their pages can, under the same rules."""

from __future__ import annotations

from decimal import Decimal

import pytest
from programs import DECLARATION, NOW, program

import build
from xiaoneng.api.interface import operations
from xiaoneng.approval import certificates, fees
from xiaoneng.approval.actions import certificates as issuing
from xiaoneng.approval.actions import fees as charging
from xiaoneng.catalogue.models import Fee, Result
from xiaoneng.jobs import time_machine
from xiaoneng.rules.procedures import agency, certificate

pytestmark = pytest.mark.django_db
PLAN = [
    {"title": "项目备案", "department": "发展和改革局", "due_on": "2026-03-27"},
    {"title": "用地预审", "department": "自然资源和规划局", "due_on": "2026-04-10", "after": [1]},
]


@pytest.fixture(autouse=True)
def _day():
    with time_machine.at(NOW):
        yield


def problem(answer, status):
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def done(answer, status=200):
    return problem(answer, status)


def test_a_project_from_the_request_to_its_end():
    city = build.city()
    mine, desk = program(city.citizen), program(build.holder(city.department, "帮办", "agency_service"))
    small = problem(mine.post("/agency", {"project": "小店", "capital": 10, "declaration": DECLARATION}), 422)
    assert "没有达到代办标准" in small["obstacles"][0]["message"]
    asked = {"project": "新材料厂", "investment": 9000, "declaration": DECLARATION}
    number = done(mine.post("/agency", asked), 201)["number"]
    assert [row["number"] for row in done(desk.get("/agency/worklist"))["rows"]] == [number]
    late = [PLAN[0] | {"due_on": "2026-03-02"}]
    assert (
        "已经过去"
        in problem(desk.post(f"/agency/{number}/moves/take_on", {"steps": late}), 422)["obstacles"][0]["message"]
    )
    number = done(desk.post(f"/agency/{number}/moves/take_on", {"steps": PLAN}))["number"]
    told = done(mine.get(f"/agency/{number}"))
    assert [(step["title"], step["after"], step["late"]) for step in told["steps"]] == [
        ("项目备案", [], False),
        ("用地预审", [1], False),
    ]
    problem(mine.post(f"/agency/{number}/moves/complete", {}), 403)
    for step in (1, 2):
        done(desk.post(f"/agency/{number}/moves/tick", {"step": step, "done": True}))
    assert done(desk.post(f"/agency/{number}/moves/complete", {}))["state"] == "done"
    assert done(mine.get("/agency"))["rows"][0]["light"] == "done"
    problem(program(city.stranger).get(f"/agency/{number}"), 404)
    problem(program(city.head).get(f"/agency/{number}"), 404)


def test_the_applicant_does_without_the_agent_by_a_program_too():
    city = build.city()
    build.holder(city.department, "帮办", "agency_service")
    mine = program(city.citizen)
    number = done(mine.post("/agency", {"project": "厂", "capital": 900, "declaration": DECLARATION}), 201)["number"]
    assert done(mine.post(f"/agency/{number}/moves/withdraw", {}))["state"] == "withdrawn"


def test_every_move_of_a_project_and_of_a_certificate_that_people_make_has_its_operation():
    paths = {path for path, _ in operations()}
    for table, prefix, opened_by in (
        (agency.PROCEDURE, "/agency/{number}/moves/", "request"),
        (certificate.PROCEDURE, "/certificates/{code}/moves/", "issue_certificate"),
    ):
        human = {row.name for row in table.moves if any(role.value != "platform" for role in row.roles)} - {opened_by}
        assert {f"{prefix}{name}" for name in human} <= paths


@pytest.fixture
def walk():
    walk = build.application()
    Fee.objects.create(
        version=walk.version, position=0, name="工本费", low=Decimal("10"), high=Decimal("10"), unit="证",
        basis="《城镇燃气管理条例》第十五条", basis_rank="administrative_regulation",
    )  # fmt: skip
    return walk.received(NOW).accepted(NOW)


def test_money_is_taken_and_paid_back_only_by_the_cashiers_program(walk):
    reviewer, head = program(walk.city.reviewer), program(walk.city.head)
    till = program(build.holder(walk.city.department, "钱收", "cashier", everywhere=True), ["till"])
    path = f"/cases/{walk.file.called}/charges"
    charge = done(reviewer.post(path, {"tariff": "工本费", "units": 3}), 201)["id"]
    assert [row["id"] for row in done(till.get("/till/owed"))["rows"]] == [charge]
    for other in (reviewer, head, program(walk.city.clerk)):
        problem(other.post(f"/till/charges/{charge}/collect", {"amount": 3000, "way": "cash"}), 403)
        problem(other.get("/till/day"), 403)
    short = problem(till.post(f"/till/charges/{charge}/collect", {"amount": 2999, "way": "cash"}), 422)
    assert "应收 30.00 元" in short["obstacles"][0]["message"]
    key = "6f1f7d9e-4a64-4b5f-9a52-3f0f6f2f9e01"
    for _ in range(2):
        assert (
            done(till.post(f"/till/charges/{charge}/collect", {"amount": 3000, "way": "cash"}, key))["state"] == "paid"
        )
    part = {"reason": "多计一证", "basis": "按实际证数", "amount": 1000}
    problem(till.post(f"{path}/{charge}/refund-order", part), 403)
    assert done(head.post(f"{path}/{charge}/refund-order", part))["refunding"] == 1000
    assert [row["id"] for row in done(till.get("/till/refunds"))["rows"]] == [charge]
    back = done(till.post(f"/till/charges/{charge}/refund", {}))
    assert (back["state"], back["refunded"]) == ("paid", 1000)
    day = done(till.get("/till/day"))
    assert (day["income"], day["paid_back"], day["net"], [row["amount"] for row in day["rows"]]) == (
        3000,
        1000,
        2000,
        [3000, -1000],
    )
    assert done(till.get("/till/day?on=2026-03-20"))["rows"] == []


def test_a_note_is_taken_back_and_a_fee_forgiven_with_their_reasons(walk):
    reviewer, head = program(walk.city.reviewer), program(walk.city.head)
    path = f"/cases/{walk.file.called}"
    charge = done(reviewer.post(f"{path}/charges", {"tariff": "工本费"}), 201)["id"]
    assert problem(reviewer.post(f"{path}/charges/{charge}/void", {"reason": " "}), 422)["obstacles"]
    assert done(reviewer.post(f"{path}/charges/{charge}/void", {"reason": "开错"}))["state"] == "void"
    problem(reviewer.post(f"{path}/exemptions", {"tariff": "工本费", "ground": "政策"}), 409)
    assert done(head.post(f"{path}/exemptions", {"tariff": "工本费", "ground": "政策"}), 201)["state"] == "exempt"
    other = build.application(walk.city, walk.version).received(NOW).accepted(NOW)
    problem(head.post(f"/cases/{other.file.called}/charges/{charge}/void", {"reason": "不是这件的"}), 404)


def test_a_certificate_is_changed_by_a_heads_program_and_verified_by_anybodys(walk):
    Result.objects.create(version=walk.version, position=0, name="燃气经营许可证", kind="证照", validity="5年")
    walk.reviewed(NOW).granted(NOW)
    issuing.issue_what_is_granted(lambda: NOW)
    code = certificates.of_case(walk.matter).code
    head, anybody = program(walk.city.head), program()
    assert done(head.get("/register?q=燃气"))["rows"][0]["code"] == code
    moves = f"/certificates/{code}/moves"
    bare = problem(head.post(f"{moves}/suspend_certificate", {"reason": "抽检"}), 422)
    assert {each["code"] for each in bare["obstacles"]} == {"ground", "decision", "until"}
    asked = {"reason": "抽检不合格", "ground": "penalty", "decision": "安燃罚〔2026〕1号", "until": "2026-05-01"}
    problem(program(walk.city.reviewer).post(f"{moves}/suspend_certificate", asked), 409)
    problem(program(build.city().head).post(f"{moves}/suspend_certificate", asked), 404)
    assert done(head.post(f"{moves}/suspend_certificate", asked))["good"] is False
    assert done(anybody.get(f"/certificates/{code}"))["standing"] == "暂扣中"
    assert done(head.post(f"{moves}/reinstate_certificate", {"reason": "已整改"}))["good"] is True


def test_whoever_reads_money_reads_it_as_the_journal_has_it(walk):
    till = build.holder(walk.city.department, "钱收", "cashier", everywhere=True)
    moved = charging.demand(walk.matter, by=walk.city.reviewer, at=NOW, key=None, tariff="工本费", units=1)
    charging.collect(moved.matter, by=till, at=NOW, key=None, amount=1000, way="card")
    told = done(program(till).get("/till/day"))
    assert told["income"] == fees.balance(fees.day(NOW.date()))["income"] == 1000
