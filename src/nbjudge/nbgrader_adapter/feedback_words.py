"""The feedback page's own words: headings, links, how to ask for a review."""

from __future__ import annotations

from nbjudge.texts import say


def default_review() -> str:
    """Say how to ask for a review, where the instructor does not; Markdown."""
    return say(
        "Do you think that something here is judged wrongly? Write to whoever teaches the "
        "course: name the part, say what you expected and why. A person looks at it, and a mark "
        "that a person gives stays."
    )


def page_words() -> dict[str, str]:
    """Return heading or link -> its words."""
    return {
        "title": say("Feedback"),
        "skip": say("Skip to what to do next"),
        "next": say("What to do next"),
        "done": say("Nothing: everything that has a mark is right."),
        "read": say("Read again"),
        "more": say("More"),
        "changes": say("Since your last hand-in"),
        "overview": say("Part by part"),
        "part": say("part"),
        "stands": say("where it stands"),
        "points": say("points"),
        "answer": say("Your answer"),
        "comment": say("What a person says"),
        "tests": say("The tests in your notebook"),
        "picture": say("A picture that your code drew; nothing describes it"),
        "figure": say("Your own figure, as you handed it in."),
        "review": say("If you see it differently"),
        "notebook": say("Your notebook"),
        "above": say("Your answer stands above"),
    }
