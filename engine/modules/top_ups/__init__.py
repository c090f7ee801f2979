"""Bands and top-ups of each pupil."""
