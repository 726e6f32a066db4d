"""A card that follows from a finding: about one of its cases, with the finding's rule, version and facts frozen in it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from xiaoneng.matters.move import Actor, Moved
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.procedures import finding as procedure
from xiaoneng.supervision import cards
from xiaoneng.supervision.findings import actions, reads
from xiaoneng.supervision.responsible import Person

TRUE = (procedure.CONFIRMED, procedure.RECTIFIED)
# Which rule of cards a trick breaks; the others are for the supervisor to choose.
SUGGESTED = {
    "F-PAUSE-LATE": "V-SUSP", "F-PAUSE-AGAIN": "V-SUSP", "F-PAUSE-LONG": "V-SUSP", "F-PAUSE-EMPTY": "V-SUSP",
    "F-SECOND-NOTICE": "V-ONCE", "F-FIRST-ASKED": "V-ONCE", "F-NO-REASON": "V-REASON", "F-OUT": "V-OUT",
    "F-NIGHT": "V-OUT", "F-LATE-ENTRY": "V-OUT", "F-PATROL": "V-ABS",
}  # fmt: skip


def issue(
    number: int | str, *, about: int, rule: str, level: str = "", grounds: str, person: Person | None = None, by: Actor,
    at: datetime, key: UUID | None = None,
) -> Moved:  # fmt: skip
    """Issue a card for a finding that was found true, about one of its cases, or about itself where it has none.

    :raises NotAllowed: the unit was not heard yet, or the case is none of this finding.
    """
    file, row = actions.load(number, by, at)
    if file.state not in TRUE:
        raise NotAllowed("认定属实以后才能发牌。请先听取单位说明并作出认定。")
    if about not in (row.cases or [file.id]):
        raise NotAllowed("请从这条发现的有关办件里选择一件。")
    found = {
        **reads.evidence_of(row)["facts"], "监察发现": file.called, "发现规则": row.rule, "规则版本": row.rule_version,
        "证据摘要": hashlib.sha256(row.evidence.encode()).hexdigest(),
    }  # fmt: skip
    return cards.issue(about, rule, level=level, grounds=grounds, person=person, found=found, by=by, at=at, key=key)
