"""``statusline doctor``: what is wrong and the command that fixes it, below all that is well."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

import statusline
from statusline.cli import listing
from statusline.cli.command import Command
from statusline.cli.console import console
from statusline.cli.listing import Finding, harmless
from statusline.cli.report import report
from statusline.doctor.check import FAIL, OK, SKIP, WARN, Check
from statusline.doctor.context import present
from statusline.doctor.examine import NOTHING, by_weight, examine
from statusline.doctor.public import Public
from statusline.wiring import kept_hooks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: The version of the document that ``--json`` prints.
SCHEMA = 1
#: What a fix begins with that is a command by itself.
_COMMANDS = ("statusline ", "chmod ", "tmux ", "systemctl ")


@click.command(
    "doctor",
    cls=Command,
    examples=(
        ("statusline doctor --online", "try the network, too"),
        ("statusline doctor --report", "print what a bug report needs"),
    ),
)
@click.option(
    "--online", is_flag=True, help="Also try to reach the API, without asking it anything."
)
@click.option("--verbose", "-v", is_flag=True, help="Also print what does not apply here.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON (docs/doctor.json.md).")
@click.option(
    "--report", "as_report", is_flag=True, help="Print what a bug report needs, without secrets."
)
@click.pass_context
def command(
    context: click.Context, *, online: bool, verbose: bool, as_json: bool, as_report: bool
) -> None:
    """Find out what is wrong: check everything from the login to the segment, and name each fix.

    The lines that `statusline install` added are run as their programs run them, and the hooks
    that they read are brought up to date. What is wrong comes last, with what to type first. Exits
    with 1 if something does not work.
    """
    if as_report and as_json:
        raise click.UsageError("--report and --json do not go together.")
    looked_at = present(online=online)
    kept_hooks.renew(looked_at.env.data_dir)
    if as_report:
        click.echo(report(Public(looked_at.env, looked_at.now, looked_at.cwd, online)))
        return
    checks: list[Check] = []
    if as_json:
        checks += examine(looked_at)
        click.echo(json.dumps(to_json(checks, looked_at.now), indent=2, ensure_ascii=False))
    else:
        target = console(context)
        listing.show(target, _well(examine(looked_at), checks, verbose=verbose))
        troubles = by_weight(checks)
        if troubles:
            click.echo()
        listing.show(target, map(_row, troubles))
        listing.show(target, [Finding("", summary(checks))])
    sys.exit(1 if worst(checks) == FAIL else 0)


def _well(found: Iterable[Check], seen: list[Check], *, verbose: bool) -> Iterator[Finding]:
    """Yield a row for each check that is no trouble as it is made; remember all in ``seen``."""
    for check in found:
        seen.append(check)
        if check.result == OK or (check.result == SKIP and (check.fix or verbose)):
            yield _row(check)


def _row(check: Check) -> Finding:
    return Finding(check.name, check.what, check.fix, check.result)


def worst(checks: list[Check]) -> str:
    """Return the result of all checks together: "fail", "warn" or "ok"."""
    results = {check.result for check in checks}
    return next((each for each in (FAIL, WARN) if each in results), OK)


def summary(checks: list[Check]) -> str:
    """Return how many checks found what, and the one thing to do next."""
    failed, warned = (sum(c.result == each for c in checks) for each in (FAIL, WARN))
    parts = [
        f"{count} {word}{'s' if count > 1 else ''}"
        for count, word in ((failed, "problem"), (warned, "warning"))
        if count
    ]
    step = next_step(checks)
    if step is None:
        return "All is well."
    if not parts:
        return f"All is well. {step.what} Next: {typed(step.fix)}"
    if step.fix.startswith(NOTHING):
        return f"{' and '.join(parts)}. Nothing to do{step.fix.removeprefix(NOTHING)}"
    first = f"First `{step.name}`" if failed + warned > 1 else "Next"
    return f"{' and '.join(parts)}. {first}: {typed(step.fix)}"


def next_step(checks: list[Check]) -> Check | None:
    """Return what to see to first; where all is well, what is left of the installation."""
    left = [each for each in checks if each.name == "surfaces" and each.result == SKIP]
    return next(iter((*by_weight(checks), *left)), None)


def typed(fix: str) -> str:
    """Return a fix as a sentence, where it is a command alone."""
    return f"type {fix}" if fix.startswith(_COMMANDS) else fix


def to_json(checks: list[Check], now: float) -> dict[str, object]:
    """Return the checks as ``statusline/schema/doctor.schema.json`` describes them."""
    step = next_step(checks)
    return {
        "schema": SCHEMA,
        "version": statusline.__version__,
        "now": round(now, 3),
        "result": worst(checks),
        "next": "" if step is None else harmless(step.fix),
        "checks": [
            {
                "name": harmless(each.name),
                "result": each.result,
                "what": harmless(each.what),
                "fix": harmless(each.fix),
            }
            for each in checks
        ],
    }
