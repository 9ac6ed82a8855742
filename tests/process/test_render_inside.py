"""Whatever fails inside a render: exit 0, one line, nothing on stderr (P2)."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.canary import MARK
from tests.support.patience import HANG_S
from tests.support.profile import quiet_profile
from tests.support.program import package
from tests.support.real_line import NUMBERS, SAMPLE, line_of
from tests.support.stdin import run_fed

#: The program, with one function of it that raises; the arguments say which, and what. What it says
#: is a secret, in two parts here, since an argv may show none.
BROKEN = f"""
import builtins, importlib, sys
sys.path.insert(0, {str(package().parent)!r})
module, name, error = sys.argv[1:4]
del sys.argv[1:4]
def broken(*_args, **_options):
    raise getattr(builtins, error)({MARK[:6]!r} + {MARK[6:]!r})
setattr(importlib.import_module(f"statusline.{{module}}"), name, broken)
from statusline.entry import main
main()
"""
#: Before the line is out, and after it.
BEFORE = [
    ("system.environ", "current"),
    ("system.bounded_read", "read_stdin"),
    ("segment.render", "load"),
    ("segment.active_settings", "settings"),
    ("segment.layout", "lay_out"),
    ("segment.escaping", "encode"),
]
AFTER = [("segment.prerendered", "until"), ("segment.prerendered", "write")]


def broken_render(surface: str, *harm: str) -> list[str]:
    """The command line of a render with this harm done to it."""
    return [sys.executable, "-I", "-c", BROKEN, *harm, surface]


@pytest.mark.parametrize("error", ["ValueError", "MemoryError"])
@pytest.mark.parametrize(("module", "name"), [*BEFORE, *AFTER])
def test_i08_an_error_inside_costs_a_word_at_most(
    module: str, name: str, error: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A status line that exits non-zero goes blank, and stderr would stand in the prompt."""
    profile = quiet_profile(tmp_path_factory.mktemp("home"), with_numbers=True)
    surface = "claude" if name == "read_stdin" else "tmux"
    done: subprocess.CompletedProcess[bytes] = run_fed(
        broken_render(surface, module, name, error),
        env=profile.environment,
        input=SAMPLE,
        capture_output=True,
        timeout=HANG_S,
        check=False,
    )
    assert line_of(done) == (NUMBERS if (module, name) in AFTER else "claude")
