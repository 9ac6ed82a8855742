"""Claude usage for status lines and prompts; this module holds the version and imports nothing."""

__version__ = "0.1.0"
