"""Connected components, holes and overlap of random label maps by scipy.ndimage (1.17) and numpy.

Writes structure.json beside itself. Components of a mask hang together over corners (8 neighbours) or not (4); holes are what
scipy.ndimage.binary_fill_holes fills, counted. Overlap follows its definition, from the confusion matrix.
"""
import json
import numpy as np
from scipy import ndimage

rng = np.random.default_rng(5)
eight = np.ones((3, 3), int)
out = {"masks": [], "overlap": []}
for height, width, density in [(7, 9, .5), (12, 5, .65), (16, 16, .4), (1, 10, .5), (20, 20, .72)]:
    mask = (rng.random((height, width)) < density).astype(int)
    parts4, n4 = ndimage.label(mask)
    parts8, n8 = ndimage.label(mask, structure=eight)
    filled = ndimage.binary_fill_holes(mask) & (mask == 0)
    out["masks"].append({
        "height": height, "width": width, "mask": mask.flatten().tolist(), "four": int(n4), "eight": int(n8),
        "sizes": np.bincount(parts8.flatten())[1:].tolist(), "labels": parts8.flatten().tolist(),
        "holes": int(ndimage.label(filled)[1]),
    })
for classes in (2, 4):
    truth, made = rng.integers(0, classes + 1, 300), rng.integers(0, classes, 300)
    made = np.where(rng.random(300) < .6, np.minimum(truth, classes - 1), made)
    counts = truth < classes  # the last one is void
    matrix = np.zeros((classes, classes))
    np.add.at(matrix, (truth[counts], made[counts]), 1)
    both = np.diag(matrix)
    iou = both / (matrix.sum(0) + matrix.sum(1) - both)
    out["overlap"].append({
        "classes": classes, "truth": truth.tolist(), "made": made.tolist(), "iou": iou.tolist(), "meanIou": iou.mean(),
        "pixelAccuracy": both.sum() / matrix.sum(), "classAccuracy": (both / matrix.sum(1)).mean(),
    })
with open("structure.json", "w") as file: json.dump(out, file, separators=(",", ":"))
