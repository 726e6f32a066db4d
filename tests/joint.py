"""Builders of joint cases: several departments, a theme, and a case that is walked through real moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import build
from build import City, moment
from xiaoneng.approval.actions import review
from xiaoneng.approval.joint import accepting, filing, following, opening, reads
from xiaoneng.approval.models import Theme, ThemeItem
from xiaoneng.catalogue.models import ItemVersion
from xiaoneng.jobs import time_machine
from xiaoneng.matters.move import Actor
from xiaoneng.org.models import Department, Holding, Role

MARCH = moment("2026-03-02")


def sister(lead: City, name: str) -> City:
    """Make another department in the same region, with its own people and the same applicant."""
    n = next(build._serial)
    department = Department.objects.create(region=lead.department.region, code=f"D{n}", name=name, sign=f"安{n}")
    people = {role: build.holder(department, f"{name}{role}", role) for role in ("window", "reviewer", "head")}
    Holding.objects.create(
        account_id=lead.clerk.account, role=Role.objects.get(code="window"), department=department,
        during=(build.LONG_AGO, None),
    )  # fmt: skip
    return City(
        department, people["window"], people["reviewer"], people["head"], lead.supervisor, lead.citizen, lead.stranger
    )


@dataclass
class Joint:
    """A joint case on its way, with the departments by the place of their branch."""

    lead: City
    cities: dict[int, City]
    versions: dict[int, ItemVersion]
    theme: Theme
    matter: int = 0
    leader: Actor = field(default_factory=lambda: build.account("市长"))

    @property
    def file(self):
        return reads.load(self.matter)

    def branch(self, place: int) -> reads.BranchLine:
        return next(line for line in reads.branches(self.matter) if line.position == place)

    def do(self, action, at: datetime, by: Actor, **more):
        with time_machine.at(at):
            return action(self.matter, by=by, at=at, key=None, **more)

    def drafted(self, at: datetime = MARCH, chosen=(), files: bool = True, **more) -> Joint:
        self.matter = opening.open_joint(
            theme=self.theme.code, chosen=chosen, by=self.lead.citizen.account, channel="online", at=at, key=None,
            form=build.FORM, **more,
        )  # fmt: skip
        if files:
            for shared in reads.materials(reads.branches(self.matter)):
                self.attach(shared.slot, at)
        return self

    def attach(self, slot: str, at: datetime) -> Joint:
        opening.attach(
            self.matter, by=self.lead.citizen.account, slot=slot, name="材料.png", stream=build.picture(), at=at
        )
        return self

    def received(self, at: datetime = MARCH, **more) -> Joint:
        if not self.matter:
            self.drafted(at, **more)
        self.do(filing.submit, at, self.lead.citizen)
        return self

    def accepted(self, at: datetime = MARCH) -> Joint:
        self.do(accepting.accept, at, self.lead.clerk)
        return self

    def move(self, place: int, action, at: datetime, who: str, **more) -> Joint:
        """Make a branch's own move, and what follows from it."""
        actor, matter = getattr(self.cities[place], who), self.branch(place).matter
        with time_machine.at(at):
            action(matter, by=actor, at=at, key=None, **more)
            following.follow(matter, at)
        return self

    def granted(self, place: int, at: datetime) -> Joint:
        self.move(place, review.review, at, "reviewer", opinion="符合条件")
        return self.move(place, review.grant, at, "head", opinion="准予")

    def refused(self, place: int, at: datetime) -> Joint:
        self.move(place, review.review, at, "reviewer", opinion="不符合条件")
        return self.move(place, review.refuse, at, "head", reason="场地不符合规划", basis="《城乡规划法》第四十条")


def project(after: dict[int, list[int]] | None = None, conditions: dict[int, str] | None = None, *, days: int = 45,
            materials: dict[int, tuple[str, ...]] | None = None, promised: int = 8, statutory: int = 20,
            lead: City | None = None) -> Joint:  # fmt: skip
    """Begin a joint case of a fresh city or the one given: by default three branches, the third waits for the first."""
    after = after if after is not None else {1: [], 2: [], 3: [1]}
    lead = lead or build.city()
    theme = Theme.objects.create(
        code=f"theme-{next(build._serial)}", name="开办餐饮店", lead=lead.department, days=days, changed_at=MARCH,
        changed_by="清单管理",
    )  # fmt: skip
    cities, versions = {}, {}
    for place in after:
        cities[place] = lead if place == 1 else sister(lead, f"协办{place}局")
        papers = (materials or {}).get(place, ("申请书", f"材料{place}"))
        versions[place] = build.item(
            cities[place], materials=papers, name=f"事项{place}", promised=promised, statutory=statutory
        )
        ThemeItem.objects.create(
            theme=theme, position=place, item=versions[place].item, condition=(conditions or {}).get(place, ""),
            after=after[place],
        )  # fmt: skip
    joint = Joint(lead, cities, versions, theme)
    Holding.objects.create(
        account_id=joint.leader.account, role=Role.objects.get(code="leader"), region=lead.department.region,
        during=(build.LONG_AGO, None),
    )  # fmt: skip
    return joint
