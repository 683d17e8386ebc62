from __future__ import annotations

from nbjudge.worker.cell_outputs import MOST_BYTES, MOST_OUTPUTS, CellOutputs


def outputs() -> CellOutputs:
    return CellOutputs({})


def test_what_is_written_in_a_row_is_one_output() -> None:
    cell = outputs()
    for name, text in (("stdout", "a"), ("stdout", "b"), ("stderr", "c"), ("stdout", "d")):
        cell.stream(name, text)

    assert [(o["name"], o["text"]) for o in cell.items] == [
        ("stdout", "ab"),
        ("stderr", "c"),
        ("stdout", "d"),
    ]


def test_after_a_flood_a_first_word_on_stderr_is_kept() -> None:
    cell = outputs()
    cell.stream("stdout", "x" * (MOST_BYTES + 1))
    cell.stream("stdout", "y")
    cell.stream("stderr", "wrong")
    cell.stream("stderr", "again")

    assert len(cell.items) == 2
    assert cell.items[1]["text"].startswith("wrong")
    assert "again" not in cell.items[1]["text"]


def test_a_result_and_an_error_are_kept_however_much_was_shown() -> None:
    cell = outputs()
    for _ in range(MOST_OUTPUTS + 5):
        cell.display({"text/plain": "x"}, None, display_id=None, update=False)
    cell.result({"text/plain": "1"}, {}, 1)
    cell.error("KeyError", "1", ["KeyError: 1"])

    assert len(cell.items) == MOST_OUTPUTS + 2


def test_clearing_can_wait_for_what_comes_next() -> None:
    cell = outputs()
    cell.stream("stdout", "old")
    cell.clear(wait=True)
    assert cell.items[0]["text"] == "old"

    cell.stream("stdout", "new")
    assert [o["text"] for o in cell.items] == ["new"]


def test_an_update_changes_what_an_earlier_cell_showed() -> None:
    displays: dict[str, list[dict[str, object]]] = {}
    first, second = CellOutputs(displays), CellOutputs(displays)
    first.display({"text/plain": "1"}, None, display_id="d", update=False)
    second.display({"text/plain": "2"}, None, display_id="d", update=True)

    assert first.items[0]["data"] == {"text/plain": "2"}
    assert second.items == []


def test_bytes_are_base64_as_in_a_notebook_file() -> None:
    cell = outputs()
    cell.display({"image/png": b"\x89PNG"}, {"a": 1}, display_id=None, update=False)

    assert cell.items[0]["data"] == {"image/png": "iVBORw=="}
    assert cell.items[0]["metadata"] == {"a": 1}
