"""What a monitoring system fetches from a worker: whether it is well, how far behind it is, and what it has counted."""
