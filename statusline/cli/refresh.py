"""``statusline refresh``: bring the cache up to date now, in the foreground."""

from __future__ import annotations

import contextlib
import json
import sys
from typing import TYPE_CHECKING

import click

from statusline.cli.command import Command
from statusline.cli.console import console, is_plain
from statusline.cli.process import tidy
from statusline.refresh.refresher import process_limits, refresh
from statusline.segment.humanize import duration, wait
from statusline.system import clock, environ
from statusline.usage.messages import describe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from statusline.refresh.refresher import Report

#: Up to here nobody looks at a clock to wait.
SHORT_S = 120.0
#: Why a request is not made yet.
REASONS = {
    "floor": "at most one request in 60 seconds is allowed",
    "burst": "at most three requests in 5 minutes are allowed",
    "interval": "the numbers are recent",
    "backoff": "the last request failed",
    "refused": "this login was refused; a new login is tried at once",
}
#: What to do where nothing could be written.
FIXES = {
    "busy": "Wait for it.",
    "not_private": "Set HOME or STATUSLINE_CACHE_DIR to a directory of your own.",
    "unwritable": "Make the cache directory writable, or set STATUSLINE_CACHE_DIR.",
    "no_lock": "Set STATUSLINE_CACHE_DIR to a directory on a local disk.",
    "newer": "Update this one; `statusline update` says how.",
}


@click.command("refresh", cls=Command)
@click.option("--force", is_flag=True, help="Ask even if the numbers are recent.")
@click.option("--json", "as_json", is_flag=True, help="Print what happened as JSON.")
@click.option("--debug", is_flag=True, help="Print every step to stderr; never the token.")
@click.pass_context
def command(context: click.Context, *, force: bool, as_json: bool, debug: bool) -> None:
    """Fetch new numbers from the usage API now, if a request is allowed.

    This happens in the background anyway, every few minutes while something shows the segment.
    There is never more than one request in 60 seconds; --force does not change that.
    """
    waiting = contextlib.nullcontext() if debug or as_json else progress(context)
    with process_limits(), waiting:
        report = refresh(environ.current(), force=force, log=_log if debug else None)
    well = is_well(report)
    if as_json:
        click.echo(json.dumps(to_json(report, force=force), indent=2))
    else:
        click.echo(sentence(report, force=force), err=not well)
    sys.exit(0 if well else 1)


@contextlib.contextmanager
def progress(context: click.Context) -> Iterator[None]:
    """Show a line that says what is being waited for, while somebody looks at stderr."""
    terminal = console(context, stderr=True)
    if is_plain(terminal):
        yield
        return
    with tidy(), terminal.status("Asking the usage API ...", spinner="line"):
        yield


def _log(step: str) -> None:
    click.echo(f"{clock.now():.3f} {step}", err=True)


def is_well(report: Report) -> bool:
    """Tell whether there is nothing for the user to do."""
    return report.result == "busy" or report.state in ("ok", "api_off", "api_billing")


def sentence(report: Report, *, force: bool) -> str:
    """Return what happened, and what to do about it."""
    if report.result in FIXES:
        fix = report.fix or FIXES[report.result]
        return f"{report.detail} {fix}"
    _word, what, fix = describe(report.state, source=_source())
    if report.detail.rstrip(".") not in ("", what.rstrip(".")) and report.state != "ok":
        what = f"{what[:-1]}: {report.detail.rstrip('.')}."
    sentences = [what, fix]
    decision = report.forced if force else report.decision
    if report.result == "waiting" and decision is not None:
        sentences = [] if report.state == "ok" else sentences
        sentences.append(f"No request was made: {REASONS[decision.reason or 'interval']}.")
    shows_wait = force or report.result == "waiting" or report.state == "rate_limited"
    if decision is not None and decision.wait_s > 0 and shows_wait:
        sooner = "" if force else _sooner(report)
        sentences.append(f"The next one is allowed in {_when(decision.wait_s)}{sooner}.")
    return " ".join(filter(None, sentences))


def _source() -> str:
    return "environment" if environ.current().oauth_token is not None else ""


def _sooner(report: Report) -> str:
    """Return when ``--force`` could ask, where that is before its time."""
    if report.decision is None or report.forced is None:
        return ""
    if report.decision.wait_s - report.forced.wait_s < 1:
        return ""
    wait_s = report.forced.wait_s
    return f" (--force: {f'in {wait(wait_s)}' if wait_s > 0 else 'now'})"


def _when(wait_s: float) -> str:
    """Return a wait; a long one with the clock time, as the user's configuration wants it."""
    if wait_s <= SHORT_S:
        return wait(wait_s)
    from statusline.overview.overview import Overview, look

    overview = Overview(look(environ.current()), clock.now())
    return f"{duration(wait_s)}, at {overview.clock_time(overview.now + wait_s)}"


def to_json(report: Report, *, force: bool) -> dict[str, object]:
    """Return what happened as a document (docs/show.json.md)."""
    decision = report.forced
    what, fix = report.detail, report.fix or FIXES.get(report.result, "")
    if report.result not in FIXES:
        _word, what, fix = describe(report.state, source=_source())
    return {
        "result": report.result,
        "is_well": is_well(report),
        "state": report.state or None,
        "what": what,
        "fix": fix,
        "sentence": sentence(report, force=force),
        "next_allowed_in_s": None if decision is None else max(0.0, decision.wait_s),
    }
