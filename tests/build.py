"""Builders that walk a case to its state through the real moves; nothing is forged."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from itertools import count

from django.contrib.auth.hashers import make_password
from PIL import Image

from xiaoneng.approval import reads
from xiaoneng.approval.actions import accept, apply, deliver, drafts, extension, review, special
from xiaoneng.catalogue import actions as catalogue
from xiaoneng.catalogue.models import Item, ItemVersion, Material, PowerKind, Step
from xiaoneng.jobs import time_machine
from xiaoneng.matters.move import Actor
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org.models import Calendar, Department, Holding, Region, Role, Staff
from xiaoneng.people.models import Account, Person
from xiaoneng.rules.workdays import CHINA

PASSWORD = "anlan-2026"
LONG_AGO = date(2020, 1, 1)
_serial = count(1)


def moment(day: date | str, clock: str = "10:00") -> datetime:
    """Give a moment of a day in China, in UTC."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime.combine(day, time.fromisoformat(clock), CHINA).astimezone(UTC)


@dataclass(frozen=True)
class City:
    """A department with its people."""

    department: Department
    clerk: Actor
    reviewer: Actor
    head: Actor
    supervisor: Actor
    citizen: Actor
    stranger: Actor


@cache
def _hashed() -> str:
    """Hash the password once: the algorithm is slow on purpose."""
    return make_password(PASSWORD)


def account(name: str, kind: str = "staff") -> Actor:
    """Make an account that can sign in with PASSWORD."""
    row = Account.objects.create(username=f"u{next(_serial)}", name=name, kind=kind, password=_hashed())
    return Actor(row.pk, name)


def known(actor: Actor, form: dict[str, str] | None = None) -> None:
    """Let an account be the person of a form, as after her card was seen; whoever was it before is it no more."""
    said = form or FORM
    Person.objects.update_or_create(
        id_number=said["identity"], defaults={"account_id": actor.account, "name": said["name"], "phone": said["phone"]}
    )


def holder(department: Department, name: str, role: str, everywhere: bool = False) -> Actor:
    """Make a member of staff who holds a role."""
    actor = account(name)
    Staff.objects.create(account_id=actor.account, department=department, post=role)
    Holding.objects.create(
        account_id=actor.account, role=Role.objects.get(code=role),
        department=None if everywhere else department, during=(LONG_AGO, None),
    )  # fmt: skip
    return actor


def city() -> City:
    """Make a city with one department and one person of each role."""
    n = next(_serial)
    region = Region.objects.create(
        code=f"33{n:04d}", name=f"安澜市{n}", sign=f"A{n % 100}", level=1, calendar=Calendar.objects.get(name="全国")
    )
    department = Department.objects.create(region=region, code=f"D{n}", name="住房和城乡建设局", sign=f"安住建{n}")
    return City(
        department,
        holder(department, "陆远舟", "window"),
        holder(department, "顾知行", "reviewer"),
        holder(department, "周启明", "head"),
        holder(department, "江晚舟", "supervisor", everywhere=True),
        account("沈若溪", "citizen"),
        account("路人甲", "citizen"),
    )


def item(
    where: City, *, statutory=20, promised=8, steps=(("审查", None),), materials=("申请书", "身份证明"), unit="working_day",
    since: datetime | None = None, name: str = "燃气经营许可证核发",
) -> ItemVersion:  # fmt: skip
    """Make an item with one version in force."""
    n = next(_serial)
    row = Item.objects.create(code=f"{n:031d}", department=where.department)
    version = ItemVersion.objects.create(
        item=row, serial=1, in_force=(since or moment("2020-01-01"), None), name=name,
        kind=PowerKind.objects.get(name="行政许可"), statutory_n=statutory, statutory_unit=unit if statutory else "",
        promised_n=promised, promised_unit=unit if promised is not None else "", fingerprint="x",
    )  # fmt: skip
    for position, material in enumerate(materials):
        Material.objects.create(version=version, position=position, name=material)
    chain = [("accept", "受理", "window", None), *(("review", name, "reviewer", days) for name, days in steps),
             ("decide", "决定", "head", None)]  # fmt: skip
    for position, (kind, step, role, days) in enumerate(chain):
        Step.objects.create(version=version, position=position, kind=kind, name=step, role=role, days=days)
    catalogue.index_versions([version.pk])
    return version


FORM = {
    "kind": "person", "name": "沈若溪", "identity": "11010519491231002X", "contact": "沈若溪", "phone": "13812342607",
    "address": "安澜市临江路 88 号", "content": "申请核发燃气经营许可证。", "delivery": "self", "papers": "",
}  # fmt: skip


def picture() -> io.BytesIO:
    """Make a small PNG of its own content."""
    stream = io.BytesIO()
    n = next(_serial)
    Image.new("RGB", (8, 8), (n % 256, n // 256 % 256, 7)).save(stream, "PNG")
    stream.seek(0)
    return stream


class Walk:
    """An application on its way; every step is a real move at a real moment."""

    def __init__(self, where: City, version: ItemVersion) -> None:
        self.city, self.version, self.matter = where, version, 0

    @property
    def file(self) -> MatterFile:
        return reads.load(self.matter)

    def drafted(self, at: datetime, form=None, files: bool = True) -> Walk:
        self.matter = drafts.open_draft(
            code=self.version.item.code, by=self.city.citizen.account, channel="online", at=at, key=None,
            form=form or FORM,
        )  # fmt: skip
        if files:
            for material in self.version.materials.all():
                drafts.attach(
                    self.matter, by=self.city.citizen.account, slot=str(material.position), name="材料.png",
                    stream=picture(), at=at,
                )  # fmt: skip
        return self

    def do(self, action, at: datetime, by: Actor, key=None, **more):
        with time_machine.at(at):
            return action(self.matter, by=by, at=at, key=key, **more)

    def received(self, at: datetime, key=None) -> Walk:
        if not self.matter:
            self.drafted(at)
        self.do(apply.submit, at, self.city.citizen, key)
        return self

    def accepted(self, at: datetime) -> Walk:
        self.do(accept.accept, at, self.city.clerk)
        return self

    def asked(self, at: datetime, **more) -> Walk:
        lacks = [accept.Lack("缺少经营场所证明", "产权证或者租赁合同", "《城镇燃气管理条例》第十五条")]
        self.do(accept.request_correction, at, self.city.clerk, lacks=lacks, **more)
        return self

    def supplemented(self, at: datetime) -> Walk:
        self.do(apply.supplement, at, self.city.citizen, note="已补齐")
        return self

    def reviewed(self, at: datetime) -> Walk:
        self.do(review.review, at, self.city.reviewer, opinion="材料真实，符合条件。")
        return self

    def suspended(self, at: datetime) -> Walk:
        self.do(special.suspend, at, self.city.reviewer, kind="expert_review", days=10, reason="涉及公共安全")
        return self

    def resumed(self, at: datetime) -> Walk:
        self.do(special.resume, at, self.city.reviewer, result="原则通过")
        return self

    def extended(self, at: datetime, days: int = 10) -> Walk:
        self.do(extension.extend, at, self.city.head, days=days, reason="需要跨部门核实")
        return self

    def granted(self, at: datetime) -> Walk:
        self.do(review.grant, at, self.city.head, opinion="符合条例第十五条各项条件，准予许可。")
        return self

    def refused(self, at: datetime) -> Walk:
        self.do(review.refuse, at, self.city.head, reason="场所不符合规划。", basis="《城镇燃气管理条例》第十五条")
        return self

    def delivered(self, at: datetime) -> Walk:
        self.do(deliver.deliver, at, self.city.clerk, way="direct", recipient=FORM["name"])
        return self


def application(where: City | None = None, version: ItemVersion | None = None) -> Walk:
    """Begin an application of a fresh city and item, or of those given."""
    where = where or city()
    return Walk(where, version or item(where))
