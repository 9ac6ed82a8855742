"""What was: the history of use, and what follows from it for the windows that run now."""
