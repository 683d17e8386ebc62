"""A suite and a student's process: what comes back, what comes to light, what is refused."""

import functools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nbjudge.errors import GraderFault
from nbjudge.model import Outcome
from nbjudge.sandbox.base import Isolation, View, WorkerLost
from nbjudge.sandbox.registry import choose_sandbox
from nbjudge.suite.errors import NoAnswer
from nbjudge.suite.hidden import hidden

from .students import Submission

CELL = """
    import numpy as np, torch
    from torch import nn

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.second = nn.Linear(3, 4), nn.Linear(4, 2)
        def forward(self, x): return self.second(torch.relu(self.first(x)))

    class Wrong(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x): return x * 2
        @staticmethod
        def backward(ctx, g): raise ValueError("not today")

    class WrongShape(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x): return x * 2
        @staticmethod
        def backward(ctx, g): return g

    def same(x): return x
    def pair(x, y): return x * y, {"sum": x + y}
    def clear(w): w.grad = None
    def apply(f, *args): return f(*args)
    def keep(f): globals()["kept"] = f
    def use_kept(*args): return kept(*args)
    def swallow(f, *args):
        try: return f(*args)
        except BaseException as error: return type(error).__name__, str(error)
    def forge(number): return type(kept)(kept._lender, type(kept._lent)(id=number, name="f"))()
    def flood(f):
        while True: f(1)
    def leave(): import os; os._exit(3)
"""


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    started = choose_sandbox(tmp_path_factory.mktemp("course"), Isolation.LIMITS)
    started.prepare(View.TORCH)
    yield started
    started.close()


@pytest.fixture(scope="module")
def shared(sandbox):
    submission = Submission(sandbox, total_wall_s=600, call_cpu_s=60)
    submission.run(CELL)
    yield submission
    submission.session.close()


@pytest.fixture
def student(shared):
    return shared.student


@pytest.fixture
def fresh(sandbox):
    """A submission of its own, for what ends its process."""
    submission = Submission(sandbox, call_cpu_s=2)
    submission.run(CELL)
    yield submission
    submission.session.close()


def test_gradients_of_a_module_equal_the_local_ones(student):
    torch.manual_seed(0)
    local = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2))
    model = student.Model()
    first, second = local[0].state_dict(), local[2].state_dict()
    state = {f"first.{k}": v for k, v in first.items()}
    model.load_state_dict(state | {f"second.{k}": v for k, v in second.items()})
    x = torch.randn(5, 3, requires_grad=True)
    model(x).square().sum().backward()
    remote, x.grad = x.grad, None
    local(x).square().sum().backward()
    torch.testing.assert_close(remote, x.grad)
    torch.testing.assert_close(model.first.weight.grad, local[0].weight.grad)
    torch.testing.assert_close(model.second.bias.grad, local[2].bias.grad)


def test_a_graph_of_several_calls_is_followed_back(student):
    model = student.Model()
    x = torch.ones(2, 3, requires_grad=True)
    a, b = student.pair(x, x.detach() + 1)
    (model(a) + model(b["sum"])).sum().backward()
    assert x.grad.shape == (2, 3)
    assert model.first.weight.grad is not None


def test_backward_twice_adds_up(student):
    model = student.Model()
    for _ in range(2):
        model(torch.ones(1, 3)).sum().backward()
    assert torch.equal(model.second.bias.grad, torch.full((2,), 2.0))


def test_an_input_that_returns_as_it_is_takes_part_in_the_graph(student):
    x = torch.ones(3, requires_grad=True)
    y = student.same(x)
    assert torch.autograd.grad(y.sum(), x)[0].tolist() == [1.0, 1.0, 1.0]
    assert y.data_ptr() == x.data_ptr()


def test_an_exception_of_a_students_backward_arrives(student):
    x = torch.ones(2, requires_grad=True)
    with pytest.raises(ValueError, match="not today"):
        student.Wrong.apply(x).sum().backward()


def test_gradcheck_finds_a_wrong_backward(student):
    x = torch.rand(3, dtype=torch.float64, requires_grad=True)
    with pytest.raises(RuntimeError, match="Jacobian mismatch"):
        torch.autograd.gradcheck(student.WrongShape.apply, x)


def test_graphs_that_nobody_needs_any_more_are_let_go(shared):
    x = torch.ones(2, requires_grad=True)
    shared.student.pair(x, x)
    assert len(shared.session._dropped) == 1
    shared.student.same(1)
    assert shared.session._dropped == []


def test_a_grad_that_the_call_clears_is_cleared(student):
    w = torch.ones(2, requires_grad=True)
    w.sum().backward()
    student.clear(w)
    assert w.grad is None


def test_aliasing_tensors_alias_there_and_back(student):
    x = torch.zeros(4)
    first, second = student.same([x[:3], x[1:]])
    first += 1
    assert second.tolist() == [1.0, 1.0, 0.0]
    assert x.tolist() == [1.0, 1.0, 1.0, 0.0]


def test_a_missing_name_is_said_where_it_is_read(student):
    with pytest.raises(NoAnswer, match="no_such is not defined"):
        student.no_such(1)


def test_an_object_dies_with_its_process_and_a_name_does_not(fresh):
    model, same = fresh.student.Model(), fresh.student.same
    with pytest.raises(WorkerLost, match="exit code 3"):
        fresh.student.leave()
    assert same(5) == 5
    with pytest.raises(WorkerLost, match="the object was lost when its process ended"):
        model(torch.ones(1, 3))
    assert same(fresh.student.Model).described_type == "object of class type"


def test_a_gradient_whose_graph_died_is_said(fresh):
    x = torch.ones(1, requires_grad=True)
    y = fresh.student.same(x)
    with pytest.raises(WorkerLost):
        fresh.student.leave()
    with pytest.raises(WorkerLost, match="what a gradient needs was lost"):
        y.sum().backward()


def test_a_check_that_fails_in_a_lent_function_counts(student):
    def picky(x):
        assert x > 1, "too small"

    with pytest.raises(AssertionError, match="too small"):
        student.swallow(picky, 0)
    assert student.swallow(picky, 2) is None


def test_an_outcome_of_pytest_in_a_lent_function_reaches_pytest(student):
    with pytest.raises(pytest.fail.Exception, match="enough"):
        student.swallow(lambda: pytest.fail("enough"))
    assert student.same(1) == 1


def test_a_students_exception_in_a_nested_call_keeps_its_class(student):
    def nested():
        return student.same.no_such_attribute

    assert student.swallow(nested)[0] == "AttributeError"


def test_an_array_that_a_lent_function_changes_is_changed_there(student):
    assert student.apply(lambda x: x.fill(7) or x, np.zeros(2)).tolist() == [7.0, 7.0]


def test_a_function_that_comes_back_is_the_one_that_was_passed(student):
    def given():
        """Nothing."""

    assert student.same(given) is given


def test_what_was_lent_is_taken_back_after_the_case(fresh):
    fresh.student.keep(lambda: 1)
    assert fresh.student.use_kept() == 1
    fresh.session.begin_case(fresh.session.limits)
    with pytest.raises(WorkerLost, match="a call of a function that was not lent to it"):
        fresh.student.use_kept()


def test_a_forged_number_ends_the_process(fresh):
    fresh.student.keep(len)
    with pytest.raises(WorkerLost, match="not lent to it"):
        fresh.student.forge(99)


def test_calls_without_end_use_up_the_time_of_the_call(fresh):
    with pytest.raises(WorkerLost) as lost:
        fresh.student.flood(lambda x: x)
    assert lost.value.outcome is Outcome.TIMED_OUT or "over 50000 times" in str(lost.value)


FACTOR = 3


def times(x, factor=FACTOR):
    return np.asarray(x) * factor


@hidden
def secret(x):
    if x < 0:
        raise ValueError("negative")
    return times(x, 2)


def misses():
    import no_such_module_anywhere  # noqa: F401, PLC0415 - this is what is tested


@hidden
def needs_what_is_not_there(x):
    return pytest.approx(x)


@hidden
def ends_itself():
    import os  # noqa: PLC0415 - it must end the other process

    os._exit(0)


@hidden
def answers_with_an_object():
    return iter([1])


def test_hidden_code_runs_elsewhere_with_what_it_uses(student):
    assert student.apply(secret, 4).tolist() == 8
    assert student.apply(hidden(functools.partial(times, factor=5)), 2).tolist() == 10


def test_hidden_code_raises_as_if_it_were_here(student):
    assert student.swallow(secret, -1) == ("ValueError", "negative")


def test_hidden_code_called_by_the_suite_is_the_function(student):
    assert secret(4).tolist() == 8


def test_its_name_is_not_told(student):
    assert student.apply(lambda: 1) == 1
    assert hidden(times).__name__ == "function"


def test_hidden_code_that_does_not_come_back_is_an_exception_there(student):
    kind, message = student.swallow(ends_itself)
    assert kind == "RuntimeError"
    assert message == "the function did not answer: the process ended itself (exit code 0)"
    assert student.apply(secret, 1).tolist() == 2


def test_an_object_of_the_hidden_process_stays_there(student):
    kind, message = student.swallow(answers_with_an_object)
    assert (kind, message) == ("TypeError", "an object of one process cannot be passed to another")


def test_hidden_code_that_cannot_run_there_is_the_graders_fault(fresh):
    with pytest.raises(GraderFault, match=r"a hidden function does not run: .*pytest"):
        fresh.student.apply(needs_what_is_not_there, 1)


def test_a_numpy_lesson_knows_no_tensors(sandbox):
    submission = Submission(sandbox, view=View.NUMPY)
    try:
        student = submission.run(
            "def same(x): return x\ndef loaded(): import sys; return list(sys.modules)"
        )
        with pytest.raises(TypeError, match="a Tensor cannot be passed to a student's code"):
            student.same(torch.ones(1))
        assert student.same(1) == 1
        assert "torch" not in student.loaded()
    finally:
        submission.session.close()


def test_hypothesis_may_be_given_the_student_before_its_own_arguments(student):
    @settings(max_examples=5, deadline=None, database=None)
    @given(n=st.integers(0, 9))
    def check(student, n):
        assert student.same(n) == n

    check(student)
