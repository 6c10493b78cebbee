# Golden values of src/metrics, from NumPy, SciPy and scikit-learn in float64: python3 metrics.py writes metrics.json beside it.
# Features are whole numbers of 1/1024, so that float32 holds them exactly.
import json
import pathlib

import numpy as np
from scipy.stats import entropy
from sklearn.metrics.pairwise import polynomial_kernel
from sklearn.neighbors import NearestNeighbors

rng = np.random.default_rng(7)


def features(n, d, shift=0.0, scale=1.0):
    mixing = np.random.default_rng(d).normal(size=(d, d)) / np.sqrt(d)
    return np.round((rng.normal(size=(n, d)) @ mixing * scale + shift) * 1024) / 1024


def whole(x):
    return [int(v) for v in np.round(x * 1024).ravel()]


def frechet(x, y):
    # The trace of the root is a nuclear norm of the centred rows: no covariance and no root is formed.
    cx, cy = x - x.mean(0), y - y.mean(0)
    cross = np.linalg.svd(cx @ cy.T, compute_uv=False).sum() / np.sqrt((len(x) - 1) * (len(y) - 1))
    traces = np.trace(np.atleast_2d(np.cov(x.T))) + np.trace(np.atleast_2d(np.cov(y.T)))
    return float(((x.mean(0) - y.mean(0)) ** 2).sum() + traces - 2 * cross)


def mmd(x, y):
    n, m = len(x), len(y)
    kxx, kyy, kxy = (polynomial_kernel(a, b, degree=3, coef0=1) for a, b in ((x, x), (y, y), (x, y)))
    np.fill_diagonal(kxx, 0)
    np.fill_diagonal(kyy, 0)
    return float(kxx.sum() / (n * (n - 1)) + kyy.sum() / (m * (m - 1)) - 2 * kxy.mean())


def prdc(real, fake, k):
    def radii(x):
        return NearestNeighbors(n_neighbors=k, algorithm="kd_tree").fit(x).kneighbors()[0][:, -1]

    distances = np.sqrt(((real[:, None] - fake[None]) ** 2).sum(-1))
    in_real = distances < radii(real)[:, None]
    in_fake = distances < radii(fake)[None]
    return {
        "precision": float(in_real.any(0).mean()),
        "recall": float(in_fake.any(1).mean()),
        "density": float(in_real.sum(0).mean() / k),
        "coverage": float(in_real.any(1).mean()),
    }


def pair(n, m, d):
    real, fake = features(n, d), features(m, d, shift=0.25, scale=1.2)
    return real, fake, {"size": d, "real": whole(real), "fake": whole(fake)}


out = {"frechet": []}
for n, m, d in ((40, 50, 6), (8, 10, 24), (30, 12, 24)):
    real, fake, shared = pair(n, m, d)
    out["frechet"].append({**shared, "frechet": frechet(real, fake)})

real, fake, shared = pair(60, 50, 10)
subsets = [{"real": rng.permutation(60)[:20].tolist(), "fake": rng.permutation(50)[:20].tolist()} for _ in range(3)]
out["kid"] = {
    **shared,
    "all": mmd(real, fake),
    "subsets": [{**s, "mmd": mmd(real[s["real"]], fake[s["fake"]])} for s in subsets],
}

real, fake, shared = pair(120, 100, 6)
real[100:110] = real[:10]  # equal rows, within a set and across
fake[90:100] = real[5:15]
shared.update(real=whole(real), fake=whole(fake))
distances, indices = NearestNeighbors(n_neighbors=3, algorithm="kd_tree").fit(real[:100]).kneighbors(fake[:60])
out["prdc"] = {
    **shared,
    "at": [{"k": k, **prdc(real, fake, k)} for k in (1, 3, 5)],
    "nearest": {"indices": indices.ravel().tolist(), "distances": distances.ravel().tolist()},
}

probabilities = rng.dirichlet([0.3] * 5, size=47)
chunks = [probabilities[i * 47 // 4 : (i + 1) * 47 // 4] for i in range(4)]
scores = [np.exp(np.mean([entropy(p, chunk.mean(0)) for p in chunk])) for chunk in chunks]
out["inception"] = {
    "probabilities": probabilities.ravel().tolist(),
    "mean": float(np.mean(scores)),
    "deviation": float(np.std(scores)),
}

labels = rng.choice(10, size=(400, 3), p=np.arange(1, 11) / 55)
counts = np.bincount(labels @ [100, 10, 1], minlength=1000)
out["stacked"] = {
    "labels": labels.ravel().tolist(),
    "covered": int((counts > 0).sum()),
    "kl": float(entropy(counts / 400, np.full(1000, 1e-3))),
}

pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out) + "\n")
