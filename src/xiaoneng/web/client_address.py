"""From which address a request comes: what a proxy says is believed only of the proxies that are named as trusted."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class ClientAddressMiddleware:
    """Puts the visitor's own address where everybody looks for it, and what scheme the visitor used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.trusted = networks(settings.TRUSTED_PROXIES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Believe trusted proxies, and strike what anybody else claims."""
        meta, direct = request.META, request.META.get("REMOTE_ADDR", "")
        if _within(direct, self.trusted):
            meta["REMOTE_ADDR"] = first_untrusted(direct, meta.get("HTTP_X_FORWARDED_FOR", ""), self.trusted)
            meta["XIAONENG_DIRECT"] = meta.get("HTTP_X_FORWARDED_FOR", "") == ""
        else:
            # Behind a proxy that nobody named, everybody seems to come from this machine; that opens nothing.
            meta["XIAONENG_DIRECT"] = "HTTP_X_FORWARDED_FOR" not in meta and "HTTP_FORWARDED" not in meta
            meta.pop("HTTP_X_FORWARDED_PROTO", None)
            meta.pop("HTTP_X_REQUEST_ID", None)
        return self.get_response(request)


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Return the networks that texts name.

    :raises ValueError: one names none.
    """
    return tuple(ipaddress.ip_network(text.strip(), strict=False) for text in texts if text.strip())


def first_untrusted(direct: str, forwarded: str, trusted: tuple[Network, ...]) -> str:
    """Go back along the chain of proxies and return the first address that none of them vouches for by being one."""
    for hop in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
        bare = _bare(hop)
        if _address(bare) is None:
            return direct  # somebody made it up
        if not _within(bare, trusted):
            return bare
        direct = bare
    return direct


def _bare(hop: str) -> str:
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


def _within(text: str, known: tuple[Network, ...]) -> bool:
    address = _address(text)
    return address is not None and any(address in network for network in known)


def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def is_here(request: HttpRequest) -> bool:
    """Tell whether a request comes from this machine itself and through no proxy."""
    address = _address(request.META.get("REMOTE_ADDR", ""))
    return bool(request.META.get("XIAONENG_DIRECT")) and address is not None and address.is_loopback
