"""What follows from a promise: deferred documents supplied or not, commitments checked, kept or broken; and consulting."""

from __future__ import annotations

from xiaoneng.rules import commitment, consulting, deferred
from xiaoneng.rules.grounds import Basis
from xiaoneng.rules.procedures.table import ClockName, Document, Move, State, extend, start, stop
from xiaoneng.rules.roles import Role

OWING = "owing"
CHECKING = "checking"
RECTIFYING = "rectifying"
REVOKING = "revoking"
REVOKED = "revoked"
AFTER_DELIVERY = (OWING, CHECKING, RECTIFYING, REVOKING)

STATES = (
    State(OWING, "已送达，待补交容缺材料", Role.APPLICANT),
    State(CHECKING, "已送达，待事后核查", Role.REVIEWER),
    State(RECTIFYING, "等申请人改正", Role.APPLICANT),
    State(REVOKING, "承诺未履行，待处理", Role.HEAD),
    State(REVOKED, "已撤销", None, closed=True),
)
SUPPLY_RECEIPT = Document("deferred_receipt", "容缺材料接收凭证", "收")
DEFAULT_NOTICE = Document("promise_default_notice", "承诺未履行告知书", "逾")
CHECK_RECORD = Document("post_check_record", "事后核查记录", "查")
DEFERRED_PROMISE = Document("deferred_docs_commitment", "容缺受理承诺书", "容诺")
COMMITMENT_LETTER = Document("commitment_letter", "告知承诺书", "告诺")
CORRECTION_ORDER = Document("correction_order", "责令改正通知书", "责改")
REVOCATION_DECISION = Document("promise_revocation_decision", "撤销行政许可决定书", "撤")
KEEP_DECISION = Document("promise_kept_decision", "不予撤销决定书", "不撤")
CONSULT_LETTER = Document("consultation_letter", "征求意见函", "询")
REMINDER = Document("deferred_reminder", "容缺材料补交提醒", "容提")
EXCUSE_NOTICE = Document("default_excuse_notice", "逾期补交免责告知书", "容免")
POSTPONEMENT = Document("deferred_postponement", "补交期限延长告知书", "容延")

_SIGNS = (Role.HEAD, Role.DEPUTY)
_BENCH = (Role.REVIEWER, *_SIGNS)
_HANDED = (Role.APPLICANT, Role.WINDOW)


def promises(*, reviewing: str, deciding: str, granted: str, delivered: str, terminated: str) -> tuple[Move, ...]:
    """Return the moves of promised documents and of commitments."""
    stages, issued = (reviewing, deciding), (granted, OWING)
    return (
        Move(
            "supply_deferred", "补交容缺材料", (*stages, *issued), (*stages, *issued, delivered), _HANDED,
            deferred.PROMISED, clock=stop(ClockName.DEFERRED), document=SUPPLY_RECEIPT,
        ),
        Move(
            "postpone_deferred", "延长补交期限", (*stages, *issued), (*stages, *issued), _SIGNS, deferred.POSTPONED,
            clock=extend(ClockName.DEFERRED), document=POSTPONEMENT,
        ),
        Move(
            "remind_deferred", "提醒补交", (*stages, *issued), (*stages, *issued), (Role.PLATFORM,), deferred.PROMISED,
            document=REMINDER,
        ),
        Move(
            "default_withdrawn", "容缺逾期，视为撤回", stages, (terminated,), (Role.PLATFORM,), deferred.DEFAULTED,
            clock=stop(*ClockName), document=DEFAULT_NOTICE,
        ),
        Move(
            "default_unsupplied", "容缺逾期，转不予许可", stages, (deciding,), (Role.PLATFORM,), deferred.DEFAULTED,
            clock=stop(ClockName.DEFERRED, ClockName.STEP), document=DEFAULT_NOTICE,
        ),
        Move(
            "default_issued", "容缺逾期，转撤销处理", issued, (REVOKING,), (Role.PLATFORM,), deferred.DEFAULTED,
            clock=stop(ClockName.DEFERRED, ClockName.DELIVERY) + start(ClockName.REVOCATION), document=DEFAULT_NOTICE,
        ),
        Move(
            "excuse_default", "逾期补交免责", (deciding, REVOKING, terminated), (deciding, OWING, granted, terminated), _SIGNS,
            deferred.EXCUSED, clock=stop(ClockName.REVOCATION) + start(ClockName.DEFERRED, ClockName.DELIVERY),
            document=EXCUSE_NOTICE,
        ),
        Move(
            "retract_commitment", "收回承诺，转一般程序", (deciding,), stages, _HANDED, commitment.FREE_CHOICE,
            clock=stop(ClockName.PROMISED) + start(ClockName.PROMISED, ClockName.STEP),
        ),
        Move(
            "record_check", "登记事后核查", (CHECKING,), (delivered, RECTIFYING, REVOKING), _BENCH,
            commitment.CHECKED_AFTER,
            clock=stop(ClockName.POST_CHECK) + start(ClockName.RECTIFY, ClockName.REVOCATION), document=CHECK_RECORD,
            further=(CORRECTION_ORDER,),
        ),
        Move(
            "order_correction", "责令限期改正", (REVOKING,), (RECTIFYING,), _SIGNS, deferred.ORDERED,
            clock=stop(ClockName.REVOCATION) + start(ClockName.RECTIFY), document=CORRECTION_ORDER,
        ),
        Move(
            "report_rectified", "提交改正情况", (RECTIFYING,), (CHECKING,), _HANDED, commitment.RECTIFIED,
            clock=stop(ClockName.RECTIFY) + start(ClockName.POST_CHECK),
        ),
        Move(
            "lapse_rectification", "逾期未改正，转撤销处理", (RECTIFYING,), (REVOKING,), (Role.PLATFORM,),
            commitment.RECTIFIED, clock=stop(ClockName.RECTIFY) + start(ClockName.REVOCATION), document=DEFAULT_NOTICE,
        ),
        Move(
            "revoke_on_promise", "撤销决定", (REVOKING,), (REVOKED,), _SIGNS, commitment.REVOKED,
            clock=stop(ClockName.REVOCATION), document=REVOCATION_DECISION,
        ),
        Move(
            "keep_on_promise", "不予撤销", (REVOKING,), (delivered, granted), _SIGNS, commitment.KEPT,
            clock=stop(ClockName.REVOCATION) + start(ClockName.DELIVERY), document=KEEP_DECISION,
        ),
    )  # fmt: skip


def consultations(stages: tuple[str, ...], reviewing: str) -> tuple[Move, ...]:
    """Return the moves by which others are asked, and by which a case goes back to an earlier step."""
    return (
        Move(
            "consult", "征求其他部门意见", stages, stages, _BENCH, consulting.ASKED, clock=start(ClockName.CONSULT),
            document=CONSULT_LETTER,
        ),
        Move(
            "answer_consultation", "答复征求意见", stages, stages, (Role.CONSULTED,), consulting.ASKED,
            clock=stop(ClockName.CONSULT),
        ),
        Move(
            "close_consultation", "不再等候答复", stages, stages, _BENCH, consulting.NO_SILENCE,
            clock=stop(ClockName.CONSULT),
        ),
        Move(
            "send_back", "退回前面的环节", stages, (reviewing,), _BENCH,
            Basis("平台办件规则", "", "", "后面的环节认为前面的审查不够的，写明理由退回；期限照常计算"),
            clock=stop(ClockName.STEP) + start(ClockName.STEP),
        ),
    )  # fmt: skip
