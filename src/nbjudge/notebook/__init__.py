"""Notebooks as data: reading them, their cells by role, what to run and when."""
