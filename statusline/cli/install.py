"""``statusline install``: add the segment to the files of the programs that show it."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Iterable

import click

from statusline.cli import closing
from statusline.cli.command import Command
from statusline.system import environ
from statusline.system.text import below_home, printable
from statusline.wiring.hosts import ALL, HOSTS, WORDS, parts
from statusline.wiring.installation import (
    Installation,
    KeptError,
    WiringError,
    check_lasting,
    find_installation,
)
from statusline.wiring.transaction import Draft, Transaction

_COLORS = {"+": "green", "-": "red", "@": "cyan"}


def options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command what install and uninstall share: surfaces, --all, --yes, --print."""
    for option in (
        click.argument("surfaces", nargs=-1, type=click.Choice(WORDS), metavar="[SURFACE]..."),
        click.option("--yes", is_flag=True, help="Do not ask."),
        click.option(
            "--print",
            "print_only",
            is_flag=True,
            help="Only show what would change.",
        ),
    ):
        command = option(command)
    return command


@click.command(
    "install",
    cls=Command,
    examples=(
        ("statusline install --print", "what --all would change"),
        ("statusline install --all", "change it, after a question"),
        ("statusline install claude tmux --yes", "these two, without one"),
    ),
)
@click.option("--all", "all_found", is_flag=True, help="Take every surface found on this machine.")
@click.option("--replace", is_flag=True, help="Do not run Claude Code's previous status line.")
@options
def command(
    *, surfaces: tuple[str, ...], all_found: bool, replace: bool, yes: bool, print_only: bool
) -> None:
    """Add the segment to other programs' files: show each change, ask, and keep the rest.

    If Claude Code has a status line already, it is kept and shown above the segment. `timer` shows
    nothing: it keeps the numbers fresh while no prompt is open, and --all leaves it out.
    """
    transaction, errors = begin()
    try:
        check_lasting(transaction.here)
    except WiringError as error:
        raise click.ClickException(str(error)) from None
    names = list(surfaces)
    all_found = all_found or (print_only and not names)
    if all_found:
        names += [name for name in found(transaction.here) if name not in names]
    require(names, all_found=all_found)
    for name in names:
        try:
            drafts = _plan(transaction, name, replace=replace)
        except KeptError as kept:
            click.echo(f"{_place(name, transaction)}: {kept}")
            continue
        except WiringError as error:
            errors.append(f"{_place(name, transaction)}: {error}")
            continue
        for draft in drafts:
            if not draft.is_changed:
                path = below_home(draft.path, transaction.here.home)
                click.echo(f"{name}: {path} has it already.")
    carry_out(transaction, errors, yes=yes, print_only=print_only)
    if not print_only and transaction.drafts:
        _close(transaction, names)
    finish(errors)


def _plan(transaction: Transaction, word: str, *, replace: bool) -> list[Draft]:
    """Plan all files of one word, or none; raise ``WiringError``."""
    before = dict(transaction.drafts)
    try:
        return [transaction.install(name, replace=replace) for name in parts(word)]
    except WiringError:
        transaction.drafts = before
        raise


def _place(word: str, transaction: Transaction) -> str:
    """Return a surface and, where one can be named, its file."""
    try:
        path = ALL[word].path(transaction.here)
    except WiringError:
        return word
    return f"{word}: {below_home(path, transaction.here.home)}"


def _close(transaction: Transaction, names: Iterable[str]) -> None:
    """Fetch the numbers, so that each surface has them at its first look; say what to know."""
    closing.fill(transaction.here.env)
    lines = []
    for name in (part for word in names for part in parts(word)):
        draft = next((d for d in transaction.drafts.values() if name in d.entry.surfaces), None)
        if draft is None or not draft.is_changed:
            continue
        surface = ALL[name]
        notes = surface.notes(draft.after or b"", transaction.here)
        lines += [f"{surface.title}: {note}" for note in notes]
    closing.say(transaction.here.env, lines)


def begin() -> tuple[Transaction, list[str]]:
    """Return an empty plan for this installation, and a list for what goes wrong."""
    try:
        return Transaction(find_installation(environ.current())), []
    except WiringError as error:
        raise click.ClickException(str(error)) from None


def require(names: list[str], *, all_found: bool) -> None:
    """End with a usage error where no surface was named."""
    if not names and not all_found:
        raise click.UsageError(f"Name surfaces ({', '.join(HOSTS)}), or use --all.")


def found(place: Installation) -> Iterable[str]:
    """Yield the surfaces of this machine, but none that would show the segment twice."""
    for name, surface in HOSTS.items():
        if not surface.is_found(place):
            continue
        rival = surface.covered_by(place)
        if rival is None:
            yield name
        else:
            click.echo(f"{name}: left out, since {HOSTS[rival].title} sets its prompt.")


def carry_out(transaction: Transaction, errors: list[str], *, yes: bool, print_only: bool) -> None:
    """Show every change, ask, and do it; what failed is added to ``errors``."""
    drafts = [draft for draft in transaction.drafts.values() if draft.is_changed]
    _show_all(drafts, transaction.here)
    if print_only or not transaction.drafts:
        return
    if drafts and not yes:
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            _complain(errors)
            click.echo("Nothing was changed. Run it again with --yes to do this.", err=True)
            sys.exit(2)
        if not click.confirm("Change this file?" if len(drafts) == 1 else "Change these files?"):
            click.echo("Nothing was changed.")
            sys.exit(1)
    try:
        failed, reasons = transaction.apply()
    except WiringError as error:
        raise click.ClickException(str(error)) from None
    errors += reasons
    broken = {draft.target for draft in failed}
    for draft in drafts:
        if draft.target not in broken:
            verb = "Removed" if draft.after is None else "Wrote"
            click.echo(f"{verb} {below_home(draft.path, transaction.here.home)}")
    for target in broken:
        del transaction.drafts[target]


def finish(errors: list[str]) -> None:
    """End with 1 and the reasons where something failed."""
    _complain(errors)
    sys.exit(1 if errors else 0)


def _complain(errors: list[str]) -> None:
    for error in errors:
        click.echo(f"Error: {error}", err=True)


def _show_all(drafts: list[Draft], place: Installation) -> None:
    """Print every change, then the files: long diffs push their names off the screen.

    Beside a file stands who will show the segment, and when: that is what the user decides on.
    """
    for draft in drafts:
        _show(draft, place)
    if drafts:
        click.echo("\nFiles that change:")
    names = [below_home(draft.path, place.home) for draft in drafts]
    width = max(map(len, names), default=0)
    for name, draft in zip(names, drafts, strict=True):
        surfaces = (ALL[surface] for surface in draft.added)
        when = "; ".join(f"{surface.title}, {surface.shown}" for surface in surfaces)
        click.echo(f"  {name:{width}}  {when}".rstrip())


def _show(draft: Draft, place: Installation) -> None:
    """Print a unified diff; control characters of the file are shown, not obeyed."""
    name = below_home(draft.path, place.home)
    name += "" if draft.path == draft.target else f" -> {below_home(draft.target, place.home)}"
    old, new = (_lines(data) for data in (draft.before, draft.after))
    for line in difflib.unified_diff(old, new, name, name, n=2, lineterm=""):
        seen = printable(line, kept="\t")
        click.secho(seen, fg=_COLORS.get(seen[:1]))


def _lines(data: bytes | None) -> list[str]:
    return (data or b"").decode("utf-8", "replace").removesuffix("\n").split("\n") if data else []
