from __future__ import annotations

import json
from typing import Any

import pytest

from nbjudge.cells.checked import NotAnAnswer, executed_cell


def answer(outputs: list[Any], error: Any = None, *, timed_out: Any = False) -> bytes:
    return json.dumps({"outputs": outputs, "error": error, "timed_out": timed_out}).encode()


def test_outputs_come_out_in_nbformats_shape() -> None:
    cell = executed_cell(
        answer(
            [
                {"output_type": "stream", "name": "stdout", "text": "hi", "more": 1},
                {
                    "output_type": "execute_result",
                    "execution_count": 3,
                    "data": {"text/plain": "2", "application/json": {"a": 1}},
                    "metadata": {"x": 1},
                },
            ]
        )
    )

    assert cell.outputs == (
        {"output_type": "stream", "name": "stdout", "text": "hi"},
        {
            "output_type": "execute_result",
            "execution_count": 3,
            "data": {"text/plain": "2", "application/json": '{"a": 1}'},
            "metadata": {},
        },
    )


def test_an_exception_whose_display_was_switched_off_is_shown_all_the_same() -> None:
    cell = executed_cell(answer([], {"ename": "AssertionError", "evalue": "no"}))

    assert cell.outputs[0]["ename"] == "AssertionError"
    assert cell.outputs[0]["traceback"] == [
        "ERROR: An error occurred while showtraceback was disabled"
    ]


def test_an_exception_that_is_shown_is_not_shown_twice() -> None:
    shown = {"output_type": "error", "ename": "KeyError", "evalue": "x", "traceback": ["x"]}

    assert executed_cell(answer([shown], {"ename": "KeyError", "evalue": "x"})).outputs == (shown,)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{",
        b'{"outputs": 1, "error": null, "timed_out": false}',
        answer([1]),
        answer([{"output_type": "stream", "name": "stdout", "text": 1}]),
        answer([{"output_type": "pickle"}]),
        answer([{"output_type": "display_data", "data": []}]),
        answer([], "AssertionError"),
        b"[" * 100_000,
    ],
)
def test_what_no_honest_worker_sends_is_refused(raw: bytes) -> None:
    with pytest.raises(NotAnAnswer, match=r"^the process answered with something that is no cell$"):
        executed_cell(raw)


def test_lone_surrogates_are_replaced() -> None:
    cell = executed_cell(answer([{"output_type": "stream", "name": "stdout", "text": "\ud800"}]))

    assert cell.outputs[0]["text"] == "?"
