"""What was changed in the log over all entries is found as rule 4."""

from __future__ import annotations

import pytest
from patients import NOW

from xiaoneng.evidence import actions
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
