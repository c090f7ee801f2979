"""The parts of a rule set that money is worked out by, each in a package of the same shape."""
