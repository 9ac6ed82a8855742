"""``statusline uninstall``: take the segment out of the files that ``install`` added it to."""

from __future__ import annotations

import click

from statusline.cli.command import Command
from statusline.cli.install import begin, carry_out, finish, options, require
from statusline.system.text import below_home
from statusline.wiring.hosts import ALL, WORDS, parts
from statusline.wiring.installation import WiringError
from statusline.wiring.transaction import Draft, Transaction


@click.command(
    "uninstall",
    cls=Command,
    examples=(
        ("statusline uninstall --print", "what --all would change"),
        ("statusline uninstall tmux", "take it out of tmux alone"),
    ),
)
@click.option("--all", "everything", is_flag=True, help="Take every surface that was installed.")
@options
def command(*, surfaces: tuple[str, ...], everything: bool, yes: bool, print_only: bool) -> None:
    """Take the segment out of other programs' files again.

    A file that has not been changed since gets back exactly what it was; of any other, only what
    was added is removed. A status line that Claude Code had before comes back.
    """
    transaction, errors = begin()
    everything = everything or (print_only and not surfaces)
    names = list(WORDS) if everything else list(surfaces)
    require(names, all_found=everything)
    touched: dict[str, list[Draft]] = {}
    for name in names:
        try:
            drafts = [draft for part in parts(name) for draft in transaction.uninstall(part)]
        except WiringError as error:
            errors.append(f"{name}: {error}")
            continue
        touched[name] = drafts
        for draft in drafts:
            if not draft.is_changed:
                path = below_home(draft.path, transaction.here.home)
                click.echo(f"{name}: nothing of ours is in {path} now.")
        if not drafts and not everything:
            click.echo(f"{name}: not installed.")
    if everything and not any(touched.values()) and not errors:
        click.echo("No surface is installed.")
    carry_out(transaction, errors, yes=yes, print_only=print_only)
    if not print_only:
        done = {draft.target for draft in transaction.drafts.values()}
        for name, drafts in touched.items():
            # tmux is asked in any case: it may show what is in no file any more.
            if (drafts or name == "tmux") and all(draft.target in done for draft in drafts):
                _leave(name, transaction, errors)
    finish(errors)


def _leave(name: str, transaction: Transaction, errors: list[str]) -> None:
    try:
        for note in ALL[name].leave(transaction.here):
            click.echo(f"{name}: {note}")
    except WiringError as error:
        errors.append(f"{name}: {error}")
