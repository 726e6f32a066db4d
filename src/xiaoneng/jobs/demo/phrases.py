"""What clerks, reviewers and heads of 安澜 write: opinions, reasons and lacks, chosen by what they are about."""

from __future__ import annotations

import random
from typing import Any

from xiaoneng.jobs.demo.items import LICENCE, Guide

LAW_32 = "《中华人民共和国行政许可法》第三十二条第一款第四项"

_OF_PAPERS = (
    "材料齐全，内容与原件一致。",
    "申请表与证照信息核对一致，未见涂改。",
    "逐项核对，符合公布的办理条件。",
    "电子证照已在线核验，材料齐全有效。",
)
_ON_THE_SPOT = (
    "两名人员到现场核查，情况与申报一致。",
    "现场布局与图纸一致，制度已上墙，人员在岗。",
    "实地查看，设施设备齐全，符合要求；已拍照存档。",
    "现场核查发现的两处小问题已当场改正。",
)
_BY_EXPERTS = (
    "技术审查认为方案可行，意见已由编制单位逐条修改。",
    "专家意见一致，建议通过。",
    "论证充分，采取的措施可行。",
)
_GRANTED = (
    "申请符合法定条件和标准，准予。",
    "审查意见属实，符合条件，同意。",
    "条件具备，程序合法，准予办理。",
)
_SPECIAL = {
    "expert_review": ("涉及专业技术问题，需要组织专家评审。", "专家评审已结束，同意通过，修改意见已落实。"),
    "testing": ("需要检测机构出具检测结论，作为审查依据。", "检测报告已收到，各项指标合格。"),
    "appraisal": ("事实认定需要专业机构鉴定。", "鉴定意见已出具，事实清楚。"),
    "hearing": ("利害关系人要求听证，依法组织听证。", "听证会已举行，多数意见赞成，笔录已归档。"),
    "bidding": ("须以招标方式确定实施单位。", "招标已结束，中标结果已公示。"),
}
_EXTENDED = (
    "需要征求的有关部门意见尚未全部到达，正在催办。",
    "申报资料涉及历史档案，需要到原单位调阅核对。",
    "核实情况需要外地单位协助，协查函尚未回复。",
)
_WITHDRAWN = (
    "经营计划调整，暂不办理。",
    "准备更换经营场所，先撤回申请。",
    "材料中的合同需要重新签订，撤回后另行申请。",
    "家里另有安排，暂不办理。",
)
_LACKS = (
    ("“{paper}”没有签名或者盖章", "补交签名或者盖章后的“{paper}”"),
    ("“{paper}”不清晰，关键内容无法辨认", "重新扫描上传，文字清楚可辨"),
    ("“{paper}”不是最近的，与现在的情况不符", "补交与现在情况一致的“{paper}”"),
    ("“{paper}”缺少第二页", "补齐全部页面"),
)
_HANDED_IN = ("告知的材料都已补齐。", "已重新扫描并盖章。", "按告知书逐项补正完毕。")


def opinion(draw: random.Random, step: str) -> str:
    """Return what a reviewer finds in a step."""
    if any(word in step for word in ("现场", "实地", "踏勘", "查勘", "勘查", "查验", "入户")):
        return draw.choice(_ON_THE_SPOT)
    if any(word in step for word in ("技术", "专家", "评", "论证", "方案")):
        return draw.choice(_BY_EXPERTS)
    return draw.choice(_OF_PAPERS)


def granted(draw: random.Random, guide: Guide) -> str:
    """Return why it is granted."""
    return draw.choice(_GRANTED) if guide.kind == LICENCE else "事实清楚，符合公布的条件，同意办理。"


def refused(draw: random.Random, guide: Guide) -> dict[str, Any]:
    """Return reason and basis of a refusal: a condition that was not met."""
    lacking = draw.choice(guide.conditions)
    return {"reason": f"经审查，下列条件没有达到：{lacking}。", "basis": guide.basis[0].split("（")[0]}


def suspended(guide: Guide) -> tuple[str, str]:
    """Return why a special procedure is begun, and how it ended."""
    why, result = _SPECIAL[guide.special]
    return f"{guide.name}{why}", result


def extended(draw: random.Random) -> str:
    """Return why a limit is extended."""
    return draw.choice(_EXTENDED)


def withdrawn(draw: random.Random) -> str:
    """Return why somebody takes an application back."""
    return draw.choice(_WITHDRAWN)


def handed_in(draw: random.Random) -> str:
    """Return what an applicant says with a supplement."""
    return draw.choice(_HANDED_IN)


def lacks(draw: random.Random, guide: Guide) -> tuple[tuple[int, ...], tuple[tuple[str, str, str], ...]]:
    """Return which materials are lacking, and each with what would be right and on which basis."""
    places = tuple(sorted(draw.sample(guide.required, min(len(guide.required), draw.choice((1, 1, 2))))))
    told = []
    for place in places:
        what, standard = draw.choice(_LACKS)
        paper = guide.papers[place].name
        told.append((what.format(paper=paper), standard.format(paper=paper), LAW_32))
    return places, tuple(told)


def not_accepted(draw: random.Random, guide: Guide, organ: str) -> dict[str, Any]:
    """Return ground and reason of a refusal to accept."""
    if draw.random() < 0.5:
        place = draw.choice(("云岫县", "青梧县"))
        return {
            "ground": "not_ours",
            "reason": f"申请办理的地点在{place}，按照分级管理的规定由{place}办理，不属于本机关职权范围。",
            "right_organ": f"{place}政务服务中心（{organ}业务窗口）",
        }
    return {"ground": "not_needed", "reason": f"经核对，所申请的内容不在“{guide.name}”的范围内，依法不需要办理。"}
