"""The log over all entries: nobody is left out, nothing in it can be changed, checkpoints are signed and linked."""

from __future__ import annotations

import hashlib
import stat

import psycopg
import pytest
from bare_entries import hand
from django.conf import settings
from django.db import connection
from django.db.utils import InternalError, ProgrammingError

import build
from build import moment
from xiaoneng.evidence import actions, reads, signing
from xiaoneng.kit import merkle
from xiaoneng.matters.models import Entry
from xiaoneng.rules.grounds import NotFound

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = moment("2026-03-02"), moment("2026-03-03")


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def test_every_entry_is_in_the_log_once_and_the_root_is_that_of_its_leaves():
    walk = build.application().received(MONDAY).accepted(TUESDAY)
    assert actions.seal() == Entry.objects.count() == 2
    build.application(walk.city, walk.version).received(TUESDAY)
    assert actions.seal() == 1
    assert actions.seal() == 0  # twice makes no difference
    leaves = [
        merkle.leaf_hash(int(m).to_bytes(8, "big") + int(s).to_bytes(4, "big") + bytes(h))
        for m, s, h in Entry.objects.order_by("id").values_list("matter_id", "seq", "hash")
    ]
    last = reads.latest()
    assert (last.number, last.size) == (2, 3)
    assert last.root == merkle.root(merkle.reader(leaves), 3)


def test_a_checkpoint_is_signed_and_linked_to_the_one_before():
    walk = build.application().received(MONDAY)
    actions.seal()
    walk.accepted(TUESDAY)
    actions.seal()
    second, first = reads.checkpoints()
    (key,) = reads.public_keys()
    assert first.prev == reads.BEFORE_THE_FIRST
    assert second.prev == first.digest == hashlib.sha256(first.text.encode()).digest()
    for each in (first, second):
        assert each.key == key.fingerprint
        assert signing.is_signed(key.public, each.text, each.signature)
        assert not signing.is_signed(key.public, each.text.replace("\n2\n", "\n3\n") + " ", each.signature)


def test_the_signing_key_lies_in_the_home_and_only_its_owner_can_read_it():
    assert signing.public(settings.HOME) == signing.public(settings.HOME)
    mode = (settings.HOME / "evidence-key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_the_serving_role_can_change_nothing_in_the_log():
    build.application().received(MONDAY)
    actions.seal()
    for statement in (
        "INSERT INTO log_leaf VALUES (9, 9, 9, 9, '\\x00')",
        "UPDATE log_leaf SET hash = '\\x00'",
        "DELETE FROM checkpoint",
        "UPDATE log_state SET size = 0",
        "TRUNCATE log_tile",
        "INSERT INTO log_key VALUES ('x', '\\x00', now())",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
            cursor.execute("SAVEPOINT s")
            try:
                cursor.execute(statement)
            finally:
                cursor.execute("ROLLBACK TO s")


@pytest.mark.parametrize("table", ["log_leaf", "log_tile", "log_key", "checkpoint"])
def test_not_even_the_owner_rewrites_it(table):
    with hand(settings.DATABASE_NAME) as session, pytest.raises(psycopg.DatabaseError) as refusal:
        session.execute(f"TRUNCATE {table} CASCADE")
    assert refusal.value.sqlstate == "XN001"


def test_a_checkpoint_over_something_else_than_the_log_is_refused():
    build.application().received(MONDAY)
    actions.seal()
    last = reads.latest()
    for number, size, at in ((1, 1, last.at), (2, 1, last.at), (2, 2, last.at), (3, 1, last.at)):
        with pytest.raises(InternalError, match="检查点"), connection.cursor() as cursor:
            cursor.execute("SAVEPOINT s")
            try:
                cursor.execute(
                    "SELECT publish_checkpoint(%s, %s, %s, %s, %s, %s, %s)",
                    [number, size, last.root, at, last.digest, last.key, bytes(64)],
                )
            finally:
                cursor.execute("ROLLBACK TO s")


def test_the_holder_of_a_receipt_finds_her_entry_under_the_published_root():
    walk = build.application().received(MONDAY)
    for _ in range(6):
        build.application(walk.city, walk.version).received(MONDAY)
        actions.seal()
    digest = bytes(Entry.objects.get(matter_id=walk.matter).hash)
    proof = reads.inclusion(digest)
    assert proof.holds()
    assert (proof.matter, proof.seq, proof.checkpoint.number) == (walk.matter, 1, 6)
    with pytest.raises(NotFound, match="没有这个校验码"):
        reads.inclusion(bytes(32))


def test_the_log_of_a_checkpoint_is_shown_to_go_on_from_that_of_an_earlier_one():
    walk = build.application().received(MONDAY)
    for _ in range(5):
        actions.seal()
        build.application(walk.city, walk.version).received(MONDAY)
    first, last = reads.checkpoint(1), reads.latest()
    path = reads.consistency(1, last.number)
    assert merkle.continues(first.size, last.size, first.root, last.root, path)
