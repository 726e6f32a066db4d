"""One module per kind of matter: its states and its table of moves, read by code, pages, documentation and tests."""

from xiaoneng.rules.procedures.table import ClockEffect, Document, Move, Procedure, State


def all_procedures() -> dict[str, Procedure]:
    """Return every procedure by the kind of matter that follows it."""
    from xiaoneng.rules.procedures import application, power_list, red_light_register

    return {each.kind: each for each in (application.PROCEDURE, red_light_register.PROCEDURE, power_list.PROCEDURE)}


__all__ = ["ClockEffect", "Document", "Move", "Procedure", "State", "all_procedures"]
