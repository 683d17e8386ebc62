"""Notebooks without a suite: their cells run in the sandbox and yield outputs, as in Jupyter.

The tests of such a notebook are cells too and run beside the student's code: the
sandbox protects the machine, the gradebook and other students, not the tests.
"""

from nbjudge.cells.job import CellsJob, ExecutedCell, ExecutedCells
from nbjudge.cells.run import run_cells

__all__ = ["CellsJob", "ExecutedCell", "ExecutedCells", "run_cells"]
