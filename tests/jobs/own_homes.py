"""Homes of their own for the tests that start and kill embedded servers."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from xiaoneng.jobs import cluster, postgres
from xiaoneng.kit import home as homes


def settle(monkeypatch, directory: Path) -> Path:
    """Make a directory the home of this process and of those that it starts."""
    monkeypatch.setattr("django.conf.settings.HOME", directory)
    monkeypatch.setenv("XIAONENG_HOME", str(directory))
    monkeypatch.setenv("XIAONENG_DATABASE_NAME", "xiaoneng")
    for elsewhere in ("XIAONENG_DATABASE_URL", "XIAONENG_OWNER_DATABASE_URL"):
        monkeypatch.delenv(elsewhere, raising=False)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "xiaoneng.config.settings")
    return directory


def clear(directory: Path) -> None:
    """Stop the server of the current home, which must be this one, and remove what lies outside of it."""
    there = cluster.at(directory)
    postgres.stop()
    shutil.rmtree(there.data, ignore_errors=True)
    shutil.rmtree(there.sockets, ignore_errors=True)
    if os.geteuid() == 0:
        shutil.rmtree(homes.OF_ROOT / homes.identity(directory), ignore_errors=True)
