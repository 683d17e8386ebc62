"""Runs inside the sandbox: a notebook's cells, and calls into them."""
