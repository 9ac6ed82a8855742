"""The one entry point: a render goes the short way, everything else to the commands."""

from __future__ import annotations

import _signal
import posix
import sys


def main() -> None:
    """Run ``statusline`` with ``sys.argv``; ends the process."""
    from statusline.surfaces import SURFACES

    args = sys.argv[1:]
    if not args or (len(args) == 1 and args[0] in SURFACES):
        # Ctrl-C at a prompt ends a render without a word: a traceback would stand in the prompt.
        if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
            _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
        from statusline.segment.render import run

        run(args)
        # Nothing is left to tear down, and tearing it down costs a prompt a sixth of its time.
        posix._exit(0)  # noqa: SLF001
    if args == ["profile"]:
        from statusline.segment.render import print_profile  # a shell asks once, at its start

        if print_profile():
            sys.exit(0)
    if args == ["refresh", "--background"]:
        from statusline.refresh.refresher import run_in_background  # without click: 30 ms

        run_in_background()
        sys.exit(0)
    if args[:1] == ["tokens"] and not {"--json", "--csv"}.isdisjoint(args):
        from statusline.cli import tokens_quick  # without click, which takes longer than the work

        code = tokens_quick.run(args[1:])
        if code is not None:
            posix._exit(code)  # noqa: SLF001  # as above
    from statusline.cli.process import open_streams

    open_streams()  # before a file that is opened takes the place of a closed one
    from statusline.cli.main import cli  # click and all that; a prompt never comes here

    cli(prog_name="statusline")
