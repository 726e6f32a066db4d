"""A case of somebody else's history: it came in from a file, and nothing of it is ours to handle."""

from xiaoneng.rules.grounds import Basis
from xiaoneng.rules.procedures.table import Move, Procedure, State
from xiaoneng.rules.roles import Role

OUTSIDE = "outside"
RECORDED = "recorded"
TAKE_IN = "take_in"

PROCEDURE = Procedure(
    kind="imported_case",
    label="历史办件",
    initial=OUTSIDE,
    states=(
        State(OUTSIDE, "尚未导入", Role.PLATFORM),
        # Closed, however the case stood at its source: no light of ours ever shines on it.
        State(RECORDED, "历史，仅供查阅", None, closed=True),
    ),
    moves=(
        Move(
            TAKE_IN, "导入历史", (OUTSIDE, RECORDED), (RECORDED,), (Role.PLATFORM,),
            Basis("平台办件规则", "", "", "从外部日志导入的历史单独成类，写明来源，单独统计，不是事后补录，也不参与亮灯"),
        ),
    ),
)  # fmt: skip
