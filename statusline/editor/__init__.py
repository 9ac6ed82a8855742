"""Changing ``config.toml``: its text, what it would look like, and the screen for both."""
