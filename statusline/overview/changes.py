"""What whoever goes on looking at a profile asks: have its files changed, is a refresh due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from statusline.login import identity
from statusline.segment import active_settings, prerendered, render, spawn
from statusline.system import clock

if TYPE_CHECKING:
    from statusline.overview.overview import ProfileData
    from statusline.overview.profiles import Profile


def stamps(profile: Profile) -> tuple[object, ...]:
    """Return what tells the files of now from others: numbers, configuration, login."""
    env = profile.env
    directory = env.profile_dir
    return (
        None if directory is None else prerendered.usage_stamp(directory),
        active_settings.config_stamp(env),
        identity.login_stamp(env),
    )


def ask_if_due(profile: Profile, known: ProfileData) -> None:
    """Start the detached refresher if one is due, as a render does."""
    directory = profile.env.profile_dir
    if directory is None or profile.claude_dir is None:
        return
    if render.is_due(known.snapshot, clock.now()):
        spawn.start(profile.env, directory)
