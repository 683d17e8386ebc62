"""`nbjudge VERB`: finds the verbs, parses, and turns errors into messages.

A verb is a module of this package (`suite_from_cells` is `suite-from-cells`) with
`add_arguments(parser)` and `run(arguments) -> int` (the exit code); the first line
of its docstring is its help. Exit codes: 0 done, 1 done and something needs
attention, 2 the call or the course must be corrected first, 130 interrupted.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Sequence

import nbjudge
import nbjudge.cli
from nbjudge.errors import UserError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    if arguments.verb is None:
        parser.print_help()
        return 2
    verb = importlib.import_module(f"nbjudge.cli.{arguments.verb.replace('-', '_')}")
    try:
        return int(verb.run(arguments))
    except UserError as error:
        print(f"nbjudge {arguments.verb}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"\nnbjudge {arguments.verb}: interrupted", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nbjudge", description=(nbjudge.__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--version", action="version", version=f"nbjudge {nbjudge.__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB")
    for module in pkgutil.iter_modules(nbjudge.cli.__path__):
        if module.name == "main" or module.name.startswith("_"):
            continue
        verb = importlib.import_module(f"nbjudge.cli.{module.name}")
        summary = (verb.__doc__ or "").splitlines()[0]
        name = module.name.replace("_", "-")
        sub = verbs.add_parser(name, help=summary, description=verb.__doc__)
        sub.formatter_class = argparse.RawDescriptionHelpFormatter
        verb.add_arguments(sub)
    return parser


if __name__ == "__main__":
    sys.exit(main())
