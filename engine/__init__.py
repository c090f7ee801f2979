"""Evenband's engine: rules and tables in, pence and explanations out."""
