"""Hidden suites: the pytest plugin, the runner and the student proxy."""
