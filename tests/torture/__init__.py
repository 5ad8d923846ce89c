"""Runs that take minutes: `make torture`."""
