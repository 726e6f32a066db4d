"""What is handed in is kept whole or not at all."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from xiaoneng.kit import files

TEXT = b"material " * 50_000
SHA256 = hashlib.sha256(TEXT).hexdigest()
KEEP = (
    "import sys, io, resource; from django.conf import settings; settings.configure(FAULT=sys.argv[2])\n"
    "from pathlib import Path; from xiaoneng.kit import files\n"
    "if len(sys.argv) > 3: resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)\n"
    "try: print(files.keep(io.BytesIO(b'material ' * 50_000), Path(sys.argv[1])).path)\n"
    "except files.NoSpace as refused: print(refused)\n"
)


def keep_elsewhere(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Keep the text in a process of its own."""
    return subprocess.run([sys.executable, "-c", KEEP, str(directory), *arguments], capture_output=True, text=True)


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.rglob("*") if path.is_file())


def test_a_file_lies_under_the_hash_of_what_it_holds(tmp_path):
    kept = files.keep(io.BytesIO(TEXT), tmp_path / "files")
    assert kept == files.Kept(SHA256, len(TEXT), f"{SHA256[:2]}/{SHA256[2:4]}/{SHA256}")
    with files.open_kept(tmp_path / "files", SHA256) as opened:
        assert opened.read() == TEXT
    assert oct((tmp_path / "files" / kept.path).stat().st_mode & 0o777) == "0o600"


def test_a_stream_that_was_read_before_is_kept_from_its_beginning(tmp_path):
    stream = io.BytesIO(TEXT)
    stream.read(1024)
    assert files.keep(stream, tmp_path).sha256 == SHA256


def test_the_same_content_is_kept_once_and_becomes_young_again(tmp_path):
    first = files.keep(io.BytesIO(TEXT), tmp_path)
    os.utime(tmp_path / first.path, (0, 0))
    with ThreadPoolExecutor(4) as pool:
        again = list(pool.map(lambda _: files.keep(io.BytesIO(TEXT), tmp_path), range(8)))
    assert set(again) == {first}
    assert names(tmp_path) == [SHA256]
    assert (tmp_path / first.path).stat().st_mtime > 0


@pytest.mark.parametrize(("point", "left"), [("file-written:1", 0), ("file-renamed:1", 1)])
def test_a_process_killed_at_any_point_leaves_no_half_file_to_be_seen(tmp_path, point, left):
    died = keep_elsewhere(tmp_path, point)
    assert died.returncode == 137, died.stderr
    visible = [name for name in names(tmp_path) if not name.startswith(files.TEMPORARY)]
    assert visible == [SHA256][:left]
    assert all(files.is_intact(tmp_path, name) for name in visible)
    assert keep_elsewhere(tmp_path, "").stdout.strip().endswith(SHA256)
    assert files.is_intact(tmp_path, SHA256)


def test_a_fault_of_another_name_or_turn_kills_nobody(tmp_path):
    for point in ("other:1", "file-written:2"):
        assert keep_elsewhere(tmp_path, point).returncode == 0


def test_a_full_disk_is_refused_in_words_that_help_and_leaves_nothing(tmp_path):
    refused = keep_elsewhere(tmp_path, "", "100000")
    assert "存储空间不足" in refused.stdout, refused.stderr
    assert "请稍后再上传" in refused.stdout
    assert names(tmp_path) == []
    assert keep_elsewhere(tmp_path, "").returncode == 0


def test_any_other_trouble_with_the_disk_is_not_called_a_full_disk(tmp_path):
    (tmp_path / "files").write_text("not a directory")
    with pytest.raises(FileExistsError):
        files.keep(io.BytesIO(TEXT), tmp_path / "files")


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "ab" * 32 + "/..", "AB" * 32, "ab" * 32])
def test_what_is_not_kept_cannot_be_opened(tmp_path, name):
    with pytest.raises(FileNotFoundError):
        files.open_kept(tmp_path, name)
    assert not files.is_intact(tmp_path, name)


def test_a_changed_file_is_not_intact(tmp_path):
    kept = files.keep(io.BytesIO(TEXT), tmp_path)
    (tmp_path / kept.path).write_bytes(TEXT[:-1] + b"x")
    assert not files.is_intact(tmp_path, SHA256)


def test_orphans_are_old_files_that_nobody_knows_and_leftovers(tmp_path):
    keep_elsewhere(tmp_path, "file-written:1")
    known = files.keep(io.BytesIO(b"known"), tmp_path)
    lost = files.keep(io.BytesIO(b"lost"), tmp_path)
    for path in [path for path in tmp_path.rglob("*") if path.is_file()]:
        os.utime(path, (1_000_000_000, 1_000_000_000))
    files.keep(io.BytesIO(b"young"), tmp_path)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    found = files.orphans(tmp_path, {known.sha256}, yesterday)
    assert [path.name[:10] for path in found] == [files.TEMPORARY[:10], lost.sha256[:10]]
    assert files.orphans(tmp_path / "nowhere", set(), yesterday) == []
