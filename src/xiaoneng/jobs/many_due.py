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
        index = calendar.index
        self._rank = pa.array(index.rank, pa.int32())
        self._days = pa.array([day.toordinal() - EPOCH for day in index.days], pa.int32())

    def due(self, starts: pa.Array, limits: pa.Array) -> pa.Array:
        """Find the n-th working day after each start; shapes: two columns of one length, days and whole numbers.

        :raises pa.ArrowIndexError: a start or an end lies outside the index's years.
        """
        place = pc.subtract(starts.cast(pa.int32()), FIRST - EPOCH)
        reached = pc.add(self._rank.take(place), pc.subtract(limits, 1))
        return self._days.take(reached).cast(pa.date32())
