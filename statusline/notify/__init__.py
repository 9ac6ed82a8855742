"""What is said of a window without being asked: when, in which words, and in which way."""
