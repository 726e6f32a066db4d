"""A department's power list in a round: compiled, looked back on, argued, made public, reviewed, decided, published."""

from __future__ import annotations

from xiaoneng.rules.grounds import BUSINESS_CLIMATE, Basis
from xiaoneng.rules.procedures.table import ClockName, Move, Procedure, State, start, stop
from xiaoneng.rules.roles import Role

PLANNED = "planned"
COMPILING = "compiling"
LOOKING_BACK = "looking_back"
EXPERT_REVIEW = "expert_review"
PUBLIC_NOTICE = "public_notice"
LEGALITY_REVIEW = "legality_review"
MEETING = "meeting"
PUBLISHED = "published"
DROPPED = "dropped"

LISTED = Basis(
    BUSINESS_CLIMATE,
    40,
    "一款",
    "国家实行行政许可清单管理制度，适时调整行政许可清单并向社会公布，清单之外不得违法实施行政许可",
)
DECISIONS = "重大行政决策程序暂行条例"
ARGUED = Basis(DECISIONS, 19, "", "专业性、技术性较强的，应当组织专家、专业机构论证其必要性、可行性、科学性")
HEARD = Basis(
    DECISIONS,
    15,
    "",
    "向社会公开征求意见的期限一般不少于三十日；因情况紧急等原因需要缩短的，公开征求意见时应当予以说明",
)
LAWFUL = Basis(DECISIONS, 25, "", "未经合法性审查或者经审查不合法的，不得提交决策机关讨论")
DECIDED = Basis(DECISIONS, 30, "", "应当经决策机关常务会议或者全体会议讨论")
_NEXT = stop(ClockName.STAGE) + start(ClockName.STAGE)
_IN_HAND = (LOOKING_BACK, EXPERT_REVIEW, PUBLIC_NOTICE, LEGALITY_REVIEW, MEETING)

PROCEDURE = Procedure(
    kind="power_list",
    label="权力清单编制",
    initial=PLANNED,
    states=(
        State(PLANNED, "待布置", Role.LIST_OFFICE),
        State(COMPILING, "部门编制", Role.LIST_EDITOR),
        State(LOOKING_BACK, "回头看自查", Role.LIST_EDITOR),
        State(EXPERT_REVIEW, "专家论证", Role.LIST_OFFICE),
        State(PUBLIC_NOTICE, "公开征求意见", Role.LIST_OFFICE),
        State(LEGALITY_REVIEW, "合法性审查", Role.LEGAL_OFFICE),
        State(MEETING, "提请会议审定", Role.LIST_OFFICE),
        State(PUBLISHED, "已公布", None, closed=True),
        State(DROPPED, "已终止", None, closed=True),
    ),
    moves=(
        Move("assign", "布置编制", (PLANNED,), (COMPILING,), (Role.LIST_OFFICE,), LISTED, clock=start(ClockName.STAGE)),
        Move("report", "报送", (COMPILING,), (LOOKING_BACK,), (Role.LIST_EDITOR,), LISTED, clock=_NEXT, key="b"),
        Move("look_back", "完成自查", (LOOKING_BACK,), (EXPERT_REVIEW,), (Role.LIST_EDITOR,), LISTED, clock=_NEXT, key="z"),
        Move("argue", "完成论证，公示", (EXPERT_REVIEW,), (PUBLIC_NOTICE,), (Role.LIST_OFFICE,), ARGUED, clock=_NEXT, key="l"),
        Move("hear", "公示结束，送审", (PUBLIC_NOTICE,), (LEGALITY_REVIEW,), (Role.LIST_OFFICE,), HEARD, clock=_NEXT, key="g"),
        Move("clear", "审查合法", (LEGALITY_REVIEW,), (MEETING,), (Role.LEGAL_OFFICE,), LAWFUL, clock=_NEXT, key="h"),
        Move("publish", "审定并公布", (MEETING,), (PUBLISHED,), (Role.LIST_OFFICE,), DECIDED, clock=stop(ClockName.STAGE), key="p"),
        Move("send_back", "退回修改", _IN_HAND, (COMPILING,), (Role.LIST_OFFICE, Role.LEGAL_OFFICE), LAWFUL, clock=_NEXT, key="t"),
        Move(
            "drop", "终止", (COMPILING, *_IN_HAND), (DROPPED,), (Role.LIST_OFFICE,), LISTED, clock=stop(ClockName.STAGE), key="w"
        ),
    ),
)  # fmt: skip
