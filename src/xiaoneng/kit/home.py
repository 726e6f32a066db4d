"""Where an installation keeps its data: a home, and for the embedded server a data and a socket directory."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
OF_ROOT = Path("/var/lib/xiaoneng")
KEYS = ("secret-key", "evidence-key")  # what a backup of the home must hold besides the files


def directory(named: str | None) -> Path:
    """Return the home directory: the named one, else `var` in the checkout."""
    return Path(named).resolve() if named else PROJECT / "var"


def identity(home: Path) -> str:
    """Return this installation's short random name, made on first use and kept in its home."""
    return _kept(home / "installation", lambda: secrets.token_hex(4))


def secret(home: Path) -> str:
    """Return the installation's signing key, made on first use and readable by its owner only."""
    return _kept(home / KEYS[0], lambda: secrets.token_urlsafe(48))


def evidence_key(home: Path) -> str:
    """Return the key that signs checkpoints, as hexadecimal; made on first use and readable by its owner only."""
    return _kept(home / KEYS[1], lambda: secrets.token_hex(32))


def data_directory(home: Path) -> Path:
    """Return where the embedded server keeps its data; apart from the home for root, whose parents must stay closed."""
    return OF_ROOT / identity(home) / "postgres" if os.geteuid() == 0 else home / "postgres"


def socket_directory(home: Path) -> Path:
    """Return the directory of the embedded server's socket; short, since the system allows a path of 107 bytes."""
    if os.geteuid() == 0:
        return OF_ROOT / identity(home) / "run"
    near = home / "run"
    return near if len(str(near)) < 80 else Path(f"/tmp/xiaoneng-{os.geteuid()}-{identity(home)}")


def _kept(path: Path, make: Callable[[], str]) -> str:
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(handle, "w") as file:
        file.write(make())
        file.flush()
        os.fsync(file.fileno())
    # A link appears whole or not at all, so of two processes that start together both read what the first one made.
    with suppress(FileExistsError):
        os.link(draft, path)
    os.unlink(draft)
    return path.read_text().strip()
