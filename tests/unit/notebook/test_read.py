from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nbjudge.notebook import UnreadableNotebook, read_notebook

CELL = {"cell_type": "code", "id": "a", "metadata": {}, "source": "x = 1", "outputs": []}
GOOD = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [CELL]}


def as_bytes(document: object) -> bytes:
    return json.dumps(document).encode()


def with_cell(**changes: object) -> bytes:
    return as_bytes({**GOOD, "cells": [{**CELL, **changes}]})


def test_a_notebook_keeps_type_id_metadata_and_source():
    [cell] = read_notebook(with_cell(metadata={"tags": ["setup"]}))["cells"]

    assert cell["cell_type"] == "code"
    assert cell["id"] == "a"
    assert cell["metadata"] == {"tags": ["setup"]}
    assert cell["source"] == "x = 1"


def test_submitted_outputs_do_not_get_through():
    output = {"output_type": "execute_result", "data": {"text/plain": "99"}}

    [cell] = read_notebook(with_cell(outputs=[output], execution_count=7))["cells"]

    assert cell["outputs"] == []
    assert cell["execution_count"] is None


def test_source_lines_are_joined_and_line_ends_made_equal():
    [cell] = read_notebook(with_cell(source=["a\r\n", "b\r", "c"]))["cells"]

    assert cell["source"] == "a\nb\nc"


def test_a_byte_order_mark_is_no_problem():
    assert read_notebook(b"\xef\xbb\xbf" + as_bytes(GOOD))["cells"]


def test_lone_surrogates_become_encodable():
    raw = with_cell(source="s").replace(b'"s"', b'"\\ud800 = 1"')

    [cell] = read_notebook(raw)["cells"]

    assert cell["source"].encode() == "\ufffd = 1".encode()


def test_of_duplicate_keys_the_last_counts_as_everywhere_in_json():
    raw = as_bytes(GOOD).replace(b'"source": "x = 1"', b'"source": "a", "source": "b"')

    assert read_notebook(raw)["cells"][0]["source"] == "b"


def test_what_is_missing_or_odd_but_harmless_is_tolerated():
    raw = as_bytes({"nbformat": 4, "metadata": 3, "cells": [{"cell_type": "raw", "id": 5}]})

    notebook = read_notebook(raw)

    assert notebook["metadata"] == {}
    assert notebook["cells"] == [{"cell_type": "raw", "id": "", "metadata": {}, "source": ""}]


def test_nbformat_3_is_upgraded():
    cells = [
        {"cell_type": "code", "input": ["x = ", "1"], "metadata": {}},
        {"cell_type": "heading", "level": 2, "source": "Need"},
        {"cell_type": "html", "source": "<b>"},
    ]
    raw = as_bytes({"nbformat": 3, "metadata": {}, "worksheets": [{"cells": cells}]})

    read = [(c["cell_type"], c["source"]) for c in read_notebook(raw)["cells"]]

    assert read == [("code", "x = 1"), ("markdown", "## Need"), ("markdown", "<b>")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the file is empty"),
        (b" \n ", "the file is empty"),
        (b"\xff\xfe{}", "not UTF-8 text, at byte 1"),
        (b'{"cells": [\n\n oops', "unreadable JSON, line 3"),
        (b"[" * 100_000, "unreadable JSON: nested too deeply"),
        (b"[" * 90 + b"]" * 90, "unreadable JSON: nested too deeply"),
        (b"1" * 5000, "unreadable JSON: a number is too long"),
        (b"[]", "not a notebook: the file holds other JSON"),
        (b"{}", "not a notebook: it does not say its nbformat"),
        (as_bytes({**GOOD, "nbformat": "4"}), "not a notebook: it does not say its nbformat"),
        (as_bytes({**GOOD, "nbformat": True}), "not a notebook: it does not say its nbformat"),
        (as_bytes({**GOOD, "nbformat": 99}), "nbformat 99 is not known"),
        (as_bytes({**GOOD, "nbformat": 3}), "nbformat 3 is not known"),
        (as_bytes({"nbformat": 4}), "not a notebook: no cells"),
        (as_bytes({"nbformat": 3, "worksheets": [1]}), "not a notebook: no cells"),
        (as_bytes({**GOOD, "cells": [CELL, 7]}), "cell 2 is not a cell"),
        (with_cell(cell_type="quiz"), 'cell 1 has the unknown type "quiz"'),
        (with_cell(cell_type=["code"]), 'cell 1 has the unknown type ["code"]'),
        (with_cell(source={"a": 1}), "cell 1 has a source that is not text"),
        (with_cell(source=["a", 1]), "cell 1 has a source that is not text"),
    ],
)
def test_what_cannot_be_read_gets_one_sentence(content, sentence):
    with pytest.raises(UnreadableNotebook) as caught:
        read_notebook(content)

    assert str(caught.value) == sentence


def test_a_huge_file_is_refused_before_it_is_parsed():
    with pytest.raises(UnreadableNotebook, match="the file is larger than 64 MB"):
        read_notebook(b"{" * ((64 << 20) + 1))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
CELL_FIELDS = ("cell_type", "id", "metadata", "source", "outputs", "attachments", "input", "level")
cells = st.dictionaries(st.sampled_from(CELL_FIELDS), anything) | st.builds(
    lambda kind, rest: {**rest, "cell_type": kind},
    st.sampled_from(["code", "markdown", "raw", "heading", "html"]),
    st.dictionaries(st.sampled_from(CELL_FIELDS), anything),
)
documents = st.fixed_dictionaries(
    {"nbformat": st.sampled_from([3, 4, 4, 4]) | anything},
    optional={
        "metadata": anything,
        "cells": st.lists(cells | anything, max_size=3) | anything,
        "worksheets": st.lists(
            st.fixed_dictionaries({"cells": st.lists(cells, max_size=3)}) | anything, max_size=2
        ),
    },
)


@settings(deadline=None)
@given(documents.map(as_bytes) | st.binary() | anything.map(as_bytes))
@example(b'{"nbformat": 4, "cells": [], "x": NaN}')
def test_nothing_but_a_checked_notebook_or_a_sentence_comes_out(content):
    try:
        notebook = read_notebook(content)
    except UnreadableNotebook as error:
        assert str(error)  # noqa: PT017 - either way out is fine, so nothing must raise
        return

    for cell in notebook["cells"]:
        assert cell["cell_type"] in {"code", "markdown", "raw"}
        assert isinstance(cell["id"], str)
        assert isinstance(cell["metadata"], dict)
        assert isinstance(cell["source"], str)
    json.dumps(notebook, ensure_ascii=False).encode()
