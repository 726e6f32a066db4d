"""The record of administration grows and does nothing else, for the serving role and for the owner alike."""

import pytest
from django.db import DatabaseError, connections, transaction

from build import moment
from xiaoneng.trail import actions, reads
from xiaoneng.trail.actions import By

AT = moment("2026-03-23")
BY = By(7, "江管理", "10.1.2.3", "abcd1234")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "act", ["UPDATE trail_record SET name = 'x'", "DELETE FROM trail_record", "TRUNCATE trail_record"]
)
def test_the_serving_role_may_add_and_read_only(act):
    actions.note_change(BY, "新建部门", "住建局", key="department:1", at=AT, after={"名称": "住建局"})
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connections["default"].cursor() as c,
    ):
        c.execute(act)


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(
    "act", ["UPDATE trail_record SET name = 'x'", "DELETE FROM trail_record", "TRUNCATE trail_record"]
)
def test_the_owner_is_refused_by_triggers(act):
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            """INSERT INTO trail_record (kind, at, name, what, about, key, before, after, reason, whence, request)
               VALUES ('change', now(), 'a', 'b', 'c', 'd', '{}', '{}', '', '', '')"""
        )
    with (
        pytest.raises(DatabaseError, match="只增不改"),
        transaction.atomic("owner"),
        connections["owner"].cursor() as cursor,
    ):
        cursor.execute(act)


@pytest.mark.django_db
def test_of_values_that_stayed_the_same_nothing_is_kept():
    before, after = {"名称": "甲局", "电话": "1"}, {"名称": "乙局", "电话": "1"}
    actions.note_change(BY, "修改部门", "乙局", key="department:1", at=AT, before=before, after=after)
    line = reads.lines_of(reads.records(key="department:1"))[0]
    assert line.changes == (("名称", "甲局", "乙局"),)
    assert (line.actor, line.name, line.whence, line.request) == (7, "江管理", "10.1.2.3", "abcd1234")


@pytest.mark.django_db
def test_records_are_found_by_kind_words_and_days():
    actions.note_export(BY, "办件清单", rows=3, form="csv", filters={"灯": "超期", "部门": ""}, at=AT)
    actions.note_unmask(BY, "办件 X1", key="matter:1", fields="手机", reason="电话通知", at=moment("2026-03-24"))
    assert [line.about for line in reads.lines_of(reads.records(kind="export"))] == ["办件清单"]
    assert [line.about for line in reads.lines_of(reads.records(words="X1"))] == ["办件 X1"]
    assert [line.kind for line in reads.lines_of(reads.records(before=moment("2026-03-24")))] == ["导出"]
    assert set(reads.lines_of(reads.records(kind="export"))[0].changes) == {
        ("行数", "", "3"), ("格式", "", "csv"), ("灯", "", "超期"),
    }  # fmt: skip
    assert reads.unmasked_since(7, "matter:1", moment("2026-03-23")) and not reads.unmasked_since(8, "matter:1", AT)
