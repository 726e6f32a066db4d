"""Many matters opened and moved in one call are the same as one by one: rows, lines, chains, hashes."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import orjson
import pytest
from django.db import DatabaseError, connection, transaction

import build
from build import moment
from xiaoneng.kit.journal import entry_hash
from xiaoneng.matters import actions
from xiaoneng.matters.models import Entry, Matter
from xiaoneng.matters.move import Row, move_many
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.procedures.imported_case import OUTSIDE, PROCEDURE, RECORDED

pytestmark = pytest.mark.django_db
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WHO = {"kind": PROCEDURE.kind, "state": OUTSIDE, "item_version": None, "by": 0}
ITS_OWN = {"id", "genesis", "head", "open_key", "matter_id", "prev", "hash", "recorded_at", "changed_at", "key"}


def clock(round_: int) -> dict:
    return {
        "name": "statutory", "round": round_, "step": 0, "unit": "working_day", "limit": 20, "extension": 0,
        "started_on": "2026-03-02", "started_at": "2026-03-02T02:00:00.000000+00:00", "due_on": "2026-03-30",
        "yellow_at": "2026-03-25T16:00:00.000000+00:00", "red_at": "2026-03-30T09:00:00.000000+00:00", "state": "running",
        "stopped_at": None, "counts": True, "provisional": False, "calendar_version": 1, "pauses": [],
    }  # fmt: skip


def body(n: int, **more) -> str:
    told = {
        "to": RECORDED, "step": n, "step_name": f"第{n}步", "desk": "", "yellow_at": None,
        "red_at": f"2026-03-{10 + n}T09:00:00.000000+00:00", "paused": False, "late": n == 2, "closed": True,
        "what": {"case": f"件“{n}”\n𠮷"},
    }  # fmt: skip
    return orjson.dumps(told | ({"clocks": [clock(1), clock(2)]} if n else {}) | more).decode()


def test_many_opened_and_moved_at_once_are_as_they_would_be_one_by_one():
    department, at, n = build.city().department.pk, datetime.now(UTC), range(3)
    titles = [f"件{place}" for place in n]
    alone = [actions.open_matter(**WHO, department=department, title=title, at=at, key=uuid4())[0] for title in titles]
    opened = actions.open_many(**WHO, department=department, titles=titles, at=at, keys=[uuid4() for _ in titles])
    together = [matter for matter, fresh in opened if fresh]
    drafts = table("matter", "id", alone + together)
    assert all(row["genesis"] == row["head"] and len(row["genesis"]) == 32 for row in drafts)
    assert len({bytes(row["genesis"]) for row in drafts}) == 6  # drawn for each
    assert together == sorted(together) and same(drafts, 3)

    at = datetime.now(UTC)
    for place, matter in enumerate(alone):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT outcome FROM move(%s, 0, %s, 'take_in', 0, 'platform', '', %s, NULL, %s, NULL, 1, '某地', NULL)",
                [matter, [OUTSIDE], at, body(place)],
            )
            assert cursor.fetchone()[0] == "moved"
    rows = [Row(matter, 0, body(place), None, 1) for place, matter in enumerate(together)]
    assert move_many(rows, "take_in", procedure=PROCEDURE, at=at, source="某地") == set(together)
    assert same(table("matter", "id", alone + together), 3)
    assert same(table("entry", "matter_id", alone + together), 3)
    for entry in Entry.objects.filter(matter_id__in=together).select_related("matter"):
        assert (bytes(entry.prev), bytes(entry.hash)) == (bytes(entry.matter.genesis), bytes(entry.matter.head))
        assert entry_hash(bytes(entry.prev), fields_of(entry)) == bytes(entry.hash)
    assert set(Matter.objects.filter(pk__in=together).values_list("step", "late")) == {
        (0, False),
        (1, False),
        (2, True),
    }


def table(name: str, by: str, matters: list[int]) -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {name} WHERE {by} = ANY (%s) ORDER BY {by}", [matters])
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def same(found: list[dict], half: int) -> bool:
    """Tell whether the first rows are as the last, but for what each has for itself."""
    rest = [{name: value for name, value in row.items() if name not in ITS_OWN} for row in found]
    return len(rest) == 2 * half and rest[:half] == rest[half:]


def fields_of(entry: Entry) -> list:
    micros = [(moment - EPOCH) // timedelta(microseconds=1) for moment in (entry.at, entry.recorded_at)]
    return [
        entry.matter_id, entry.seq, "take_in", 0, "platform", "", micros[0], None, micros[1], entry.body, "{}", None, 1, "某地",
        None,
    ]  # fmt: skip


def test_a_key_opens_one_matter_however_often_it_comes_and_nothing_for_somebody_else():
    department, at, keys = build.city().department.pk, moment("2026-03-02"), [uuid4(), uuid4()]
    who = WHO | {"department": department, "at": at}
    (first, fresh), (again, not_fresh) = actions.open_many(**who, titles=["一", "一"], keys=[keys[0], keys[0]])
    assert (first, fresh, not_fresh) == (again, True, False)
    both = actions.open_many(**who, titles=["二", "一"], keys=[keys[1], keys[0]])
    assert [new for _, new in both] == [True, False] and both[1][0] == first
    with pytest.raises(NotAllowed, match="已经用过了"), transaction.atomic():
        actions.open_many(**who | {"by": 7}, titles=["三", "一"], keys=[uuid4(), keys[0]])
    assert Matter.objects.filter(open_key__in=keys).count() == 2
    assert not Matter.objects.filter(title="三").exists()


@pytest.mark.parametrize("word", ["intake_number", "number", "documents"])
def test_many_moves_draw_no_numbers_and_issue_no_documents(word):
    department, at = build.city().department.pk, datetime.now(UTC)
    [(matter, _)] = actions.open_many(**WHO, department=department, titles=["件"], at=at, keys=[uuid4()])
    with pytest.raises(DatabaseError, match="逐件办理"), transaction.atomic():
        move_many([Row(matter, 0, body(0, **{word: []}), None, 1)], "take_in", procedure=PROCEDURE, at=at)
    assert Matter.objects.get(pk=matter).version == 0 and not Entry.objects.filter(matter_id=matter).exists()


def test_long_clocks_are_kept_compressed_in_their_row_and_read_as_they_were_written():
    department, at = build.city().department.pk, datetime.now(UTC)
    clocks = [clock(round_) for round_ in range(1, 13)]
    matter = actions.open_many(**WHO, department=department, titles=["件"], at=at, keys=[uuid4()])[0][0]
    outside = "SELECT pg_relation_size(reltoastrelid) FROM pg_class WHERE oid = 'matter'::regclass"
    with connection.cursor() as cursor:
        cursor.execute(outside)
        before = cursor.fetchone()
        move_many(
            [Row(matter, 0, body(0, clocks=clocks), None, 1)], "take_in", procedure=PROCEDURE, at=datetime.now(UTC)
        )
        cursor.execute(outside)
        assert cursor.fetchone() == before
        cursor.execute(
            "SELECT pg_column_size(clocks_moved), length(clocks_moved::text), matter.clocks::text FROM matter WHERE id = %s",
            [matter],
        )
        size, length, kept = cursor.fetchone()
    assert size < length / 4
    assert orjson.loads(kept) == {f"statutory/{each['round']}": each for each in clocks}


def test_autovacuum_leaves_the_journal_alone_while_it_only_grows():
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE oid = 'entry'::regclass")
        assert "autovacuum_vacuum_insert_threshold=-1" in cursor.fetchone()[0]
