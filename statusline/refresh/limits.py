"""The limits of requests: never two within 60 seconds, how long at most between two."""

from __future__ import annotations

#: No two attempts closer together than this, whatever happens.
FLOOR_S = 60.0
#: How long a refresher lives at most. What is known of a killed one is when it was about to make
#: its request, which may have left at any moment of this.
LIFETIME_S = 20.0
#: How many attempts are remembered: all that the floor lets into ``policy.BURST_S``.
REMEMBERED = 6
#: The interval between good answers: where it starts, and the longest of all.
FIRST_INTERVAL_S, FED_INTERVAL_S = 120.0, 600.0
#: The longest wait that a server may ask for, and the longest of all.
MAX_RETRY_AFTER_S, MAX_WAIT_S = 6 * 3600.0, 24 * 3600.0
#: Jitter only adds, up to this share of the wait.
JITTER = 0.1
MAX_FAILURES = 50
