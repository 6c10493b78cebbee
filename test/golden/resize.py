"""Pillow's resizing of single planes of floats ("F" mode, as clean-fid uses it), both ways.

Writes resize.json beside itself: `from` and `to` are [height, width]; numbers have 7 digits, since
Pillow computes in float32. Made with Pillow 11.1 and NumPy 2.2: python3 resize.py
"""
import json
import numpy as np
from PIL import Image

random = np.random.default_rng(5)
filters = {"bicubic": Image.Resampling.BICUBIC, "bilinear": Image.Resampling.BILINEAR}
cases = []
for name, resample in filters.items():
    for (h, w), (t, u) in [((5, 7), (11, 9)), ((9, 8), (4, 3)), ((6, 6), (9, 4))]:
        plane = random.integers(0, 256, (h, w)).astype(np.float32)
        out = np.asarray(Image.fromarray(plane, mode="F").resize((u, t), resample))
        cases.append({
            "filter": name, "from": [h, w], "to": [t, u],
            "plane": plane.flatten().astype(int).tolist(),
            "resized": [float(f"{v:.7g}") for v in out.flatten().tolist()],
        })
with open("resize.json", "w") as file:
    json.dump(cases, file)
    file.write("\n")
