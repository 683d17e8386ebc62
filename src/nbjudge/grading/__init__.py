"""One submission, and many."""
