import os

import pytest

from nbjudge.authoring.prove_forks import ForkJob, run_in_forks
from nbjudge.errors import GraderFault


def finished(*jobs, processes=2):
    return {item.job.name: item for item in run_in_forks(jobs, processes=processes)}


def job(name, do, timeout_s=30.0):
    return ForkJob(name=name, do=do, timeout_s=timeout_s)


def test_every_job_reports_from_a_process_of_its_own():
    def do(emit):
        emit(os.getpid())

    found = finished(*[job(str(n), do) for n in range(5)])

    assert len({item.said for item in found.values()} | {(os.getpid(),)}) == 6
    assert {item.ended for item in found.values()} == {""}


def test_what_was_said_before_the_end_is_kept():
    def loops(emit):
        emit("before")
        while True:
            pass

    def dies(emit):
        emit("before")
        os._exit(3)

    found = finished(job("loops", loops, timeout_s=0.5), job("dies", dies))

    assert {item.said for item in found.values()} == {("before",)}
    assert found["loops"].ended == "timed out"
    assert found["dies"].ended == "its process died"


def test_memory_has_a_limit():
    def eats(emit):
        try:
            bytearray(16 << 30)
        except MemoryError:
            emit("refused")

    assert finished(job("eats", eats))["eats"].said == ("refused",)


def test_an_error_of_the_author_s_is_a_fault_with_the_job_s_name():
    def fails(emit):
        raise ValueError("the suite asks for what does not exist")

    with pytest.raises(GraderFault, match=r"^plus: the suite asks for what does not exist$"):
        finished(job("plus", fails))
