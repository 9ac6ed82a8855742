"""What is known of a plan's usage, how it is merged, and what is said of its state."""
