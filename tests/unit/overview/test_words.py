"""Ages, waits and sizes in the words of a person."""

from __future__ import annotations

import pytest

from statusline.overview.words import ago, ahead, counted, next_request, size


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (7199, "119 minutes ago"),
        (7300, "2 hours ago"),
        (200_000, "2 days ago"),
    ],
)
def test_an_age_is_said_in_words(seconds: float, text: str) -> None:
    """As long ago as it is, rounded down; "119m" had to be guessed."""
    assert ago(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "in 1 second"),
        (44.2, "in 45 seconds"),
        (59.5, "in 1 minute"),
        (61, "in 2 minutes"),
        (7200, "in 2 hours"),
        (400_000, "in 4 days"),
    ],
)
def test_a_wait_is_never_shorter_than_said(seconds: float, text: str) -> None:
    """Rounded up to the minute, and never "in 0 minutes"."""
    assert ahead(seconds) == text


@pytest.mark.parametrize(
    ("own_s", "forced_s", "text"),
    [
        (0, 0, "now"),
        (45, 45, "in 45 seconds"),
        (240, 240, "in 4 minutes, at 12:06"),
        (240, 0, "in 4 minutes, at 12:06 (--force: now)"),
        (240, 45, "in 4 minutes, at 12:06 (--force: in 45 seconds)"),
        (60, 0, "in 1 minute (--force: now)"),
    ],
)
def test_the_next_request_is_told_with_and_without_force(
    own_s: float, forced_s: float, text: str
) -> None:
    """`show` said "allowed now" of --force, without a word of it, `doctor` "in 4 minutes"."""
    assert next_request(own_s, forced_s, "12:06", ahead) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1 kB"),
        (1999, "1.9 kB"),
        (28_672, "28 kB"),
        (72_345_678_901, "72 GB"),
        (5e15, "5000 TB"),
    ],
)
def test_a_size_has_the_unit_that_suits_it(number: float, text: str) -> None:
    """It would have caught "69011 MB free" and a history of "0.0 MB"."""
    assert size(number) == text


def test_one_of_a_thing_is_not_plural() -> None:
    """It would have caught "after 1 failures in a row"."""
    assert (counted(1, "failure"), counted(2, "failure")) == ("1 failure", "2 failures")
