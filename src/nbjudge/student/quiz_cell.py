"""The quiz cell as running it writes it: the answers as plain text inside the notebook."""

from __future__ import annotations

from IPython.core.getipython import get_ipython

from nbjudge.questions.answers import Answers


def cell_source(name: str, answers: Answers) -> str:
    """Write the call that carries answers.

    Args:
        name: How the cell names the lesson.
        answers: What it carries.
    """
    lines = [
        "quiz(",
        f"    {_quoted(name)},",
        f"    student={_quoted(answers.student)},",
        f"    paper={_quoted(answers.paper)},",
        f"    receipt={_quoted(answers.receipt)},",
        *_table("answers", {k: _literal(v) for k, v in answers.answers.items()}),
        *_table("numbers", {k: _literal(dict(v)) for k, v in answers.numbers.items()}),
        ")",
    ]
    return "\n".join(lines)


def write_into_cell(source: str) -> None:
    """Have the editor put `source` into the cell that runs, where there is an editor."""
    shell = get_ipython()
    if shell is not None and hasattr(shell, "set_next_input"):
        shell.set_next_input(source, replace=True)


def _table(name: str, entries: dict[str, str]) -> list[str]:
    if not entries:
        return []
    return [
        f"    {name}={{",
        *(f"        {_quoted(k)}: {v}," for k, v in entries.items()),
        "    },",
    ]


def _literal(value: object) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(k)}: {v!r}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_quoted(item) for item in value) + "]"
    return repr(value)


def _quoted(text: str) -> str:
    """Quote as formatters do: double quotes unless that needs more backslashes."""
    plain = repr(text)
    if plain.startswith("'") and '"' not in text and "\\'" not in plain:
        return f'"{plain[1:-1]}"'
    return plain
