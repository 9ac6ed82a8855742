"""Notifications: when something is to be said of a window, in which words, and how it is sent."""
