"""What is made of the reports of a proof's jobs."""

from nbjudge.authoring.prove_forks import Finished, ForkJob
from nbjudge.authoring.prove_runs import cost_ms, right_from

JOB = ForkJob(name="solution", do=lambda _: None, timeout_s=1.0)


def report(case, number, *, outcome="passed", cpu_s=0.0):
    return {"case": case, "round": number, "outcome": outcome, "message": "", "cpu_s": cpu_s}


def finished(*said):
    return Finished(job=JOB, said=said, ended="")


def test_cost_is_that_of_the_first_round_even_if_a_later_job_ended_before_it():
    late = finished(report("test_a", 50, outcome="failed", cpu_s=9.0))
    first = finished(report("test_a", 0, cpu_s=0.002), report("test_b", 0, cpu_s=0.001))

    assert cost_ms([late, first]) == {"test_a": 2.0, "test_b": 1.0}


def test_refusals_of_all_jobs_are_told_in_the_order_of_rounds():
    late = finished(report("test_a", 50, outcome="failed"))
    first = finished(report("test_b", 1, outcome="failed"), report("test_a", 1, outcome="failed"))

    right = right_from([late, first], rounds=100)

    assert right.refusals == (("test_a", 1, ""), ("test_b", 1, ""), ("test_a", 50, ""))
