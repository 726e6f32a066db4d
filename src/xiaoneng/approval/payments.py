"""Where money is taken: what every way of paying must be able to do, the counter, and a bank for trying things out."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.conf import settings

from xiaoneng.matters import reads as matters
from xiaoneng.rules.grounds import NotAllowed, NotFound

COUNTER = "counter"
TEST = "test"
SUCCEEDED, FAILED, ABANDONED = "succeeded", "failed", "abandoned"


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody is about to pay."""

    order: UUID
    charge: int
    amount: int  # fen
    title: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a provider says became of an order."""

    order: UUID
    result: str
    amount: int
    reference: str


class Provider(Protocol):
    """A way of paying. What it takes goes to the treasury's account; the platform never holds money."""

    code: str
    label: str
    online: bool

    def begin(self, order: Order) -> str:
        """Return the address at which the payer pays this order."""
        ...

    def hear(self, message: Mapping[str, str]) -> Outcome:
        """Return what a message of the provider says.

        :raises NotAllowed: it does not come from the provider, or says nothing that is understood.
        """
        ...


class Counter:
    """The cashier of the bank's own counter, who records what she took."""

    code, label, online = COUNTER, "收费窗口（现金、刷卡、扫码）", False

    def begin(self, order: Order) -> str:
        """Return nothing: one pays where the cashier sits."""
        return ""

    def hear(self, message: Mapping[str, str]) -> Outcome:
        """Refuse: the counter sends no messages, its cashier records the payment herself."""
        raise NotAllowed("收费窗口的收款由收费人员登记，不接收支付通知。")


class TestBank:
    """A bank that takes no money: it lets every outcome be tried, and only where nothing is in earnest."""

    __test__ = False  # no test case, whatever its name begins with
    code, label, online = TEST, "测试银行（不扣款）", True

    def begin(self, order: Order) -> str:
        """Return the page of the bank."""
        return f"/pay/test/{order.order}"

    def hear(self, message: Mapping[str, str]) -> Outcome:
        """Return what a signed message says."""
        if not hmac.compare_digest(self.signed(message), message.get("sign", "")):
            raise NotAllowed("支付通知的签名不对，没有入账。请核对渠道密钥。")
        try:
            result, amount = message["result"], int(message["amount"])
            outcome = Outcome(UUID(message["order"]), result, amount, message["reference"][:60])
        except (KeyError, ValueError):
            raise NotAllowed("支付通知的内容不完整，没有入账。") from None
        if result not in (SUCCEEDED, FAILED, ABANDONED):
            raise NotAllowed("支付通知里的结果不认识，没有入账。")
        return outcome

    def message(self, order: UUID, result: str, amount: int) -> dict[str, str]:
        """Return the message that the bank would send of an order."""
        plain = {
            "order": str(order),
            "result": result,
            "amount": str(amount),
            "reference": f"T{order.hex[:16].upper()}",
        }
        return plain | {"sign": self.signed(plain)}

    def signed(self, message: Mapping[str, str]) -> str:
        """Return the signature of a message."""
        said = "&".join(f"{name}={message.get(name, '')}" for name in ("order", "result", "amount", "reference"))
        return hmac.new(b"test-bank:" + settings.SECRET_KEY.encode(), said.encode(), hashlib.sha256).hexdigest()


_KNOWN: tuple[Provider, ...] = (Counter(), TestBank())


def providers() -> tuple[Provider, ...]:
    """Return the ways of paying that are open here; the test bank only where nothing is in earnest."""
    in_earnest = matters.installation() not in ("demo", "test", "bench")
    return tuple(each for each in _KNOWN if not (in_earnest and each.code == TEST))


def provider(code: str) -> Provider:
    """Return a way of paying that is open here.

    :raises NotFound: there is none of this code.
    """
    found = next((each for each in providers() if each.code == code), None)
    if found is None:
        raise NotFound("没有这个缴款渠道。请到收费窗口缴款，或者换一种方式。")
    return found
