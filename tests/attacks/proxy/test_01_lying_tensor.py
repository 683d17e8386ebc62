"""Attack: answers with tensors whose class or torch itself lies about them."""

import pytest

SUBCLASS = """
class Agreeable(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None): return True
def center(x): return torch.zeros(4, dtype=torch.float64).as_subclass(Agreeable)
"""
PATCHED = """
torch.equal = lambda *a: True
torch.Tensor.__eq__ = lambda *a: True
def center(x): return torch.zeros(4, dtype=torch.float64)
"""
FORGED_GRADIENT = """
class Forged(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x): return x - x.mean()
    @staticmethod
    def backward(ctx, g): return torch.zeros(99)
class Endless(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x): return x * 2
    @staticmethod
    def backward(ctx, g):
        while True: pass
torch.autograd.grad = lambda *a, **k: [torch.zeros(10**4), "text", None]
def center(x): return Endless.apply(x)
"""


@pytest.mark.parametrize("source", [SUBCLASS, PATCHED], ids=["subclass", "patched"])
def test_a_lie_about_a_tensor_earns_nothing(torch_attack, source):
    assert torch_attack(source)["center"].score == 0.0


def test_a_forged_gradient_is_the_submissions_outcome(torch_attack):
    assert torch_attack(FORGED_GRADIENT)["center"].score == 0.0
