"""Quiz questions, split from their keys."""
