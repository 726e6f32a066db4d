"""Logs of the same kind that other places and tools write come in with the same mappings, whole and with nothing invented."""

import gzip

import pytest

from little_logs import attributes, case, log, step
from xiaoneng.history import reads
from xiaoneng.history.actions import import_log
from xiaoneng.history.models import Case
from xiaoneng.kit import clock
from xiaoneng.supervision.process.imported import imported

pytestmark = pytest.mark.django_db

FOURTH = """<?xml version="1.0" encoding="{encoding}" ?>
<!-- no classifiers --><log xes.version="1.0" xes.features="nested-attributes" xmlns="http://www.xes-standard.org/">
<global scope="event"><string key="concept:name" value="UNKNOWN"/></global>
<trace>
 <string key="last_phase" value="Zaak afgehandeld"/><string key="concept:name" value="4010001"/>
 <date key="startDate" value="2013-01-07T00:00:00+01:00"/><date key="endDate" value="2013-03-08T00:00:00+01:00"/>
 <date key="endDatePlanned" value="2013-03-04T00:00:00+01:00"/><string key="caseStatus" value="G"/>
 <float key="SUMleges" value="1.250,50"/><string key="requestComplete" value="FALSE"/><string key="parts" value="Bouw,Kap"/>
 <string key="applicant" value="A &amp; B"/>
 <event><string key="org:resource" value="46"/><date key="time:timestamp" value="2013-01-07T00:00:00+01:00"/>
  <string key="concept:name" value="01_HOOFD_010"/><string key="monitoringResource" value="46"/>
  <string key="dateFinished" value="2013-01-14 09:00:00"/><date key="dueDate" value="2013-01-10T12:00:00+01:00"/></event>
 <event><string key="concept:name" value="99_UNSEEN_042"/><date key="time:timestamp" value="2013-02-01T00:00:00.000+01:00"/>
  <string key="org:resource" value="77"/></event>
</trace>
<trace/>
<trace ><string key="concept:name" value="4010002"/><string key="caseStatus" value="O"/></trace><trace />
<trace><string key="concept:name" value="4010001"/>
 <event><string key="concept:name" value="01_HOOFD_010"/><date key="time:timestamp" value="2013-04-07T00:00:00+02:00"/></event>
 <string key="caseStatus" value="O"/></trace>
</log>"""


def take_in(path, **more):
    return import_log(path, now=clock.now, **more)


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16"])
def test_another_municipality_of_the_same_kind_comes_in_with_the_same_mapping(tmp_path, encoding):
    path = tmp_path / "BPIC15_4.xes"
    path.write_bytes(FOURTH.format(encoding=encoding).encode(encoding))
    report = take_in(path)
    assert (report.mapping, report.cases, report.events, report.by_day) == ("bpic15", 5, 3, True)
    told = reads.figures(reads.logs()[0].id)
    assert (told.status, told.fee_sum, told.incomplete, told.several_parts) == ({"G": 1, "O": 2}, 1250.5, 1, 1)
    assert (told.ended_late, told.still_open) == (1, 4)
    assert set(Case.objects.values_list("name", flat=True)) == {"4010001", "#2", "4010002", "#4", "4010001 #2"}
    events = imported(reads.logs()[0].id).figures
    assert (events.steps, events.people, events.with_due) == (2, 2, 1)
    assert take_in(path).unchanged == 5


def test_a_lifecycle_to_the_millisecond_without_classifiers(tmp_path):
    life = ("schedule", "start", "suspend", "resume", "complete")
    steps = [
        step(
            "W_Complete application",
            f"2016-01-02T11:45:22.42{n}+00:00",
            "User_17",
            lifecycle__transition=each,
            EventID=f"W_{n}",
        )
        for n, each in enumerate(life)
    ]
    path = tmp_path / "BPI Challenge 2017.xes.gz"
    text = f'<log xes.version="1849-2016">{case("Application_65", *steps, RequestedAmount="20000.0")}</log>'.replace(
        '"/>', '" />'
    )
    path.write_bytes(gzip.compress(text.encode()))
    report = take_in(path)
    assert (report.mapping, report.events, report.by_day, report.problems) == ("xes", 5, False, [])
    story = next(reads.stories(reads.logs()[0].id))
    assert story.column("transition") == list(life) and story.at[1] == "2016-01-02T11:45:22.421000+00:00"


def test_a_log_with_prefixed_tags_lists_and_a_comment_that_holds_an_end(tmp_path):
    path = tmp_path / "declarations.xes"
    text = """<?xml version="1.0" encoding="ISO-8859-1"?><x:log xmlns:x="http://www.xes-standard.org/">
    <x:trace><x:string key="concept:name" value="declaration 1"/><x:float key="Amount" value="26.85"/>
    <x:list key="by"><x:values><x:string key="who" value="Zoë"/><x:string key="who" value="Jan"/></x:values></x:list>
    <!-- </x:trace> <x:trace> -->
    <x:event><x:string key="concept:name" value="SUBMITTED"></x:string><x:date key="time:timestamp" value="2017-01-09T08:49:50"/>
    <x:float key="cost" value="5"><x:string key="currency" value="EUR"/></x:float></x:event><x:event></x:event></x:trace></x:log>"""
    path.write_bytes(text.encode("latin-1"))
    report = take_in(path)
    assert (report.cases, report.events, [each.event for each in report.problems]) == (1, 2, [2, 2])
    story = next(reads.stories(reads.logs()[0].id))
    assert [value for key, value in story.attributes.items() if key.startswith("by")] == ["Zoë", "Jan"]
    assert story.rows[0][story.columns.index("cost/currency")] == "EUR"


def test_tables_of_two_mining_tools_come_in_with_what_belongs_to_the_case(tmp_path):
    fifth = tmp_path / "BPIC15_5.csv"
    fifth.write_text(
        "case:concept:name;case:startDate;case:caseStatus;case:SUMleges;case:requestComplete;concept:name;time:timestamp;dueDate\n"
        "5001;2012-03-01 00:00:00+01:00;G;100.5;TRUE;01_HOOFD_010;2012-03-01 00:00:00+01:00;2012-03-03 12:00:00+01:00\n"
        "5002;2012-03-02 00:00:00+01:00;O;;FALSE;01_HOOFD_010;2012-03-02 00:00:00+01:00;\n"
        "5001;2012-03-01 00:00:00+01:00;G;100.5;TRUE;01_HOOFD_020;2012-03-04 10:00:00.500000+01:00;\n"
    )
    report = take_in(fifth)
    assert (report.mapping, report.cases, report.events, report.problems) == ("bpic15", 2, 3, [])
    other = tmp_path / "other.csv"
    other.write_text(
        "Case ID,Activity,Resource,Start Timestamp,Complete Timestamp,(case) status\n"
        "C-1,Register,Ann,2019/03/01 09:00:00.000,2019/03/01 09:30:00.000,open\n"
    )
    report = take_in(other)
    assert (report.mapping, report.problems) == ("xes", [])
    assert reads.figures(reads.logs()[0].id).status == {"open": 1}


@pytest.mark.parametrize(
    "broken",
    [
        '<event><string key="concept:name" value="a"<string key="b" value="c"/></event>',
        '<event><string key="concept:name" value="a<b"/></event>',
        '<event><string key="concept:name" value="a"/>',
        '<event><string key="concept:name" value="a"/></event></event>',
        '<event>text <string key="concept:name" "a" value="x"/></event>',
    ],
)
def test_what_only_looks_plain_is_no_case(tmp_path, broken):
    report = take_in(log(tmp_path, case("bad", broken), case("good", step("go", "2020-01-02")), name="broken.xes"))
    assert (report.cases, [each.case for each in report.problems]) == (1, ["bad"])


def test_a_plain_trace_says_the_same_as_the_parser_reads():
    from xiaoneng.history.reading.plain import Plain
    from xiaoneng.history.reading.raw import RawCase
    from xiaoneng.history.reading.xes import _parsed

    text = (
        attributes(concept__name="P", note="it's “so”")
        + step("go", "2020-01-02", extra="1")
        + step("end", "2020-01-03")
    )
    assert Plain().read(text, 7) == RawCase.of(7, *_parsed(text)) == RawCase(
        7,
        {"concept:name": "P", "note": "it's “so”"},
        ["concept:name", "extra", "org:resource", "time:timestamp"],
        [("go", "1", "R1", "2020-01-02"), ("end", None, "R1", "2020-01-03")],
    )  # fmt: skip
    for other in ("n&amp;te", 'note"', 'note" "', "no<te"):
        assert Plain().read(text.replace("note", other), 7) is None
