"""What the database itself refuses, whoever asks."""

import json
import os
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction

import build
import ground
from build import moment
from xiaoneng.approval import reads
from xiaoneng.approval.actions import accept
from xiaoneng.jobs import database, time_machine
from xiaoneng.matters import actions as matters_actions
from xiaoneng.matters import reads as matters_reads
from xiaoneng.matters.models import Entry, Series
from xiaoneng.rules.grounds import NotAllowed

BODY = (
    '{"to":"withdrawn","step":0,"step_name":"","desk":"","yellow_at":null,"red_at":null,'
    '"paused":false,"late":false,"closed":true}'
)
KERNEL = ("matter", "matter_opened", "entry", "pause", "series", "document", "installation")


def refused(statement, *values) -> str:
    with pytest.raises(DatabaseError) as why, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return str(why.value)


@pytest.mark.django_db
@pytest.mark.parametrize("table", KERNEL)
def test_the_serving_role_may_only_read_the_kernel(table):
    assert "permission denied" in refused(f"DELETE FROM {table}")
    assert "permission denied" in refused(f"INSERT INTO {table} DEFAULT VALUES")
    assert "permission denied" in refused(f"TRUNCATE {table}")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")


@pytest.mark.django_db
def test_the_serving_role_may_not_touch_a_state_or_the_clock_of_record():
    walk = build.application().received(moment("2026-03-02"))
    assert "permission denied" in refused("UPDATE matter SET red_at = NULL WHERE id = %s", walk.matter)
    assert "permission denied" in refused("UPDATE entry SET body = '{}' WHERE matter_id = %s", walk.matter)
    replaced = "CREATE OR REPLACE FUNCTION xn_clock() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'"
    assert "must be owner" in refused(replaced) or "permission denied" in refused(replaced)
    assert "permission denied" in refused("SELECT draw('{}')")


@pytest.mark.django_db
def test_a_moment_more_than_two_seconds_off_must_be_claimed():
    walk = build.application().received(moment("2026-03-02"))
    with (
        time_machine.at(moment("2026-03-03")),
        pytest.raises(DatabaseError, match="相差超过两秒"),
        transaction.atomic(),
    ):
        accept.accept(walk.matter, by=walk.city.clerk, at=moment("2026-03-02"), key=None)
    assert walk.file.state == "received"


@pytest.mark.django_db
def test_a_clock_that_went_back_stops_the_writing():
    walk = build.application().received(moment("2026-03-02", "15:00"))
    earlier = moment("2026-03-02", "14:00")
    with time_machine.at(earlier), pytest.raises(DatabaseError, match="时钟倒退"), transaction.atomic():
        accept.accept(walk.matter, by=walk.city.clerk, at=earlier, key=None)


@pytest.mark.django_db
def test_a_lost_race_changes_nothing_and_uses_no_number():
    walk = build.application().received(moment("2026-03-02"))
    stale = walk.file
    walk.accepted(moment("2026-03-03"))
    before = list(Series.objects.order_by("key").values_list("key", "last"))
    from xiaoneng.matters.move import move

    with time_machine.at(moment("2026-03-03")), pytest.raises(NotAllowed, match="刚刚已由别人办理"):
        change = accept.acceptance(stale, stale.plan, moment("2026-03-03").date())
        move(stale, "accept", by=walk.city.clerk, at=moment("2026-03-03"), change=change)
    assert list(Series.objects.order_by("key").values_list("key", "last")) == before
    assert Entry.objects.filter(matter_id=walk.matter).count() == 2


@pytest.mark.django_db
def test_the_same_key_gets_the_same_answer_and_another_act_with_it_is_refused():
    key = uuid.uuid4()
    walk = build.application().drafted(moment("2026-03-02"))
    first = walk.do(build.apply.submit, moment("2026-03-02"), walk.city.citizen, key)
    again = walk.do(build.apply.submit, moment("2026-03-02", "10:05"), walk.city.citizen, key)
    assert (again.numbers, again.hash, again.replayed) == (first.numbers, first.hash, True)
    with pytest.raises(NotAllowed, match="已经提交过一次"):
        walk.do(accept.accept, moment("2026-03-02"), walk.city.clerk, key)


@pytest.mark.django_db
def test_a_draft_can_be_thrown_away_until_it_is_submitted():
    from xiaoneng.approval.actions import drafts

    walk = build.application().drafted(moment("2026-03-02"))
    drafts.discard(walk.matter, by=walk.city.citizen.account, at=moment("2026-03-02"))
    kept = build.application().received(moment("2026-03-02"))
    with pytest.raises(NotAllowed):
        matters_actions.discard(kept.matter, by=kept.city.citizen.account)
    assert reads.load(kept.matter).version == 1


@pytest.fixture
def own_copy(django_db_setup, django_db_blocker):
    """A copy of this worker's empty database, for what the owner tries."""
    name = f"kernel_{os.getpid()}"
    with django_db_blocker.unblock():
        ground.make(f"{name}_template")
        with ground.pointed_at(f"{name}_template"):
            walk = build.application().received(moment("2026-03-02"))
        yield f"{name}_template", walk
        database.drop(f"{name}_template")


def test_not_even_the_owner_rewrites_the_journal_or_moves_a_state_without_an_entry(own_copy):
    name, walk = own_copy
    with ground.pointed_at(name):
        for statement in ("UPDATE entry SET role = 'head'", "DELETE FROM entry", "TRUNCATE entry CASCADE"):
            with pytest.raises(DatabaseError, match="只增不改"), connections["owner"].cursor() as cursor:
                cursor.execute(statement)
        with pytest.raises(DatabaseError, match="没有对应的日志"), connections["owner"].cursor() as cursor:
            cursor.execute("UPDATE matter SET state = 'granted' WHERE id = %s", [walk.matter])
        with pytest.raises(DatabaseError, match="没有对应的日志"), connections["owner"].cursor() as cursor:
            cursor.execute(_WITHOUT_ITS_ENTRY, [walk.matter])
        with pytest.raises(DatabaseError, match="有日志的办件不能删除"), connections["owner"].cursor() as cursor:
            cursor.execute("DELETE FROM matter WHERE id = %s", [walk.matter])


_WITHOUT_ITS_ENTRY = """INSERT INTO matter (kind, state, department_id, title, opened_by, opened_at, version, genesis, head)
SELECT kind, 'granted', department_id, title, opened_by, opened_at, 1, genesis, head FROM matter WHERE id = %s"""


@pytest.mark.django_db
def test_no_foreign_key_leads_to_the_row_that_every_move_writes():
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'f' AND confrelid = 'xn.matter'::regclass")
        assert cursor.fetchall() == []
        cursor.execute("SELECT count(*) FROM pg_constraint WHERE confrelid = 'xn.matter_opened'::regclass")
        assert cursor.fetchone()[0] > 20


def test_an_installation_that_is_not_declared_for_it_never_lets_its_clock_be_moved(own_copy):
    name, _ = own_copy
    with ground.pointed_at(name):
        with connections["owner"].cursor() as cursor:
            cursor.execute("UPDATE installation SET kind = 'production'")
        from xiaoneng.jobs.trouble import CannotRun

        with pytest.raises(CannotRun, match="不能拨动"):
            time_machine.make_movable()


def test_functions_that_the_program_does_not_ship_are_replaced_at_the_next_start(own_copy):
    name, _ = own_copy
    with ground.pointed_at(name):
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "CREATE OR REPLACE FUNCTION micros(t timestamptz) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'"
            )
            cursor.execute(
                "DO $$ BEGIN EXECUTE format('COMMENT ON FUNCTION %s IS NULL', 'xn.move'::regproc::regprocedure); END $$"
            )
        database.prepare()
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT micros(to_timestamp(2))")
            assert cursor.fetchone()[0] == 2_000_000


@pytest.mark.django_db
def test_the_facts_that_are_hashed_are_the_facts_that_are_applied():
    walk = build.application().received(moment("2026-03-02")).accepted(moment("2026-03-03"))
    entry = Entry.objects.filter(matter_id=walk.matter).order_by("-seq").first()
    body = json.loads(entry.body)
    file = walk.file
    assert (body["to"], body["step"], body["desk"]) == (file.state, file.step, file.desk)
    assert {c["name"] for c in body["clocks"]} == {"pre_acceptance", "statutory", "promised"}


@pytest.mark.django_db
def test_a_temporary_table_of_the_callers_is_never_taken_for_the_journal():
    walk = build.application().received(moment("2026-03-02"))
    with connection.cursor() as cursor:
        for table in ("entry", "matter", "series", "clock", "document"):
            cursor.execute(f"CREATE TEMP TABLE {table} (LIKE xn.{table} INCLUDING DEFAULTS)")
            cursor.execute(f"GRANT ALL ON pg_temp.{table} TO PUBLIC")
        walk_version = "SELECT version FROM xn.matter WHERE id = %s"
        cursor.execute(walk_version, [walk.matter])
        before = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('xn.now', %s, false)", [moment("2026-03-02").isoformat()])
        cursor.execute(
            "SELECT outcome FROM xn.move(%s, %s, '{received}', 'withdraw', 1, 'applicant', '', %s, NULL, %s, NULL, 1, '', NULL)",
            [walk.matter, before, moment("2026-03-02"), BODY],
        )  # fmt: skip
        cursor.execute("SELECT set_config('xn.now', '', false)")
        cursor.execute("SELECT count(*) FROM pg_temp.entry")
        assert cursor.fetchone()[0] == 0
        cursor.execute("SELECT count(*) FROM xn.entry WHERE matter_id = %s", [walk.matter])
        assert cursor.fetchone()[0] == before + 1
        for table in ("entry", "matter", "series", "clock", "document"):
            cursor.execute(f"DROP TABLE pg_temp.{table}")


@pytest.mark.django_db
def test_files_that_no_row_stands_for_are_collected_after_a_day(settings, tmp_path):
    settings.FILES_DIRECTORY = tmp_path
    walk = build.application().drafted(moment("2026-03-02"))
    kept = {row.sha256 for row in matters_reads.attachments(walk.matter)}
    lost = tmp_path / "ab" / ("c" * 64)
    lost.parent.mkdir(parents=True, exist_ok=True)  # a kept file may begin with the same two signs
    lost.write_bytes(b"left by a kill")
    now = datetime.now(UTC)
    assert matters_actions.collect_orphans(at=now) == 0  # it may still be on its way into a row
    assert matters_actions.collect_orphans(at=now + timedelta(days=2)) == 1
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == kept
