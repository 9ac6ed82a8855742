"""What nobody expected: one sentence and an exit code, or a traceback that tells no secret."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import sys
import traceback
from typing import TYPE_CHECKING

import click

from statusline import environ

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What a shell expects of a program that Ctrl+C ended.
INTERRUPTED = 130
#: What every Claude token looks like (contract.md 4.1).
_TOKEN = re.compile(r"sk-ant-[\w-]+")


@contextlib.contextmanager
def explained(context: click.Context, *, debug: bool) -> Iterator[None]:
    """Let no exception of ours reach the user as it is.

    click's own (wrong usage, a problem with a sentence) and a reader that has gone pass: click
    deals with them. ``debug`` prints a traceback, without values of variables.
    """
    try:
        yield
    except KeyboardInterrupt:
        context.exit(INTERRUPTED)
    except click.Abort as error:
        if isinstance(error.__context__, KeyboardInterrupt):  # Ctrl+C at a question
            click.echo(err=True)
            context.exit(INTERRUPTED)
        raise
    except (click.ClickException, click.exceptions.Exit):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.EPIPE:
            raise
        lost = _give_up_output()
        if lost:
            raise click.ClickException(f"The output could not be written: {lost}.") from None
        if debug:
            click.echo(harmless("".join(traceback.format_exception(error))), err=True, nl=False)
        raise click.ClickException(sentence(error, context, debug=debug)) from None


def _give_up_output() -> str:
    """Return why stdout takes no more, "" if it does.

    What is still buffered would be tried again, and complained about, when Python ends.
    """
    try:
        sys.stdout.flush()
    except OSError as error:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
        return error.strerror or type(error).__name__
    return ""


def sentence(error: Exception, context: click.Context, *, debug: bool) -> str:
    """Return what to do about an error; of the error only what holds no data."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else ""
    what = f"{type(error).__name__}: {reason}" if reason else type(error).__name__
    verb = context.invoked_subcommand or "COMMAND"
    where = "" if debug else f" `statusline --debug {verb}` shows where;"
    return f"Something unexpected went wrong ({what}).{where} `statusline doctor` checks the rest."


def harmless(text: str) -> str:
    """Return text without tokens and without anything that a terminal would obey."""
    token = environ.current().oauth_token
    if token:
        text = text.replace(token, "[token]")
    text = _TOKEN.sub("[token]", text)
    return "".join(char if char.isprintable() or char == "\n" else "?" for char in text)
