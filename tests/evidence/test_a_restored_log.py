"""A log that came back from a backup, beside a checkpoint that somebody kept elsewhere."""

from __future__ import annotations

import json

import pytest
from bare_entries import hand, write

from xiaoneng.evidence import actions, reads
from xiaoneng.jobs.backups import returning
from xiaoneng.jobs.backups.returning import Witnessed
from xiaoneng.jobs.trouble import CannotRun


def test_what_a_later_checkpoint_covered_is_counted_and_another_log_is_refused(matter):
    with hand() as session:
        write(session, matter, 1, 5)
        session.commit()
    assert actions.seal() == 5
    root = reads.root(3).hex()
    assert returning.missing(Witnessed(3, root)) == 0
    assert returning.missing(Witnessed(9, root)) == 4
    with pytest.raises(CannotRun, match="根哈希不一致"):
        returning.missing(Witnessed(3, "00" * 32))


def test_a_kept_checkpoint_is_read_alone_or_from_the_published_list(tmp_path):
    kept = tmp_path / "kept.json"
    one, two = {"size": 4, "root": "aa"}, {"size": 9, "root": "bb"}
    for written in (two, [one, two], {"checkpoints": [two, one]}):
        kept.write_text(json.dumps(written))
        assert returning.witnessed(kept) == Witnessed(9, "bb")
    for spoilt in ("", "[]", "{}", '{"size": "many", "root": "aa"}', "3"):
        kept.write_text(spoilt)
        with pytest.raises(CannotRun, match="不是检查点文件"):
            returning.witnessed(kept)
