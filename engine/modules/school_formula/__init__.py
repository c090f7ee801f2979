"""The schools formula and notional SEN of each school."""
