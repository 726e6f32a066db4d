"""Agent service (代办): somebody of the centre goes along with a key project through all its approvals, by a plan."""

from __future__ import annotations

from xiaoneng.rules.agency import FREE, PLANNED, THRESHOLD
from xiaoneng.rules.procedures.table import ClockName, Document, Move, Procedure, State, start, stop
from xiaoneng.rules.roles import Role

DRAFT = "draft"
REQUESTED = "requested"
SERVING = "serving"
DONE = "done"
DECLINED = "declined"
WITHDRAWN = "withdrawn"

REQUEST_RECEIPT = Document("agency_receipt", "代办申请接收单", "代收")
PLAN_NOTICE = Document("agency_plan", "代办服务计划表", "代计")
DECLINE_NOTICE = Document("agency_declined", "不予代办告知书", "代不")
DONE_NOTICE = Document("agency_done", "代办服务办结单", "代结")

PROCEDURE = Procedure(
    kind="agency_case",
    label="代办件",
    initial=DRAFT,
    states=(
        State(DRAFT, "草稿", Role.APPLICANT),
        State(REQUESTED, "已申请，待代办员接单", Role.AGENT),
        State(SERVING, "代办中", Role.AGENT),
        State(DONE, "代办完成", None, closed=True),
        State(DECLINED, "不予代办", None, closed=True),
        State(WITHDRAWN, "申请人不再需要", None, closed=True),
    ),
    moves=(
        Move(
            "request", "申请代办", (DRAFT,), (REQUESTED,), (Role.APPLICANT,), THRESHOLD,
            clock=start(ClockName.AGENCY), document=REQUEST_RECEIPT, numbers=("intake_number",),
        ),
        Move(
            "take_on", "接单并排出计划", (REQUESTED,), (SERVING,), (Role.AGENT,), PLANNED,
            clock=stop(ClockName.AGENCY) + start(ClockName.AGENCY), document=PLAN_NOTICE, numbers=("number",), key="a",
        ),
        Move(
            "decline", "不予代办", (REQUESTED,), (DECLINED,), (Role.AGENT,), THRESHOLD,
            clock=stop(ClockName.AGENCY), document=DECLINE_NOTICE, key="n",
        ),
        Move("tick", "登记一项进展", (SERVING,), (SERVING,), (Role.AGENT,), PLANNED, key="g"),
        Move("complete", "代办完成", (SERVING,), (DONE,), (Role.AGENT,), PLANNED,
             clock=stop(ClockName.AGENCY), document=DONE_NOTICE, key="s"),
        Move("withdraw", "不再需要代办", (REQUESTED, SERVING), (WITHDRAWN,), (Role.APPLICANT,), FREE,
             clock=stop(ClockName.AGENCY)),
        Move(
            "recalculate", "日历变动，重算期限", (REQUESTED, SERVING), (REQUESTED, SERVING), (Role.PLATFORM,), PLANNED,
        ),
    ),
)  # fmt: skip
