"""For whom people of the demo may act until when: what a clerk of the window wrote down yesterday."""

from __future__ import annotations

from datetime import datetime, timedelta

from xiaoneng.jobs.demo import people
from xiaoneng.jobs.demo.city import City
from xiaoneng.people import mandates
from xiaoneng.people.mandates import Authority
from xiaoneng.rules.workdays import local_day
from xiaoneng.trail.actions import By

# Who, for which firm, for how many days. Accounts are not opened here: of the demo's people nobody signs in but those
# whom the login page lists.
_LETTERS = (("shenruoxi", "diner", 45), ("linzhiyuan", "works", 20))


def lay(city: City, now: datetime) -> None:
    """Let letters of authority have an end: the clerk has seen them."""
    clerk, at = city.actors["window"], now - timedelta(days=1)
    for login, key, days in _LETTERS:
        firm = people.FIRMS[key]
        said = Authority(firm.code, firm.name, firm.head, "attorney", local_day(at) + timedelta(days=days))
        mandates.authorise(city.actors[login].account, said, by=By(clerk.account, clerk.name), at=at)
