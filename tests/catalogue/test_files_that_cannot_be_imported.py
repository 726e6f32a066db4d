"""A file that cannot be used as a whole: a plain message, exit code 2, and nothing changed."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pytest
from guide_rows import row, written

from xiaoneng.catalogue.imports import reading
from xiaoneng.catalogue.imports.reading import Unreadable, read
from xiaoneng.catalogue.models import Item
from xiaoneng.jobs.commands import import_
from xiaoneng.jobs.trouble import CannotRun

WHOLE = json.dumps(row(), ensure_ascii=False) + "\n"
PACKED = gzip.compress((WHOLE * 500).encode())


def _packed(*names: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as packed:
        for name in names:
            packed.writestr(name, "编码,名称\n1,许可\n")
    return kept.getvalue()


BROKEN = [
    ("empty", b"", "是空的"),
    ("blank", b" \n\n \n", "是空的"),
    ("empty when unpacked", gzip.compress(b""), "是空的"),
    ("gzip cut off", PACKED[: len(PACKED) // 2], "不完整"),
    ("gzip without its end", PACKED[:-4], "不完整"),
    ("gzip with a wrong sum", PACKED[:-8] + b"\0\0\0\0" + PACKED[-4:], "已损坏"),
    ("gzip turned over inside", PACKED[:40] + bytes(40) + PACKED[80:], "已损坏"),
    ("gzip with a tail", PACKED + b"tail", "多余内容"),
    ("a workbook", b"PK\x03\x04" + bytes(50), "Excel"),
    ("a PDF", b"%PDF-1.7\n", "PDF"),
    ("a table of one column", "事项\n许可\n".encode(), "两栏以上的表头"),
    ("a packed folder", _packed("a.csv", "b.csv"), "2 个文件"),
    ("random bytes", bytes(range(256)) * 4, "没有一行可以读懂"),
]


@pytest.mark.parametrize(("data", "message"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_file_is_refused_in_words_that_help(tmp_path, data, message):
    path = tmp_path / "items.jsonl.gz"
    path.write_bytes(data)
    with pytest.raises(Unreadable, match=message) as refusal:
        read(path)
    assert str(refusal.value).endswith("。") and ("再导入" in str(refusal.value))


COLUMNS, VALUES = [{"name": name} for name in row()], list(row().values())
READABLE = [
    ("GBK", WHOLE.encode("gbk")),
    ("UTF-16", WHOLE.encode("utf-16")),
    ("one JSON array", f"[{WHOLE}]".replace("\n", "").encode()),
    ("a list under a name", json.dumps({"total": 1, "data": [row()]}).encode()),
    ("rows under named columns", json.dumps({"meta": {"view": {"columns": COLUMNS}}, "data": [VALUES]}).encode()),
    ("comma separated", "编码,名称\n1,许可\n".encode()),
    ("semicolons and accents", "Código;Trámite\n1;Licencia de construcción\n".encode("latin-1")),
    ("tabs in GBK", "编码\t名称\n1\t食品经营许可\n".encode("gbk")),
    ("a packed table", _packed("a.csv")),
]  # fmt: skip


@pytest.mark.parametrize("data", [case[1] for case in READABLE], ids=[case[0] for case in READABLE])
def test_files_of_many_forms_and_encodings_are_read(tmp_path, data):
    path = tmp_path / "items"
    path.write_bytes(data)
    rows = read(path).rows
    assert len(rows) == 1 and len(rows[0].content) >= 2
    assert not any("\ufffd" in str(value) or "Ã" in str(value) for value in rows[0].content.values())


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(Unreadable, match=r"找不到文件 .*nowhere\.jsonl"):
        read(tmp_path / "nowhere.jsonl")


def test_a_directory_is_no_file(tmp_path):
    with pytest.raises(Unreadable, match="不是文件"):
        read(tmp_path)


def test_a_path_that_no_system_allows_is_refused(tmp_path):
    with pytest.raises(Unreadable, match="打不开文件"):
        read(tmp_path / ("长" * 300))


def test_a_file_that_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "LARGEST", 100_000)
    path = tmp_path / "bomb.jsonl.gz"
    path.write_bytes(gzip.compress(bytes(1_000_000)))
    with pytest.raises(Unreadable, match="解压后超过"):
        read(path)


def test_a_packed_file_is_known_by_its_content_and_may_have_several_members_and_a_byte_order_mark(tmp_path):
    path = tmp_path / "items.jsonl"
    path.write_bytes(
        gzip.compress(b"\xef\xbb\xbf" + WHOLE.encode()) + gzip.compress(WHOLE.replace("\n", "\r\n").encode())
    )
    assert [row.number for row in read(path).rows] == [1, 2]
    assert all(isinstance(row.content, dict) for row in read(path).rows)


# --- the command ------------------------------------------------------------------------------------------------------
def run(*arguments):
    """Run the command in this process, as the command line does once the database stands."""
    import argparse

    parser = argparse.ArgumentParser()
    import_.add_arguments(parser)
    return import_.execute(parser.parse_args(["catalogue", *map(str, arguments)]))


@pytest.mark.django_db
def test_json_prints_one_object_and_nothing_else(tmp_path, capsys):
    assert run(written(tmp_path / "a.jsonl.gz", row(), row(TASK_NAME="")), "--json") == 0
    printed = capsys.readouterr()
    report = json.loads(printed.out)
    assert list(report) == ["read", "created", "updated", "unchanged", "vanished", "problems", "seconds"]
    assert (report["read"], report["created"], printed.err) == (2, 1, "")
    assert list(report["problems"][0]) == ["row", "field", "value", "message"]
    assert report["problems"][0]["row"] == 2


@pytest.mark.django_db
def test_without_json_a_person_reads_a_summary_with_the_first_twenty_problems(tmp_path, capsys):
    broken = [row(TASK_NAME="") for _ in range(25)]
    run(written(tmp_path / "a.jsonl", row(handle_time="无", handle_time_limit="无"), *broken))
    printed = capsys.readouterr().out
    assert "读取 26 行" in printed and "新增 1 项" in printed
    assert "1 项未设期限，暂不开放申请" in printed
    assert printed.count("缺少事项名称") == 20 and "还有 5 处" in printed


@pytest.mark.django_db
def test_a_refused_file_stops_the_command_and_changes_nothing(tmp_path, capsys):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(PACKED[:-20])
    before = Item.objects.count()
    with pytest.raises(CannotRun, match="不完整"):
        run(path, "--json")
    assert (Item.objects.count(), capsys.readouterr().out) == (before, "")
