"""Attack: writes its own frames to the connection."""

import pytest

FORGE = """
import os, struct, json, socket
def frame(document, blob=b"", magic=b"NBJ\\n", claimed=None):
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    size = len(blob) if claimed is None else claimed
    return struct.pack("<4sHHIQ", magic, 1, 0, len(text), size) + text + blob
fds = []
for fd in range(3, 64):
    try:
        if os.readlink(f"/proc/self/fd/{{fd}}").startswith("socket:"): fds.append(fd)
    except OSError: pass
def layer_norm(x, *a, **k):
    for fd in fds:
        try: os.write(fd, {what})
        except OSError: pass
    return x
"""


@pytest.mark.parametrize(
    "what",
    [
        'frame({{"id": 10**6, "ok": True, "buffers": [], "body": None}})',
        "frame(b'{{}}', claimed=2**60)",
        'frame(b"[" * 10**5)',
        'frame({{"id": 1}}, magic=b"PKL1")',
        'b"\\x80\\x04cos\\nsystem\\n"',
    ],
    ids=["other-id", "huge-claim", "deep", "magic", "pickle"],
)
def test_a_forged_frame_ends_the_connection_and_earns_nothing(attack, what):
    assert attack(FORGE.format(what=what.format())).score == 0.0
