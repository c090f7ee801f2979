"""A small process beside the service that reports whether the service still runs."""
