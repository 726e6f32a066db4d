"""The printed form of the documents of supervision, made like all others."""

from __future__ import annotations

from datetime import datetime

from xiaoneng.approval.actions import printing
from xiaoneng.supervision import notices


def print_what_is_missing(*, at: datetime, among: int | None = None, most: int = 200) -> int:
    """Make the PDFs of supervision that nobody has made yet and return how many were made."""
    return printing.print_what_is_missing(
        at=at, among=among, most=most, kinds=tuple(notices.KINDS), compose=notices.compose
    )
