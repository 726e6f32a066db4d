"""An application for an item: from the citizen's draft to the delivered decision."""

from __future__ import annotations

from xiaoneng.rules.annulment import ANNULLED
from xiaoneng.rules.grounds import ONE_TIME_NOTICE, Basis
from xiaoneng.rules.procedures import promises as promised
from xiaoneng.rules.procedures.proceedings import proceedings
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
ASKED = "supplementing"  # a branch of a joint case: accepted with the whole, its own part is not complete
REVIEWING = "reviewing"
DECIDING = "deciding"
GRANTED = "granted"
REFUSED = "refused"
DELIVERED = "delivered"
NOT_ACCEPTED = "not_accepted"
WITHDRAWN = "withdrawn"
TERMINATED = "terminated"

LICENCE_LAW = "行政许可法"

RECEIPT = Document("receipt_of_materials", "申请材料接收凭证", "收")
CORRECTION_NOTICE = Document("correction_notice", "补正材料一次性告知书", "补")
BRANCH_CORRECTION_NOTICE = Document("branch_correction_notice", "分办事项补正材料一次性告知书", "分补")
BRANCH_RECEIPT = Document("branch_receipt", "分办事项补正材料接收凭证", "分收")
ACCEPTANCE_NOTICE = Document("acceptance_notice", "受理通知书", "受")
NON_ACCEPTANCE = Document("non_acceptance_decision", "不予受理决定书", "不受")
SPECIAL_PROCEDURE_NOTICE = Document("special_procedure_notice", "特别程序告知书", "特")
EXTENSION_NOTICE = Document("extension_notice", "延长审批期限告知书", "延")
GRANT_DECISION = Document("grant_decision", "准予行政许可决定书", "准")
REFUSAL_DECISION = Document("refusal_decision", "不予行政许可决定书", "不准")
SERVICE_NOTICE = Document("service_notice", "送达公告（寄件）通知", "达")
SERVICE_RECEIPT = Document("service_receipt", "送达回证", "送")
WAIT_NOTICE = Document("wait_notice", "所需时间告知书", "等")
TERMINATION_NOTICE = Document("termination_notice", "终止办理通知书", "终")
WITHDRAWAL_REQUEST = Document("withdrawal_request", "撤回申请书", "撤申")
CORRECTION_OF_DOCUMENT = Document("document_correction", "文书更正通知书", "更")
ANNULMENT_NOTICE = Document("annulment_notice", "原决定撤销告知书", "撤告")

_IN_SUBSTANCE = (REVIEWING, DECIDING)
_DECIDED = (GRANTED, REFUSED, DELIVERED)
_OPEN = (RECEIVED, CORRECTING, ASKED, REVIEWING, DECIDING, GRANTED, REFUSED, *promised.AFTER_DELIVERY)
_DECISION_CLOCKS = (ClockName.STATUTORY, ClockName.PROMISED, ClockName.STEP)
_BESIDE = (ClockName.SPECIAL, ClockName.WAIT, ClockName.HEARING_REQUEST, ClockName.HEARING, ClockName.CONSULT)
_SIGNERS = (Role.HEAD, Role.DEPUTY, Role.CHIEF)

PROCEDURE = Procedure(
    kind="application",
    label="办件",
    initial=DRAFT,
    states=(
        State(DRAFT, "草稿", Role.APPLICANT),
        State(RECEIVED, "已收件，待受理", Role.WINDOW),
        State(CORRECTING, "等申请人补正", Role.APPLICANT),
        State(ASKED, "等申请人补正（分办）", Role.APPLICANT),
        State(REVIEWING, "审查中", Role.REVIEWER),
        State(DECIDING, "待决定", Role.HEAD),
        State(GRANTED, "准予，待送达", Role.WINDOW),
        State(REFUSED, "不予，待送达", Role.WINDOW),
        State(DELIVERED, "已办结", None, closed=True),
        State(NOT_ACCEPTED, "不予受理", None, closed=True),
        State(WITHDRAWN, "已撤回", None, closed=True),
        State(TERMINATED, "已终止", None, closed=True),
        *promised.STATES,
    ),
    moves=(
        Move(
            "submit", "提交申请", (DRAFT,), (RECEIVED,), (Role.APPLICANT, Role.WINDOW),
            Basis(LICENCE_LAW, 29, "", "申请可以通过信函、电报、电传、传真、电子数据交换和电子邮件等方式提出"),
            clock=start(ClockName.PRE_ACCEPTANCE), document=RECEIPT, numbers=("intake_number",),
            further=(promised.COMMITMENT_LETTER,),
        ),
        Move(
            "accept", "受理", (RECEIVED,), (REVIEWING, DECIDING), (Role.WINDOW,),
            Basis(LICENCE_LAW, 32, "一款五项", "属于职权范围，材料齐全、符合法定形式，应当受理"),
            clock=stop(ClockName.PRE_ACCEPTANCE) + start(*_DECISION_CLOCKS, ClockName.DEFERRED),
            document=ACCEPTANCE_NOTICE, key="a", numbers=("number",), further=(promised.DEFERRED_PROMISE,),
        ),
        Move(
            "request_correction", "一次性告知补正", (RECEIVED,), (CORRECTING,), (Role.WINDOW,),
            Basis(LICENCE_LAW, 32, "一款四项", "当场或者五日内一次告知需要补正的全部内容"),
            clock=stop(ClockName.PRE_ACCEPTANCE) + start(ClockName.SUPPLEMENT), document=CORRECTION_NOTICE, key="b",
        ),
        Move(
            "supplement", "提交补正材料", (CORRECTING,), (RECEIVED,), (Role.APPLICANT, Role.WINDOW),
            Basis(LICENCE_LAW, 32, "一款五项", "按要求提交全部补正材料的，应当受理"),
            clock=stop(ClockName.SUPPLEMENT) + start(ClockName.PRE_ACCEPTANCE), document=RECEIPT, key="c",
        ),
        Move(
            "not_accept", "不予受理", (RECEIVED,), (NOT_ACCEPTED,), (Role.WINDOW,),
            Basis(LICENCE_LAW, 32, "第一款第一项、第二项", "不需要取得行政许可或者不属于本机关职权范围"),
            clock=stop(ClockName.PRE_ACCEPTANCE), document=NON_ACCEPTANCE, key="n",
        ),
        Move(
            "deem_accepted", "视为受理", (RECEIVED,), (REVIEWING, DECIDING), (Role.PLATFORM,),
            Basis(LICENCE_LAW, 32, "一款四项", "逾期不告知的，自收到申请材料之日起即为受理"),
            clock=stop(ClockName.PRE_ACCEPTANCE) + start(*_DECISION_CLOCKS, ClockName.DEFERRED),
            document=ACCEPTANCE_NOTICE, numbers=("number",), further=(promised.DEFERRED_PROMISE,),
        ),
        Move(
            "open_branch", "并联分办", (DRAFT,), (REVIEWING, DECIDING), (Role.PLATFORM,),
            Basis(LICENCE_LAW, 26, "二款", "确定一个部门受理行政许可申请并转告有关部门，组织有关部门联合办理"),
            clock=start(*_DECISION_CLOCKS), document=ACCEPTANCE_NOTICE, numbers=("number",),
        ),
        Move(
            "review", "审查", (REVIEWING,), (REVIEWING, DECIDING), (Role.REVIEWER, *_SIGNERS),
            Basis(LICENCE_LAW, 34, "一款", "行政机关应当对申请人提交的申请材料进行审查"),
            clock=stop(ClockName.STEP) + start(ClockName.STEP), key="g",
        ),
        Move(
            "grant", "准予许可", (DECIDING,), (GRANTED,), _SIGNERS,
            Basis(LICENCE_LAW, 38, "一款", "符合法定条件、标准的，依法作出准予的书面决定"),
            clock=stop(*_DECISION_CLOCKS, *_BESIDE) + start(ClockName.DELIVERY, ClockName.POST_CHECK),
            document=GRANT_DECISION, key="g",
        ),
        Move(
            "refuse", "不予许可", (DECIDING,), (REFUSED,), _SIGNERS,
            Basis(LICENCE_LAW, 38, "二款", "应当说明理由，并告知复议和诉讼的权利"),
            clock=stop(*_DECISION_CLOCKS, *_BESIDE, ClockName.DEFERRED) + start(ClockName.DELIVERY),
            document=REFUSAL_DECISION, key="n",
        ),
        Move(
            "deem_renewed", "视为准予延续", _IN_SUBSTANCE, (GRANTED,), (Role.PLATFORM,),
            Basis(LICENCE_LAW, 50, "二款", "有效期届满前作出是否准予延续的决定；逾期未作决定的，视为准予延续"),
            clock=stop(*_DECISION_CLOCKS, *_BESIDE) + start(ClockName.DELIVERY), document=GRANT_DECISION,
        ),
        Move(
            "suspend", "启动特别程序", _IN_SUBSTANCE, _IN_SUBSTANCE, (Role.REVIEWER, Role.HEAD),
            Basis(LICENCE_LAW, 45, "", "所需时间不计算在期限内，应当书面告知申请人"),
            clock=start(ClockName.SPECIAL) + pause(*ClockName.SPECIAL.holds),
            document=SPECIAL_PROCEDURE_NOTICE, key="t",
        ),
        Move(
            "resume", "特别程序结束", _IN_SUBSTANCE, _IN_SUBSTANCE, (Role.REVIEWER, Role.HEAD),
            Basis(LICENCE_LAW, 45, "", "特别程序结束，次日继续计算期限"),
            clock=stop(ClockName.SPECIAL) + resume(*ClockName.SPECIAL.holds), key="h",
        ),
        Move(
            "wait", "登记承诺期限外的等待", _IN_SUBSTANCE, _IN_SUBSTANCE, (Role.REVIEWER, Role.HEAD),
            Basis("优化营商环境条例", 36, "二款", "承诺时限及其不计入的情形应当公开；法定期限照常计算"),
            clock=start(ClockName.WAIT) + pause(*ClockName.WAIT.holds), document=WAIT_NOTICE,
        ),
        Move(
            "end_wait", "等待结束", _IN_SUBSTANCE, _IN_SUBSTANCE, (Role.REVIEWER, Role.HEAD, Role.PLATFORM),
            Basis("优化营商环境条例", 36, "二款", "等待结束，承诺期限次日继续计算"),
            clock=stop(ClockName.WAIT) + resume(*ClockName.WAIT.holds),
        ),
        Move(
            "extend", "延长期限", _IN_SUBSTANCE, _IN_SUBSTANCE, (Role.HEAD,),
            Basis(LICENCE_LAW, 42, "一款", "经本行政机关负责人批准，可以延长十日，并应当告知理由"),
            clock=extend(ClockName.STATUTORY, ClockName.PROMISED), document=EXTENSION_NOTICE, key="y",
        ),
        Move(
            "dispatch", "发出（邮寄、公告）", (GRANTED, REFUSED), (GRANTED, REFUSED), (Role.WINDOW,),
            Basis("民事诉讼法", 85, "四款", "期间不包括在途时间"),
            clock=stop(ClockName.DELIVERY, ClockName.WAIT) + start(ClockName.WAIT), document=SERVICE_NOTICE,
        ),
        Move(
            "deliver", "送达", (GRANTED, REFUSED), (DELIVERED, promised.OWING, promised.CHECKING), (Role.WINDOW, Role.PLATFORM),
            Basis(LICENCE_LAW, 44, "", "自作出决定之日起十日内向申请人颁发、送达"),
            clock=stop(ClockName.DELIVERY, ClockName.WAIT), document=SERVICE_RECEIPT, key="s",
        ),
        Move(
            "correct_document", "更正文书", _DECIDED, _DECIDED, (Role.HEAD,),
            Basis("平台办件规则", "", "", "已经发出的文书不改动；有笔误的，书面更正并说明理由，原文书和更正一并可查"),
            document=CORRECTION_OF_DOCUMENT,
        ),
        Move(
            "annul_decision", "登记原决定被撤销", (DELIVERED, NOT_ACCEPTED, promised.REVOKED),
            (DELIVERED, NOT_ACCEPTED, GRANTED), (Role.HEAD,), ANNULLED,
            clock=start(ClockName.DELIVERY), document=ANNULMENT_NOTICE,
        ),
        Move(
            "ask_in_branch", "分办件一次性告知补正", _IN_SUBSTANCE, (ASKED,), (Role.WINDOW, Role.REVIEWER), ONE_TIME_NOTICE,
            clock=pause(*ClockName.SPECIAL.holds) + start(ClockName.SUPPLEMENT),
            document=BRANCH_CORRECTION_NOTICE, key="b",
        ),
        Move(
            "answer_in_branch", "补齐分办件材料", (ASKED,), _IN_SUBSTANCE, (Role.APPLICANT, Role.WINDOW),
            Basis(LICENCE_LAW, 32, "一款五项", "按要求提交全部补正材料的，应当受理；次日继续计算期限"),
            clock=stop(ClockName.SUPPLEMENT) + resume(*ClockName.SPECIAL.holds), document=BRANCH_RECEIPT, key="c",
        ),
        Move(
            "withdraw", "撤回申请", (RECEIVED, CORRECTING, ASKED, *_IN_SUBSTANCE), (WITHDRAWN,), (Role.APPLICANT, Role.WINDOW),
            Basis("平台办件规则", "", "", "作出决定前，申请人可以撤回自己提出的申请；法律没有禁止"),
            clock=stop(*ClockName), document=WITHDRAWAL_REQUEST, key="w",
        ),
        Move(
            "lapse", "逾期未补正，终止办理", (CORRECTING, ASKED), (TERMINATED,), (Role.PLATFORM,),
            Basis("平台办件规则", "", "", "补正告知书载明期限和后果；逾期没有补正的，视为放弃申请，书面告知，可以重新申请"),
            clock=stop(*ClockName), document=TERMINATION_NOTICE,
        ),
        Move(
            "terminate", "终止办理", (RECEIVED, CORRECTING, ASKED, *_IN_SUBSTANCE), (TERMINATED,), (Role.HEAD,),
            Basis("平台办件规则", "", "", "申请人死亡或者终止、重复申请等情形使办理不能继续或者没有必要的，书面说明理由后终止"),
            clock=stop(*ClockName), document=TERMINATION_NOTICE,
        ),
        *proceedings(_IN_SUBSTANCE),
        *promised.consultations(_IN_SUBSTANCE, REVIEWING),
        *promised.promises(
            reviewing=REVIEWING, deciding=DECIDING, granted=GRANTED, delivered=DELIVERED, terminated=TERMINATED
        ),
        Move(
            "recalculate", "日历变动，重算期限", _OPEN, _OPEN, (Role.PLATFORM,),
            Basis("全国年节及纪念日放假办法", 7, "", "具体放假安排由国务院办公厅通知公布，期限随之重算"),
        ),
    ),
)  # fmt: skip
