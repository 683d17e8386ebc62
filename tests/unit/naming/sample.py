"""Two small made-up exercises and their bank: `scale_rows` and the class `Welford`."""

from dataclasses import replace

import numpy as np

from nbjudge.model import Misconception
from nbjudge.naming.observe import observe
from nbjudge.naming.probes import ExerciseProbes, Probe, ProbeFile, Step


def scale_rows(x, gamma, *, by=None, add=0.0, mutate=False, wide=False):
    """Divide each row by its mean, then scale; mistakes behind switches."""
    divisor = x.sum(axis=-1, keepdims=True) if by == "sum" else x.mean(axis=-1, keepdims=True)
    if mutate:
        x /= divisor
        y = x * gamma
    else:
        y = x / divisor * gamma
    y = y + np.asarray(add, dtype=y.dtype)
    return y.astype(np.float64) if wide else y.astype(x.dtype)


class Welford:
    """Running mean and variance; `ddof` and `start` are its mistakes."""

    def __init__(self, ddof=0, start=0):
        self.count, self.mean, self.m2, self.ddof = start, 0.0, 0.0, ddof

    def update(self, value):
        if not np.isfinite(value):
            raise ValueError("not finite")
        self.count += 1
        delta = value - self.mean
        self.mean += delta / self.count
        self.m2 += delta * (value - self.mean)

    def variance(self):
        return self.m2 / (self.count - self.ddof)


def texts(name, exercise):
    return Misconception(
        id=name,
        exercise=exercise,
        belief=f"I believe {name}.",
        explanation=f"This behaves like {name}.",
        question=f"Why {name}?",
        hint=f"Look at {name}.",
        paragraph="The-formula",
        example=f"Half of {name}:\n\n    1 + 1 = 2",
    )


SWITCHES = {
    "by-sum": {"by": "sum"},
    "adds-one": {"add": 1.0},
    "mutates-input": {"mutate": True},
    "upcast-leak": {"wide": True},
}
PAIRS = ("by-sum + adds-one", "by-sum + mutates-input", "adds-one + mutates-input")


def switched(**switches):
    def variant(x, gamma):
        return scale_rows(x, gamma, **switches)

    return {"scale_rows": variant}


def wrong_rows(name):
    chosen = {}
    for part in name.split(" + "):
        chosen.update(SWITCHES[part])
    return switched(**chosen)


def rows_probe(case, x, gamma, **fields):
    return Probe(
        case=case,
        title=f"Rows of {case}.",
        rtol=fields.pop("rtol", 1e-6),
        atol=fields.pop("atol", 1e-6),
        steps=(Step(target="scale_rows", args=(np.asarray(x), np.asarray(gamma))),),
        right=(),
        **fields,
    )


def completed(probe, right, wrong):
    """Fill in what `right` and the `wrong` implementations do, as the build would."""
    recorded = {name: observe(code, probe) for name, code in wrong.items()}
    return replace(probe, right=observe(right, probe), wrong=recorded)


def rows_exercise():
    f4 = np.float32
    probes = [
        rows_probe("small", np.array([[1.0, 3.0]], f4), np.array([1.0, 2.0], f4)),
        rows_probe("two", np.array([[2.0, 4.0, 6.0], [1.0, 1.0, 4.0]], f4), np.ones(3, f4)),
        rows_probe("three", np.array([[5.0, 1.0], [0.5, 2.5]], f4), np.array([3.0, 0.5], f4)),
    ]
    wrong = {name: wrong_rows(name) for name in (*SWITCHES, *PAIRS)}
    return ExerciseProbes(
        exercise="scale_rows",
        probes=tuple(completed(probe, switched(), wrong) for probe in probes),
        misconceptions={name: texts(name, "scale_rows") for name in sorted(SWITCHES)},
    )


def welford_probe(case, values, **fields):
    updates = [Step(target="$0.update", args=(value,)) for value in values]
    return Probe(
        case=case,
        title=f"A stream of {len(values)}.",
        rtol=1e-6,
        atol=1e-6,
        steps=(
            Step(target="Welford"),
            *updates,
            Step(target="$0.mean", is_call=False),
            Step(target="$0.variance"),
        ),
        right=(),
        **fields,
    )


def welford_exercise():
    wrong = {
        "sample-variance": {"Welford": lambda: Welford(ddof=1)},
        "counts-one-more": {"Welford": lambda: Welford(start=1)},
    }
    probes = [
        welford_probe("short", [1.0, 2.0]),
        welford_probe("long", [4.0, 0.0, 5.0]),
        welford_probe("refuses", [1.0, float("inf"), 2.0]),
    ]
    return ExerciseProbes(
        exercise="Welford",
        probes=tuple(completed(probe, {"Welford": Welford}, wrong) for probe in probes),
        misconceptions={name: texts(name, "Welford") for name in sorted(wrong)},
    )


def probe_file():
    exercises = {"scale_rows": rows_exercise(), "Welford": welford_exercise()}
    return ProbeFile(lesson="m1_l01_rows", exercises=exercises)


def observe_all(exercise, namespace):
    return [observe(namespace, probe) for probe in exercise.probes]
