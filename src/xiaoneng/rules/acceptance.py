"""Obstacles to submitting and to accepting an application: all of them at once, each with its basis."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from xiaoneng.rules.grounds import Basis, Obstacle

LICENCE_LAW = "行政许可法"
FORM = Basis(LICENCE_LAW, 29, "一款", "申请人应当提出申请，申请书需要采用格式文本的，行政机关应当提供")
TRUTH = Basis(LICENCE_LAW, 31, "一款", "申请人应当如实提交有关材料和反映真实情况，并对其真实性负责")
COMPLETE = Basis(LICENCE_LAW, 32, "一款四项", "材料不齐全的，一次告知需要补正的全部内容")
OFF_LIST = Basis("优化营商环境条例", 40, "", "清单之外不得违法实施行政许可")
PUBLISHED_LIMIT = Basis(LICENCE_LAW, 30, "一款", "许可的期限应当公示")
FOR_WHOM = Basis(LICENCE_LAW, 30, "一款", "许可的事项、依据、条件应当公示；向谁办理由事项的服务对象写明")
KINDS = ("person", "enterprise")
# A trader has a unified code and is found among firms; for the law he is a natural person (民法典 54), so both ways are his.
TRADER = "个体工商户由经营者以本人的姓名和身份证号申请；"
PERSONS = "自然人"  # the one audience that is people; all others are firms and organisations
NO_LIMIT_YET = "这个事项还没有公布办理期限，暂不开放申请。"


@dataclass(frozen=True, slots=True)
class Handed:
    """A material that the item asks for, and how many files or papers of it were handed in."""

    slot: str
    name: str
    required: bool
    count: int


@dataclass(frozen=True, slots=True)
class Declared:
    """What the applicant declared, and which of the numbers in it are formed correctly."""

    kind: str  # person | enterprise
    name: str
    identity: str
    identity_valid: bool
    contact: str
    phone: str
    phone_valid: bool
    content: str


def to_application(*, in_force: bool, has_limit: bool, on_application: bool, item: str) -> tuple[Obstacle, ...]:
    """Return what stands against applying for an item at all."""
    found = []
    if not in_force:
        found.append(
            Obstacle(
                "item", f"“{item}”已不在实施清单内，不能申请。", OFF_LIST, "请回首页搜索现行事项，或者拨打 12345 询问。"
            )
        )
    if not has_limit:
        found.append(Obstacle("limit", NO_LIMIT_YET, PUBLISHED_LIMIT, "请向实施部门询问，期限公布后即可在线申请。"))
    if not on_application:
        found.append(
            Obstacle("kind", "这个事项由行政机关依职权办理，不接受申请。", OFF_LIST, "如需反映情况，请拨打 12345。")
        )
    return tuple(found)


def kinds_for(audience: Collection[str]) -> tuple[str, ...]:
    """Return which kinds of applicant an item is for; both, where it names no audience."""
    open_to = {"person": PERSONS in audience, "enterprise": any(each != PERSONS for each in audience)}
    return tuple(kind for kind in KINDS if open_to[kind]) or KINDS


def to_kind(kind: str, audience: Collection[str], item: str) -> tuple[Obstacle, ...]:
    """Return what stands against an applicant of this kind for an item of this audience."""
    if kind in kinds_for(audience):
        return ()
    only, instead = ("单位", "个人") if kind == "person" else ("个人", "单位")
    remedy = (
        f"请在“谁来申请”里改选，填{only}的名称和证件号；{TRADER if only == '个人' else ''}拿不准的，拨打 12345 询问。"
    )
    return (Obstacle("kind", f"“{item}”只向{only}办理，不能用{instead}的名义申请。", FOR_WHOM, remedy),)


def to_declaration(declared: Declared) -> tuple[Obstacle, ...]:
    """Return what is missing or wrong in what the applicant declared; each code names its field."""
    person = declared.kind == "person"
    checks = (
        (not declared.name, "name", "还没有填写申请人姓名。" if person else "还没有填写单位名称。", "请按证件上的名称填写。", FORM),
        (
            not declared.identity_valid, "identity",
            ("身份证号不对：应为 18 位，末位可以是 X。" if person else "统一社会信用代码不对：应为 18 位。"),
            "请对照证件逐位核对后重新填写。", TRUTH,
        ),
        (not declared.contact, "contact", "还没有填写联系人。", "请填写办件期间能联系上的人。", FORM),
        (not declared.phone_valid, "phone", "手机号不对：应为 11 位数字。", "请核对后重新填写，部门用这个号码联系您。", FORM),
        (not declared.content, "content", "还没有填写申请内容。", "请用一两句话写明要办什么。", FORM),
    )  # fmt: skip
    return tuple(Obstacle(code, message, basis, remedy) for wrong, code, message, remedy, basis in checks if wrong)


def missing_materials(handed: Iterable[Handed]) -> tuple[Obstacle, ...]:
    """Return every required material of which nothing was handed in; each code names its place."""
    return tuple(
        Obstacle(f"material-{each.slot}", f"还差“{each.name}”。", COMPLETE, f"请补交“{each.name}”。")
        for each in handed
        if each.required and each.count == 0
    )
