"""Charges, certificates, held facts and services, broken one by one: the doctor names exactly the rule that is broken."""

from __future__ import annotations

from decimal import Decimal

import pytest
from patients import NOW, record

import build
from build import moment
from xiaoneng.approval.actions import certificates, dispatch, facts, fees
from xiaoneng.approval.facts import offered
from xiaoneng.catalogue.models import Fee, ItemVersion, Result
from xiaoneng.jobs import time_machine

ON = moment("2026-03-03")


def at(when, action, *args, **more):
    with time_machine.at(when):
        return action(*args, at=when, **more)


@pytest.fixture
def city(patient):
    """A case that was charged, paid, granted and certified, and one that used the certificate."""
    walk = patient.walk()
    version = build.item(walk.city, name="户外广告设置许可证核发")
    Fee.objects.create(
        version=version, position=0, name="工本费", low=Decimal("10.00"), high=Decimal("30.00"), unit="证",
        basis="《广告法》", basis_rank="law",
    )  # fmt: skip
    ItemVersion.objects.filter(pk=version.pk).update(result="户外广告设置许可证")
    Result.objects.create(version=version, position=0, name="户外广告设置许可证", validity="2年")
    walk = build.Walk(walk.city, version).received(moment("2026-03-02")).accepted(moment("2026-03-02", "11:00"))
    charge = walk.do(fees.demand, ON, walk.city.reviewer, tariff="工本费", units=2).matter
    till = build.holder(walk.city.department, "钱多多", "cashier", everywhere=True)
    at(moment("2026-03-03", "11:00"), fees.collect, charge, by=till, key=None, amount=2000, way="cash")
    walk.reviewed(moment("2026-03-04")).granted(moment("2026-03-05"))
    with time_machine.at(moment("2026-03-05", "11:00")):
        assert certificates.issue_what_is_granted(lambda: moment("2026-03-05", "11:00")) >= 1
    again = build.Walk(walk.city, build.item(walk.city, materials=("户外广告设置许可证",), name="夜景照明设置许可"))
    again.drafted(moment("2026-03-06"), files=False)
    build.known(walk.city.citizen)
    found = offered(again.file, moment("2026-03-06").date())["0"]
    facts.use(again.matter, slot="0", reference=found.reference, by=walk.city.citizen.account, at=moment("2026-03-06"))
    again.received(moment("2026-03-06", "11:00"))
    record(NOW)
    assert patient.ids() == set()
    return walk, charge, again


def ids(patient, statement, *values):
    patient.root(statement, *values)
    return patient.ids()


@pytest.mark.parametrize(
    "change",
    ["price = 3000, amount = 6000", "tariff = '押金'", "note = '别的文号'", "live = false", "units = 1, amount = 1000"],
)
def test_25_a_charge_that_is_not_what_the_tariff_and_the_journal_say(patient, city, change):
    assert ids(patient, f"UPDATE approval_charge SET {change} WHERE matter_id = %s", city[1]) == {25}


@pytest.mark.parametrize("change", ["low = NULL", "low = 12", "basis = ''", "basis_rank = 'normative_document'"])
def test_25_a_charge_above_the_lower_bound_or_without_lawful_basis(patient, city, change):
    assert ids(patient, f"UPDATE catalogue_fee SET {change} WHERE name = '工本费'") == {25}


def test_25_a_payment_without_its_receipt_and_a_receipt_without_its_payment(patient, city):
    assert ids(patient, "UPDATE approval_payment SET state = 'failed' WHERE charge_id = %s", city[1]) == {25}


def test_25_a_payment_of_another_amount(patient, city):
    assert ids(patient, "UPDATE approval_payment SET amount = 1 WHERE charge_id = %s", city[1]) == {25}


def test_25_a_charge_that_lies_in_the_journal_only(patient, city):
    patient.root("DELETE FROM approval_payment WHERE charge_id = %s", city[1])
    assert ids(patient, "DELETE FROM approval_charge WHERE matter_id = %s", city[1]) == {25}


def test_10_a_charge_is_paid_back_after_its_end_when_that_was_decided_and_not_otherwise(patient, city):
    walk, charge, _ = city
    till = build.holder(walk.city.department, "孙十全", "cashier", everywhere=True)
    at(moment("2026-03-09"), fees.order_refund, charge, by=walk.city.head, key=None, reason="首次申领免收工本费")
    at(moment("2026-03-10"), fees.refund, charge, by=till, key=None)
    record(NOW)
    assert patient.ids() == set()
    undecided = (
        "UPDATE entry SET move = 'refund', role = 'cashier', actor = %s WHERE matter_id = %s AND move = 'order_refund'"
    )
    patient.root(undecided, till.account, charge)
    patient.rechain(charge)
    assert patient.ids() == {9, 10, 25}


def test_25_a_part_paid_back_that_is_not_what_was_ordered(patient, city):
    walk, charge, _ = city
    till = build.holder(walk.city.department, "孙十全", "cashier", everywhere=True)
    part = {"reason": "多计数量", "basis": "按实际", "amount": 500}
    at(moment("2026-03-09"), fees.order_refund, charge, by=walk.city.head, key=None, **part)
    at(moment("2026-03-10"), fees.refund, charge, by=till, key=None)
    record(NOW)
    assert patient.ids() == set()
    assert ids(patient, "UPDATE approval_charge SET refunded = 400 WHERE matter_id = %s", charge) == {25}


@pytest.mark.parametrize("change", ["code = 'ABCDEFGHJKMN'", "number = '别的号'", "valid_until = '2099-01-01'"])
def test_8_a_certificate_that_is_not_what_its_journal_says(patient, city, change):
    assert ids(patient, f"UPDATE approval_certificate SET {change} WHERE case_id = %s", city[0].matter) == {8}


def test_34_a_certificate_of_another_holder(patient, city):
    assert ids(patient, "UPDATE approval_certificate SET holder_name = '王五' WHERE case_id = %s", city[0].matter) == {
        34
    }


def test_8_a_held_fact_that_was_put_in_afterwards_or_without_consent(patient, city):
    assert ids(patient, "UPDATE approval_heldfact SET reference = 'X' WHERE matter_id = %s", city[2].matter) == {8}


def test_8_a_held_fact_that_nobody_agreed_to_in_time(patient, city):
    late = moment("2026-03-07")
    assert ids(patient, "UPDATE approval_heldfact SET agreed_at = %s WHERE matter_id = %s", late, city[2].matter) == {8}


def test_10_a_public_notice_served_before_its_thirty_days(patient):
    walk = patient.walk().received(moment("2026-03-02")).accepted(moment("2026-03-02", "11:00"))
    walk.reviewed(moment("2026-03-03"))
    while walk.file.state == "reviewing":
        walk.reviewed(moment("2026-03-04"))
    walk.granted(moment("2026-03-05"))
    walk.do(
        dispatch.dispatch, moment("2026-03-09"), walk.city.clerk, way="public_notice", place="网站", reason="下落不明"
    )
    over = moment("2026-04-09", "00:10")
    with time_machine.at(over):
        assert dispatch.serve_what_was_published(lambda: over) == 1
    record(NOW)
    assert patient.ids() == set()
    forge(patient, walk.matter, '"delivered_on":"2026-04-08"', '"delivered_on":"2026-03-20"')
    assert patient.ids() == {10}


def forge(patient, matter, old, new):
    patient.root("UPDATE entry SET body = replace(body, %s, %s) WHERE matter_id = %s", old, new, matter)
    patient.rechain(matter)
