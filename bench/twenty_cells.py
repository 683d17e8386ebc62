"""A lesson for `bench/judge.py`: a notebook of 20 cells, and a suite of 13 cases in 68 calls."""

SLUG = "m9_l01_twenty_cells"
CELLS = (
    "%matplotlib inline\nimport numpy as np, torch, matplotlib.pyplot as plt\ntorch.manual_seed(0)",
    """def layer_norm(x, gamma, beta, eps=1e-5):
    m = x.mean(-1, keepdims=True); v = x.var(-1, keepdims=True)
    return (gamma * (x - m) / np.sqrt(v + eps) + beta).astype(x.dtype)""",
    "def relu(x): return np.maximum(x, 0)",
    """class Net(torch.nn.Module):
    def __init__(self, d):
        super().__init__()
        self.l = torch.nn.Linear(d, 2)
    def forward(self, x): return torch.relu(self.l(x))""",
    """class Sq(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x): ctx.save_for_backward(x); return x * x
    @staticmethod
    def backward(ctx, g): return 2 * ctx.saved_tensors[0] * g
def sq(x): return Sq.apply(x)""",
    """def checked(n):
    if n < 0: raise ValueError("negative")
    return n""",
    "def wrong(x): return x + 1",
    """def fib(n):
    a, b = 0, 1
    for _ in range(n): a, b = b, a + b
    return a""",
    "x = np.random.randn(64, 64); print(x.mean())",
    "layer_norm(x, 1, 0).std()",
    "net = Net(8); net(torch.randn(4, 8))",
    """opt = torch.optim.SGD(net.parameters(), lr=.1)
for i in range(20):
    l = net(torch.randn(16, 8)).pow(2).sum(); opt.zero_grad(); l.backward(); opt.step()
print(l.item())""",
    "plt.figure(); plt.plot(np.sin(np.linspace(0, 6, 100))); plt.title('sin'); plt.show()",
    "from IPython.display import display\ndisplay({'a': 1})",
    "!echo hi",
    "import asyncio\nawait asyncio.sleep(0)",
    "%timeit -n1 -r1 relu(x)",
    "a = [i**2 for i in range(1000)]\nsum(a)",
    "b = {k: str(k) for k in range(100)}; len(b)",
    "torch.softmax(torch.randn(3, 3), -1)",
)
ASSERTS = tuple(f"assert np.allclose(relu(np.array([-1., {i}.])), [0, {i}])" for i in range(40))
"""What stock nbgrader would run instead of a suite."""
SUITE = """
import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings, strategies as st

rng = np.random.default_rng(0)


def right(x, g, b, eps):
    m, v = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
    return (g * (x - m) / np.sqrt(v + eps) + b).astype("float32")


def close(got, expected):
    assert type(got) is type(expected) and got.shape == expected.shape
    assert got.dtype == expected.dtype
    np.testing.assert_allclose(np.asarray(got), np.asarray(expected), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("shape", [(2, 3), (4, 8), (32, 50, 128)])
def test_layer_norm(student, shape):
    x = rng.standard_normal(shape).astype("float32")
    g, b = np.ones(shape[-1], "float32"), np.zeros(shape[-1], "float32")
    for _ in range(4):
        close(student.layer_norm(x, g, b, 1e-5), right(x, g, b, 1e-5))


def test_eps(student):
    x = rng.standard_normal((4, 8)).astype("float32")
    g, b = np.ones(8, "float32"), np.zeros(8, "float32")
    for eps in (1e-1, 1e-2, 1e-3, 1e-5):
        close(student.layer_norm(x, g, b, eps), right(x, g, b, eps))


@settings(max_examples=15, deadline=None, database=None, derandomize=True,
          suppress_health_check=list(HealthCheck))
@given(n=st.integers(1, 20))
def test_relu(student, n):
    x = np.linspace(-1, 1, n)
    close(student.relu(x), np.maximum(x, 0))


def test_module(student):
    net = student.Net(8)
    state = net.state_dict()
    x = torch.randn(3, 8, requires_grad=True)
    y = net(x)
    close(y.detach(), torch.relu(x @ state["l.weight"].T + state["l.bias"]).detach())
    y.sum().backward()
    assert x.grad.shape == x.shape
    assert all(p.grad is not None for p in net.parameters())


def test_autograd_function(student):
    x = torch.randn(5, dtype=torch.float64, requires_grad=True)
    student.sq(x).sum().backward()
    close(x.grad, 2 * x.detach())
    assert torch.autograd.gradcheck(student.sq, x)


def test_raises(student):
    with pytest.raises(ValueError):
        student.checked(-1)


def test_fails(student):
    x = rng.standard_normal((4, 8))
    close(student.wrong(x), x)


@pytest.mark.parametrize("n", range(4))
def test_scalar(student, n):
    assert student.fib(n) == [0, 1, 1, 2][n]
"""
