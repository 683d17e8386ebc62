"""nbgrader's configuration of this course: stock nbgrader and one line."""

import nbjudge.nbgrader_adapter

c = get_config()  # noqa: F821 - nbgrader puts it there; an imported one has no effect
c.CourseDirectory.course_id = "layer-normalization"

# Judges in place of nbgrader's own execution and scoring. By default nothing is
# judged where submissions could read this account's files; docs/threat-model.md
# says how to allow that by name, and what it leaves open.
nbjudge.nbgrader_adapter.install(c)
