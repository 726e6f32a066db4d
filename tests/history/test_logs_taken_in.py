"""Logs of other places come in as history: whole, with their own deadlines, once, and as nothing of ours."""

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

import build
from little_logs import HEAD, TWO, attributes, case, log, step
from xiaoneng.history import reads
from xiaoneng.history.actions import import_log, mapping_for
from xiaoneng.history.models import Case
from xiaoneng.history.reading import table
from xiaoneng.history.reading.stamps import Stamps, read
from xiaoneng.history.reading.trouble import Unreadable
from xiaoneng.jobs import doctor
from xiaoneng.kit import clock
from xiaoneng.matters.models import Entry, Matter
from xiaoneng.org import reads as org
from xiaoneng.supervision import reads as supervision
from xiaoneng.supervision.process.imported import imported

pytestmark = pytest.mark.django_db


def take_in(path, **more):
    return import_log(path, now=clock.now, **more)


def test_a_case_becomes_one_closed_matter_whose_entry_names_its_source(tmp_path):
    report = take_in(log(tmp_path, *TWO))
    assert (report.cases, report.events, report.created, report.mapping, report.problems) == (2, 4, 2, "wabo", [])
    entry = Entry.objects.get(matter__title="little A-1")
    assert (entry.move, entry.role, entry.claimed_at) == ("take_in", "platform", None)
    assert "little" in entry.source and "little.xes.gz" in entry.source
    assert not Matter.objects.filter(kind="imported_case", closed=False).exists()


def test_the_doctor_finds_nothing_amiss_in_what_was_taken_in_at_once(tmp_path):
    take_in(log(tmp_path, *TWO))
    report = doctor.examine()
    assert report.checked["matters"] >= 2 and not report.findings, list(report.findings)


def test_the_doctor_names_what_stands_otherwise_beside_the_journal(tmp_path):
    take_in(log(tmp_path, *TWO))
    first = Case.objects.order_by("matter_id").first()
    for change in (
        {"late": False}, {"due_at": first.due_at + timedelta(days=1)}, {"ended_at": first.started_at}, {"started_at": None},
        {"told": first.told | {"responsible": "Resource09"}}, {"told": {}}, {"events": 9}, {"name": "B-1"},
    ):  # fmt: skip
        with transaction.atomic():
            Case.objects.filter(pk=first.pk).update(**change)
            assert [each.id for each in doctor.examine().findings] == [7], change
            transaction.set_rollback(True)
    Case.objects.filter(pk=first.pk).delete()
    assert [each.id for each in doctor.examine().findings] == [8]


def test_a_repeat_changes_nothing_whatever_the_file_is_called(tmp_path):
    take_in(log(tmp_path, *TWO))
    before = list(Entry.objects.order_by("id").values_list("hash", flat=True))
    again = take_in(log(tmp_path, *TWO))
    renamed = take_in(log(tmp_path, *TWO, name="other name.xes"))
    assert (again.created, again.updated, again.unchanged, renamed.unchanged) == (0, 0, 2, 2)
    assert list(Entry.objects.order_by("id").values_list("hash", flat=True)) == before
    assert [each.name for each in reads.logs()] == ["little"]


def test_a_case_that_went_on_gets_a_second_entry_and_keeps_its_first(tmp_path):
    take_in(log(tmp_path, *TWO))
    longer = TWO[1].replace("</trace>", step("check", "2011-03-09T10:00:00+01:00") + "</trace>")
    report = take_in(log(tmp_path, TWO[0], longer))
    assert (report.created, report.updated, report.unchanged) == (0, 1, 1)
    assert Entry.objects.filter(matter__title="little A-2").count() == 2
    row = Case.objects.get(name="A-2")
    assert row.events == 2 and len(reads.story(row.log_id, row.matter_id).rows) == 2


def test_its_own_deadlines_count_and_none_of_ours_is_touched(tmp_path):
    city = build.city()
    take_in(log(tmp_path, *TWO))
    which = reads.logs()[0].id
    told = reads.figures(which)
    assert (told.still_open, told.ended_late, told.ended_in_time) == (1, 1, 0)
    assert told.channels == {"Desk": 1, "Internet": 1} and told.late_by_responsible == {"Resource01": 1}
    at = datetime(2011, 3, 15, 12, tzinfo=UTC)
    assert reads.as_of(which, at) == reads.AsOf(open=1, red=0, yellow=1)
    assert supervision.lights_as_of(clock.now()) == {"green": 0, "yellow": 0, "red": 0, "paused": 0}
    everything = org.Reach(True, frozenset())
    assert not supervision.visible_to_supervisor(everything).exists()
    assert city.department.pk not in set(Matter.objects.values_list("department", flat=True))


def test_a_day_without_an_hour_gives_no_order(tmp_path):
    steps = (
        step("z last in the alphabet", "2014-04-11T00:00:00+02:00"),
        step("a first", "2014-04-11T00:00:00+02:00"),
        step("with an hour", "2014-04-11T15:00:00+02:00"),
        step("next day", "2014-04-12T09:00:00+02:00"),
    )
    report = take_in(log(tmp_path, case("B", *steps)))
    trace = imported(reads.logs()[0].id).traces[0]
    assert report.by_day and reads.logs()[0].by_day
    assert trace.together() == (("a first", "with an hour", "z last in the alphabet"), ("next day",))
    story = next(reads.stories(reads.logs()[0].id))
    assert story.at[:3] == ["2014-04-11+02:00", "2014-04-11+02:00", "2014-04-11T15:00:00+02:00"]


@pytest.mark.parametrize(
    ("text", "by_day", "instant"),
    [
        ("2014-04-11T00:00:00+02:00", True, "2014-04-10T22:00:00+00:00"),
        ("2014-04-10T22:00:00.000+00:00", True, "2014-04-10T22:00:00+00:00"),  # a tool that writes UTC
        ("2014-04-11", True, "2014-04-10T22:00:00+00:00"),
        ("2014-04-11 09:30:39", False, "2014-04-11T07:30:39+00:00"),
        ("11-04-2014 09:30", False, "2014-04-11T07:30:00+00:00"),
        ("2014-04-11T09:30:39.5Z", False, "2014-04-11T09:30:39.500000+00:00"),
    ],
)
def test_a_stamp_means_what_it_says(text, by_day, instant):
    stamp = Stamps(reads_zone())(text)
    assert (stamp.by_day, stamp.at.isoformat()) == (by_day, instant)
    assert read(stamp.text) == stamp and (not by_day or str(stamp.day) == "2014-04-11")


def reads_zone():
    from zoneinfo import ZoneInfo

    return ZoneInfo("Europe/Amsterdam")


def test_what_is_odd_is_told_with_event_and_field_and_all_is_kept(tmp_path):
    odd = case(
        "C", step("receive", "yesterday"), "<event>\n" + attributes(code="X-77", time__timestamp="2011-03-05T10:00:00Z")
        + "</event>\n", startdate="2011-03-05T10:00:00Z", enddate="2011-03-01T10:00:00Z",
    )  # fmt: skip
    nameless = case("", step("receive", "2011-03-05T10:00:00Z"))
    report = take_in(log(tmp_path, odd, nameless, nameless, name="odd.xes"))
    found = {(each.case, each.event, each.field) for each in report.problems}
    assert {("C", 1, "time:timestamp"), ("C", 2, "concept:name"), ("C", 0, "ended"), ("#2", 0, "concept:name")} <= found
    assert (report.cases, report.events) == (3, 4)
    story = next(reads.stories(reads.logs()[0].id))
    assert "X-77" in story.rows[1] and story.column("activity") == ["receive", ""]


def test_what_is_neither_a_sum_nor_an_answer_nor_a_deadline_is_told_and_counts_for_nothing(tmp_path):
    answers = {"a": ("NaN", "perhaps"), "b": ("1e400", "FALSE"), "c": ("12,50", "J")}
    told = [
        case(
            name, step("receive", "2014-04-01", dueDate="tomorrow"), caseStatus="G", SUMleges=fee, requestComplete=whole
        )
        for name, (fee, whole) in answers.items()
    ]
    report = take_in(log(tmp_path, *told, name="odd.xes"))
    found = {(each.case, each.event, each.field) for each in report.problems}
    assert found == {("a", 0, "SUMleges"), ("a", 0, "requestComplete"), ("b", 0, "SUMleges"),
                     *((name, 1, "dueDate") for name in answers)}  # fmt: skip
    figures = reads.figures(reads.logs()[0].id)
    assert (figures.fees, figures.fee_sum, figures.incomplete) == (1, 12.5, 1)


def test_a_log_whose_bytes_are_not_what_it_says_is_taken_in_up_to_there(tmp_path):
    path = tmp_path / "latin.xes"
    first, second = (case(name, step("receive", "2014-04-01")) for name in ("A", "é"))
    path.write_bytes((HEAD + first + second + "</log>").encode("latin-1"))
    report = take_in(path)
    assert report.cases == 1 and report.problems[-1].message.startswith("从这里起有不合所声明编码“utf-8”的字节")
    path.write_bytes((HEAD + second + "</log>").encode("latin-1"))
    with pytest.raises(Unreadable, match="编码"):
        take_in(path)


def test_nested_attributes_entities_and_other_quotes_are_read_too(tmp_path):
    strange = """<trace><!-- a comment --><string key='concept:name' value='N &amp; 1'/>
    <string key="parts" value="a"><string key="detail" value="deep"/></string>
    <event><list key="l"><values><string key="x" value="1"/></values></list>
    <date value="2011-03-05T10:00:00Z" key="time:timestamp"/><string key="concept:name" value="go"/></event></trace>"""
    report = take_in(log(tmp_path, strange, name="strange.xes"))
    story = next(reads.stories(reads.logs()[0].id))
    assert (report.cases, report.events, report.problems) == (1, 1, [])
    assert story.name == "N & 1" and story.attributes["parts/detail"] == "deep" and story.column("activity") == ["go"]


def test_one_broken_case_spoils_no_other_and_a_cut_file_keeps_its_whole_cases(tmp_path):
    broken = '<trace><string key="concept:name" value="bad"/><event><oops></trace>\n'
    report = take_in(log(tmp_path, broken, TWO[0], name="broken.xes"))
    assert (report.cases, [each.case for each in report.problems]) == (1, ["bad"])
    path = log(tmp_path, *TWO, name="cut.xes.gz")
    path.write_bytes(path.read_bytes()[:-40])
    cut = take_in(path)
    assert cut.problems[-1].message.startswith("文件在这里断了")


@pytest.mark.parametrize("text", ["", "<html></html>", HEAD + "</log>", '<!DOCTYPE log [<!ENTITY a "b">]><log></log>'])
def test_what_is_no_log_is_refused_and_changes_nothing(tmp_path, text):
    path = tmp_path / "no.xes"
    path.write_text(text)
    with pytest.raises(Unreadable, match="。"):
        take_in(path)
    assert not Matter.objects.exists()


ROWS = b"case_id,activity,time\n" + b"".join(b"c%d,receive,2011-03-01\n" % n for n in range(3000))
PACKED = gzip.compress(ROWS)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("cut.csv.gz", PACKED[: len(PACKED) // 2]),
        ("head.csv.gz", PACKED[:2]),
        ("damaged.csv.gz", PACKED[:200] + b"\xff" * 200 + PACKED[400:]),
        ("damaged.xes.gz", gzip.compress(HEAD.encode())[:15] + b"\xff" * 200),
        *(
            (f"{name}.xes", f'<?xml version="1.0" encoding="{name}"?><log><trace></trace></log>'.encode())
            for name in ("base64", "hex", "zlib", "rot13", "undefined")
        ),
    ],
)
def test_what_is_damaged_or_in_no_script_is_refused_in_words(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    for read_it in (take_in, lambda log: mapping_for(log, "", "kept under another.csv" if ".csv" in name else name)):
        if read_it is take_in or name != "cut.csv.gz":  # its first rows are whole
            with pytest.raises(Unreadable, match="。"):
                read_it(path)
    assert not Matter.objects.exists()


def test_of_a_table_only_the_first_rows_tell_how_it_is_read_and_no_table_is_endless(tmp_path, monkeypatch):
    path = tmp_path / "rows.csv.gz"
    path.write_bytes(PACKED)
    monkeypatch.setattr(table, "MOST", 2000)
    assert mapping_for(path, "", path.name)
    with pytest.raises(Unreadable, match="分成几份"):
        take_in(path)
    path.write_bytes(gzip.compress(b"case_id," + b"x" * 10_000_000))
    with pytest.raises(Unreadable, match="超过一百万字"):
        mapping_for(path, "", path.name)


def test_a_nul_in_a_log_spoils_nothing(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_bytes(b"case_id,activity,time\nK1,rec\0eive,2011-03-01\nK\x002,receive,2011-03-01\n")
    assert take_in(path).created == 2
    nul = case("N1", step("a", "2011-03-01T09:00:00+01:00")).replace("N1", "N\x001")
    assert take_in(log(tmp_path, nul, nul.replace("\0", "&#0;"), name="nul.xes")).created >= 1


def test_a_table_is_a_log_as_well(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text(
        "case:concept:name,concept:name,time:timestamp,org:resource,case:channel\n"
        "K1,receive,2011-03-01 09:00:00+01:00,R1,Desk\nK2,receive,2011-03-01 10:00:00+01:00,R2,Post\n"
        "K1,decide,2011-03-02 09:00:00+01:00,R1,Desk\nK3,short\n"
    )
    report = take_in(path)
    assert (report.cases, report.events, len(report.problems)) == (2, 3, 1)
    assert report.problems[0].event == 5 and reads.figures(reads.logs()[0].id).channels == {"Desk": 1, "Post": 1}


def test_a_mapping_of_ones_own_says_what_attributes_mean(tmp_path):
    mapping = tmp_path / "own.toml"
    mapping.write_text(
        'name = "own"\nzone = "Europe/Berlin"\n[case]\nname = "concept:name"\ndue = "Frist"\nended = "Ende"\n'
        '[event]\nactivity = "Vorgang"\nat = "time:timestamp"\n'
    )
    event = "<event>" + attributes(Vorgang="prüfen", time__timestamp="2020-01-02T10:00:00") + "</event>"
    path = log(tmp_path, case("X", event, Frist="2020-01-05", Ende="2020-01-06T08:00:00"), name="own.xes")
    report = take_in(path, mapping=str(mapping))
    assert report.mapping == "own" and reads.figures(reads.logs()[0].id).ended_late == 1
    with pytest.raises(Unreadable, match="没有名为“none”的日志对照表"):
        take_in(path, mapping="none")


def test_the_command_prints_what_it_came_to(tmp_path, capsys):
    from argparse import Namespace

    from xiaoneng.jobs import history

    given = Namespace(file=log(tmp_path, *TWO), mapping="", name="", json=True)
    assert history.execute(given) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["cases"], told["events"], told["problems"]) == (2, 4, []) and told["seconds"] >= 0
