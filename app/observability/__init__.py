"""What an operator sees of a running service: log lines and metrics, which hold nothing that was sent."""
