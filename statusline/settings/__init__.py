"""What the user may choose: ``config.toml``, what it becomes, and how it is kept."""
