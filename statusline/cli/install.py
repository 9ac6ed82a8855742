"""``statusline install``: add the segment to the files of the programs that show it."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Iterable

import click

from statusline import environ
from statusline.cli import closing
from statusline.wiring.host import Here, KeptError, WiringError, here
from statusline.wiring.plan import Draft, Plan
from statusline.wiring.surfaces import SURFACES

_COLORS = {"+": "green", "-": "red", "@": "cyan"}


def options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command what install and uninstall share: surfaces, --all, --yes, --print."""
    for option in (
        click.argument("surfaces", nargs=-1, type=click.Choice(list(SURFACES))),
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


@click.command("install")
@click.option("--all", "all_found", is_flag=True, help="Every surface found on this machine.")
@click.option("--replace", is_flag=True, help="Do not run Claude Code's previous status line.")
@options
def command(
    *, surfaces: tuple[str, ...], all_found: bool, replace: bool, yes: bool, print_only: bool
) -> None:
    """Add the segment to SURFACES: show the change, ask, keep everything else.

    A status line that Claude Code has already is run first, and its lines are shown above.
    --print without SURFACES shows what --all would do.
    """
    plan, errors = begin()
    names = list(surfaces)
    all_found = all_found or (print_only and not names)
    if all_found:
        names += [name for name in found(plan.here) if name not in names]
    require(names, all_found=all_found)
    for name in names:
        try:
            draft = plan.install(name, replace=replace)
        except KeptError as kept:
            click.echo(f"{name}: {short(SURFACES[name].path(plan.here), plan.here)}: {kept}")
            continue
        except WiringError as error:
            errors.append(f"{name}: {short(SURFACES[name].path(plan.here), plan.here)}: {error}")
            continue
        if not draft.is_changed:
            click.echo(f"{name}: {short(draft.path, plan.here)} has it already.")
    carry_out(plan, errors, yes=yes, print_only=print_only)
    if not print_only and plan.drafts:
        _close(plan, names)
    finish(errors)


def _close(plan: Plan, names: Iterable[str]) -> None:
    """Fetch the numbers, so that each surface has them at its first look; say what to know."""
    closing.fill(plan.here.env)
    lines = []
    for name in names:
        draft = next((d for d in plan.drafts.values() if name in d.entry.surfaces), None)
        if draft is None or not draft.is_changed:
            continue
        surface = SURFACES[name]
        notes = surface.notes(draft.after or b"", plan.here)
        lines += [f"{surface.host}: {note}" for note in notes]
    closing.say(plan.here.env, lines)


def begin() -> tuple[Plan, list[str]]:
    """Return an empty plan for this installation, and a list for what goes wrong."""
    try:
        return Plan(here(environ.current())), []
    except WiringError as error:
        raise click.ClickException(str(error)) from None


def require(names: list[str], *, all_found: bool) -> None:
    """End with a usage error where no surface was named."""
    if not names and not all_found:
        raise click.UsageError(f"Name surfaces ({', '.join(SURFACES)}), or use --all.")


def found(place: Here) -> Iterable[str]:
    """Yield the surfaces of this machine, but none that would show the segment twice."""
    for name, surface in SURFACES.items():
        if not surface.is_found(place):
            continue
        rival = surface.covered_by(place)
        if rival is None:
            yield name
        else:
            click.echo(f"{name}: left out, since {SURFACES[rival].host} sets its prompt.")


def carry_out(plan: Plan, errors: list[str], *, yes: bool, print_only: bool) -> None:
    """Show every change, ask, and do it; what failed is added to ``errors``."""
    drafts = [draft for draft in plan.drafts.values() if draft.is_changed]
    _show_all(drafts, plan.here)
    if print_only or not plan.drafts:
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
        failed = plan.apply()
    except WiringError as error:
        raise click.ClickException(str(error)) from None
    errors += [reason for _draft, reason in failed]
    broken = {draft.target for draft, _reason in failed}
    for draft in drafts:
        if draft.target not in broken:
            click.echo(f"{'Removed' if draft.after is None else 'Wrote'} {draft.path}")
    for target in broken:
        del plan.drafts[target]


def finish(errors: list[str]) -> None:
    """End with 1 and the reasons where something failed."""
    _complain(errors)
    sys.exit(1 if errors else 0)


def _complain(errors: list[str]) -> None:
    for error in errors:
        click.echo(f"Error: {error}", err=True)


def short(path: str, place: Here) -> str:
    """Return a path with the home directory as ``~``."""
    return f"~{path[len(place.home) :]}" if path.startswith(f"{place.home}/") else path


def _show_all(drafts: list[Draft], place: Here) -> None:
    """Print every change, then the files: long diffs push their names off the screen.

    Beside a file stands who will show the segment, and when: that is what the user decides on.
    """
    for draft in drafts:
        _show(draft, place)
    if drafts:
        click.echo("\nFiles that change:")
    names = [_harmless(short(draft.path, place)) for draft in drafts]
    width = max(map(len, names), default=0)
    for name, draft in zip(names, drafts, strict=True):
        surfaces = (SURFACES[surface] for surface in draft.added)
        when = "; ".join(f"{surface.host}, {surface.shown}" for surface in surfaces)
        click.echo(f"  {name:{width}}  {when}".rstrip())


def _harmless(text: str) -> str:
    """Return text with what a terminal would obey as question marks."""
    return "".join(char if char.isprintable() or char == "\t" else "?" for char in text)


def _show(draft: Draft, place: Here) -> None:
    """Print a unified diff; control characters of the file are shown, not obeyed."""
    name = short(draft.path, place)
    name += "" if draft.path == draft.target else f" -> {short(draft.target, place)}"
    old, new = (_lines(data) for data in (draft.before, draft.after))
    for line in difflib.unified_diff(old, new, name, name, n=2, lineterm=""):
        seen = _harmless(line)
        click.secho(seen, fg=_COLORS.get(seen[:1]))


def _lines(data: bytes | None) -> list[str]:
    return (data or b"").decode("utf-8", "replace").removesuffix("\n").split("\n") if data else []
