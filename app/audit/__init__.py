"""Who did what: an append-only chain of events, in which no earlier one can be changed unseen."""
