"""What may be told to strangers of paths and names."""

from __future__ import annotations

import pytest

from statusline.doctor.public import public_path, scrubbed
from statusline.system.environ import Environment
from tests.support import canary


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/home/ada/.config/tmux/tmux.conf", "~/.config/tmux/tmux.conf"),
        ("/home/ada/customers/acme/.zshrc", "~/…/.zshrc"),
        ("/home/ada/.cache/statusline/0123456789abcdef/lock", "~/.cache/statusline/…/lock"),
        ("/home/ada", "/…"),
        ("/usr/local/bin/statusline", "/usr/local/bin/statusline"),
        ("/srv/acme/bin/statusline", "/…/bin/statusline"),
        ("/home/adam/.bashrc", "/…/.bashrc"),
        ("acme", "…"),
    ],
)
def test_only_well_known_parts_of_a_path_are_named(path: str, shown: str) -> None:
    """`~` hides one name; the directories below it have names of people and customers too."""
    assert public_path(path, "/home/ada") == shown


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        (f"token {canary.token('x')}.", "token …."),
        (f"by {canary.email('x')}", "by …"),
        ("via http://me:pw@proxy:1", "via http://…proxy:1"),
        ("in /home/ada/work", "in …/work"),
        ("ada, ada_ and adam", "…, … and adam"),
        ("claude line", "claude line"),
    ],
)
def test_what_was_overlooked_is_taken_out(text: str, safe: str) -> None:
    """The second net, below every line that is made of words of ours."""
    env = Environment({"HOME": "/home/ada", "USER": "ada_", "LOGNAME": "claude"})
    assert scrubbed(text, env) == safe
