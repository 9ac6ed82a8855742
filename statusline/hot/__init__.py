"""What a prompt pays for: built-in modules only (docs/architecture.md)."""
