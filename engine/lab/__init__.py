"""Tools for the authors of rules: imports of published tables, rule sets side by side, invented pupils."""
