"""Who may apply in another's name: the legal representative, or whoever holds a written authority.

Nobody is kept from submitting: at night there is no window that could enter an authority, and the day of receipt counts.
What is not shown yet stands against acceptance and against a grant, until it is shown.
"""

from __future__ import annotations

from xiaoneng.rules.grounds import LICENSING, Basis, Obstacle

UNSHOWN = "unshown"  # submitted in another's name, and nothing on record says that this account may
PAPERS = {
    "attorney": "授权委托书",
    "legal": "法定代表人（负责人）身份证明",
    "confirmed": "申请人本人到场或者经核实确认",
}
BY_AGENT = Basis(
    LICENSING, 29, "二款",
    "申请人可以委托代理人提出行政许可申请。但是，依法应当由申请人到行政机关办公场所提出行政许可申请的除外",
)  # fmt: skip
IN_WRITING = Basis(
    "民法典",
    165,
    "",
    "委托代理授权采用书面形式的，授权委托书应当载明代理人的姓名或者名称、代理事项、权限和期限，并由被代理人签名或者盖章",
)
# What a notice of what is missing asks for, as a line of it is written: what, what would be right, on which basis.
TO_SUPPLY = f"授权委托书，或者法定代表人（负责人）身份证明 | {IN_WRITING.text} | {IN_WRITING}"


def to_acting(name: str) -> Obstacle:
    """Return what stands against accepting or granting while nothing shows that whoever submitted may act."""
    return Obstacle(
        "authority", f"提交申请的账号不是“{name}”本人，也没有登记过授权，授权证明还没有核对。", BY_AGENT,
        "核对授权委托书或者法定代表人身份证明后，在“核对了哪种授权证明”里选择；材料里没有的，一次性告知补正。"
        "也可以在窗口登记这个账号的代办授权。",
    )  # fmt: skip


def advice(name: str) -> Obstacle:
    """Return what a draft in another's name is told at once; it may be submitted all the same."""
    return Obstacle(
        "authority", f"您的账号没有登记对“{name}”的授权。可以照常提交，受理前窗口会核对。", BY_AGENT,
        "请把授权委托书（法定代表人、负责人本人办理的，交身份证明）放在“其他材料”里一并上传；"
        "没有一并交的，窗口会一次性告知补正。也可以先带委托书到窗口登记授权，以后不用再交。",
    )  # fmt: skip
