"""The manual: what `statusline help` prints and what the man page says, from one source."""
