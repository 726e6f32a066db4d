"""The log while others write: who commits late is not skipped, two sealers do not meet, and a long log has its tiles."""

from __future__ import annotations

import threading
import time

from bare_entries import hand, write
from django.db import connection, connections

from xiaoneng.evidence import actions, reads
from xiaoneng.kit import merkle


def logged() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM log_leaf ORDER BY position")
        return [row[0] for row in cursor.fetchall()]


def settled() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT settled FROM log_state")
        return int(cursor.fetchone()[0])


def test_an_entry_that_is_committed_late_is_not_skipped(matter):
    with hand() as slow, hand() as quick:
        write(slow, matter, 1)  # draws the smaller number and dawdles
        write(quick, matter, 2, 3)
        quick.commit()
        assert actions.seal() == 3
        write(quick, matter, 5)
        quick.commit()
        assert actions.seal() == 1
        assert settled() == 0  # the one under way holds it back
        slow.commit()
        assert actions.seal() == 1
        assert logged() == [2, 3, 4, 5, 1]
        write(quick, matter, 6)
        quick.commit()
        assert actions.seal() == 1
        seal_until_settled()
        assert actions.seal() == 0


def seal_until_settled() -> None:
    """Seal a log to which nothing comes any more; transactions of other databases hold it back too, but each one ends."""
    give_up = time.monotonic() + 600
    while settled() == 0 and time.monotonic() < give_up:
        time.sleep(0.05)
        assert actions.seal() == 0
    assert settled() > 0


def test_what_came_in_while_a_stranger_was_under_way_settles_though_nothing_follows_it(matter):
    with hand() as session, hand("postgres") as stranger:
        stranger.execute("SELECT pg_current_xact_id()")
        for n in (1, 2, 3):
            write(session, matter, n)
            session.commit()
            assert actions.seal() == 1
        assert settled() == 0
        stranger.commit()
        seal_until_settled()


def test_one_that_began_later_than_the_last_to_end_is_not_skipped(matter):
    with hand() as slow, hand() as quick:
        quick.execute("SELECT pg_current_xact_id()")  # the smaller transaction number, and the larger id
        write(slow, matter, 1)
        write(quick, matter, 2)
        quick.commit()
        assert [actions.seal() for _ in range(4)] == [1, 0, 0, 0]
        assert settled() == 0
        slow.commit()
        assert actions.seal() == 1
        assert logged() == [2, 1]


def test_one_that_is_committed_late_is_found_by_small_batches_too(matter):
    with hand() as slow, hand() as quick:
        write(slow, matter, 1, 5)
        write(quick, matter, 6, 10)
        quick.commit()
        assert [actions.seal(batch=3) for _ in range(2)] == [10, 0]
        slow.commit()
        write(quick, matter, 16, 4)
        quick.commit()
        assert [actions.seal(batch=3) for _ in range(2)] == [9, 0]
    assert sorted(logged()) == list(range(1, 20))


def test_an_entry_that_was_taken_back_leaves_no_trace(matter):
    with hand() as slow, hand() as quick:
        write(slow, matter, 1)
        write(quick, matter, 2)
        quick.commit()
        slow.rollback()
        assert actions.seal() == 1
        assert logged() == [2]


def test_two_that_seal_at_once_wait_for_each_other(matter):
    with hand() as session:
        write(session, matter, 1, 500)
        session.commit()
    done: list[int] = []

    def seal() -> None:
        try:
            done.append(actions.seal())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=seal) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(done) == [0, 0, 0, 500]
    assert reads.latest().number == 1


def test_a_long_log_keeps_one_node_in_256_and_every_proof_holds(matter):
    size = 66_000
    with hand() as session:
        for begin, count in ((1, 300), (301, 211), (512, 60_000), (60_512, size - 60_511)):
            write(session, matter, begin, count)
            session.commit()
            assert actions.seal() == count
    with connection.cursor() as cursor:
        cursor.execute("SELECT level, count(*) FROM log_tile GROUP BY 1 ORDER BY 1")
        assert cursor.fetchall() == [(8, size >> 8), (16, 1)]
        cursor.execute("SELECT hash FROM log_leaf ORDER BY position")
        hashes = [bytes(row[0]) for row in cursor.fetchall()]
    leaves = [reads.leaf_of(matter, n, digest) for n, digest in enumerate(hashes, 1)]
    assert reads.latest().root == merkle.root(merkle.reader(leaves), size)
    for position in (0, 255, 256, 65_535, 65_536, size - 1):
        assert reads.inclusion(hashes[position]).holds()
    assert actions.seal(batch=10) == 0
    assert reads.latest().number == 4
