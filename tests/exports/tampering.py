"""Proofs taken apart, changed and put together again, by hands of growing skill.

Whoever changes the files only leaves the manifest's sums wrong. Whoever changes the database and exports it has a fresh
manifest (`seal`), and may hash journals anew (`rechain`), lay the log anew (`relay`), even sign anew with a key (`sign`).
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import sys
from bisect import bisect_left
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any
from unittest import mock

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from xiaoneng.evidence.reads import leaf_of
from xiaoneng.jobs.exports import verify
from xiaoneng.kit import home, journal, merkle

NAMES = ("keys", "checkpoints", "log", "entries", "matters")
HASHED = ("matter", "seq", "move", "actor", "role", "authority", "at", "claimed_at", "recorded_at", "body", "numbers",
          "item_version", "calendar", "source", "key")  # fmt: skip


def own_key() -> Ed25519PrivateKey:
    """Give the installation's own signing key."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(home.evidence_key(settings.HOME)))


def fingerprint(key: Ed25519PrivateKey) -> str:
    return hashlib.sha256(key.public_key().public_bytes_raw()).hexdigest()


class Proof:
    """An export as values."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        lines = {name: (folder / f"{name}.jsonl").read_text().splitlines() for name in NAMES}
        self.rows: dict[str, list[dict[str, Any]]] = {
            name: [json.loads(x) for x in each] for name, each in lines.items()
        }
        self.ground = json.loads((folder / "ground.json").read_text())
        self.manifest = json.loads((folder / "manifest.json").read_text())
        self.signature = (folder / "manifest.sig").read_text()

    @property
    def entries(self) -> list[dict[str, Any]]:
        return self.rows["entries"]

    def of(self, matter: int) -> list[dict[str, Any]]:
        return [entry for entry in self.entries if entry["matter"] == matter]

    def row(self, matter: int) -> dict[str, Any]:
        return next(row for row in self.rows["matters"] if row["id"] == matter)

    def drop(self, matter: int) -> None:
        """Take a matter out everywhere but in the log."""
        self.rows["entries"] = [entry for entry in self.entries if entry["matter"] != matter]
        self.rows["matters"] = [row for row in self.rows["matters"] if row["id"] != matter]

    def rechain(self, matter: int) -> None:
        """Hash a journal anew from its first entry, so that it agrees with itself and with its row."""
        prev = bytes.fromhex(self.row(matter)["genesis"])
        for entry in self.of(matter):
            entry["prev"] = prev.hex()
            prev = journal.entry_hash(prev, [entry[name] for name in HASHED])
            entry["hash"] = prev.hex()
        self.row(matter)["head"] = prev.hex()

    def relay(self) -> None:
        """Lay the log anew from the entries that are left, in the old order, with roots that fit; not signed."""
        placed = sorted((e for e in self.entries if e["position"] is not None), key=lambda e: e["position"])
        before = [entry["position"] for entry in placed]
        for n, entry in enumerate(placed):
            entry["position"] = n
        self.rows["log"] = [{k: e[k] for k in ("matter", "seq", "hash")} for e in placed]
        read = merkle.reader([leaf_of(e["matter"], e["seq"], bytes.fromhex(e["hash"])) for e in placed])
        for checkpoint in self.rows["checkpoints"]:
            checkpoint["size"] = bisect_left(before, checkpoint["size"])
            checkpoint["root"] = merkle.root(read, checkpoint["size"]).hex()

    def sign(self, key: Ed25519PrivateKey) -> None:
        """Sign every checkpoint anew with a key, linked from the first to the last."""
        prev = bytes(32).hex()
        for n, row in enumerate(self.rows["checkpoints"], 1):
            row |= {"number": n, "prev": prev, "key": fingerprint(key)}
            text = "\n".join(
                ["xiaoneng checkpoint 1", *(str(row[k]) for k in ("number", "size", "root", "at", "prev")), ""]
            )
            row["signature"] = key.sign(text.encode()).hex()
            prev = hashlib.sha256(text.encode()).hexdigest()
        self.rows["keys"] = [{"key": fingerprint(key), "public": key.public_key().public_bytes_raw().hex(), "since": 0}]
        self.manifest["key"] = fingerprint(key)

    def write(self, folder: Path, seal: Ed25519PrivateKey | None = None) -> Path:
        """Write it out; with a key the manifest fits what is written."""
        folder.mkdir(exist_ok=True)
        for name in NAMES:
            (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in self.rows[name]))
        (folder / "ground.json").write_text(json.dumps(self.ground))
        if seal:
            for name in self.manifest["files"]:
                self.manifest["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        text = json.dumps(self.manifest) if seal else (self.folder / "manifest.json").read_text()
        (folder / "manifest.json").write_text(text)
        (folder / "manifest.sig").write_text(seal.sign(text.encode()).hex() if seal else self.signature)
        return folder


@cache
def _program() -> CodeType:
    return compile(Path(verify.__file__).read_text(), verify.__file__, "exec")


def verdict(folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Run the very program, in this process, and give its exit code and what it says."""
    said = io.StringIO()
    with (
        mock.patch.object(sys, "argv", ["verify.py", str(folder), "--json", *arguments]),
        contextlib.redirect_stdout(said),
        contextlib.suppress(SystemExit),
    ):
        try:
            exec(_program(), {"__name__": "__main__", "__file__": verify.__file__})
        except SystemExit as end:
            return int(end.code or 0), json.loads(said.getvalue() or "{}")
    raise AssertionError("the verifier did not end")


def kinds(folder: Path, *arguments: str) -> set[str]:
    """Give the kinds of what the verifier finds."""
    code, said = verdict(folder, *arguments)
    found = {each["kind"] for each in said.get("findings", ())}
    assert code == (1 if found else 0)
    return found
