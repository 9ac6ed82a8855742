"""``statusline doctor``: every check with its result, and the command that fixes it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator

import click

import statusline
from statusline.cli import listing
from statusline.cli.command import Command
from statusline.cli.console import console
from statusline.cli.listing import Finding, harmless
from statusline.doctor.check import FAIL, OK, WARN, Check
from statusline.doctor.context import present
from statusline.doctor.examine import examine
from statusline.wiring import kept_hooks

#: The version of the document that ``--json`` prints.
SCHEMA = 1


@click.command(
    "doctor",
    cls=Command,
    examples=(("statusline doctor --online", "try the network, too"),),
)
@click.option(
    "--online", is_flag=True, help="Also try to reach the API, without asking it anything."
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON (docs/doctor.json.md).")
@click.pass_context
def command(context: click.Context, *, online: bool, as_json: bool) -> None:
    """Find out what is wrong: check everything from the login to the segment, and name each fix.

    The lines that `statusline install` added are run as their programs run them, and the hooks
    that they read are brought up to date. Exits with 1 if something does not work.
    """
    looked_at = present(online=online)
    kept_hooks.renew(looked_at.env.data_dir)
    if as_json:
        checks = list(examine(looked_at))
        click.echo(json.dumps(to_json(checks, looked_at.now), indent=2, ensure_ascii=False))
    else:
        checks = []
        target = console(context)
        listing.show(target, _rows(examine(looked_at), checks))
        listing.show(target, [Finding("", summary(checks))])
    sys.exit(1 if worst(checks) == FAIL else 0)


def _rows(found: Iterable[Check], seen: list[Check]) -> Iterator[Finding]:
    """Yield a row for each check as it is made, and remember it in ``seen``."""
    for check in found:
        seen.append(check)
        yield Finding(check.name, check.what, check.fix, check.result)


def worst(checks: list[Check]) -> str:
    """Return the result of all checks together: "fail", "warn" or "ok"."""
    results = {check.result for check in checks}
    return next((each for each in (FAIL, WARN) if each in results), OK)


def summary(checks: list[Check]) -> str:
    """Return how many checks found what."""
    failed, warned = (sum(c.result == each for c in checks) for each in (FAIL, WARN))
    if not failed and not warned:
        return "All is well."
    parts = [
        f"{count} {word}{'s' if count > 1 else ''}"
        for count, word in ((failed, "problem"), (warned, "warning"))
        if count
    ]
    return f"{' and '.join(parts)}."


def to_json(checks: list[Check], now: float) -> dict[str, object]:
    """Return the checks as ``statusline/schema/doctor.schema.json`` describes them."""
    return {
        "schema": SCHEMA,
        "version": statusline.__version__,
        "now": round(now, 3),
        "result": worst(checks),
        "checks": [
            {name: harmless(text) for name, text in check._asdict().items()} for check in checks
        ],
    }
