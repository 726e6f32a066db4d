"""Sending to addresses that others named: never into the own network unless a setting allows it, never for long."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from xiaoneng.rules.grounds import NotAllowed

TIMEOUT = httpx.Timeout(5.0, connect=3.0)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Unreachable(Exception):
    """Nothing was delivered; the message says why."""


def check(url: str) -> None:
    """Look at an address before it is kept.

    :raises NotAllowed: it is no address of a web server, or leads into a network that is not to be reached.
    """
    host, port, _ = _parts(url)
    try:
        _resolved(host, port)
    except Unreachable:
        return  # not known at this moment; each delivery looks again


def post(url: str, headers: dict[str, str], body: bytes) -> int:
    """Post to an address and return the status of the answer, whose body nobody reads.

    :raises Unreachable: there was no answer.
    """
    try:
        host, port, netloc = _parts(url)
        address = _resolved(host, port)
    except NotAllowed as refusal:
        raise Unreachable(str(refusal)) from None
    # The very address that was looked at is connected to, so that the name cannot lead elsewhere a moment later.
    pinned = httpx.URL(url).copy_with(host=str(address))
    try:
        with httpx.Client(timeout=TIMEOUT, trust_env=False, follow_redirects=False) as client:
            request = client.build_request(
                "POST", pinned, content=body, headers=headers | {"Host": netloc}, extensions={"sni_hostname": host}
            )
            answer = client.send(request, stream=True)
            answer.close()
            return answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as trouble:
        raise Unreachable(f"{type(trouble).__name__}：{trouble}"[:200]) from None


def _parts(url: str) -> tuple[str, int, str]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        host.encode("idna")
        httpx.URL(url)
    except (ValueError, UnicodeError, httpx.InvalidURL):
        raise NotAllowed("这不是一个有效的网址，请写成 https://example.com/events 的样子。") from None
    if parts.scheme not in ("http", "https") or not host:
        raise NotAllowed("网址应以 https:// 或 http:// 开头，并写明主机名。")
    if parts.username or parts.password:
        raise NotAllowed("网址里不能带用户名和密码；来源请用签名核对。")
    return host, port, parts.netloc


def _resolved(host: str, port: int) -> Address:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable(f"解析不了主机名 {host[:80]}，请核对网址和域名设置。") from None
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    if not settings.WEBHOOK_PRIVATE and not all(_is_public(each) for each in addresses):
        raise NotAllowed("这个网址指向本机或者内部网络，不能推送。确需推送到内网的，请平台管理员开启相应设置。")
    return addresses[0]


def _is_public(address: Address) -> bool:
    inside: list[Address] = [address]
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        inside += [each for each in wrapped if each is not None]
        if address in _NAT64:
            inside.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return all(each.is_global and not each.is_multicast for each in inside)
