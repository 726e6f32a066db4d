"""The database and Python compute the same hash of the same entry."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiaoneng.kit import journal

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
CONTROLS = st.text(
    st.sampled_from([chr(code) for code in range(1, 32)] + ['"', "\\", "/", "\x7f", "\x80", "\u2028", "件", "𠮷"])
)
WHOLE = st.integers(-(2**63), 2**63 - 1)
FIELDS = st.lists(st.one_of(TEXTS, CONTROLS, WHOLE, st.none()), min_size=1, max_size=12)
KINDS = {str: "text", int: "bigint", type(None): "text"}


def in_database(prev: bytes, fields: list[str | int | None]) -> tuple[str, bytes]:
    array = "json_build_array({})::text".format(", ".join(f"CAST(%s AS {KINDS[type(field)]})" for field in fields))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {array}, sha256(%s::bytea || convert_to({array}, 'UTF8'))", [*fields, prev, *fields])
        text, digest = cursor.fetchone()
    return text, bytes(digest)


@pytest.mark.django_db
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(prev=st.binary(max_size=32), fields=FIELDS)
def test_any_entry_has_the_same_text_and_hash_on_both_sides(prev, fields):
    assert in_database(prev, fields) == (journal.entry_text(fields), journal.entry_hash(prev, fields))


@pytest.mark.django_db
def test_every_character_of_the_basic_plane_is_printed_alike():
    plane = "".join(chr(code) for code in range(1, 0x10000) if not 0xD800 <= code <= 0xDFFF)
    assert in_database(b"", [plane]) == (journal.entry_text([plane]), journal.entry_hash(b"", [plane]))
