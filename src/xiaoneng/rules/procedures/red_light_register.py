"""The register of red lights: a matter of the platform's own, whose entries seal the lights recorded since the last."""

from xiaoneng.rules.grounds import Basis
from xiaoneng.rules.procedures.table import Move, Procedure, State
from xiaoneng.rules.roles import Role

OPEN = "open"

PROCEDURE = Procedure(
    kind="red_light_register",
    label="红灯登记簿",
    initial=OPEN,
    states=(State(OPEN, "登记中", Role.PLATFORM),),
    moves=(
        Move(
            "seal", "登记并封存", (OPEN,), (OPEN,), (Role.PLATFORM,),
            Basis("行政许可法", 74, "", "不在法定期限内作出决定的，由上级行政机关或者监察机关责令改正"),
        ),
    ),
)  # fmt: skip
