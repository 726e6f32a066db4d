"""A joint case: one application to several departments at once, led by one of them, each part an application of its own.

What the parts come to, the platform records: which open, which never will, when all stand still, when all are over.
"""

from __future__ import annotations

from xiaoneng.rules.annulment import ANNULLED
from xiaoneng.rules.grounds import JOINT_DECISION_TIME, ONE_TIME_NOTICE, Basis
from xiaoneng.rules.parallel import NO_SILENCE, TOGETHER, TWO_OFFICERS
from xiaoneng.rules.procedures.table import (
    ClockName,
    Document,
    Move,
    Procedure,
    State,
    extend,
    pause,
    resume,
    start,
    stop,
)
from xiaoneng.rules.roles import Role

DRAFT = "draft"
RECEIVED = "received"
CORRECTING = "correcting"
RUNNING = "running"
DELIVERING = "delivering"
DONE = "done"
NOT_ACCEPTED = "not_accepted"
WITHDRAWN = "withdrawn"
TERMINATED = "terminated"
OPEN = (RECEIVED, CORRECTING, RUNNING, DELIVERING)
LAW = "行政许可法"

RECEIPT = Document("joint_receipt", "并联审批申请材料接收凭证", "并收")
CORRECTION_NOTICE = Document("joint_correction_notice", "并联审批补正材料一次性告知书", "并补")
ACCEPTANCE_NOTICE = Document("joint_acceptance_notice", "并联审批受理通知书", "并受")
NON_ACCEPTANCE = Document("joint_non_acceptance", "并联审批不予受理决定书", "并不受")
EXTENSION_NOTICE = Document("joint_extension_notice", "并联审批延长期限告知书", "并延")
CHECK_NOTICE = Document("joint_check_notice", "联合办理通知书", "并约")
CHECK_RECORD = Document("joint_check_record", "联合办理记录", "并录")
RESULT_NOTICE = Document("joint_result", "并联审批结果通知书", "并结")
WITHDRAWAL_REQUEST = Document("joint_withdrawal_request", "并联审批撤回申请书", "并撤")
ANNULMENT_NOTICE = Document("joint_annulment_notice", "并联审批原决定撤销告知书", "并撤告")
TERMINATION_NOTICE = Document("joint_termination_notice", "并联审批终止办理通知书", "并终")

_LEAD = (Role.WINDOW, Role.REVIEWER, Role.HEAD)
_STAYS = ((RUNNING,), (RUNNING,))

PROCEDURE = Procedure(
    kind="joint_case",
    label="并联件",
    initial=DRAFT,
    states=(
        State(DRAFT, "草稿", Role.APPLICANT),
        State(RECEIVED, "已收件，待牵头部门受理", Role.WINDOW),
        State(CORRECTING, "等申请人补正", Role.APPLICANT),
        State(RUNNING, "并联办理中", Role.WINDOW),
        State(DELIVERING, "全部决定，待送达", Role.WINDOW),
        State(DONE, "已办结", None, closed=True),
        State(NOT_ACCEPTED, "不予受理", None, closed=True),
        State(WITHDRAWN, "已撤回", None, closed=True),
        State(TERMINATED, "已终止", None, closed=True),
    ),
    moves=(
        Move(
            "submit", "提交一件事申请", (DRAFT,), (RECEIVED,), (Role.APPLICANT, Role.WINDOW),
            Basis(LAW, 29, "", "申请可以通过信函、电报、电传、传真、电子数据交换和电子邮件等方式提出"),
            clock=start(ClockName.PRE_ACCEPTANCE), document=RECEIPT, numbers=("intake_number",),
        ),
        Move(
            "accept", "统一受理", (RECEIVED,), (RUNNING,), (Role.WINDOW,), TOGETHER,
            clock=stop(ClockName.PRE_ACCEPTANCE) + start(ClockName.JOINT),
            document=ACCEPTANCE_NOTICE, key="a", numbers=("number",),
        ),
        Move(
            "deem_accepted", "视为受理", (RECEIVED,), (RUNNING,), (Role.PLATFORM,), ONE_TIME_NOTICE,
            clock=stop(ClockName.PRE_ACCEPTANCE) + start(ClockName.JOINT),
            document=ACCEPTANCE_NOTICE, numbers=("number",),
        ),
        Move(
            "request_correction", "一次性告知补正", (RECEIVED,), (CORRECTING,), (Role.WINDOW,), ONE_TIME_NOTICE,
            clock=stop(ClockName.PRE_ACCEPTANCE) + start(ClockName.SUPPLEMENT), document=CORRECTION_NOTICE, key="b",
        ),
        Move(
            "supplement", "提交补正材料", (CORRECTING,), (RECEIVED,), (Role.APPLICANT, Role.WINDOW),
            Basis(LAW, 32, "一款五项", "按要求提交全部补正材料的，应当受理"),
            clock=stop(ClockName.SUPPLEMENT) + start(ClockName.PRE_ACCEPTANCE), document=RECEIPT, key="c",
        ),
        Move(
            "not_accept", "不予受理", (RECEIVED,), (NOT_ACCEPTED,), (Role.WINDOW,),
            Basis(LAW, 32, "第一款第一项、第二项", "不需要取得行政许可或者不属于本机关职权范围"),
            clock=stop(ClockName.PRE_ACCEPTANCE), document=NON_ACCEPTANCE, key="n",
        ),
        Move(
            "annul_decision", "登记原决定被撤销", (NOT_ACCEPTED,), (NOT_ACCEPTED,), (Role.HEAD,), ANNULLED,
            document=ANNULMENT_NOTICE,
        ),
        Move("advance", "分办", *_STAYS, (Role.PLATFORM,), TOGETHER),
        Move(
            "hold", "各分办件都依法暂停，全程暂停", *_STAYS, (Role.PLATFORM,),
            Basis(LAW, 45, "", "依法需要的特别程序所需时间不计算在期限内；等申请人补正的同此"), clock=pause(ClockName.JOINT),
        ),
        Move(
            "release", "有分办件恢复办理，全程继续", *_STAYS, (Role.PLATFORM,),
            Basis(LAW, 45, "", "特别程序结束，次日继续计算期限"), clock=resume(ClockName.JOINT),
        ),
        Move("escalate", "逐级催办", *_STAYS, (Role.PLATFORM,), NO_SILENCE),
        Move("arrange", "安排联合踏勘、会审或者验收", *_STAYS, _LEAD, TWO_OFFICERS, document=CHECK_NOTICE, key="k"),
        Move("record", "登记联合办理结果", *_STAYS, _LEAD, TWO_OFFICERS, document=CHECK_RECORD, key="j"),
        Move(
            "call_off", "取消联合安排", *_STAYS, _LEAD,
            Basis("平台并联规则", "", "", "已经安排的联合踏勘、会审、验收不再进行的，写明理由并告知各方"),
        ),
        Move(
            "extend", "批准延长全程期限", *_STAYS, (Role.LEADER,), JOINT_DECISION_TIME,
            clock=extend(ClockName.JOINT), document=EXTENSION_NOTICE, key="y",
        ),
        Move(
            "hand_over", "统一送达", (RUNNING, DELIVERING), (RUNNING, DELIVERING), (Role.WINDOW,),
            Basis(LAW, 44, "", "自作出决定之日起十日内颁发、送达"), key="s",
        ),
        Move(
            "conclude", "各项都有了结果", (RUNNING,), (DELIVERING,), (Role.PLATFORM,), TOGETHER,
            clock=stop(*ClockName), document=RESULT_NOTICE,
        ),
        Move("finish", "全部办结", (DELIVERING,), (DONE,), (Role.PLATFORM,), TOGETHER),
        Move(
            "withdraw", "撤回申请", (RECEIVED, CORRECTING), (WITHDRAWN,), (Role.APPLICANT, Role.WINDOW),
            Basis("平台办件规则", "", "", "受理前整件撤回；受理以后可以逐项撤回各分办件，其余的继续办理"),
            clock=stop(*ClockName), document=WITHDRAWAL_REQUEST, key="w",
        ),
        Move(
            "lapse", "逾期未补正，终止办理", (CORRECTING,), (TERMINATED,), (Role.PLATFORM,),
            Basis("平台办件规则", "", "", "补正告知书载明期限和后果；逾期没有补正的，视为放弃申请，书面告知，可以重新申请"),
            clock=stop(*ClockName), document=TERMINATION_NOTICE,
        ),
        Move(
            "recalculate", "日历变动，重算期限", OPEN, OPEN, (Role.PLATFORM,),
            Basis("全国年节及纪念日放假办法", 7, "", "具体放假安排由国务院办公厅通知公布，期限随之重算"),
        ),
    ),
)  # fmt: skip
