"""The degradation of GalaxyGAN and the deconvolutions beside it, by other means: NumPy in
float64, from the formulas of the paper's program roou.m.

Writes galaxies.json beside itself. Made with NumPy 2.4: python3 galaxies.py
"""
import json
from pathlib import Path

import numpy as np

random = np.random.default_rng(3)
low, high = -0.1, 4.0


def stretched(flux):
    """As a game sees it: -1 ... 1."""
    return 2 * np.arcsinh(10 * (flux - low) / (high - low)) / 3 - 1


def kernel(fwhm):
    sigma = (fwhm / 0.396) / 2.355
    reach = int(np.ceil(2 * sigma))
    bell = np.exp(-np.arange(-reach, reach + 1) ** 2 / (2 * sigma**2))
    return bell / bell.sum()


def blurred(planes, bell):
    """One large window over an edge-padded picture; imgaussfilt pads by repeating the edge."""
    reach = len(bell) // 2
    window = np.outer(bell, bell)
    wide = np.pad(planes, ((0, 0), (reach, reach), (reach, reach)), mode="edge")
    views = np.lib.stride_tricks.sliding_window_view(wide, window.shape, axis=(1, 2))
    return np.einsum("cyxij,ij->cyx", views, window)


def sky(planes):
    near = planes[(planes < 0.1) & (planes > -0.1)]
    return near.std(ddof=1) if near.size > 1 else 0.0


def degraded(flux, noise, fwhm, factor):
    soft = blurred(flux, kernel(fwhm))
    variance = max((factor * sky(flux)) ** 2 - sky(soft) ** 2, 1e-8)
    worse = soft + np.sqrt(variance) * noise
    return worse, stretched(np.clip(worse, low, high)), stretched(np.clip(flux, low, high))


def mirrored(planes):
    """Twice as high and as wide, so that a circular convolution is one with mirrored edges."""
    wide = np.concatenate([planes, planes[:, :, ::-1]], axis=2)
    return np.concatenate([wide, wide[:, ::-1, :]], axis=1)


def transfer(bell, n):
    line = np.zeros(2 * n)
    reach = len(bell) // 2
    for i, value in enumerate(bell):
        line[(i - reach) % (2 * n)] += value
    return np.fft.fft(line)


def wiener(planes, bell, k):
    _, h, w = planes.shape
    H = np.outer(transfer(bell, h), transfer(bell, w))
    spectrum = np.fft.fft2(mirrored(planes)) * np.conj(H) / (np.abs(H) ** 2 + k)
    return np.fft.ifft2(spectrum).real[:, :h, :w]


def richardson_lucy(planes, bell, times):
    light = np.maximum(planes, 0)
    found = light
    for _ in range(times):
        found = found * blurred(light / np.maximum(blurred(found, bell), 1e-12), bell)
    return found


def blind(planes, kernel, times):
    """Picture and blur in turn, by windows over an edge-padded picture."""
    light = np.maximum(planes, 0)
    found, reach = light, len(kernel) // 2

    def windows(values):
        wide = np.pad(values, ((0, 0), (reach, reach), (reach, reach)), mode="edge")
        return np.lib.stride_tricks.sliding_window_view(wide, kernel.shape, axis=(1, 2))

    for _ in range(times):
        ratio = light / np.maximum(np.einsum("cyxij,ij->cyx", windows(found), kernel), 1e-12)
        found = found * np.einsum("cyxij,ij->cyx", windows(ratio), kernel[::-1, ::-1])
        ratio = light / np.maximum(np.einsum("cyxij,ij->cyx", windows(found), kernel), 1e-12)
        kernel = kernel * np.einsum("cyxij,cyx->ij", windows(found), ratio)
        kernel = kernel / kernel.sum()
    return found, kernel


def row(array):
    return [float(f"{value:.9g}") for value in np.asarray(array).ravel()]


h, w = 13, 10
y, x = np.mgrid[:h, :w]
flux = np.stack([
    peak * np.exp(-np.hypot(x - 4.3, 1.4 * (y - 6.2)) / 1.8) + random.normal(0, 0.03, (h, w))
    for peak in (5.5, 2.5, 0.9)
])
cases = []
for fwhm, factor in [(1.4, 2.0), (1.4, 1.2), (0.7, 0.2), (2.5, 10.0)]:
    noise = random.normal(size=(h, w))
    worse, given, original = degraded(flux, noise, fwhm, factor)
    cases.append({
        "seeing": fwhm, "noise": factor, "normal": row(noise),
        "flux": row(worse), "given": row(given), "original": row(original),
    })
bell = kernel(1.4)
soft = degraded(flux, random.normal(size=(h, w)), 1.4, 2.0)[0]
guess = np.outer(kernel(1.1), kernel(1.1))
guess = np.pad(guess, 1) + 0.01 * random.random((guess.shape[0] + 2, guess.shape[1] + 2))
guess = guess / guess.sum()
picture, found = blind(soft + 0.1, guess, 3)
out = {
    "blind": {"guess": row(guess), "picture": row(picture), "kernel": row(found)},
    "shape": [3, h, w], "flux": row(flux), "kernel": row(bell), "cases": cases, "soft": row(soft),
    "wiener": {str(k): row(wiener(soft, bell, k)) for k in (0.01, 0.2)},
    "richardsonLucy": {str(n): row(richardson_lucy(soft + 0.1, bell, n)) for n in (1, 7)},
}
Path(__file__).with_suffix(".json").write_text(json.dumps(out))
