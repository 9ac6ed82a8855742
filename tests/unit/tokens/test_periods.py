"""How far back a report goes: whole days of the user's zone, whole weeks where rows are weeks."""

from __future__ import annotations

import datetime

import pytest

from statusline.tokens.periods import Calendar, Last


def at(text: str) -> int:
    """A moment with its offset, as epoch seconds."""
    return int(datetime.datetime.fromisoformat(text).timestamp())


NOW = at("2026-11-21T00:30:00+01:00")  # a Saturday in Berlin, still Friday in UTC


@pytest.mark.parametrize(
    ("last", "by", "begin"),
    [
        ("1d", "day", "2026-11-21T00:00:00+01:00"),
        ("7d", "day", "2026-11-15T00:00:00+01:00"),
        ("7d", "model", "2026-11-15T00:00:00+01:00"),
        ("4w", "session", "2026-10-25T00:00:00+02:00"),
        ("7d", "week", "2026-11-09T00:00:00+01:00"),
        ("7d", "month", "2026-11-01T00:00:00+01:00"),
        ("24h", "model", "2026-11-20T00:30:00+01:00"),
        ("24h", "day", "2026-11-20T00:00:00+01:00"),
        ("all", "day", "1970-01-01T00:00:00+00:00"),
    ],
)
def test_it_begins_with_a_whole_day_week_or_month(last: str, by: str, begin: str) -> None:
    """Half a day in the first row looks like a quiet day; a day can have 25 hours."""
    asked = Last.of(last)
    assert asked is not None
    with Calendar("Europe/Berlin") as calendar:
        assert asked.since(calendar, NOW, by) == at(begin)


@pytest.mark.parametrize("text", ["", "7", "d", "0d", "-1d", "7y", "1.5d", "10000d", "٣d", "every"])
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    """What is misunderstood would be a report about something else."""
    assert Last.of(text) is None
