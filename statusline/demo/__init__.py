"""A day of usage played to the real refresher: no account, no network, no trace left."""
