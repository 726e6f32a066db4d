"""Who may not apply for an item again for a while; told by the journals of refusals and revocations, kept nowhere else."""

from __future__ import annotations

from datetime import datetime

from xiaoneng.approval import reads
from xiaoneng.catalogue.reads import Plan
from xiaoneng.kit import asking
from xiaoneng.matters import reads as matters
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.commitment import FALSE as UNTRUE
from xiaoneng.rules.falsehood import FALSE, Bar, to_applying
from xiaoneng.rules.grounds import Obstacle
from xiaoneng.rules.workdays import local_day

# A case turned down as false, alone or as part of a joint one; a commitment revoked as untrue; a certificate revoked
# for fraud. Only where the version that was decided by said that the item bears on safety: what nobody was told of
# does not bar; nor does what has been annulled since.
_STANDS = """NOT EXISTS (
    SELECT FROM entry n WHERE n.matter_id = e.matter_id AND n.seq > e.seq AND n.move = 'annul_decision')"""
_DECIDED = f"""
SELECT e.at, coalesce(m.number, m.intake_number, ''), e.move = 'revoke_on_promise'
FROM approval_application a JOIN matter m ON m.id = a.matter_id JOIN entry e ON e.matter_id = m.id
LEFT JOIN approval_branch b ON b.joint_id = m.id AND b.item_id = %(item)s
JOIN catalogue_itemversion v ON v.id = coalesce(b.version_id, m.item_version_id)
WHERE a.identity_mark = %(mark)s AND v.item_id = %(item)s AND v.bears_on_safety AND {_STANDS}
  AND (e.move IN ('refuse', 'not_accept') AND e.facts -> 'what' ->> 'ground' = %(false)s
    OR e.move = 'revoke_on_promise' AND EXISTS (SELECT FROM entry r
      WHERE r.matter_id = m.id AND r.move = 'record_check' AND r.facts -> 'what' ->> 'result' = %(untrue)s))
UNION ALL
SELECT e.at, coalesce(m.number, ''), true
FROM approval_certificate c JOIN entry e ON e.matter_id = c.matter_id JOIN matter m ON m.id = c.case_id
JOIN catalogue_itemversion v ON v.id = m.item_version_id
WHERE c.holder_mark = %(mark)s AND v.item_id = %(item)s AND v.bears_on_safety AND {_STANDS}
  AND e.move = 'revoke_certificate' AND e.facts -> 'what' ->> 'ground' = 'fraud'"""


def standing(mark: str, plan: Plan, applied_at: datetime) -> Bar | None:
    """Return what keeps somebody from applying for an item at a moment, the longest first; nothing for most items."""
    if not plan.bears_on_safety or not mark:
        return None
    rows = asking.every(_DECIDED, {"mark": mark, "item": plan.item_id, "false": FALSE, "untrue": UNTRUE})
    holding = [bar for bar in (Bar(*row) for row in rows) if bar.holds(applied_at)]
    return max(holding, key=lambda bar: bar.until, default=None)


def obstacles(file: MatterFile, plan: Plan, at: datetime | None = None) -> tuple[Obstacle, ...]:
    """Return what stands against an application for an item by who filed it.

    :param at: the moment at which it would be made, for a draft; what was submitted was made when it was.
    """
    bar = bar_of(file, plan, at)
    known = bar is None or at is None or reads.is_known(file, local_day(at))
    return to_applying(bar, plan.name, known=known)


def bar_of(file: MatterFile, plan: Plan, at: datetime | None = None) -> Bar | None:
    """Return the bar that an application runs into, or nothing."""
    if not plan.bears_on_safety:
        return None
    made = matters.entry_at(file.id, 1).at if file.version else at
    return standing(file.extra["identity_mark"], plan, made) if made else None
