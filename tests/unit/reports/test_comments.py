from nbjudge.reports.comments import NO_RESPONSE, fault_comment, problem_comment, why_a_person


def test_a_problem_is_the_submissions_and_can_be_read_back():
    comment = problem_comment("unreadable JSON, line 210")
    assert comment == (
        "Not judged: unreadable JSON, line 210. This is about the file that was handed in. "
        "There is no mark yet; a person decides."
    )
    assert why_a_person(comment) == "unreadable JSON, line 210"


def test_a_fault_is_the_graders_and_can_be_read_back():
    comment = fault_comment(has_earlier_mark=False)
    assert comment == (
        "The grader failed here; the submission is not to blame. "
        "There is no mark yet; a person will look at it."
    )
    assert why_a_person(comment) == "the grader failed"


def test_a_stale_mark_is_said_to_be_stale():
    comment = fault_comment(has_earlier_mark=True)
    assert comment.endswith("The mark shown is from an earlier grading; a person will look at it.")
    assert why_a_person(comment) == "the grader failed; the earlier mark is stale"


def test_other_comments_ask_for_nobody():
    assert [why_a_person(text) for text in (None, "", NO_RESPONSE, "Well done.")] == [""] * 4
