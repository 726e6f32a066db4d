"""The lists of 安澜 at work: a round in which two departments compile, one of them looking back, and a comparison to decide on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from xiaoneng.jobs.demo import places, staff
from xiaoneng.jobs.demo.city import City
from xiaoneng.org.models import Department
from xiaoneng.powerlists import actions, comparing
from xiaoneng.powerlists import reads as lists

OPENED, COMPARED = 12, 5  # working days ago
ROUND = "权力清单动态调整（本季度）"


def events(city: City) -> Iterator[tuple[int, str, Callable[[datetime], None]]]:
    """Give what happens with the lists: how many working days ago, at what time, and what."""
    office = city.actors[staff.LIST_OFFICE]

    def open_round(at: datetime) -> None:
        actions.open_round(name=ROUND, departments=[city.organs["住建"], city.organs["司法"]], by=office, at=at)

    def hand_in(at: datetime) -> None:
        number = next(row.id for row in lists.rounds() if row.name == ROUND)
        line = next(row for row in lists.board(number, at) if row.department_id == city.organs["住建"])
        first = lists.proposals(line.matter)[0]
        actions.propose(
            line.matter, first.code, disposition="amend", content=first.content, by=city.actors["lists2"], at=at,
            reason="再减一份材料", ground="《优化营商环境条例》第三十六条",
        )  # fmt: skip
        actions.report(line.matter, by=city.actors["lists2"], at=at)

    def compare(at: datetime) -> None:
        whose = dict(Department.objects.values_list("id", "region_id"))
        other = whose[city.organs["临江市监"]]
        comparing.compare(whose[city.organs[places.CENTRE]], [other], by=office.account, at=at)

    yield OPENED, "09:20", open_round
    yield OPENED - 4, "15:40", hand_in
    yield COMPARED, "10:10", compare
