from tests.unit.nbgrader_adapter.conftest import course, released_course

__all__ = ["course", "released_course"]
