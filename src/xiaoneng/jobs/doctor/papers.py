"""Papers: every file is there and whole, what was handed in is what the journal says (31), personal data match (34)."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings

from xiaoneng.approval import reads
from xiaoneng.jobs.doctor.case import Application, Case, Entry
from xiaoneng.jobs.doctor.ground import Ground
from xiaoneng.jobs.doctor.report import Fault, Faults
from xiaoneng.kit import files

CHUNK = 1 << 20


def check(case: Case, ground: Ground) -> Faults:
    """Check the files and the personal data of a matter."""
    for kept in (*case.attachments, *case.printed):
        found = _measured(kept.sha256)
        if found is None:
            yield Fault(31, f"文件不在了：{kept.slot}（{kept.sha256[:12]}…）")
        elif found != (kept.size, kept.sha256):
            yield Fault(31, f"文件大小或内容变了：{kept.slot}（{kept.sha256[:12]}…）")
    yield from _handed_in(case)
    yield from _personal(case)


@cache
def _measured(sha256: str) -> tuple[int, str] | None:
    digest, size = hashlib.sha256(), 0
    try:
        with files.open_kept(Path(settings.FILES_DIRECTORY), sha256) as kept:
            while chunk := kept.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except OSError:
        return None
    return size, digest.hexdigest()


def forget() -> None:
    """Forget the files measured: another examination measures anew."""
    _measured.cache_clear()


HANDING_IN = ("submit", "supplement", "supply_deferred", "open_branch", "answer_in_branch")
ASKING = ("request_correction", "ask_in_branch")


def _handed_in(case: Case) -> Faults:
    rounds = {_round_of(entry): entry for entry in case.entries if entry.move in HANDING_IN}
    for round_, entry in rounds.items():
        told = sorted((each["slot"], each["sha256"]) for each in entry.what["files"])
        if told != sorted((file.slot, file.sha256) for file in case.attachments if file.round == round_):
            yield Fault(31, "附件与提交时日志记下的不一致", entry.seq)
    open_round = sum(entry.move in ASKING for entry in case.entries)
    if case.deferrals:  # what was promised for later comes in rounds of its own
        open_round += 1 + sum(entry.move == "supply_deferred" for entry in case.entries)
    for file in case.attachments:
        if file.round not in rounds and file.round != open_round:
            yield Fault(31, f"第 {file.round} 轮的附件 {file.slot} 没有对应的提交")


def _round_of(entry: Entry) -> int:
    # A branch's answer tells the round of its clock too.
    return int(entry.what.get("files_round", entry.what.get("round", 0)))


def _personal(case: Case) -> Faults:
    owner = case.application
    if owner is None:
        if case.row.kind == "application":
            yield Fault(34, "办件没有申请内容")
        return
    if case.entries:
        yield from _known_by(owner)
    for entry in case.entries:
        if entry.what.get("channel", owner.channel) != owner.channel:
            yield Fault(8, "办件的渠道与日志记下的不符", entry.seq)
        if entry.move in ("submit", "open_branch", "request") and entry.what["payload_hash"] != _salted(
            owner.salt, owner.payload
        ):
            yield Fault(34, "申请内容与日志记下的哈希不符，提交以后被改动过", entry.seq)
        if entry.move == "deliver" and entry.what.get("recipient_hash") not in (
            None, _salted(owner.salt, owner.recipient)
        ):  # fmt: skip
            yield Fault(34, "签收人与日志记下的哈希不符", entry.seq)


def _known_by(owner: Application) -> Faults:
    """Check what an application is found by, which follows from what was declared in it."""
    try:
        form = dict(json.loads(owner.payload))
        mark = reads.identity_mark(form["kind"], form["identity"])
    except (ValueError, KeyError):
        return  # written otherwise: the hash tells
    if (owner.applicant_name, owner.identity_mark) != (form.get("name", ""), mark):
        yield Fault(34, "申请人的姓名或者辨认同一申请人的记号与申请内容不符")


def _salted(salt: bytes, text: str) -> str:
    return hashlib.sha256(salt + text.encode()).hexdigest()
