"""From what is known to one line on a surface; what a prompt pays for lives here."""
