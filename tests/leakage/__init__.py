"""Secrets that would get out: hostile words go in by every way of the rehearsal, and then everything is searched."""
