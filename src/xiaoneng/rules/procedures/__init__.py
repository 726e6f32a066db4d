"""One module per kind of matter: its states and its table of moves, read by code, pages, documentation and tests."""

from xiaoneng.rules.procedures.table import ClockEffect, Document, Move, Procedure, State


def all_procedures() -> dict[str, Procedure]:
    """Return every procedure by the kind of matter that follows it."""
    from xiaoneng.rules.procedures import (
        accountability,
        agency,
        application,
        card,
        certificate,
        fee,
        finding,
        imported_case,
        joint,
        power_list,
        record_register,
        red_light_register,
        supervision_order,
    )

    rooms = (
        application, joint, agency, fee, certificate, red_light_register, record_register, power_list, imported_case, card,
        supervision_order, accountability, finding,
    )  # fmt: skip
    return {each.PROCEDURE.kind: each.PROCEDURE for each in rooms}


__all__ = ["ClockEffect", "Document", "Move", "Procedure", "State", "all_procedures"]
