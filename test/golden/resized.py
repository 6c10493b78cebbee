"""Pictures of another size, by Pillow and by MATLAB's rule for `imresize` as dense matrices.

Writes resized.json beside itself. Pillow resizes planes of floats ("F" mode) in float32, hence 7
digits; sizes at which a centre meets an edge are left out, since Pillow adds steps up and rounds
below it. The rule is that of imresize.m, written here anew: indices from floor(u - width/2) on, one
row of weights for each new pixel, places outside by reflection; no antialiasing where it says so.
Made with Pillow 11.1 and NumPy 2.2: python3 resized.py
"""
import json
import math
import numpy as np
from PIL import Image

random = np.random.default_rng(8)
sizes = [((5, 7), (11, 9)), ((9, 8), (4, 3)), ((6, 6), (10, 4)), ((8, 12), (2, 3)), ((4, 3), (8, 9))]
resampling = {
    "nearest": Image.Resampling.NEAREST, "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC,
    "lanczos3": Image.Resampling.LANCZOS,
}


def cubic(x):
    a = np.abs(x)
    near = 1.5 * a**3 - 2.5 * a**2 + 1
    far = -0.5 * a**3 + 2.5 * a**2 - 4 * a + 2
    return near * (a <= 1) + far * ((1 < a) & (a <= 2))


kernels = {
    "box": (lambda x: ((-0.5 <= x) & (x < 0.5)).astype(float), 1),
    "bilinear": (lambda x: np.maximum(0, 1 - np.abs(x)), 2),
    "bicubic": (cubic, 4),
    "lanczos3": (lambda x: np.sinc(x) * np.sinc(x / 3) * (np.abs(x) < 3), 6),
}


def matlab(kernel, before, after, antialias):
    h, width = kernels[kernel]
    scale = after / before
    if scale < 1 and antialias:
        inner = h
        h, width = (lambda x: scale * inner(scale * x)), width / scale
    matrix = np.zeros((after, before))
    mirror = list(range(before)) + list(reversed(range(before)))
    for i in range(1, after + 1):
        u = i / scale + 0.5 * (1 - 1 / scale)
        taps = math.floor(u - width / 2) + np.arange(math.ceil(width) + 2)
        weights = h(u - taps)
        weights = weights / weights.sum()
        for place, weight in zip(taps, weights):
            matrix[i - 1, mirror[(int(place) - 1) % (2 * before)]] += weight
    return matrix


cases = []
for (h, w), (t, u) in sizes:
    plane = random.integers(0, 256, (h, w)).astype(np.float32)
    common = {"from": [h, w], "to": [t, u], "plane": plane.flatten().astype(int).tolist()}
    for kernel, resample in resampling.items():
        out = np.asarray(Image.fromarray(plane, mode="F").resize((u, t), resample))
        values = [float(f"{v:.7g}") for v in out.flatten().tolist()]
        cases.append({"by": "Pillow", "kernel": kernel, "antialias": True, **common, "resized": values})
    for kernel in kernels:
        for antialias in [True, False]:
            rows, columns = matlab(kernel, h, t, antialias), matlab(kernel, w, u, antialias)
            values = (rows @ plane.astype(float) @ columns.T).flatten().round(9).tolist()
            cases.append({"by": "imresize", "kernel": kernel, "antialias": antialias, **common, "resized": values})
with open("resized.json", "w") as file:
    json.dump(cases, file)
    file.write("\n")
