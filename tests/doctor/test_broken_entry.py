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


def test_every_column_is_tried(patient):
    columns = patient.root(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'xn' AND table_name = 'entry'"
    )
    assert {name for (name,) in columns} == set(CHANGES) | {"facts"}  # facts: test_broken_records


def test_each_changed_column_is_found(patient):
    place = f"matter_id = {patient.matters['whole']} AND move = 'accept'"
    columns = ", ".join(CHANGES)
    patient.root(f"CREATE TABLE kept AS SELECT {columns} FROM entry WHERE {place}")
    patient.root("CREATE TABLE others AS SELECT id FROM entry WHERE id NOT IN (SELECT id FROM kept)")
    unnoticed = []
    for column, value in CHANGES.items():
        patient.root(f"UPDATE entry SET {column} = {value} WHERE {place}")
        unnoticed += [] if patient.ids() else [column]
        patient.root("DELETE FROM entry WHERE id NOT IN (SELECT id FROM others)")
        patient.root(f"INSERT INTO entry ({columns}) OVERRIDING SYSTEM VALUE SELECT * FROM kept")
    assert unnoticed == []
    assert patient.ids() == set()


def test_an_entry_taken_out_is_found(patient):
    patient.root("DELETE FROM entry WHERE matter_id = %s AND move = 'resume'", patient.matters["whole"])
    assert {1, 2} <= patient.ids()


def test_a_last_entry_taken_off_is_found_by_a_quick_examination_too(patient):
    patient.root("DELETE FROM entry WHERE matter_id = %s AND move = 'deliver'", patient.matters["whole"])
    assert patient.ids(full=False) == {1, 3}
    assert {1, 3} <= patient.ids()


def test_a_last_entry_swapped_for_another_is_found_by_its_head(patient):
    patient.root(
        "UPDATE entry SET hash = sha256('x') WHERE matter_id = %s AND move = 'deliver'", patient.matters["whole"]
    )
    assert patient.ids(full=False) == {3}
    assert patient.ids() == {2, 3}
