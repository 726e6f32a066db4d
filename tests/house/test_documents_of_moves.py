"""Whatever a move issues can be written."""

from __future__ import annotations

from collections import defaultdict

from xiaoneng.approval import notices
from xiaoneng.rules.procedures import all_procedures
from xiaoneng.supervision import notices as supervision


def all_of(move):
    return (*([move.document] if move.document else []), *move.further)


def test_every_document_that_a_move_issues_has_its_text():
    issued = {document.kind for each in all_procedures().values() for move in each.moves for document in all_of(move)}
    assert issued - notices.known_kinds() - set(supervision.KINDS) == set()


def test_a_kind_of_document_belongs_to_one_procedure():
    whose = defaultdict(set)
    for each in all_procedures().values():
        for document in {document for move in each.moves for document in all_of(move)}:
            whose[document.kind].add((each.kind, document.word))
    assert {kind: found for kind, found in whose.items() if len({procedure for procedure, _ in found}) > 1} == {}
