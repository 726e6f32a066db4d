"""The log: one line of JSON for machines, a short line on a terminal; in both, nothing that could name a person."""

from __future__ import annotations

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="")
_IDENTITY = re.compile(r"(?<!\d)(\d{6})\d{8}\d{3}[\dXx](?!\d)")
_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
_DETAIL = re.compile(r"^DETAIL: .*$", re.MULTILINE)  # where the database repeats the row that it refused


def scrubbed(text: str) -> str:
    """Take out of a text what names a person: identity numbers, mobile numbers, rows that a database repeats."""
    text = _DETAIL.sub("DETAIL: （略）", text)
    return _MOBILE.sub(r"\1****\2", _IDENTITY.sub(r"\1************", text))


class OneLine(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": scrubbed(record.getMessage()),
        }
        if current := request_id.get():
            told["request"] = current
        told |= getattr(record, "told", {})
        if record.exc_info:
            told["trace"] = scrubbed(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False, default=str)


class ForPeople(logging.Formatter):
    """A record as a person reads it on a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and the trace below it if there is one."""
        clock = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        told = getattr(record, "told", None)
        if told and "route" in told:
            return f"{clock} {told['status']} {told['ms']:>6.1f}ms {told['method']} {told['route']} {told['request']}"
        text = f"{clock} {record.levelname} {record.name}: {scrubbed(record.getMessage())}"
        current = request_id.get()
        text += f"（请求 {current}）" if current else ""
        return text + ("\n" + scrubbed(self.formatException(record.exc_info)) if record.exc_info else "")
