"""A charge of a case: demanded by a note, paid at the one place where money is taken, or exempted, or paid back."""

from __future__ import annotations

from xiaoneng.rules.grounds import LICENSING, Basis
from xiaoneng.rules.procedures.table import Document, Move, Procedure, State
from xiaoneng.rules.roles import Role

PLANNED = "planned"
DEMANDED = "demanded"
PAID = "paid"
EXEMPT = "exempt"
VOID = "void"
EXPIRED = "expired"
REFUNDING = "refunding"
REFUNDED = "refunded"

PAYMENT_NOTICE = Document("payment_notice", "缴款通知书", "缴")
EXEMPTION_NOTICE = Document("exemption_notice", "减免缴费决定书", "免")
FEE_RECEIPT = Document("fee_receipt", "缴款收据", "票")
REFUND_ORDER = Document("refund_order", "退费决定书", "退")
REFUND_RECEIPT = Document("refund_receipt", "退费凭证", "退票")

CHARGED = Basis(
    LICENSING,
    59,
    "",
    "行政机关实施行政许可，依照法律、行政法规收取费用的，应当按照公布的法定项目和标准收费；"
    "所收取的费用必须全部上缴国库，任何机关或者个人不得以任何形式截留、挪用、私分或者变相私分。",
)
SEPARATED = Basis("平台收费规则", "", "", "开单的不收款，收款的不开单；窗口不经手钱款，全部在统一收费处缴纳")
RETURNED = Basis("平台收费规则", "", "", "不该收的、多收的和重复到账的，按原渠道退回")
IN_TIME = Basis("平台收费规则", "", "", "缴款通知书载明缴款期限；逾期没有缴的，通知书失效，需要时重新开具")

_MONEY = (Role.CASHIER, Role.PLATFORM)
_AFTERWARDS = (PAID, EXEMPT, VOID, EXPIRED, REFUNDING, REFUNDED)

PROCEDURE = Procedure(
    kind="fee",
    label="收费",
    initial=PLANNED,
    states=(
        State(PLANNED, "待开单", Role.REVIEWER),
        State(DEMANDED, "待缴款", Role.APPLICANT),
        State(PAID, "已缴款", None, closed=True),
        State(EXEMPT, "已减免", None, closed=True),
        State(VOID, "已作废", None, closed=True),
        State(EXPIRED, "逾期失效", None, closed=True),
        State(REFUNDING, "待退费", Role.CASHIER),
        State(REFUNDED, "已退费", None, closed=True),
    ),
    moves=(
        Move("demand", "开缴款通知书", (PLANNED,), (DEMANDED,), (Role.WINDOW, Role.REVIEWER, Role.HEAD), CHARGED,
             document=PAYMENT_NOTICE),
        Move("exempt", "减免缴费", (PLANNED, DEMANDED), (EXEMPT,), (Role.HEAD,), CHARGED, document=EXEMPTION_NOTICE),
        Move("void_demand", "作废缴款通知书", (DEMANDED,), (VOID,), (Role.REVIEWER, Role.HEAD), IN_TIME),
        Move("expire_demand", "逾期没有缴款", (DEMANDED,), (EXPIRED,), (Role.PLATFORM,), IN_TIME),
        Move("pay", "收款", (DEMANDED,), (PAID,), _MONEY, SEPARATED, document=FEE_RECEIPT),
        Move("return_surplus", "退回多到的款", _AFTERWARDS, _AFTERWARDS, _MONEY, RETURNED),
        Move("order_refund", "决定退费", (PAID,), (REFUNDING,), (Role.HEAD,), RETURNED, document=REFUND_ORDER),
        Move("refund", "退款", (REFUNDING,), (REFUNDED, PAID), (Role.CASHIER,), RETURNED, document=REFUND_RECEIPT),
    ),
)  # fmt: skip
