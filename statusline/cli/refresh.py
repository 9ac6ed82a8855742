"""``statusline refresh``: bring the cache up to date now, in the foreground."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from statusline import clock, environ
from statusline.hot.layout import duration
from statusline.refresh.refresher import process_limits, refresh
from statusline.states import describe

if TYPE_CHECKING:
    from statusline.refresh.refresher import Report

#: Why a request is not made yet.
REASONS = {
    "floor": "at most one request in 60 seconds is made",
    "burst": "at most three requests in 5 minutes are made",
    "interval": "the numbers are recent",
    "backoff": "the last request failed",
    "refused": "this login was refused before, and is not tried again until it changes",
}
#: What to do where nothing could be written.
FIXES = {
    "busy": "Wait for it.",
    "not_private": "Make the cache directory yours alone, or set STATUSLINE_CACHE_DIR.",
    "unwritable": "Make the cache directory writable, or set STATUSLINE_CACHE_DIR.",
    "no_lock": "Set STATUSLINE_CACHE_DIR to a directory on a local disk.",
    "newer": "Run install.sh of the newer version.",
}


@click.command("refresh")
@click.option("--force", is_flag=True, help="Ask although the numbers are recent.")
@click.option("--debug", is_flag=True, help="Print every step to stderr; never the token.")
def command(*, force: bool, debug: bool) -> None:
    """Ask the usage API now, if it may be asked, and update the cache.

    There is never more than one request in 60 seconds; --force does not change that.
    """
    with process_limits():
        report = refresh(environ.current(), force=force, log=_log if debug else None)
    click.echo(_sentence(report, force=force), err=not _is_well(report))
    sys.exit(0 if _is_well(report) else 1)


def _log(step: str) -> None:
    click.echo(f"{clock.now():.3f} {step}", err=True)


def _is_well(report: Report) -> bool:
    return report.result == "busy" or report.state in ("ok", "api_off")


def _sentence(report: Report, *, force: bool) -> str:
    """Return what happened, and what to do about it."""
    if report.result in FIXES:
        return f"{report.detail[:1].upper()}{report.detail[1:]}. {FIXES[report.result]}"
    _word, what, fix = describe(report.state)
    if report.detail and report.state != "ok":
        what = f"{what[:-1]}: {report.detail}."
    sentences = [what, fix]
    decision = report.decision
    if report.result == "waiting" and decision is not None:
        sentences = [] if report.state == "ok" else sentences
        sentences.append(f"No request was made: {REASONS[decision.reason or 'interval']}.")
    if decision is not None and decision.wait_s > 0 and (force or report.result == "waiting"):
        sentences.append(f"The next one is allowed in {duration(decision.wait_s)}.")
    return " ".join(filter(None, sentences))
