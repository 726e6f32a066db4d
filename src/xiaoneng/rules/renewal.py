"""Renewing a licence: asked for thirty days ahead, and granted by law when nobody decides before it expires."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Known:
    """What the register says of a licence: whether the applicant holds it, until when it is good."""

    own: bool
    until: date | None


def to_renewing(expires_on: date, filed_on: date, known: Known | None) -> tuple[Obstacle, ...]:
    """Return what stands against renewing this very licence: it is over, somebody else's, or good until another day.

    Else whoever accepts could make of any first application a renewal that silence grants.

    :param known: nothing where the register does not have it, as with licences of earlier years on paper.
    """
    found: tuple[Obstacle, ...] = ()
    if expires_on < filed_on:
        message = "这份许可证在申请以前已经过了有效期，不能延续。"
        found += (Obstacle("expires_on", message, RENEWED, "请不填延续，按新的申请办理。"),)
    if known is not None and not known.own:
        message = "证照库里这份许可证的持有人不是本件的申请人。"
        found += (Obstacle("certificate", message, RENEWED, "请核对许可证编号。"),)
    if known is not None and known.until != expires_on:
        until = known.until or "长期"
        message = f"证照库里这份许可证的有效期至 {until}，与填写的不同。"
        found += (Obstacle("expires_on", message, RENEWED, "请照证照库里的有效期填写。"),)
    return found
