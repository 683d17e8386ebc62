"""The environment variables of a worker: clean, and the same for everybody."""

from __future__ import annotations


def worker_environment(home: str) -> dict[str, str]:
    """Return the whole environment of a student's process.

    Nothing of the grader's own is passed on. One thread, so that results do not
    depend on the machine; one string hash, so that they do not depend on the run.

    Args:
        home: A folder that it may write to.
    """
    return {
        "HOME": home,
        "IPYTHONDIR": home,
        "LANG": "C.UTF-8",
        "MKL_NUM_THREADS": "1",
        "MPLBACKEND": "agg",
        "MPLCONFIGDIR": home,
        "NBJUDGE_SANDBOX": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PATH": "/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "TMPDIR": home,
    }
