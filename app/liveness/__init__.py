"""A small process beside the service that says whether the service still beats."""
