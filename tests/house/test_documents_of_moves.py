"""Whatever a move issues can be written."""

from __future__ import annotations

from xiaoneng.approval import notices
from xiaoneng.rules.procedures import all_procedures
from xiaoneng.supervision import notices as supervision


def test_every_document_that_a_move_issues_has_its_text():
    issued = {move.document.kind for each in all_procedures().values() for move in each.moves if move.document}
    assert issued - notices.known_kinds() - set(supervision.KINDS) == set()
