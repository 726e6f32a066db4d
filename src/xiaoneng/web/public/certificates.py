"""What everybody may ask of a certificate: whether it is genuine and whether it holds now."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xiaoneng.approval import certificates
from xiaoneng.approval.certificates import CertificateLine
from xiaoneng.kit import clock, documents, numbers
from xiaoneng.matters import reads as matters
from xiaoneng.rules.workdays import local_day
from xiaoneng.web.access import Policy, policy


@policy(Policy.PUBLIC)
@require_GET
@never_cache
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Tell what the certificate of a code says and how it stands now."""
    return render(request, "public/certificate.html", {"certificate": shown(certificates.by_code(code))})


def shown(line: CertificateLine) -> dict[str, Any]:
    """Return a certificate as everybody may see it: whether it holds, and what became of it."""
    today = local_day(clock.now())
    address = settings.PUBLIC_ADDRESS + reverse("public:certificate", args=[line.code])
    return {
        "line": line,
        "code": numbers.grouped(line.code),
        "holder": line.shown_holder,
        "standing": line.standing(today),
        "good": line.is_good(today),
        "today": today,
        "url": reverse("public:certificate", args=[line.code]),
        "qr_svg": documents.qr_svg(address, title=f"{line.title}的二维码"),
        "history": [{"label": each.label, "at": each.recorded_at} for each in matters.journal(line.id)],
    }
