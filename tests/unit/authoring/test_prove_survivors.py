import pytest

from nbjudge.authoring.prove_survivors import load_explanations
from nbjudge.errors import LessonError

ENTRY = """
[[survivor]]
exercise = "halve"
mutant = "0123abcd"
verdict = "equivalent"
reason = "zero is zero"
"""


def test_explanations_are_read_by_mutant(tmp_path):
    (tmp_path / "survivors.toml").write_text(ENTRY)

    assert load_explanations(tmp_path)["0123abcd"].reason == "zero is zero"
    assert load_explanations(tmp_path / "elsewhere") == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[survivor", "survivors.toml cannot be read: "),
        (ENTRY + ENTRY, "Mutant 0123abcd is explained twice."),
        (
            ENTRY.replace("equivalent", "fine"),
            "The verdict on mutant 0123abcd must be equivalent or accepted; got fine.",
        ),
        (
            ENTRY.replace("zero is zero", " "),
            "A survivor has the keys exercise, mutant, verdict, reason; "
            "got exercise, mutant, verdict, reason.",
        ),
    ],
)
def test_a_broken_file_is_refused(tmp_path, text, message):
    (tmp_path / "survivors.toml").write_text(text)

    with pytest.raises(LessonError) as caught:
        load_explanations(tmp_path)
    assert caught.value.message.startswith(message)
    assert caught.value.context == str(tmp_path / "survivors.toml")
