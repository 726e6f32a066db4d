"""Secrets at rest: sealed with a key that comes from the installation's own, so that a copied table gives nothing."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class Broken(Exception):
    """What was sealed cannot be opened: the installation's key is another one now."""


def seal(text: str, purpose: str) -> str:
    """Return a text sealed for one purpose."""
    return _lock(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, purpose: str) -> str:
    """Return what was sealed for a purpose.

    :raises Broken: the key is not the one it was sealed with.
    """
    try:
        return _lock(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Broken("密文解不开：安装密钥 XIAONENG_SECRET_KEY 换过了。") from None


def _lock(purpose: str) -> Fernet:
    key = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=purpose.encode()[:16]).digest()
    return Fernet(base64.urlsafe_b64encode(key))
