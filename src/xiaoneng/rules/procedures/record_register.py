"""The register of records: a matter of the platform's own, whose entries seal what was recorded beside the matters."""

from xiaoneng.rules.grounds import Basis
from xiaoneng.rules.procedures.table import Move, Procedure, State
from xiaoneng.rules.roles import Role

OPEN = "open"

PROCEDURE = Procedure(
    kind="record_register",
    label="管理留痕登记簿",
    initial=OPEN,
    states=(State(OPEN, "登记中", Role.PLATFORM),),
    moves=(
        Move(
            "seal_records", "封存管理留痕", (OPEN,), (OPEN,), (Role.PLATFORM,),
            Basis("平台办件规则", "", "", "管理留痕只增不改，逐批封存，封存以后谁也不能改动而不被看出"),
        ),
    ),
)  # fmt: skip
