"""``statusline notify``: which notifications are on, how they are sent, and a test of it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from statusline.cli import listing
from statusline.cli.command import Command
from statusline.cli.console import console
from statusline.cli.listing import Finding
from statusline.notify import sent, ways
from statusline.notify.notice import TEST
from statusline.segment.humanize import age
from statusline.settings import load
from statusline.system import clock, environ

if TYPE_CHECKING:
    from statusline.settings.notifications import Notifications

TURN_ON = "statusline config set notify.enabled true"
#: What to do about a program that is not there.
INSTALL = {
    "notify-send": "Install it (libnotify-bin in Debian and Ubuntu, libnotify elsewhere).",
    "tmux": "Install tmux, or take it out of notify.via.",
}


@click.command("notify", cls=Command)
@click.option(
    "--test",
    "is_test",
    is_flag=True,
    help="Send one in every way that is set, and say what came of it.",
)
@click.pass_context
def command(context: click.Context, *, is_test: bool) -> None:
    """Show which notifications are on, how they are sent, and what was sent last.

    They are off until you turn them on: `statusline config set notify.enabled true`.
    """
    env = environ.current()
    loaded = load.read(env)
    wanted = loaded.notifications
    rows = [] if is_test else [_state(wanted), Finding("ways", _ways(wanted)), *_last(env)]
    mistakes = [each for each in loaded.problems if each.key.startswith("notify.")]
    rows += [
        Finding("config.toml", str(each), each.fix, "warn") for each in mistakes or loaded.problems
    ]
    listing.show(console(context), rows)
    if is_test:
        sys.exit(0 if _test(context, env, wanted) else 1)


def _state(wanted: Notifications) -> Finding:
    if not wanted.enabled:
        return Finding("notifications", "off", TURN_ON, "skip")
    marks = " and ".join(f"{pct:g}%" for pct in wanted.at)
    what = [
        f"at {marks} of a window" if wanted.at else "",
        "when one will be full before its reset" if wanted.forecast else "",
        "when a used-up one has reset" if wanted.reset else "",
    ]
    said = ", ".join(filter(None, what))
    return Finding("notifications", f"on: {said}" if said else "on, but none is chosen", "", "ok")


def _ways(wanted: Notifications) -> str:
    """Return the ways by their names."""
    names = [*wanted.via, *(["your command"] if wanted.command else [])]
    return ", ".join(names) or "none: set notify.via or notify.command"


def _last(env: environ.Environment) -> list[Finding]:
    last = None if env.profile_dir is None else sent.load(env.profile_dir)
    if last is None:
        return [Finding("last", "nothing has been sent yet")]
    rows = [
        Finding("last", f"{age(max(clock.now() - last.at, 0.0))} ago: {each}")
        for each in last.texts
    ]
    rows += [Finding("", f"{way}: {what}", "", _mark(is_ok)) for way, is_ok, what in last.outcomes]
    return rows


def _mark(is_ok: bool) -> str:  # noqa: FBT001  # one value, read from the row it is for
    return "ok" if is_ok else "warn"


def _test(context: click.Context, env: environ.Environment, wanted: Notifications) -> bool:
    """Send a test, say what came of each way, and tell whether any took it."""
    outcomes = ways.send(env, wanted, [TEST])
    rows = []
    for each in outcomes:
        missing = each.what.removesuffix(" is not installed")
        note = each.said or (INSTALL.get(missing, "") if missing != each.what else "")
        rows.append(Finding(each.way, each.what, note, "ok" if each.is_ok else "fail"))
    if not outcomes:
        rows.append(Finding("ways", _ways(wanted), "", "fail"))
    if not wanted.enabled:
        rows.append(Finding("notifications", "off, except for this test", TURN_ON, "warn"))
    listing.show(console(context), rows)
    return any(each.is_ok for each in outcomes)
