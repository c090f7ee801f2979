"""Bodies of requests: bounded and strict JSON text to checked values, off the event loop."""
