"""What stands against publishing an item: every obstacle at once, each with its basis.

Which norms may set up a licence: 行政许可法 art. 14 (laws, administrative regulations, State Council decisions), art. 15
(local regulations; provincial rules for one year), art. 17 (no other document). Penalties: 行政处罚法 art. 10-16.
Charges on licences: 行政许可法 art. 58. Third-party services: 优化营商环境条例 art. 43.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from xiaoneng.rules.grounds import BUSINESS_CLIMATE, LICENSING, PROMISED_TIME, Basis, Obstacle
from xiaoneng.rules.items.content import Content, LegalBasis, Rank
from xiaoneng.rules.units import Limit

PENALTY_LAW = "行政处罚法"
COMPULSION_LAW = "行政强制法"
MAY_SET_LICENCES = Basis(
    LICENSING, 17, "", "除本法第十四条、第十五条规定的外，其他规范性文件一律不得设定行政许可。"
)  # fmt: skip
TEMPORARY = Basis(
    LICENSING, 15, "一款", "临时性的行政许可实施满一年需要继续实施的，应当提请本级人民代表大会及其常务委员会制定地方性法规。"
)  # fmt: skip
MAY_SET_PENALTIES = Basis(PENALTY_LAW, 16, "", "除法律、法规、规章外，其他规范性文件不得设定行政处罚。")
MAY_SET_COMPULSION = Basis(COMPULSION_LAW, 10, "四款", "法律、法规以外的其他规范性文件不得设定行政强制措施。")
PUBLISHED_IN_FULL = Basis(
    LICENSING, 30, "一款", "行政许可的事项、依据、条件、数量、程序、期限以及需要提交的全部材料的目录和申请书示范文本等应当公示。"
)  # fmt: skip
NO_CATCH_ALL = Basis(
    BUSINESS_CLIMATE, 35, "二款", "办事指南中的办理条件、所需材料不得含有“其他”“有关”等模糊性兜底要求。"
)
LICENCE_FEES = Basis(
    LICENSING, 58, "一款", "行政机关实施行政许可，不得收取任何费用；但是，法律、行政法规另有规定的，依照其规定。"
)
INTERMEDIARIES = Basis(
    BUSINESS_CLIMATE, 43, "二款", "作为办理行政审批条件的中介服务事项应当有法律、法规或者国务院决定依据。"
)

_REGULATIONS = frozenset({Rank.LAW, Rank.ADMINISTRATIVE_REGULATION, Rank.STATE_COUNCIL_DECISION, Rank.LOCAL_REGULATION})
LICENCE_RANKS = _REGULATIONS | {Rank.PROVINCIAL_RULE}
PENALTY_RANKS = frozenset(Rank) - {Rank.NORMATIVE_DOCUMENT, Rank.UNKNOWN, Rank.STATE_COUNCIL_DECISION}
COMPULSION_RANKS = frozenset({Rank.LAW, Rank.ADMINISTRATIVE_REGULATION, Rank.LOCAL_REGULATION})
FEE_RANKS = frozenset({Rank.LAW, Rank.ADMINISTRATIVE_REGULATION})
WHO_MAY_SET = {
    "行政许可": (LICENCE_RANKS, MAY_SET_LICENCES),
    "行政处罚": (PENALTY_RANKS, MAY_SET_PENALTIES),
    "行政强制": (COMPULSION_RANKS, MAY_SET_COMPULSION),
}
# A name that says no more than "other", "relevant" or "required" material: no applicant can know what is meant.
_EMPTY_WORDS = (
    "其他 其它 有关 相关 等 各种 各类 必要 必需 需要 要求 规定 应当 所需 提供 提交 补充 证明 辅助 佐证 法律 法规 规章 "
    "行政机关 审批机关 部门 单位 申请 办理 认为 的 和 及 与 、"
)
_VAGUE = "|".join(_EMPTY_WORDS.split())
_CATCH_ALL = re.compile(
    rf"(?:{_VAGUE})*(?:其他|其它|有关|相关|等|必要|需要|所需|规定|要求)(?:{_VAGUE})*(?:材料|资料|文件|证件)?"
)
_LONGEST_CATCH_ALL = 40  # a longer name says something


def obstacles_to_publishing(content: Content, on: date) -> tuple[Obstacle, ...]:
    """Return everything that stands against publishing an item on a day."""
    return (*_basis(content, on), *_limits(content), *_materials(content), *_charges(content), *_thirds(content))


def _basis(content: Content, on: date) -> Iterable[Obstacle]:
    if not content.legal_bases:
        yield Obstacle(
            "legal_bases", f"“{content.name}”没有写明设定依据。", PUBLISHED_IN_FULL, "请逐条填写法律名称、条款和层级。"
        )
        return
    valid = [each for each in content.legal_bases if is_valid(each, on)]
    for each in content.legal_bases:
        if each not in valid:
            yield Obstacle(
                "legal_bases", f"设定依据{each}在 {on.isoformat()} 不是现行有效的。", PUBLISHED_IN_FULL,
                "请换成现行条款；依据已经废止的，应当提出取消这个事项。",
            )  # fmt: skip
    if content.kind in WHO_MAY_SET and valid:
        yield from _rank(content, valid, on)


def _rank(content: Content, valid: list[LegalBasis], on: date) -> Iterable[Obstacle]:
    ranks, basis = WHO_MAY_SET[content.kind]
    fitting = [each for each in valid if Rank(each.rank) in ranks]
    if not fitting:
        named = "、".join(f"{each}（{Rank(each.rank).label}）" for each in valid)
        allowed = "、".join(rank.label for rank in Rank if rank in ranks)
        yield Obstacle(
            "legal_bases", f"{named}不能设定{content.kind}。", basis,
            f"能设定{content.kind}的只有：{allowed}。请补充这样的依据；没有的，不能列入清单。",
        )  # fmt: skip
    elif content.kind == "行政许可" and all(is_expired_rule(each, on) for each in fitting):
        yield Obstacle(
            "legal_bases", f"{fitting[0]}是省级政府规章，设定的临时性许可已满一年。", TEMPORARY,
            "请补充地方性法规等依据；没有的，应当停止实施。",
        )  # fmt: skip


def is_valid(basis: LegalBasis, on: date) -> bool:
    """Tell whether a norm is in force on a day, as far as its dates are known."""
    day = on.isoformat()
    return (not basis.valid_from or basis.valid_from <= day) and (not basis.valid_to or day <= basis.valid_to)


def is_expired_rule(basis: LegalBasis, on: date) -> bool:
    """Tell whether a basis is a rule of a province that has been in force for more than a year, as far as known."""
    if basis.rank != Rank.PROVINCIAL_RULE or not basis.valid_from:
        return False
    since = date.fromisoformat(basis.valid_from)
    return (on.year - 1, on.month, on.day) > (since.year, since.month, since.day)


def longer(promised: Limit, statutory: Limit) -> bool:
    """Tell whether a limit is surely longer than another; units that cannot be compared are let pass."""
    if type(promised) is type(statutory):
        return promised.n > statutory.n
    return promised.unit == "working_day" and statutory.unit == "calendar_day" and promised.n > statutory.n


def _limits(content: Content) -> Iterable[Obstacle]:
    if content.statutory and content.promised and longer(content.promised, content.statutory):
        yield Obstacle(
            "promised_n", f"承诺时限（{content.promised}）长于法定时限（{content.statutory}）。", PROMISED_TIME,
            "请把承诺时限改到不超过法定时限。",
        )  # fmt: skip
    if not content.statutory and not content.promised and content.kind in ("行政许可", "行政确认", "行政给付"):
        yield Obstacle(
            "statutory_n", "没有写明办理期限。", PUBLISHED_IN_FULL, "请填写法定时限；法律没有规定的，填写承诺时限。"
        )


def is_catch_all(name: str) -> bool:
    """Tell whether a name demands material without saying which: 其他材料, 有关材料, 法律法规规定的其他材料."""
    core = re.sub(r"[\s（）()“”\"。.，,]", "", name)
    if len(core) > _LONGEST_CATCH_ALL:
        return False
    return core in ("材料", "资料", "文件", "证件") or _CATCH_ALL.fullmatch(core) is not None


def _materials(content: Content) -> Iterable[Obstacle]:
    known = {each.name for each in content.scenarios}
    for paper in content.materials:
        if is_catch_all(paper.name):
            yield Obstacle(
                "materials", f"材料“{paper.name}”是兜底条款，申请人无从知道要交什么。", NO_CATCH_ALL, "请写明具体材料，或者删去。"
            )  # fmt: skip
        for name in paper.scenarios:
            if name not in known:
                yield Obstacle(
                    "materials", f"材料“{paper.name}”对应的情形“{name}”不在情形表里。", PUBLISHED_IN_FULL,
                    "请先在情形表里加上这个情形，或者改掉材料上的情形名称。",
                )  # fmt: skip


def _charges(content: Content) -> Iterable[Obstacle]:
    for fee in content.fees:
        if not fee.basis:
            yield Obstacle(
                "fees", f"收费“{fee.name}”没有写明依据。", LICENCE_FEES, "请填写依据；没有依据的，应当停止收费。"
            )
        elif content.kind == "行政许可" and Rank(fee.basis_rank) not in FEE_RANKS:
            yield Obstacle(
                "fees", f"收费“{fee.name}”的依据是{Rank(fee.basis_rank).label}，不能对行政许可设定收费。", LICENCE_FEES,
                "只有法律、行政法规可以规定许可收费。请补充这样的依据，或者停止收费。",
            )  # fmt: skip
        if fee.low is not None and fee.high is not None and fee.low > fee.high:
            yield Obstacle("fees", f"收费“{fee.name}”的下限高于上限。", LICENCE_FEES, "请核对两个金额。")


def _thirds(content: Content) -> Iterable[Obstacle]:
    for each in content.intermediaries:
        if Rank(each.basis_rank) not in _REGULATIONS:
            yield Obstacle(
                "intermediaries", f"中介服务“{each.name}”没有法律、法规或者国务院决定作依据。", INTERMEDIARIES,
                "请补充依据；没有的，不得作为办理条件，请删去。",
            )  # fmt: skip
