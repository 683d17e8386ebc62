"""nbjudge: judges untrusted notebooks against hidden tests and names the mistake.

A student imports two names from here; everything else is for whoever grades:

    from nbjudge import check
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbjudge.student.check import check

__all__ = ["__version__", "check"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import `check` on first use: the judge imports this package and never needs IPython."""
    if name == "check":
        from nbjudge.student.check import check  # noqa: PLC0415 - see above

        return check
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
