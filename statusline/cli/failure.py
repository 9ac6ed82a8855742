"""What nobody expected: one sentence and an exit code, or a traceback that tells no secret."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import sys
import traceback
from types import ModuleType
from typing import TYPE_CHECKING

import click

from statusline.cli.process import Output
from statusline.system import clock, environ
from statusline.system.errors import incomplete, reason
from statusline.system.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What a shell expects of a program that Ctrl+C ended.
INTERRUPTED = 130
#: What every Claude token looks like (docs/claude-code.md 5.1).
_TOKEN = re.compile(r"sk-ant-[\w-]+")


@contextlib.contextmanager
def explained(context: click.Context, *, debug: bool) -> Iterator[None]:
    """Let no exception of ours reach the user as it is.

    click's own (wrong usage, a problem with a sentence) pass: click deals with them. A reader that
    has gone ends the command without a word. ``debug`` prints a traceback, without
    values of variables.
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
        _report_lost(context)
        raise
    except SystemExit:  # what a verb found out: its exit code
        _report_lost(context)
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is
        _report_lost(context)
        if isinstance(error, OSError) and error.errno == errno.EPIPE:
            sys.exit(_problem("", context).exit_code)
        if debug:
            click.echo(harmless("".join(traceback.format_exception(error))), err=True, nl=False)
        raise _problem(sentence(error, context, debug=debug), context) from None
    else:
        _report_lost(context)


class _UndecidedError(click.ClickException):
    """A problem of ``guard``, whose 1 says that a limit is reached."""

    exit_code = 3


def _problem(message: str, context: click.Context) -> click.ClickException:
    """Return a sentence for the user, with the exit code of the verb that was asked for."""
    is_guard = context.invoked_subcommand == "guard"
    return _UndecidedError(message) if is_guard else click.ClickException(message)


def _report_lost(context: click.Context) -> None:
    """Raise what there is to say of output that could not be written, if there is such."""
    error = _give_up_output()
    if error is None:
        return
    problem = _problem(f"The output could not be written: {reason(error)}.", context)
    if error.errno == errno.EPIPE:  # the reader has gone, and wants to hear no more
        sys.exit(problem.exit_code)
    raise problem from None


def _give_up_output() -> OSError | None:
    """Return why stdout takes no more, ``None`` if it does.

    What is still buffered would be tried again, and complained about, when Python ends.
    """
    lost: OSError | None = None
    try:
        sys.stdout.flush()
    except OSError as error:
        lost = error
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    if lost is None and isinstance(raw, Output):
        lost = raw.lost  # more than the buffer holds is kept nowhere
    if lost is not None:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
    return lost


def sentence(error: Exception, context: click.Context, *, debug: bool) -> str:
    """Return what to do about an error; of the error only what holds no data."""
    if isinstance(error, OverflowError) and _is_beyond_python():
        return "This machine's clock is beyond the year 2262. Set it right."
    if isinstance(error, ImportError | SyntaxError) or _is_in_a_module(error):
        return incomplete(error)
    why = error.strerror if isinstance(error, OSError) and error.strerror else ""
    what = f"{type(error).__name__}: {why}" if why else type(error).__name__
    verb = context.invoked_subcommand or "COMMAND"
    where = "" if debug else f" `statusline --debug {verb}` shows where;"
    return f"Something unexpected went wrong ({what}).{where} `statusline doctor` checks the rest."


def _is_in_a_module(error: Exception) -> bool:
    """Tell whether a module lacks a name: a file of it is empty, or of another version."""
    return isinstance(error, AttributeError) and isinstance(error.obj, ModuleType)


def _is_beyond_python() -> bool:
    try:
        clock.now()
    except OverflowError:
        return True
    return False


def harmless(text: str) -> str:
    """Return text without tokens and without anything that a terminal would obey."""
    token = environ.current().oauth_token
    if token:
        text = text.replace(token, "[token]")
    text = _TOKEN.sub("[token]", text)
    return printable(text, kept="\n")
