"""What is charged in 安澜, for how long its certificates hold, and the stories of money, certificates and delivery."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from xiaoneng.approval import certificates as register
from xiaoneng.approval import facts, fees, reads
from xiaoneng.approval.actions import apply, certificates, deliver, dispatch, drafts
from xiaoneng.approval.actions import facts as held
from xiaoneng.approval.actions import fees as charging
from xiaoneng.approval.payments import SUCCEEDED, TEST, TestBank
from xiaoneng.catalogue.models import Fee, ItemVersion, Result
from xiaoneng.jobs.demo import papers
from xiaoneng.jobs.demo.cases import COMPLETE, GRANTED, ON_SITE, Case, act
from xiaoneng.matters.move import Actor
from xiaoneng.rules.certificates import Asked
from xiaoneng.rules.workdays import local_day

CASHIER = "cashier"
REPAIR = "城市道路挖掘修复费"
MAKING = "居民身份证工本费"
_ROADS = "《城市道路管理条例》第三十七条（应当交纳城市道路占用费或者挖掘修复费）"
_CARDS = "《中华人民共和国居民身份证法》第二十条（应当缴纳证件工本费）"
FEES: dict[str, tuple[dict[str, Any], ...]] = {
    "dig": (
        {
            "name": REPAIR, "low": Decimal("280.00"), "high": Decimal("360.00"), "unit": "平方米", "basis": _ROADS,
            "basis_rank": "administrative_regulation", "exemption": "供水、供气抢修和城市公益工程",
            "exemption_basis": "安澜市城市道路收费减免规定（示例）", "way": "网上或者收费窗口",
        },
    ),
    "idcard": (
        {
            "name": MAKING, "low": Decimal("20.00"), "high": Decimal("20.00"), "unit": "证", "basis": _CARDS,
            "basis_rank": "law", "exemption": "首次申领", "exemption_basis": "公布的免征政策", "way": "网上或者收费窗口",
        },
    ),
}  # fmt: skip
VALID_FOR = {
    "food": ("食品经营许可证", "5年"), "hygiene": ("卫生许可证", "4年"), "drain": ("污水排入排水管网许可证", "5年"),
    "gas": ("燃气经营许可证", "5年"), "dispatch": ("劳务派遣经营许可证", "3年"),
}  # fmt: skip


def add_rows(versions: dict[str, ItemVersion]) -> None:
    """Publish the fees and the validity of what these items come to."""
    Fee.objects.bulk_create(
        Fee(version=versions[key], position=n, **row) for key, listed in FEES.items() for n, row in enumerate(listed)
    )
    Result.objects.bulk_create(
        Result(version=versions[key], position=0, name=name, kind="证照", validity=validity)
        for key, (name, validity) in VALID_FOR.items()
    )


def look_after(at: datetime) -> None:
    """Do what the worker does all the time for money, certificates and public notices."""
    certificates.issue_what_is_granted(lambda: at, since=at - timedelta(days=8))
    charging.expire_what_was_not_paid(at)
    dispatch.serve_what_was_published(lambda: at)


class Things:
    """The moves of a story that concern money, certificates, delivery and held facts."""

    matter: int
    form: Any
    city: Any
    guide: Any
    clerk: Actor
    reviewer: Actor
    head: Actor
    applicant: Actor

    def demand(self, at: datetime, *, tariff: str, units: int) -> None:
        """Demand a fee."""
        charging.demand(self.matter, by=self.reviewer, at=at, key=uuid4(), tariff=tariff, units=units)

    def exempt(self, at: datetime, *, tariff: str, units: int, ground: str) -> None:
        """Exempt from a fee."""
        charging.exempt(self.matter, by=self.head, at=at, key=uuid4(), tariff=tariff, units=units, ground=ground)

    def pay(self, at: datetime) -> None:
        """Pay what is owed at the test bank."""
        order, _ = charging.begin(self._charge(), through=TEST, at=at)
        message = TestBank().message(order, SUCCEEDED, fees.attempt(order).amount)
        charging.hear(TEST, message, at=at)

    def collect(self, at: datetime) -> None:
        """Pay what is owed at the counter."""
        charge = self._charge()
        charging.collect(charge, by=self._till, at=at, key=uuid4(), amount=fees.one(charge).amount, way="scan")

    def order_refund(self, at: datetime, *, reason: str, basis: str = "", amount: int | None = None) -> None:
        """Order that what was paid is paid back, or a part of it."""
        charge, key = self._charge(), uuid4()
        charging.order_refund(charge, by=self.head, at=at, key=key, reason=reason, basis=basis, amount=amount)

    def refund(self, at: datetime) -> None:
        """Pay it back at the counter."""
        charging.refund(self._charge(), by=self._till, at=at, key=uuid4())

    def dispatch(self, at: datetime, **told: str) -> None:
        """Send the decision by post or publish it."""
        dispatch.dispatch(self.matter, by=self.clerk, at=at, key=None, **told)

    def deliver(self, at: datetime, *, way: str) -> None:
        """Hand the decision over; a letter has its number, and who asked for it by wire agreed to that."""
        said: dict[str, dict[str, Any]] = {
            "electronic": {"consent": "申请时在网上同意电子送达"},
            "post": {"tracking": f"EX{self.matter:09d}CN"},
        }
        deliver.deliver(
            self.matter, by=self.clerk, at=at, key=None, way=way, recipient=self.form["name"], **said.get(way, {})
        )

    def suspend_certificate(self, at: datetime, *, decision: str, reason: str, days: int) -> None:
        """Suspend the certificate that the case came to."""
        found = register.of_case(self.matter)
        assert found is not None
        until: date = local_day(at) + timedelta(days=days)
        asked = Asked(ground="penalty", reason=reason, decision=decision, until=until)
        certificates.change(found.id, "suspend_certificate", by=self.head, at=at, key=None, asked=asked)

    def submit_with_what_is_held(self, at: datetime) -> None:
        """Submit, letting what the government holds already stand for its materials, with consent."""
        self.draft(at)  # type: ignore[attr-defined]
        offered = facts.offered(reads.load(self.matter), local_day(at))
        for slot, found in offered.items():
            held.use(self.matter, slot=slot, reference=found.reference, by=self.applicant.account, at=at)
        for slot in self.guide.required:
            if str(slot) not in offered:
                name, stream = papers.page(self.guide.papers[slot].name, self.form["name"])
                drafts.attach(self.matter, by=self.applicant.account, slot=str(slot), name=name, stream=stream, at=at)
        apply.submit(self.matter, by=self.applicant, at=at, key=None)

    def _charge(self) -> int:
        return fees.of_case(self.matter)[-1].id

    @property
    def _till(self) -> Actor:
        till: Actor = self.city.actors[CASHIER]
        return till


CASES = (
    Case("dig", "works", "铺设通信管线，申请挖掘城东路 12 平方米。", (
        act(14, "09:20", "submit"),
        act(13, "09:40", "accept"),
        act(13, "14:05", "demand", tariff=REPAIR, units=12),
        act(12, "10:16", "pay"),
        act(12, "15:10", "review", opinion=COMPLETE),
        act(11, "10:25", "grant", opinion=GRANTED),
        act(10, "09:50", "deliver", way="electronic"),
        act(4, "10:20", "order_refund", reason="完工复测实际挖掘 10 平方米，比申请少 2 平方米。",
            basis="《城市道路管理条例》第三十七条：按实际挖掘面积计收，2 平方米 × 280 元", amount=56_000),
        act(4, "15:05", "refund"),
    )),
    Case("dig", "gas", "燃气管道漏气抢修后恢复，申请挖掘沿江大道 20 平方米。", (
        act(17, "10:02", "submit"),
        act(16, "09:35", "accept"),
        act(16, "14:40", "exempt", tariff=REPAIR, units=20, ground="供气抢修，符合公布的减免情形。"),
        act(15, "10:20", "review", opinion=COMPLETE),
        act(14, "11:12", "grant", opinion=GRANTED),
        act(13, "15:35", "deliver", way="electronic"),
    )),
    Case("dig", "gas", "新建中压燃气支管，申请挖掘观澜路 30 平方米。", (
        act(2, "09:31", "submit"), act(1, "10:10", "accept"), act(1, "14:22", "demand", tariff=REPAIR, units=30),
    )),
    Case("idcard", "hanyubai", "首次申领居民身份证。", (
        act(11, "09:15", "submit"),
        act(11, "09:25", "accept"),
        act(11, "09:40", "demand", tariff=MAKING, units=1),
        act(11, "09:58", "collect"),
        act(10, "10:30", "review", opinion="信息核验无误。"),
        act(10, "15:20", "grant", opinion="符合申领条件，准予。"),
        act(9, "09:30", "order_refund", reason="首次申领免收工本费，应当退还。"),
        act(9, "14:10", "refund"),
        act(8, "10:05", "deliver", way="direct"),
    ), at_window=True),
    Case("trader", "tea", "申请设立个体工商户，经营自制饮品。", (
        act(30, "09:18", "submit"),
        act(30, "09:30", "accept"),
        act(30, "09:45", "grant", opinion="信息核对无误，当场登记。"),
        act(30, "09:55", "deliver", way="direct"),
    ), at_window=True),
    Case("hygiene", "tea", "申请办理茶饮店公共场所卫生许可。", (
        act(3, "20:11", "submit_with_what_is_held"), act(2, "10:08", "accept"),
    )),
    Case("food", "inn", "申请在民宿经营热食类食品。", (
        act(36, "10:20", "submit"),
        act(35, "09:40", "accept"),
        act(34, "14:10", "review", opinion=COMPLETE),
        act(33, "10:30", "review", opinion=ON_SITE),
        act(32, "15:05", "grant", opinion=GRANTED),
        act(31, "09:30", "deliver", way="direct"),
        act(6, "10:15", "suspend_certificate", decision="安市监罚〔2026〕27号", days=60,
            reason="后厨连续两次抽检餐具大肠菌群不合格，处暂扣许可证六十日。"),
    )),
    Case("advert", "diner", "申请在滨水街设置一处灯箱。", (
        act(16, "10:12", "submit"),
        act(15, "14:02", "accept"),
        act(14, "10:15", "review", opinion="设置位置占用消防通道。"),
        act(13, "16:20", "refuse", reason="灯箱占用消防通道，不符合户外广告设置规划。",
            basis="《城市市容和环境卫生管理条例》第十一条"),
        act(9, "10:05", "dispatch", way="public_notice", place="安澜市政府网站、滨水街社区公告栏",
            reason="登记的住所已搬离，两次邮寄均被退回，电话无人接听。"),
    )),
)  # fmt: skip
