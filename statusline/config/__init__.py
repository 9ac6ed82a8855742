"""``config.toml`` and what it becomes; imported where a file is there to be read."""
