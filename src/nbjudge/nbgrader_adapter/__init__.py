"""nbgrader by configuration alone: preprocessors, gradebook writer, installer."""
