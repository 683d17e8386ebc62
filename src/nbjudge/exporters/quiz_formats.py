"""Which formats of questions there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nbjudge.exporters.quiz_exchange import Plain, Report
from nbjudge.exporters.quiz_gift import read_gift, write_gift
from nbjudge.exporters.quiz_jupyterquiz import read_jupyterquiz, write_jupyterquiz
from nbjudge.exporters.quiz_moodle import read_moodle, write_moodle
from nbjudge.exporters.quiz_qti import write_qti
from nbjudge.exporters.quiz_qti_read import read_qti


@dataclass(frozen=True, kw_only=True, slots=True)
class Format:
    """How to write and read one."""

    write: Callable[[list[Plain], Report], bytes]
    read: Callable[[bytes, Report], list[Plain]]
    suffix: str


FORMATS: Mapping[str, Format] = {
    "gift": Format(write=write_gift, read=read_gift, suffix=".gift.txt"),
    "jupyterquiz": Format(write=write_jupyterquiz, read=read_jupyterquiz, suffix=".json"),
    "moodle": Format(write=write_moodle, read=read_moodle, suffix=".xml"),
    "qti": Format(write=write_qti, read=read_qti, suffix=".zip"),
}
