"""A certificate in the register: issued once, then renewed, amended, suspended, withdrawn, revoked or cancelled."""

from __future__ import annotations

from xiaoneng.rules.annulment import ANNULLED
from xiaoneng.rules.grounds import LICENSING, Basis
from xiaoneng.rules.procedures.table import Document, Move, Procedure, State
from xiaoneng.rules.roles import Role

PLANNED = "planned"
VALID = "valid"
SUSPENDED = "suspended"
WITHDRAWN = "withdrawn"
REVOKED = "revoked"
RESCINDED = "rescinded"
CANCELLED = "cancelled"

LICENCE = Document("licence", "许可证件", "证")
RENEWAL_DECISION = Document("renewal_decision", "准予延续决定书", "续")
AMENDMENT_DECISION = Document("amendment_decision", "准予变更决定书", "变")
SUSPENSION_NOTICE = Document("suspension_notice", "暂扣证件决定书", "扣")
REINSTATEMENT_NOTICE = Document("reinstatement_notice", "恢复使用证件通知书", "复")
WITHDRAWAL_DECISION = Document("withdrawal_decision", "撤回行政许可决定书", "撤回")
REVOCATION_DECISION = Document("revocation_decision", "撤销行政许可决定书", "撤销")
RESCISSION_DECISION = Document("rescission_decision", "吊销许可证件决定书", "吊销")
CANCELLATION_DECISION = Document("cancellation_decision", "注销行政许可决定书", "注销")
ANNULMENT_NOTICE = Document("certificate_annulment_notice", "证照决定撤销告知书", "证撤告")

ISSUED = Basis(LICENSING, 39, "", "需要颁发行政许可证件的，应当向申请人颁发加盖本行政机关印章的行政许可证件")
AMENDED = Basis(LICENSING, 49, "", "被许可人要求变更行政许可事项的，符合法定条件、标准的，应当依法办理变更手续")
RENEWED = Basis(LICENSING, 50, "二款", "应当在该行政许可有效期届满前作出是否准予延续的决定")
PENALTY = Basis("行政处罚法", 9, "三项", "暂扣许可证件、降低资质等级、吊销许可证件")
WITHDRAWING = Basis(
    LICENSING,
    8,
    "二款",
    "依据的法律、法规、规章修改或者废止，或者客观情况发生重大变化的，为了公共利益的需要，可以依法变更或者撤回；"
    "由此给公民、法人或者其他组织造成财产损失的，应当依法给予补偿",
)
REVOKING = Basis(LICENSING, 69, "", "可以撤销、应当予以撤销的情形，以及被许可人的合法权益受到损害的，应当依法给予赔偿")
CANCELLING = Basis(LICENSING, 70, "", "有下列情形之一的，行政机关应当依法办理有关行政许可的注销手续")

_IN_FORCE = (VALID, SUSPENDED)
_GONE = (WITHDRAWN, REVOKED, RESCINDED)

PROCEDURE = Procedure(
    kind="certificate",
    label="证照",
    initial=PLANNED,
    states=(
        State(PLANNED, "待颁发", Role.PLATFORM),
        State(VALID, "有效", None),
        State(SUSPENDED, "暂扣中", Role.HEAD),
        State(WITHDRAWN, "已撤回，待注销", Role.HEAD),
        State(REVOKED, "已撤销，待注销", Role.HEAD),
        State(RESCINDED, "已吊销，待注销", Role.HEAD),
        State(CANCELLED, "已注销", None, closed=True),
    ),
    moves=(
        Move("issue_certificate", "颁发", (PLANNED,), (VALID,), (Role.PLATFORM,), ISSUED, document=LICENCE),
        Move("renew_certificate", "延续", (VALID,), (VALID,), (Role.PLATFORM, Role.HEAD), RENEWED,
             document=RENEWAL_DECISION),
        Move("amend_certificate", "变更", (VALID,), (VALID,), (Role.HEAD,), AMENDED, document=AMENDMENT_DECISION),
        Move("suspend_certificate", "暂扣", (VALID,), (SUSPENDED,), (Role.HEAD,), PENALTY, document=SUSPENSION_NOTICE),
        Move("reinstate_certificate", "恢复使用", (SUSPENDED,), (VALID,), (Role.PLATFORM, Role.HEAD), PENALTY,
             document=REINSTATEMENT_NOTICE),
        Move("withdraw_certificate", "撤回", _IN_FORCE, (WITHDRAWN,), (Role.HEAD,), WITHDRAWING,
             document=WITHDRAWAL_DECISION),
        Move("revoke_certificate", "撤销", _IN_FORCE, (REVOKED,), (Role.PLATFORM, Role.HEAD), REVOKING,
             document=REVOCATION_DECISION),
        Move("rescind_certificate", "吊销", _IN_FORCE, (RESCINDED,), (Role.HEAD,), PENALTY,
             document=RESCISSION_DECISION),
        Move("cancel_certificate", "注销", (*_IN_FORCE, *_GONE), (CANCELLED,), (Role.HEAD,), CANCELLING,
             document=CANCELLATION_DECISION),
        Move("annul_decision", "登记决定被撤销，恢复有效", (*_GONE, CANCELLED), (VALID,), (Role.PLATFORM, Role.HEAD), ANNULLED,
             document=ANNULMENT_NOTICE),
    ),
)  # fmt: skip
