"""Which cases of an item of limited number were accepted before a case and still wait for their decision."""

from __future__ import annotations

from xiaoneng.kit import asking
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.in_order import is_limited

# Silence accepts from the day of receipt: the day counts first, then which acceptance was recorded earlier.
_EARLIER = """
WITH taken AS (
  SELECT m.id, m.number AS called, e.id AS entry,
    coalesce(m.clocks -> 'statutory/1' ->> 'started_on', m.clocks -> 'promised/1' ->> 'started_on') AS since
  FROM matter m JOIN catalogue_itemversion v ON v.id = m.item_version_id
  JOIN entry e ON e.matter_id = m.id AND e.move IN ('accept', 'deem_accepted', 'open_branch')
  WHERE m.kind = 'application' AND v.item_id = %(item)s
    AND (m.id = %(id)s OR m.state IN ('reviewing', 'deciding', 'supplementing')))
SELECT e.called FROM taken e JOIN taken mine ON mine.id = %(id)s
WHERE (e.since, e.entry) < (mine.since, mine.entry) ORDER BY e.since, e.entry LIMIT 20"""


def earlier(file: MatterFile) -> tuple[str, ...]:
    """Return the numbers of the cases that come before this one; none where the item publishes no limited number."""
    if not file.item_version or not is_limited(file.plan.quantity_limit):
        return ()
    return tuple(row[0] for row in asking.every(_EARLIER, {"item": file.plan.item_id, "id": file.id}))
