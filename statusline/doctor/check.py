"""One check: what was looked at, what came of it, and what to type."""

from __future__ import annotations

from typing import NamedTuple

OK, WARN, FAIL, SKIP = "ok", "warn", "fail", "skip"
#: The checks of the way to the API, whose trouble explains that it cannot be reached.
ON_THE_WAY = ("certificates", "reachable")


class Check(NamedTuple):
    """``result`` is "ok", "warn" (works, but), "fail" (does not work) or "skip" (not looked at).

    ``what`` is a sentence; ``fix`` is what to do, "" where nothing is to be done. Both may hold
    text from outside: whoever prints them makes it harmless. ``after`` names earlier checks: where
    one of them found as much trouble, that is why, and it is told once.
    """

    name: str
    result: str
    what: str
    fix: str = ""
    after: tuple[str, ...] = ()


def ok(name: str, what: str) -> Check:
    """Return a check that found all well."""
    return Check(name, OK, what)


def warn(name: str, what: str, fix: str, *, after: tuple[str, ...] = ()) -> Check:
    """Return a check that found something to look after."""
    return Check(name, WARN, what, fix, after)


def fail(name: str, what: str, fix: str, *, after: tuple[str, ...] = ()) -> Check:
    """Return a check that found why there is no segment, or no new number in it."""
    return Check(name, FAIL, what, fix, after)


def skip(name: str, what: str, fix: str = "") -> Check:
    """Return a check that does not apply here; with ``fix``, of what could be had as well."""
    return Check(name, SKIP, what, fix)
