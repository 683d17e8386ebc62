"""Marks for other systems, as nbgrader export plugins."""
