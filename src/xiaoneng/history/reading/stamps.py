"""Stamps of foreign logs: an instant, or a day and no hour. What tells the day alone is never given an hour.

Written in the journal, a day is `2014-04-11+02:00` (with the zone it was meant in) and an instant is whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

_FORMATS = ("%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M:%S.%f", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%d-%m-%Y %H:%M:%S",
            "%d-%m-%Y %H:%M", "%d-%m-%Y", "%Y-%m-%d %H:%M:%S.%f%z", "%Y年%m月%d日")  # fmt: skip
_DAY = len("2014-04-11")
_TO_THE_SECOND, _TO_THE_MILLISECOND = len("2014-04-11T10:00:00+02:00"), len("2014-04-11T10:00:00.123+02:00")
KEPT = 100_000


class Stamp(NamedTuple):
    """When something happened; by day, `at` is the beginning of the day and stands for all of it."""

    at: datetime
    by_day: bool
    text: str

    @property
    def day(self) -> date:
        """Return the day that it was where it happened."""
        return date.fromisoformat(self.text[:_DAY])

    def as_deadline(self, written: str) -> datetime:
        """Return the last instant in time, if this is a deadline: one written with an hour is taken as it stands."""
        return self.at + timedelta(days=1, microseconds=-1) if len(written.strip()) <= _DAY else self.at


def read(text: str) -> Stamp:
    """Return the stamp that the journal wrote."""
    if len(text) > _DAY and text[_DAY] == "T":
        return Stamp(datetime.fromisoformat(text).astimezone(UTC), False, text)
    return Stamp(datetime.fromisoformat(f"{text[:_DAY]}T00:00:00{text[_DAY:]}").astimezone(UTC), True, text)


class Stamps:
    """Understands the stamps of one log; each text once.

    :param zone: in which stamps without a zone are meant, and in which a midnight under another is a day.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._known: dict[str, Stamp | None] = {}

    def __call__(self, text: str) -> Stamp | None:
        """Return what a text means, or nothing if it is no stamp."""
        return self.each((text,))[0]

    def each(self, texts: Sequence[str]) -> list[Stamp | None]:
        """Return what each of some texts means, or nothing where it is no stamp."""
        known = self._known
        found = list(map(known.get, texts))
        if None in found:
            if len(known) >= KEPT:
                known.clear()
            for n, (text, stamp) in enumerate(zip(texts, found, strict=True)):
                if stamp is None and text:
                    if text not in known:
                        known[text] = self._understood(text.strip())
                    found[n] = known[text]
        return found

    def _understood(self, text: str) -> Stamp | None:
        moment = _moment(text)
        if moment is None:
            return None
        try:
            moment = moment if moment.tzinfo else moment.replace(tzinfo=self._zone)
            at = moment.astimezone(UTC)
            by_day = None if moment.minute or moment.second or moment.microsecond else self._midnight(moment)
        except OverflowError:
            return None
        if by_day is not None:
            return Stamp(at, True, f"{by_day:%Y-%m-%d}{by_day.isoformat()[19:]}")
        return Stamp(at, False, _whole(text, moment))

    def _midnight(self, moment: datetime) -> datetime | None:
        """Return the stamp as a midnight, if it is one where it was written or at the log's place."""
        # Some tools write every stamp in UTC: what was a midnight at its place is still a day.
        return next((each for each in (moment, moment.astimezone(self._zone)) if each.hour == 0), None)


def _whole(text: str, moment: datetime) -> str:
    """Return an instant as the journal writes it; most logs write theirs in one of two ways, and those need no rewriting."""
    if text[10:11] == "T":
        if len(text) == _TO_THE_SECOND and text[19] == "+":
            return text
        if len(text) == _TO_THE_MILLISECOND and text[19] == "." and text[23] == "+" and moment.microsecond:
            return f"{text[:23]}000{text[23:]}"
    return moment.isoformat()


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is put on by the caller
        except ValueError:
            continue
    return None
