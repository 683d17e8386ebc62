"""nbgrader by configuration alone: preprocessors, gradebook writer, installer.

The one line of `nbgrader_config.py`:

    nbjudge.nbgrader_adapter.install(c)

Every nbgrader command loads that file, so nothing here imports nbgrader: the
settings name classes by their import path.
"""

from nbjudge.nbgrader_adapter.install import install

__all__ = ["install"]
