"""The published evidence in the browser's words: checkpoints for everybody, proofs for who holds a receipt."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

import build
from build import moment
from xiaoneng.evidence import actions, reads
from xiaoneng.kit import merkle
from xiaoneng.matters.models import Entry, Matter

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-03-02")


def asked(client, receipt):
    return client.get(reverse("public:evidence"), {"receipt": receipt}).content.decode()


@pytest.fixture
def filed():
    walk = build.application().received(MONDAY)
    actions.seal()
    return walk


def test_everybody_sees_the_checkpoints_and_the_key(filed):
    page = Client().get(reverse("public:evidence")).content.decode()
    assert reads.latest().root.hex() in page
    assert reads.public_keys()[0].fingerprint in page
    told = Client().get(reverse("public:evidence_checkpoints")).json()
    assert [each["size"] for each in told["checkpoints"]] == [1]


def test_the_page_stands_before_the_first_checkpoint():
    assert "还没有检查点" in Client().get(reverse("public:evidence")).content.decode()


def test_the_hash_on_a_receipt_opens_its_proof(filed):
    digest = bytes(Entry.objects.get(matter_id=filed.matter).hash).hex()
    assert "查验通过" in asked(Client(), f" {digest.upper()} ")
    told = json.loads(Client().get(reverse("public:evidence_proof", args=[digest])).content)
    path, at = [bytes.fromhex(node) for node in told["path"]], told["checkpoint"]
    leaf = reads.leaf_of(told["matter"], told["seq"], bytes.fromhex(told["hash"]))
    assert merkle.includes(leaf, told["position"], at["size"], path, bytes.fromhex(at["root"]))


def test_a_number_alone_tells_a_stranger_nothing(filed):
    number = Matter.objects.get(pk=filed.matter).intake_number
    assert asked(Client(), number).replace(number, "") == asked(Client(), "A1S2026030299999").replace(
        "A1S2026030299999", ""
    )
    assert "查验通过" not in asked(Client(), number)


def test_the_applicant_opens_it_by_the_number(filed):
    from xiaoneng.people.models import Account

    client = Client()
    client.force_login(Account.objects.get(pk=filed.city.citizen.account))
    assert "查验通过" in asked(client, Matter.objects.get(pk=filed.matter).intake_number)


@pytest.mark.parametrize("odd", ["0" * 64, "x", "' OR 1=1", "①" * 64, "f" * 5000])
def test_odd_input_is_answered_in_words(odd, filed):
    answer = Client().get(reverse("public:evidence"), {"receipt": odd, "before": odd})
    assert answer.status_code == 200
    assert "没有查到" in answer.content.decode()


@pytest.mark.parametrize("odd", ["zz", "0" * 64])
def test_a_proof_of_nothing_is_not_found(odd):
    assert Client().get(reverse("public:evidence_proof", args=[odd])).status_code == 404
