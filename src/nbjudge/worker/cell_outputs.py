"""The outputs of one cell, as a notebook file holds them."""

from __future__ import annotations

import base64
import threading
from collections.abc import Mapping
from typing import Any

MOST_BYTES = 4 << 20
"""What is kept of one cell's streams and displays; errors and results are always kept."""
MOST_OUTPUTS = 2000
_CUT = "\n... cut: the cell printed more than is kept ...\n"


class CellOutputs:
    """Collects streams, displays, the result and errors, in their order.

    A clear_output and updates of a display act as they do in Jupyter.
    """

    def __init__(self, displays: dict[str, list[dict[str, Any]]]) -> None:
        self.items: list[dict[str, Any]] = []
        self._displays = displays
        self._size = 0
        self._clear_next = False
        self._lock = threading.RLock()

    def stream(self, name: str, text: str) -> None:
        """Add what was written to `stdout` or `stderr`; joins the output before it."""
        if not text:
            return
        with self._lock:
            self._begin()
            last = self.items[-1] if self.items else {}
            joins = last.get("output_type") == "stream" and last.get("name") == name
            if self._is_full():
                # That something came on stderr decides marks: the first of it is kept.
                if any(item.get("name") == name for item in self.items):
                    return
                text = text[:1000] + _CUT
            room = MOST_BYTES - self._size
            if len(text) > room > 0:
                text = text[:room] + _CUT
            self._size += len(text)
            if joins:
                last["text"] += text
            else:
                self.items.append({"output_type": "stream", "name": name, "text": text})

    def display(
        self,
        data: Mapping[str, Any],
        metadata: Mapping[str, Any] | None,
        *,
        display_id: str | None,
        update: bool,
    ) -> None:
        """Add a display, or change the earlier ones with its id."""
        bundle, about = mime_bundle(data), dict(metadata or {})
        with self._lock:
            for shown in self._displays.get(display_id or "", []):
                shown["data"], shown["metadata"] = bundle, about
            if update:
                return
            self._begin()
            if self._is_full():
                return
            self._size += sum(len(str(value)) for value in bundle.values())
            item = {"output_type": "display_data", "data": bundle, "metadata": about}
            self.items.append(item)
            if display_id:
                self._displays.setdefault(display_id, []).append(item)

    def result(self, data: Mapping[str, Any], metadata: Mapping[str, Any], count: int) -> None:
        """Add the value of the cell's last expression."""
        with self._lock:
            self._begin()
            self.items.append(
                {
                    "output_type": "execute_result",
                    "execution_count": count,
                    "data": mime_bundle(data),
                    "metadata": dict(metadata),
                }
            )

    def error(self, name: str, value: str, traceback: list[str]) -> None:
        """Add an exception's display."""
        with self._lock:
            self._begin()
            if len(self.items) < 2 * MOST_OUTPUTS:
                self.items.append(
                    {
                        "output_type": "error",
                        "ename": name,
                        "evalue": value[:10_000],
                        "traceback": [line[:100_000] for line in traceback[:500]],
                    }
                )

    def clear(self, *, wait: bool) -> None:
        """Remove what is there; with `wait` only once something new comes."""
        with self._lock:
            self._clear_next = wait
            if not wait:
                self.items.clear()

    def _begin(self) -> None:
        if self._clear_next:
            self._clear_next = False
            self.items.clear()

    def _is_full(self) -> bool:
        return self._size >= MOST_BYTES or len(self.items) >= MOST_OUTPUTS


def mime_bundle(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a display's representations as a notebook stores them: bytes as base64."""
    return {
        str(kind): base64.b64encode(value).decode("ascii") if type(value) is bytes else value
        for kind, value in data.items()
    }
