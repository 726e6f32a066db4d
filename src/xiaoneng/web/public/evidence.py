"""The published evidence: checkpoints over the journal, and the proof that the entry on a receipt is under one."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xiaoneng.evidence import reads
from xiaoneng.evidence.reads import Inclusion
from xiaoneng.kit import numbers
from xiaoneng.matters import reads as matters
from xiaoneng.rules.grounds import NotFound
from xiaoneng.trail import reads as trail
from xiaoneng.web.access import Policy, policy
from xiaoneng.web.public.progress import opened

SHOWN = 20
HASH = re.compile(r"[0-9a-f]{64}")
ASK_FIRST = (
    "这不是 64 位的日志校验码，也不是您已经打开过的办件的编号。请输入凭证上的日志校验码；"
    "只有编号的，请先凭查询码查一次进度，再回到这里。"
)


@policy(Policy.PUBLIC)
@require_GET
@never_cache
def evidence(request: HttpRequest) -> HttpResponse:
    """Show the checkpoints and keys, and look for the entry of a receipt if one is asked for."""
    before = request.GET.get("before", "")
    found = reads.checkpoints(
        int(before) if before.isascii() and before.isdigit() and len(before) < 12 else None, SHOWN
    )
    asked = request.GET.get("receipt", "").strip()[:100]
    context: dict[str, Any] = {
        "asked": asked,
        "checkpoints": found,
        "latest": reads.latest(),
        "keys": reads.public_keys(),
        "returns": trail.lines_of(trail.records(key=trail.RESTORED)),
        "older": found[-1].number if found and found[-1].number > 1 else None,
    }
    if asked:
        try:
            context["proof"] = _proof_of(request, asked)
        except NotFound as wrong:
            context["wrong"] = str(wrong)
    return render(request, "public/evidence.html", context)


def _proof_of(request: HttpRequest, asked: str) -> Inclusion:
    bare = "".join(asked.split()).lower()
    if HASH.fullmatch(bare):
        return reads.inclusion(bytes.fromhex(bare))
    try:
        file = opened(request, numbers.normalise_code(asked))
    except NotFound:
        # Numbers can be guessed; who has not shown the code learns nothing, not even whether there is such a matter.
        raise NotFound(ASK_FIRST) from None
    return reads.inclusion(bytes.fromhex(matters.journal(file.id)[-1].hash))


@policy(Policy.PUBLIC)
@require_GET
@never_cache
def evidence_checkpoints(request: HttpRequest) -> HttpResponse:
    """Hand out the latest checkpoints and the public keys, to be kept by whoever wants to be a witness."""
    return JsonResponse(
        {
            "checkpoints": [each.as_json() for each in reads.checkpoints(most=1000)],
            "keys": [{"key": key.fingerprint, "public": key.public.hex()} for key in reads.public_keys()],
        }
    )


@policy(Policy.PUBLIC)
@require_GET
@never_cache
def evidence_proof(request: HttpRequest, digest: str) -> HttpResponse:
    """Hand out the proof of an entry, to be kept."""
    if not HASH.fullmatch(digest):
        raise NotFound(reads.NOT_IN_THE_LOG)
    answer = JsonResponse(reads.inclusion(bytes.fromhex(digest)).as_json())
    answer["Content-Disposition"] = f'attachment; filename="proof-{digest[:12]}.json"'
    return answer
