"""Who searches. Knows the search space, and nothing else of problems."""
