"""Attack: keeps hidden code busy until its process is ended, to spoil the next hidden function."""

BUSY = """
times = [1, 2]
def is_centered(impl):
    while times:
        times.pop()
        try: impl(np.zeros(10**8, np.uint8))
        except Exception: pass
    return abs(float(impl(np.arange(4.0)).mean())) < 1e-9
"""


def test_what_it_did_to_one_function_is_no_fault_of_the_next(torch_attack):
    """`torch_attack` raises a fault; how often it is out of time depends on the load."""
    outcomes = [case.outcome.value for case in torch_attack(BUSY)["is_centered"].cases]
    assert set(outcomes) <= {"passed", "timed out"}
