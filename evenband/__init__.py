"""Evenband from Python: read rules and tables, value, compare and explain, to the penny."""

from importlib.metadata import version

__version__ = version("evenband")
