"""What other agents have left on this disk about their usage: read without network or token."""
