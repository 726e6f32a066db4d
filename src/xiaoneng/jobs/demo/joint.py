"""One thing at a time (一件事), the four stages of building, and projects with an agent: themes, and a few stories of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from xiaoneng.approval import reads as applications
from xiaoneng.approval.actions import in_branch, review, special
from xiaoneng.approval.actions.accept import Lack
from xiaoneng.approval.agency import actions as agency
from xiaoneng.approval.joint import accepting, filing, following, opening, reads, together
from xiaoneng.approval.models import Theme, ThemeItem
from xiaoneng.catalogue.models import Item
from xiaoneng.jobs.demo import items, papers, people, staff
from xiaoneng.jobs.demo.city import City
from xiaoneng.matters.move import Actor
from xiaoneng.rules.agency import PlannedStep
from xiaoneng.rules.procedures import application
from xiaoneng.rules.workdays import local_day

ONCE = "《行政许可法》第三十二条第一款第四项"
Part = tuple[str, str, tuple[int, ...]]  # item, condition, those before it


@dataclass(frozen=True, slots=True)
class Bundle:
    """A theme: its lead, its days, its items; for a stage of building its number."""

    code: str
    name: str
    summary: str
    lead: str
    days: int
    parts: tuple[Part, ...]
    stage: int | None = None


BUNDLES = (
    Bundle("open-a-restaurant", "开一家餐饮店", "从登记、食品经营许可到招牌和排水，一次申请，只交一套材料。", "市监", 15, (
        ("company", "", ()), ("food", "", (1,)), ("publicfire", "店堂是公众聚集场所", (1,)),
        ("advert", "要设置大型户外招牌", (1,)), ("drain", "有餐饮污水排入市政管网", ()),
    )),
    Bundle("open-a-guesthouse", "开一家民宿", "特种行业、卫生、消防和餐饮一起办。", "公安", 15, (
        ("hotel", "", ()), ("hygiene", "", ()), ("publicfire", "", ()), ("food", "提供餐饮", ()),
    )),
    Bundle("build-a-house", "建一幢房子", "规划许可、建筑垃圾处置和施工许可，一张表。", "自规", 25, (
        ("projectplan", "", ()), ("waste", "", (1,)), ("trees", "要移动城市树木", ()), ("building", "", (1,)),
    )),
    Bundle("construction-1", "立项用地规划许可", "项目备案、用地预审与选址、节能审查、用地规划许可。", "发改", 25, (
        ("filing", "", ()), ("siting", "", ()), ("energy", "年综合能耗达到审查标准", (1,)), ("landplan", "", (1, 2)),
    ), 1),
    Bundle("construction-2", "工程建设许可", "设计方案、工程规划许可、环境影响评价。", "自规", 20, (
        ("projectplan", "", ()), ("eiatable", "按名录要编报告表", ()), ("soil", "占地或者土石方达到标准", ()),
    ), 2),
    Bundle("construction-3", "施工许可", "消防设计审查、防雷设计审核、施工许可。", "住建", 20, (
        ("firedesign", "", ()), ("lightning", "", ()), ("building", "", (1, 2)),
    ), 3),
    Bundle("construction-4", "竣工验收", "联合验收：一次申请、一次踏勘、一个意见，然后备案。", "住建", 15, (
        ("fireaccept", "", ()), ("completion", "", (1,)),
    ), 4),
)  # fmt: skip


def lay(city: City, at: datetime) -> None:
    """Write the catalogue of themes as the list office keeps it."""
    ids = dict(Item.objects.filter(code__in=city.codes.values()).values_list("code", "id"))
    before: Theme | None = None
    for each in BUNDLES:
        theme = Theme.objects.create(
            code=each.code, name=each.name, summary=each.summary, lead_id=city.organs[each.lead], days=each.days,
            stage=each.stage, after=before if each.stage else None, basis="《行政许可法》第二十六条第二款",
            changed_at=at, changed_by="清单管理",
        )  # fmt: skip
        before = theme if each.stage else None
        ThemeItem.objects.bulk_create(
            ThemeItem(theme=theme, position=place, item_id=ids[city.codes[key]], condition=condition, after=list(after))
            for place, (key, condition, after) in enumerate(each.parts, start=1)
        )


@dataclass(frozen=True, slots=True)
class Act:
    """What happens so many working days ago, at which time, in which story."""

    ago: int
    clock: str
    happen: Callable[[datetime], None] = field(compare=False)


class Story:
    """A joint case on its way through the real moves."""

    def __init__(self, city: City, bundle: str, who: str, project: str, content: str, *chosen: int) -> None:
        self.city, self.bundle, self.who, self.project, self.chosen = city, bundle, who, project, chosen
        self.content, self.matter = content, 0

    @property
    def applicant(self) -> Actor:
        """Return who files it: the firm's agent."""
        return self.city.actors[people.applicant(self.who).login]

    def submit(self, at: datetime) -> None:
        """Fill in the one form, hand in the one set of materials, and submit."""
        self._file(self.applicant, "online", at)

    def take_in(self, at: datetime) -> None:
        """Let the city's general window type what the applicant says at the counter, and scan the papers."""
        self._file(self.city.actors["window"], "window", at)

    def _file(self, by: Actor, channel: str, at: datetime) -> None:
        firm, person = people.FIRMS[self.who], people.applicant(self.who)
        form = {
            "kind": "enterprise", "name": firm.name, "identity": firm.code, "address": firm.address, "contact": person.name,
            "phone": person.phone, "delivery": "self", "papers": "", "content": self.content,
        }  # fmt: skip
        self.matter = opening.open_joint(
            theme=self.bundle, chosen=self.chosen, by=by.account, channel=channel, at=at, key=None, form=form,
            project=self.project,
        )  # fmt: skip
        for shared in reads.materials(reads.branches(self.matter)):
            if shared.required:
                name, stream = papers.page(shared.name, firm.name)
                opening.attach(self.matter, by=by.account, slot=shared.slot, name=name, stream=stream, at=at)
        filing.submit(self.matter, by=by, at=at, key=None)

    def accept(self, at: datetime) -> None:
        """Let the city's general window accept for all departments."""
        accepting.accept(self.matter, by=self.city.actors["window"], at=at, key=None)

    def settle(self, place: int) -> Callable[[datetime], None]:
        """Let one branch be reviewed to its end and granted."""

        def happen(at: datetime) -> None:
            matter = self._matter(place)
            file = applications.load(matter)
            signed = 0
            while file.state == application.REVIEWING:  # nobody signs twice
                signer = self._of(place, "reviewer", signed)
                review.review(matter, by=signer, at=at, key=None, opinion="材料齐全真实，符合条件。")
                file, signed = applications.load(matter), signed + 1
            review.grant(matter, by=self._of(place, "head"), at=at, key=None, opinion="申请符合法定条件和标准，准予。")
            following.follow(matter, at)

        return happen

    def suspend(self, place: int) -> Callable[[datetime], None]:
        """Let one branch wait for its experts."""

        def happen(at: datetime) -> None:
            matter = self._matter(place)
            special.suspend(
                matter, by=self._of(place, "reviewer"), at=at, key=None, kind="expert_review", days=8,
                reason="技术方案需要专家评审",
            )  # fmt: skip
            following.follow(matter, at)

        return happen

    def ask(self, place: int, *lacks: Lack) -> Callable[[datetime], None]:
        """Let one branch ask, once, for what its own part lacks; the others go on."""

        def happen(at: datetime) -> None:
            matter = self._matter(place)
            in_branch.ask_in_branch(matter, by=self._of(place, "reviewer"), at=at, key=None, lacks=lacks)
            following.follow(matter, at)

        return happen

    def meet(self, at: datetime) -> None:
        """Call the departments together at the site in two days."""
        lines = reads.branches(self.matter)
        seats = dict.fromkeys(line.plan.department_id for line in lines)
        known = reads.people_of(lines, reads.load(self.matter).department)
        going = [next(a for a, (_, where, _) in known.items() if where == seat) for seat in seats][:3]
        together.arrange(
            self.matter, by=self.city.actors["reviewer"], at=at, key=None, kind="site_check", people=going,
            starts_at=at + timedelta(days=2), place="城东产业园 7 号地块",
        )  # fmt: skip

    def deliver(self, at: datetime) -> None:
        """Hand all decisions over at once."""
        firm = people.FIRMS[self.who]
        together.hand_over(
            self.matter, by=self.city.actors["window"], at=at, key=None, way="direct", recipient=firm.name
        )

    def _matter(self, place: int) -> int:
        return next(line.matter or 0 for line in reads.branches(self.matter) if line.position == place)

    def _of(self, place: int, role: str, turn: int = 0) -> Actor:
        bundle = next(each for each in BUNDLES if each.code == self.bundle)
        organ = _organ_of(bundle.parts[place - 1][0])
        holders = staff.holding(role, organ)
        return self.city.actors[holders[turn % len(holders)].login]


def _organ_of(key: str) -> str:
    return items.guides()[key].organ


def acts(city: City) -> Iterator[Act]:
    """Tell what happens, by working days before today."""
    diner = Story(city, "open-a-restaurant", "diner", "江鲜楼滨水店", "在滨水街 41 号开设餐饮店。", 3, 4)
    yield from (Act(9, "09:25", diner.submit), Act(8, "09:50", diner.accept), Act(8, "11:10", diner.settle(1)))
    yield from (Act(4, "15:20", diner.settle(2)), Act(3, "10:05", diner.settle(4)))
    yield Act(
        5, "10:20", diner.ask(3, Lack("疏散平面图没有标注第二安全出口", "标明位置、宽度，设计单位签章", ONCE, "0"))
    )
    one = Story(city, "construction-1", "works", "城东物流仓储中心", "城东物流仓储中心建设项目立项和用地。")
    yield from (Act(34, "09:10", one.submit), Act(33, "10:00", one.accept), Act(33, "14:10", one.settle(1)))
    yield from (Act(27, "10:20", one.settle(2)), Act(22, "15:00", one.settle(4)), Act(21, "10:00", one.deliver))
    two = Story(city, "construction-2", "works", "城东物流仓储中心", "城东物流仓储中心工程建设许可。", 2, 3)
    yield from (Act(12, "09:40", two.submit), Act(11, "09:15", two.accept), Act(6, "14:30", two.settle(2)))
    yield from (Act(5, "10:00", two.suspend(1)), Act(1, "15:30", two.meet))
    inn = Story(city, "open-a-guesthouse", "inn", "听潮民宿二店", "在望潮街 96 号开办民宿，提供早餐。", 4)
    yield Act(0, "09:05", inn.submit)
    new = Story(city, "open-a-restaurant", "diner", "江鲜楼老街店", "在老街 27 号开设分店，经营面馆。", 3, 4)
    yield Act(2, "15:40", new.submit)  # waits to be accepted: the whole of it may still be taken back
    house = Story(city, "build-a-house", "mill", "职工宿舍", "在工业一路 33 号厂区内建职工宿舍一幢。", 3)
    yield Act(1, "14:20", house.take_in)
    yield from _projects(city)


def _projects(city: City) -> Iterator[Act]:
    thresholds = {"capital": 500, "investment": 5000}
    agent = city.actors[
        next(post.login for post in staff.posts() if any(h.role == "agency_service" for h in post.holds))
    ]
    made: dict[str, int] = {}

    def ask(who: str, name: str, **figures: int) -> Callable[[datetime], None]:
        def happen(at: datetime) -> None:
            firm, person = people.FIRMS[who], people.applicant(who)
            form: dict[str, Any] = {
                "kind": "enterprise", "name": firm.name, "identity": firm.code, "address": firm.address,
                "contact": person.name, "phone": person.phone, "content": f"申请代办{name}的全部审批。",
            }  # fmt: skip
            made[who] = agency.request(
                project=agency.Project(name, **figures), form=form, thresholds=thresholds,
                by=city.actors[person.login], at=at, key=None,
            ).matter  # fmt: skip

        return happen

    def plan(at: datetime) -> None:
        day = local_day(at)
        steps = [
            PlannedStep("企业投资项目备案", "发展和改革委员会", _later(day, 4)),
            PlannedStep("建设项目用地预审与选址意见书", "自然资源和规划局", _later(day, 18), (1,)),
            PlannedStep("建设工程规划许可证核发", "自然资源和规划局", _later(day, 40), (2,)),
            PlannedStep("建筑工程施工许可证核发", "住房和城乡建设局", _later(day, 60), (3,)),
        ]
        agency.take_on(made["mill"], by=agent, at=at, key=None, steps=steps)

    def tick(at: datetime) -> None:
        agency.tick(made["mill"], by=agent, at=at, key=None, step=1, done=True)

    yield Act(14, "10:15", ask("mill", "青禾智能纺织车间", investment=8600))
    yield from (Act(13, "09:35", plan), Act(10, "16:00", tick))
    yield Act(1, "16:20", ask("gas", "北岸储配站", capital=1200, investment=6800))


def _later(day: date, days: int) -> date:
    return day + timedelta(days=days)
