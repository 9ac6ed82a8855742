"""``statusline completion SHELL``: the script that lets a shell complete commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from statusline.cli.command import Command

#: How each of click's scripts calls the program. Without a word the program prints a segment
#: and never loads click, so the call gets words that do.
CALLS = {
    "bash": "bash_complete $1",
    "fish": "(commandline -t) statusline",
    "zsh": "zsh_complete statusline",
}


@click.command(
    "completion",
    cls=Command,
    examples=(
        ('eval "$(statusline completion bash)"', "in ~/.bashrc"),
        ('eval "$(statusline completion zsh)"', "in ~/.zshrc, after compinit"),
        ("statusline completion fish | source", "in config.fish"),
    ),
)
@click.argument("shell", type=click.Choice(sorted(CALLS)), metavar="SHELL")
@click.pass_context
def command(context: click.Context, *, shell: str) -> None:
    """Print a script that lets your shell complete commands, options and their values.

    Add the line of your shell to its startup file.
    """
    click.echo(script(context.find_root().command, shell), nl=False)


def script(program: click.Command, shell: str) -> str:
    """Return the script for ``shell``, a name in ``CALLS``."""
    made = get_completion_class(shell)
    call = CALLS[shell]
    source = (
        "" if made is None else made(program, {}, "statusline", "_STATUSLINE_COMPLETE").source()
    )
    if source.count(call) != 1:
        raise click.ClickException(f"This version of click completes {shell} in another way.")
    return source.replace(call, f"{call} completion {shell}")
