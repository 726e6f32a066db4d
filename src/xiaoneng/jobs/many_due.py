"""Due days of whole columns at once, for statistics and exports: the same index as one due day's, in Arrow arithmetic."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from xiaoneng.rules.dayindex import FIRST
from xiaoneng.rules.workdays import Calendar

EPOCH = date(1970, 1, 1).toordinal()


class Columns:
    """The index of one calendar as Arrow columns.

    :param calendar: the calendar whose working days count.
    """

    def __init__(self, calendar: Calendar) -> None:
        index, before = calendar.index, FIRST - EPOCH
        # Arrow counts days from 1970, the index from 1990: filled up at the front, no column has to be moved.
        self._rank = pa.array([0] * before + index.rank, pa.int32())
        self._days = pa.array([day.toordinal() - EPOCH for day in index.days], pa.int32())
        self._first = pa.scalar(date.fromordinal(FIRST))

    def due(self, starts: pa.Array, limits: pa.Array) -> pa.Array:
        """Find the n-th working day after each start; shapes: two columns of one length, days and whole numbers.

        :raises pa.ArrowIndexError: a start or an end lies outside the index's years.
        """
        if pc.less(pc.min(starts), self._first).as_py():
            raise pa.ArrowIndexError("a start lies before the first year of the index")
        reached = pc.add(self._rank.take(starts.view(pa.int32())), limits)
        return self._days.take(reached).view(pa.date32())
