"""Arrays written by NumPy, and what is in them: `python arrays.py` writes arrays.json beside it."""

import base64
import io
import json
from pathlib import Path

import numpy as np


def npy(array, version=None):
    file = io.BytesIO()
    if version:
        np.lib.format.write_array(file, array, version=version)
    else:
        np.save(file, array)
    return base64.b64encode(file.getvalue()).decode()


rng = np.random.default_rng(0)
cases = []
for kind in ["u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8", "?"]:
    for order in "<>":
        for layout in "CF":
            values = rng.integers(0 if kind[0] in "u?" else -100, 2 if kind == "?" else 100, [2, 3, 4])
            scaled = values / 8 if kind[0] == "f" else values
            array = np.asarray(scaled, dtype=order + kind, order=layout)
            version = [None, (2, 0), (3, 0)][len(cases) % 3]
            cases.append(
                {
                    "name": f"{order}{kind} {layout}",
                    "npy": npy(array, version),
                    "values": array.astype(float).ravel().tolist(),
                }
            )

halves = np.array([0, -0.0, 6e-8, 6.1e-5, 1 / 3, 1, 65504], dtype="<f2")
refused = {
    "structured": npy(np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")])),
    "text": npy(np.array(["a", "bc"])),
    "complex": npy(np.zeros([2, 2], dtype=complex)),
    "scalar": npy(np.float32(1)),
    "dates": npy(np.zeros([2, 2], dtype="datetime64[s]")),
}
archives = {}
for name, save in [("plain", np.savez), ("packed", np.savez_compressed)]:
    file = io.BytesIO()
    save(
        file,
        x=np.arange(24, dtype="u1").reshape(2, 2, 2, 3),
        y=np.array([[1], [0]]),
        notes=np.array(["left", "right"]),
    )
    archives[name] = base64.b64encode(file.getvalue()).decode()

Path(__file__).with_suffix(".json").write_text(
    json.dumps(
        {
            "numpy": np.__version__,
            "cases": cases,
            "halves": {"bits": halves.view("u2").tolist(), "values": halves.astype(float).tolist()},
            "refused": refused,
            "archives": archives,
        }
    )
)
