"""Saved what-ifs: numbers to try in a version of a rule set, kept under a digest of their own."""
