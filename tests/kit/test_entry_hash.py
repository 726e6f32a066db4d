"""The chain's hash, apart from the database."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from xiaoneng.kit import journal


def test_fields_are_printed_as_postgresql_prints_a_json_array():
    assert journal.entry_text([1, "受理", None, -5]) == '[1, "受理", null, -5]'
    assert journal.entry_text(['"\\/\b\f\n\r\t\x01\x1f\x7f']) == '["\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f"]'
    assert journal.entry_text([]) == "[]"


def test_an_entry_is_linked_to_the_one_before():
    first = journal.entry_hash(journal.GENESIS, [1, 1, "submit"])
    assert first == hashlib.sha256(bytes(32) + b'[1, 1, "submit"]').digest()
    assert journal.entry_hash(first, [1, 2, "accept"]) != journal.entry_hash(journal.GENESIS, [1, 2, "accept"])


def test_nothing_and_the_empty_text_are_two_different_entries():
    assert journal.entry_hash(b"", ["a", None]) != journal.entry_hash(b"", ["a", ""]) != journal.entry_hash(b"", ["a"])


@pytest.mark.parametrize("field", [1.5, Decimal(1), b"x", {"a": 1}, ["a"], datetime(2026, 3, 2, tzinfo=UTC)])
def test_a_field_that_the_two_sides_could_print_differently_is_refused(field):
    with pytest.raises(TypeError):
        journal.entry_hash(b"", [field])


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
def test_a_text_that_the_database_cannot_hold_is_refused(text):
    with pytest.raises(ValueError):
        journal.entry_hash(b"", [text])
