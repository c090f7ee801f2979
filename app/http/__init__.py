"""HTTP around the endpoints: limits and headers of every answer, queries, callers who have gone, large answers."""
