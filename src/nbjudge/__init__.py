"""nbjudge: judges untrusted notebooks against hidden tests and names the mistake.

A student imports two names from here; everything else is for whoever grades:

    from nbjudge import check, quiz
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbjudge.student.check import check
    from nbjudge.student.quiz import quiz

__all__ = ["__version__", "check", "quiz"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import on first use: the judge imports this package and never needs IPython."""
    if name == "check":
        from nbjudge.student.check import check  # noqa: PLC0415 - see above

        return check
    if name == "quiz":
        from nbjudge.student.quiz import quiz  # noqa: PLC0415 - see above

        return quiz
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
