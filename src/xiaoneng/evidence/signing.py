"""Signing what a checkpoint or an export says: Ed25519, with a key that lies in the home and never leaves it."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from xiaoneng.kit import home


@lru_cache(maxsize=4)
def _private(where: Path) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(home.evidence_key(where)))


def public(where: Path) -> bytes:
    """Return the public key of a home's signing key, which is made on first use."""
    return _private(where).public_key().public_bytes_raw()


def fingerprint(key: bytes) -> str:
    """Return what a public key is called."""
    return hashlib.sha256(key).hexdigest()


def sign(where: Path, text: str) -> bytes:
    """Sign a text with the key of a home."""
    return _private(where).sign(text.encode())


def is_signed(key: bytes, text: str, signature: bytes) -> bool:
    """Tell whether a text was signed with the private key that belongs to a public one."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, text.encode())
    except InvalidSignature:
        return False
    return True
