"""A backup holds everything of one moment, finds every changed byte, and comes back only into an empty home."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
from types import SimpleNamespace

import pytest
from django.conf import settings

import build
import ground
from build import moment
from xiaoneng.evidence import actions as evidence
from xiaoneng.jobs import database, time_machine
from xiaoneng.jobs.backups import folder as folders
from xiaoneng.jobs.commands import backup as backing_up
from xiaoneng.jobs.commands import restore as restoring
from xiaoneng.jobs.trouble import CannotRun
from xiaoneng.kit import home
from xiaoneng.matters import reads as matters

KEPT = b"%PDF-1.7 kept"


def settle(patch, directory):
    """Make a directory the home, with the server left where it is."""
    patch.setattr(settings, "HOME", directory)
    patch.setattr(settings, "FILES_DIRECTORY", directory / "files")
    (directory / "files" / "ab").mkdir(parents=True)
    home.secret(directory)
    home.evidence_key(directory)


@pytest.fixture(scope="module")
def city(django_db_setup, django_db_blocker, tmp_path_factory):
    """Give a small city with a file and a sealed log, its backup, and the name of a database that is not there yet."""
    top, name = tmp_path_factory.mktemp("drill"), f"{settings.DATABASE_NAME}_backup"
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        ground.make(name)
        settle(patch, top / "old")
        with ground.pointed_at(name), time_machine.at(moment("2026-03-02")):
            case = build.application().received(moment("2026-03-02"))
            evidence.seal()
            (top / "old" / "files" / "ab" / "abcd.pdf").write_bytes(KEPT)
            backing_up.execute(argparse.Namespace(dir=top / "backup", json=True))
        yield SimpleNamespace(top=top, backup=top / "backup", fresh=f"{name}_fresh", case=case.matter)
        for each in (name, f"{name}_fresh"):
            database.drop(each)


@pytest.fixture
def backup(city):
    """Give the folder of the backup."""
    return city.backup


def test_a_city_comes_back_whole_and_says_what_is_missing(city, monkeypatch, capsys):
    manifest = folders.check(city.backup)
    assert manifest.entries == manifest.log_size == 1
    later = city.top / "kept-elsewhere.json"
    later.write_text(json.dumps({"checkpoints": [{"size": 1, "root": "00"}, {"size": 8, "root": "11"}]}))
    settle(monkeypatch, city.top / "new")
    database.drop(city.fresh)
    args = argparse.Namespace(dir=city.backup, witness=later)
    with ground.pointed_at(city.fresh):
        assert restoring.bring_back(args) == 0, capsys.readouterr().out
        said = capsys.readouterr().out
        assert "日志 1 条。恢复一事已记入管理记录" in said
        assert "缺少其后的 7 条日志" in said
        assert "没有发现问题" in said
        assert matters.journal(city.case)[0].move == "submit"
        with pytest.raises(CannotRun, match="已经在使用"):
            restoring.bring_back(args)
    assert (city.top / "new" / "files" / "ab" / "abcd.pdf").read_bytes() == KEPT
    for key in home.KEYS:
        assert (city.top / "new" / key).read_text() == (city.top / "old" / key).read_text()


def test_a_backup_never_writes_over_anything(city):
    with pytest.raises(CannotRun, match="已经有东西"):
        backing_up.execute(argparse.Namespace(dir=city.backup, json=True))


@pytest.mark.parametrize("name", [folders.DUMP, "files/ab/abcd.pdf", "keys/evidence-key", folders.MANIFEST])
def test_one_changed_byte_anywhere_is_found_before_anything_is_done(backup, tmp_path, name):
    copy = tmp_path / "copy"
    shutil.copytree(backup, copy)
    bytes_ = bytearray((copy / name).read_bytes())
    bytes_[len(bytes_) // 2] ^= 1
    (copy / name).write_bytes(bytes_)
    with pytest.raises(CannotRun, match=f"内容已变 {name}"):
        folders.check(copy)


def test_what_is_missing_or_was_put_in_is_named(backup, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(backup, copy)
    (copy / "files" / "ab" / "abcd.pdf").rename(copy / "files" / "other.pdf")
    with pytest.raises(CannotRun) as refused:
        folders.check(copy)
    assert "缺少 files/ab/abcd.pdf" in str(refused.value)
    assert "多出 files/other.pdf" in str(refused.value)


def test_any_machine_can_check_the_sums(backup):
    done = subprocess.run(["sha256sum", "--quiet", "-c", folders.SUMS], cwd=backup, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_an_unfinished_backup_is_none(tmp_path):
    with pytest.raises(CannotRun, match="不是完整的备份"):
        folders.check(tmp_path)


def test_who_cannot_open_the_backup_of_another_sees_no_key(backup):
    assert oct((backup / "keys").stat().st_mode & 0o777) == "0o700"
    assert os.stat(backup).st_mode & 0o077 == 0
