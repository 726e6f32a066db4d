"""Renewing a licence: asked for thirty days ahead, and granted by law when nobody decides before it expires."""

from __future__ import annotations

from datetime import date, timedelta

from xiaoneng.rules.grounds import LICENSING, Basis, Obstacle

AHEAD = timedelta(days=30)  # calendar days: art. 82 speaks of the organ's limits, this one is the applicant's
RENEWED = Basis(
    LICENSING,
    50,
    "",
    "被许可人需要延续依法取得的行政许可的有效期的，应当在该行政许可有效期届满三十日前提出申请。"
    "行政机关应当在该行政许可有效期届满前作出是否准予延续的决定；逾期未作决定的，视为准予延续。",
)


def in_time(filed_on: date, expires_on: date) -> bool:
    """Tell whether a renewal was asked for thirty days before the licence expires."""
    return filed_on + AHEAD <= expires_on


def to_renewal(certificate: str, expires_on: date | None) -> tuple[Obstacle, ...]:
    """Return what a renewal's declaration lacks."""
    found: tuple[Obstacle, ...] = ()
    if not certificate.strip():
        found += (Obstacle("certificate", "还没有写要延续的许可证编号。", RENEWED, "请照许可证填写。"),)
    if expires_on is None:
        found += (Obstacle("expires_on", "还没有写许可证的有效期届满日。", RENEWED, "请照许可证填写。"),)
    return found
