"""What was changed in the log over all entries is found as rule 4."""

from __future__ import annotations

import pytest
from patients import NOW

from xiaoneng.evidence import actions, reads
from xiaoneng.jobs import time_machine


@pytest.fixture
def sealed(patient):
    with time_machine.at(NOW):
        assert actions.seal() > 1
    assert patient.ids() == set()
    return patient


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE log_leaf SET hash = sha256('x') WHERE position = 1",
        "DELETE FROM log_leaf WHERE position = 0",
        "UPDATE checkpoint SET root = sha256('x')",
        "UPDATE checkpoint SET size = size - 1",
        "UPDATE checkpoint SET at = at - interval '1 day'",
        "UPDATE checkpoint SET signature = decode(repeat('00', 64), 'hex')",
        "UPDATE checkpoint SET number = 2",
    ],
)
def test_a_changed_log_is_found(change, sealed):
    sealed.root(change)
    assert sealed.ids() == {4}


def test_a_proof_that_does_not_lead_to_the_root_is_found_by_the_receipts(sealed):
    # The node of which a proof is made; the leaves are sound, so counting them anew would not show it.
    sealed.root("INSERT INTO log_tile (level, index, hash) VALUES (8, 0, sha256('x')) ON CONFLICT DO NOTHING")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reads, "read", lambda level, first, count: [bytes(32)] * count)
        assert sealed.ids() == {5}


def test_an_entry_that_the_log_went_past_is_found(sealed):
    gone = sealed.root("SELECT id FROM entry ORDER BY id LIMIT 1")[0][0]
    sealed.root("DELETE FROM log_leaf; DELETE FROM checkpoint; DELETE FROM log_tile")
    sealed.root("UPDATE log_state SET size = 0, settled = %s, seen = %s", gone, gone)
    with time_machine.at(NOW):
        actions.seal()
    assert sealed.ids() == {5}


def test_a_log_that_stopped_is_told_ten_minutes_later(patient):
    told = [warning.what for warning in patient.examine(full=False).warnings]
    assert any("还没有签名的检查点覆盖" in text for text in told)
    with time_machine.at(NOW):
        actions.seal()
        told = [warning.what for warning in patient.examine(full=False).warnings]
    assert not any("还没有签名的检查点覆盖" in text for text in told)
