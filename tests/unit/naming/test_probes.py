import json
from dataclasses import replace

import numpy as np
import pytest

from nbjudge.errors import UserError
from nbjudge.naming.probes import ProbeFile, dump_probes, load_probes, parse_probes
from tests.unit.naming.sample import probe_file, rows_exercise


def _rewritten(**changes):
    document = json.loads(dump_probes(probe_file()))
    return json.dumps({**document, **changes}).encode()


def test_the_same_records_are_the_same_bytes_and_survive_reading():
    data = dump_probes(probe_file())
    assert data == dump_probes(probe_file())
    assert dump_probes(parse_probes(data, context="here")) == data
    assert data.endswith(b"}\n")


def test_what_was_written_is_read(tmp_path):
    path = tmp_path / "m1_l01_rows.nbjudge.json"
    path.write_bytes(dump_probes(probe_file()))
    read = load_probes(path)
    assert read.lesson == "m1_l01_rows"
    probe = read.exercises["scale_rows"].probes[0]
    assert (probe.case, probe.title, probe.rtol) == ("small", "Rows of small.", 1e-6)
    np.testing.assert_array_equal(probe.steps[0].args[0], np.array([[1, 3]], np.float32))
    assert probe.right[0].value.dtype == np.float32
    assert probe.wrong["mutates-input"][0].changed.keys() == {"0"}
    assert read.exercises["scale_rows"].misconceptions["by-sum"].question == "Why by-sum?"
    assert read.exercises["Welford"].probes[2].right[2].value == "ValueError"


def test_one_behaviour_is_one_line_of_the_file():
    lines = dump_probes(probe_file()).decode().splitlines()
    (line,) = [line for line in lines if '"by-sum": [' in line and '"small"' not in line][:1]
    json.loads("{" + line.strip().rstrip(",") + "}")
    assert max(map(len, lines)) < 500


def test_a_behaviour_that_several_share_is_written_once():
    probe = json.loads(dump_probes(probe_file()))["exercises"]["scale_rows"]["probes"][0]
    assert isinstance(probe["wrong"]["adds-one"], list)
    twin = rows_exercise()
    wrong = twin.probes[0].wrong
    shared = replace(twin.probes[0], wrong={**wrong, "adds-one again": wrong["adds-one"]})
    data = dump_probes(
        ProbeFile(lesson="m", exercises={"scale_rows": replace(twin, probes=(shared,))})
    )
    (written,) = json.loads(data)["exercises"]["scale_rows"]["probes"]
    assert written["wrong"]["adds-one again"] == "adds-one"
    (read,) = parse_probes(data, context="test").exercises["scale_rows"].probes
    assert read.behaviour("adds-one again") is read.behaviour("adds-one")
    assert dump_probes(parse_probes(data, context="test")) == data


def test_wrong_numbers_have_fewer_digits_than_right_ones():
    document = json.loads(dump_probes(probe_file()))
    probe = document["exercises"]["Welford"]["probes"][1]
    right = probe["right"][-1]["value"]
    wrong = probe["wrong"]["counts-one-more"][-1]["value"]
    assert len(str(right)) > 12 >= len(str(wrong))


@pytest.mark.parametrize("number", [0, 2, "1", None])
def test_another_format_is_refused_with_its_number_and_cure(number):
    with pytest.raises(UserError) as caught:
        parse_probes(_rewritten(format=number), context="a.nbjudge.json")
    assert str(caught.value) == (
        f"The public probes have format {number!r}; this nbjudge reads format 1.\n"
        "  where: a.nbjudge.json\n"
        "  to cure it: install the nbjudge that the course names, or take the released file "
        "again, or `nbjudge build` the lesson again."
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"3",
        b"\xff\xfe",
        b"{}",
        b'{"format": 1}',
        b"[" * 100_000,
        _rewritten(exercises=[]),
        _rewritten(exercises={"f": {"probes": [{}], "misconceptions": {}}}),
        _rewritten(exercises={"f": {"probes": [], "misconceptions": {"m": 3}}}),
    ],
)
def test_what_is_no_probe_file_is_refused_with_place_and_cure(data):
    with pytest.raises(UserError) as caught:
        parse_probes(data, context="a.nbjudge.json")
    assert str(caught.value).startswith("This is no file of public probes: ")
    assert caught.value.context == "a.nbjudge.json"
    assert caught.value.hint == "take the released file again, or `nbjudge build` the lesson again."


def test_an_absent_file_is_named(tmp_path):
    with pytest.raises(UserError) as caught:
        load_probes(tmp_path / "absent.nbjudge.json")
    assert str(caught.value) == (
        "The public probes cannot be read.\n"
        f"  where: {tmp_path / 'absent.nbjudge.json'}: No such file or directory\n"
        "  to cure it: put the file that was released with the notebook back beside it."
    )
