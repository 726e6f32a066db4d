"""Questions about held facts: what may stand for a draft's materials, and whether what stands for them still holds."""

from __future__ import annotations

from datetime import date

from xiaoneng.approval import reads
from xiaoneng.approval.connectors import CONNECTORS, Found, Whose, connector
from xiaoneng.catalogue.models import Material
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules import facts as rules
from xiaoneng.rules.facts import Wanted
from xiaoneng.rules.grounds import Obstacle


def offered(file: MatterFile, on: date) -> dict[str, Found]:
    """Return what may stand for the materials of a draft, by material; the register's word goes before an old paper."""
    wanted = _wanted(file)
    whose = Whose(file.extra["identity_mark"], file.extra["filed_by"], reads.is_known(file, on))
    if not whose.mark or not wanted:
        return {}
    found: dict[str, Found] = {}
    for source in CONNECTORS:
        left = [each for each in wanted if each.slot not in found]
        found |= {each.slot: each for each in source.find(whose, left, on)} if left else {}
    return found


def _wanted(file: MatterFile) -> list[Wanted]:
    rows = Material.objects.filter(version_id=file.item_version).order_by("position")
    return [Wanted(str(row.position), row.name, row.replaceable) for row in rows]


def obstacles(file: MatterFile, on: date) -> tuple[Obstacle, ...]:
    """Return the held facts that do not hold any more; asks nothing where none is used."""
    return tuple(
        rules.gone(each.label, each.slot)
        for each in reads.held_facts(file)
        if (source := connector(each.source)) is None or not source.still_holds(each.reference, on)
    )


def as_facts(file: MatterFile) -> dict[str, list[dict[str, str]]]:
    """Return what a submission writes down of the held facts that stand for its materials."""
    held = [{"slot": each.slot, "source": each.source, "reference": each.reference} for each in reads.held_facts(file)]
    return {"held": held} if held else {}
