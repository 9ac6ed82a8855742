"""``config edit``: starts the screen that changes config.toml, where there is a terminal."""

from __future__ import annotations

import importlib.util
import sys

import click

from statusline.cli.command import Command
from statusline.cli.console import color_choice
from statusline.cli.process import tidy
from statusline.system import environ
from statusline.system.errors import FixableError
from statusline.system.text import printable

HOW_TO_GET = (
    "The editor needs Textual: in the checkout, pip install '.[watch]'. Without it there is"
    " `statusline config set`."
)


@click.command("edit", cls=Command)
@click.pass_context
def edit(context: click.Context) -> None:
    """Change config.toml on a screen that shows what each surface would look like.

    Nothing is written before you have seen the difference and said yes.
    """
    if importlib.util.find_spec("textual") is None:
        raise click.ClickException(HOW_TO_GET)
    env = environ.current()
    # Textual reads keys from stdin and draws on stderr.
    is_terminal = all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))
    if env.dumb_terminal or not is_terminal:
        raise click.UsageError("The editor needs a terminal; use `statusline config set`.", context)
    from statusline.editor import config_file
    from statusline.editor.change import check_readable

    try:
        file = config_file.read(env)
        check_readable(file.text)
    except FixableError as error:
        raise click.ClickException(printable(str(error))) from None
    from statusline.editor.app import Editor  # Textual: half a second, and an extra
    from statusline.editor.states import project

    colored = color_choice(context) != "never" and not env.no_color
    with tidy(), project() as home:  # tidy: until the editor has handlers of its own
        editor = Editor(env, file, home, colored=colored)
        editor.run()
    if editor.failure is not None:
        raise editor.failure
