"""The option ``--profile``: which profile a command is about."""

from __future__ import annotations

import click

from statusline.overview.profiles import Profile, UnknownProfileError, named
from statusline.system import environ

profile_option = click.option(
    "--profile",
    metavar="NAME",
    default="",
    help="Show another account: its label, its Claude directory, or digits of its cache's name.",
)


def chosen(asked: str, *, to_refresh: bool = False) -> Profile:
    """Return the profile that was asked for, the present one without a name where none was.

    Raise ``BadParameter`` where there is none of that name, or none that can be refreshed.
    """
    env = environ.current()
    if not asked:
        return Profile("", env.profile_dir or "", env.claude_dir, env, is_present=True)
    try:
        found = named(asked, env)
    except UnknownProfileError as error:
        raise click.BadParameter(str(error), param_hint="--profile") from None
    if to_refresh and found.claude_dir is None:
        what = f"the Claude directory of {found.name} is unknown: it can only be looked at."
        raise click.BadParameter(what, param_hint="--profile")
    return found
