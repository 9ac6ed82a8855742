"""The one entry point: a render goes the short way, everything else to the commands."""

from __future__ import annotations

import _signal
import sys


def _stand_in() -> None:
    from statusline.system import windows

    windows.stand_in()


try:
    import posix
except ImportError:  # on Windows
    _stand_in()
    import posix

#: What a host may ask for, where the table of surfaces itself is not there.
NAMES = ("claude", "plain", "fish", "bash", "zsh", "tmux", "starship")


def main() -> None:
    """Run ``statusline`` with ``sys.argv``; ends the process."""
    args = sys.argv[1:]
    # Ctrl-C ends a render, or a command that is still being loaded, without a word: a traceback
    # would stand in the prompt.
    is_told_of_ctrl_c = _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler
    if is_told_of_ctrl_c:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    if not args or (len(args) == 1 and _is_surface(args[0])):
        _render(args)
        # Nothing is left to tear down, and tearing it down costs a prompt a sixth of its time.
        posix._exit(0)  # noqa: SLF001
    try:
        _without_click(args, is_told_of_ctrl_c=is_told_of_ctrl_c)
        from statusline.cli.main import cli  # click and all that; a prompt never comes here
    except (ImportError, SyntaxError) as error:
        sys.stderr.write(f"Error: {_what_is_missing(error)}\n")
        sys.exit(3 if args[:1] == ["guard"] else 1)  # its 1 says that a limit is reached
    if is_told_of_ctrl_c:
        _signal.signal(_signal.SIGINT, _signal.default_int_handler)
    cli(prog_name="statusline")


def _is_surface(word: str) -> bool:
    try:
        from statusline.surfaces import SURFACES
    except Exception:  # noqa: BLE001  # as in ``_render``
        return word in NAMES
    return word in SURFACES


def _what_is_missing(error: ImportError | SyntaxError) -> str:
    try:
        from statusline.system.errors import incomplete
    except Exception:  # noqa: BLE001  # it is missing too
        return f"Python cannot load statusline: {error}."
    return incomplete(error)


def _without_click(args: list[str], *, is_told_of_ctrl_c: bool) -> None:
    """Do what needs no click, and end the process; else see to it that click has its streams."""
    if args == ["profile"]:
        from statusline.segment.render import print_profile  # a shell asks once, at its start

        if print_profile():
            sys.exit(0)
    if args == ["refresh", "--background"]:
        from statusline.refresh.refresher import run_in_background  # without click: 30 ms

        run_in_background()
        _renew_hooks()
        sys.exit(0)
    if args[:1] == ["tokens"] and not {"--json", "--csv"}.isdisjoint(args):
        from statusline.cli import tokens_quick  # without click, which takes longer than the work

        if is_told_of_ctrl_c:  # it says that what was read is kept
            _signal.signal(_signal.SIGINT, _signal.default_int_handler)
        code = tokens_quick.run(args[1:])
        if code is not None:
            posix._exit(code)  # noqa: SLF001  # nothing is left to tear down
    from statusline.cli.process import open_streams

    open_streams()  # before a file that is opened takes the place of a closed one


def _renew_hooks() -> None:
    """Let a newer version replace the hooks that installed lines read (in the background)."""
    from statusline.system.environ import current
    from statusline.wiring import kept_hooks

    kept_hooks.renew(current().data_dir)


def _render(args: list[str]) -> None:
    """Print a segment; a word where its code cannot be loaded, never a traceback.

    Memory may have run out, or pip may be putting other files in the place of ours.
    """
    try:
        from statusline.segment.render import run
    except Exception:  # noqa: BLE001  # as in ``run``
        try:
            posix.write(1, b"claude\n")
        except OSError:
            return  # nobody is there to read it
        return
    run(args)
