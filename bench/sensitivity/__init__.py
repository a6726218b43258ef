"""From a stored experiment to which of its problems' parameters matter."""
