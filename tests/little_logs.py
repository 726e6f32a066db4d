"""Small logs as permit systems write them."""

from __future__ import annotations

import gzip
from pathlib import Path

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<global scope="event"><string key="concept:name" value="UNKNOWN"/></global>
<classifier name="Activity" keys="concept:name lifecycle:transition"/>
"""


def attributes(**values: str) -> str:
    """Write attributes; a name's double underscore stands for a colon."""
    kinds = {"time__timestamp": "date", "startdate": "date", "enddate": "date", "deadline": "date", "dueDate": "date"}
    return "".join(
        f'<{kinds.get(key, "string")} key="{key.replace("__", ":")}" value="{value}"/>\n'
        for key, value in values.items()
    )


def step(name: str, at: str, who: str = "R1", **more: str) -> str:
    """Write an event."""
    return "<event>\n" + attributes(concept__name=name, time__timestamp=at, org__resource=who, **more) + "</event>\n"


def case(name: str, *steps: str, **more: str) -> str:
    """Write a trace."""
    return "<trace>\n" + attributes(concept__name=name, **more) + "".join(steps) + "</trace>\n"


def log(folder: Path, *cases: str, name: str = "little.xes.gz", head: str = HEAD) -> Path:
    """Write a log, packed if its name says so."""
    path = folder / name
    text = (head + "".join(cases) + "</log>\n").encode()
    path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    return path


TWO = (
    case(
        "A-1", step("receive", "2011-03-01T09:00:00+01:00"), step("check", "2011-03-03T09:00:00+01:00"),
        step("decide", "2011-03-10T09:00:00+01:00"), startdate="2011-03-01T09:00:00+01:00",
        enddate="2011-03-10T09:00:00+01:00", deadline="2011-03-09T09:00:00+01:00", enddate_planned="2011-03-09",
        responsible="Resource01", channel="Internet",
    ),
    case(
        "A-2", step("receive", "2011-03-02T09:00:00+01:00"), startdate="2011-03-02T09:00:00+01:00",
        deadline="2011-03-20T09:00:00+01:00", enddate_planned="2011-03-20", responsible="Resource02", channel="Desk",
    ),
)  # fmt: skip
