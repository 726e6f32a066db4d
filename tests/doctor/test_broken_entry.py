"""Not one column of an entry can be changed unnoticed."""

from __future__ import annotations

CHANGES = {
    "id": "DEFAULT",
    "matter_id": "(SELECT max(id) + 1 FROM matter)",
    "seq": "seq + 50",
    "move": "'review'",
    "actor": "actor + 1",
    "role": "'head'",
    "authority": "'代理证第 1 号'",
    "at": "at + interval '1 microsecond'",
    "claimed_at": "recorded_at - interval '1 day'",
    "recorded_at": "recorded_at + interval '1 microsecond'",
    "body": "body || ' '",
    "numbers": "replace(numbers, '00001', '00002')",
    "item_version_id": "NULL",
    "calendar_version": "calendar_version + 1",
    "source": "'旧系统'",
    "key": "'00000000-0000-4000-8000-000000000000'",
    "prev": "sha256('x')",
    "hash": "sha256('x')",
}


def test_every_column_is_tried(copy):
    columns = copy.root(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'xn' AND table_name = 'entry'"
    )
    assert {name for (name,) in columns} == set(CHANGES) | {"facts"}  # facts: test_broken_records


def test_each_changed_column_is_found(copy):
    place = f"matter_id = {copy.matters['whole']} AND move = 'accept'"
    columns = ", ".join(CHANGES)
    copy.root(f"CREATE TABLE kept AS SELECT {columns} FROM entry WHERE {place}")
    copy.root("CREATE TABLE others AS SELECT id FROM entry WHERE id NOT IN (SELECT id FROM kept)")
    unnoticed = []
    for column, value in CHANGES.items():
        copy.root(f"UPDATE entry SET {column} = {value} WHERE {place}")
        unnoticed += [] if copy.ids() else [column]
        copy.root("DELETE FROM entry WHERE id NOT IN (SELECT id FROM others)")
        copy.root(f"INSERT INTO entry ({columns}) OVERRIDING SYSTEM VALUE SELECT * FROM kept")
    assert unnoticed == []
    assert copy.ids() == set()


def test_an_entry_taken_out_is_found(copy):
    copy.root("DELETE FROM entry WHERE matter_id = %s AND move = 'resume'", copy.matters["whole"])
    assert {1, 2} <= copy.ids()


def test_a_last_entry_taken_off_is_found_by_a_quick_examination_too(copy):
    copy.root("DELETE FROM entry WHERE matter_id = %s AND move = 'deliver'", copy.matters["whole"])
    assert copy.ids(full=False) == {1, 3}
    assert {1, 3} <= copy.ids()


def test_a_last_entry_swapped_for_another_is_found_by_its_head(copy):
    copy.root("UPDATE entry SET hash = sha256('x') WHERE matter_id = %s AND move = 'deliver'", copy.matters["whole"])
    assert copy.ids(full=False) == {3}
    assert copy.ids() == {2, 3}
