import argparse
import csv
import io

import pytest

from shared_data import needed
from xiaoneng.jobs import due

COLUMNS = "accepted_on,working_days,unit,pauses,extension\n"


@pytest.fixture
def command(tmp_path, capsys):
    """Run xiaoneng due on a table and give its exit code, rows and complaints."""

    def run(table: str | bytes):
        file = tmp_path / "vectors.csv"
        file.write_bytes(table if isinstance(table, bytes) else table.encode())
        parser = argparse.ArgumentParser()
        due.add_arguments(parser)
        code = due.execute(parser.parse_args(["--vectors", str(file)]))
        printed = capsys.readouterr()
        return code, list(csv.DictReader(io.StringIO(printed.out))), printed.err

    return run


def answers(rows):
    return [(row["due_on"], row["provisional"]) for row in rows]


@pytest.mark.parametrize(
    ("name", "number"), [("deadline_vectors_sample.csv", 140), ("deadline_vectors_pauses_sample.csv", 120)]
)
def test_every_official_vector_comes_out_right(command, name, number):
    table = (needed() / "calendar" / name).read_bytes()
    expected = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    code, rows, complaints = command(table)
    assert (code, complaints, len(rows)) == (0, "", number)
    assert [row | {"provisional": "no"} for row in expected] == rows


def test_a_wrong_due_day_in_the_table_is_overwritten_and_other_columns_pass_through(command):
    code, rows, _ = command('编号,due_on,accepted_on,working_days,备注\n甲1,1999-01-01,2026-03-02,20,"甲,乙"\n')
    assert code == 0
    assert rows == [
        {
            "编号": "甲1",
            "due_on": "2026-03-30",
            "accepted_on": "2026-03-02",
            "working_days": "20",
            "备注": "甲,乙",
            "provisional": "no",
        }
    ]


def test_units_pauses_and_extensions_are_read(command):
    code, rows, _ = command(
        COLUMNS
        + "2026-03-02,20,,2026-03-09/2026-03-20;2026-03-18/2026-03-25,\n"
        + "2026-03-02,20,working_day,,10\n"
        + "2026-02-05,15,calendar_day,,\n"
        + "2026-01-31,1,month,,\n"
        + "2026-03-02,20,,2026-03-09/,\n"
        + "2026-03-02,5,,2026-03-09/,0\n"
    )
    assert code == 0
    assert [due_on for due_on, _ in answers(rows)] == [
        "2026-04-16", "2026-04-14", "2026-02-24", "2026-02-28", "", "2026-03-09",
    ]  # fmt: skip


def test_a_date_in_a_year_without_notice_is_marked_provisional(command):
    _, rows, _ = command(COLUMNS + "2026-12-24,5,,,\n2026-12-24,6,,,\n")
    assert answers(rows) == [("2026-12-31", "no"), ("2027-01-01", "yes")]


def test_bad_rows_are_all_named_with_line_and_field_and_nothing_is_printed(command):
    code, rows, complaints = command(
        COLUMNS
        + "2026-03-02,5,,,\n"
        + "2026-3-2,5,,,\n"
        + "2026-02-30,x,week,a/b,-1\n"
        + "2026-03-02,5,,2026-03-05/2026-03-01,\n"
        + "2026-03-02,5,,2026-03-05,\n"
        + "2026-03-02,5\n"
        + "9990-01-01,9999,,,\n"
        + "2026-03-02,99999,,,\n"
        + "２０２６-03-02,５,hour,,\n"
    )
    assert (code, rows) == (2, [])
    lines = complaints.splitlines()
    assert [line.split("行")[0] for line in lines[:-1]] == [f"第 {number} " for number in range(3, 11)]
    assert "accepted_on（“2026-3-2”）" in lines[0]
    for name in ("accepted_on", "unit", "working_days", "pauses", "extension"):
        assert f"字段 {name}" in lines[1]
    assert "早于开始日" in lines[2]
    assert "应有 5 个字段，实有 2 个" in lines[4]
    assert "共 8 行有误" in lines[-1]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("", "缺少列 accepted_on、working_days"),
        ("accepted_on,unit\n2026-03-02,\n", "缺少列 working_days"),
        ("accepted_on,working_days,unit,unit\n", "列名 unit 重复"),
        ('accepted_on,working_days\n"2026-03-02,5\n', "不是有效的 CSV"),
        (b"\xff\xfe\x00\x81\xff", "不是文本文件"),
    ],
)
def test_what_is_no_table_is_refused_in_chinese(command, table, words):
    code, rows, complaints = command(table)
    assert (code, rows) == (2, [])
    assert words in complaints


def test_a_missing_file_is_refused_in_chinese(tmp_path, capsys):
    assert due.execute(argparse.Namespace(vectors=str(tmp_path / "无.csv"))) == 2
    assert "没有这个文件" in capsys.readouterr().err


def test_tables_from_chinese_spreadsheets_are_read(command):
    code, rows, _ = command("accepted_on,working_days,事项\n2026-03-02,20,燃气经营许可\n".encode("gb18030"))
    assert (code, rows[0]["事项"], rows[0]["due_on"]) == (0, "燃气经营许可", "2026-03-30")
    code, rows, _ = command(b"\xef\xbb\xbfaccepted_on,working_days\r\n2026-03-02,20\r\n")
    assert (code, rows[0]["due_on"]) == (0, "2026-03-30")
