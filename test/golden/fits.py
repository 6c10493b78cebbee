"""FITS files of every kind of number, written by Astropy.

Writes fits.json beside itself: files, gzipped, in base64, and the numbers that Astropy reads from
them, rows from the bottom. Made with Astropy 8.0 and NumPy 2.4: python3 fits.py
"""
import base64
import gzip
import io
import json
from pathlib import Path

import astropy
import numpy as np
from astropy.io import fits

random = np.random.default_rng(5)


def packed(hdus):
    out = io.BytesIO()
    fits.HDUList(hdus).writeto(out, checksum=True)
    return gzip.compress(out.getvalue(), mtime=0)


def case(hdus, part=0):
    file = packed(hdus)
    with fits.open(io.BytesIO(gzip.decompress(file))) as again:
        values = np.asarray(again[part].data, np.float64)
    return {
        "file": base64.b64encode(file).decode(),
        "shape": list(values.shape),
        "values": [float(f"{v:.9g}") for v in values.ravel()],
    }


def described(hdu):
    hdu.header["OBJECT"] = ("M 51", "what is seen")
    hdu.header["BUNIT"] = "nanomaggy"
    hdu.header["CRVAL1"] = (202.469575, "[deg]")
    hdu.header["HISTORY"] = "made by chance"
    return hdu


def scaled(data, kind, zero, scale):
    hdu = fits.PrimaryHDU(data)
    hdu.scale(kind, bzero=zero, bscale=scale)
    return described(hdu)


h, w = 5, 7
light = random.normal(0.3, 1, (h, w))
cube = random.normal(2, 3, (3, h, w))
counts = random.integers(0, 60000, (h, w))
cases = {
    "8": case([fits.PrimaryHDU(random.integers(0, 255, (h, w)).astype(np.uint8))]),
    "16": case([fits.PrimaryHDU(random.integers(-900, 900, (h, w)).astype(np.int16))]),
    "unsigned 16": case([fits.PrimaryHDU(counts.astype(np.uint16))]),
    "32": case([fits.PrimaryHDU(random.integers(-(10**6), 10**6, (h, w)).astype(np.int32))]),
    "-32": case([described(fits.PrimaryHDU(light.astype(np.float32)))]),
    "-64": case([fits.PrimaryHDU(light)]),
    "scaled": case([scaled(light, "int16", 0.25, 0.001)]),
    "cube": case([fits.PrimaryHDU(cube.astype(np.float32))]),
    "one plane of three axes": case([fits.PrimaryHDU(light[None].astype(np.float32))]),
    "an extension": case([fits.PrimaryHDU(), fits.ImageHDU(light.astype(np.float32))], 1),
}
table = fits.BinTableHDU.from_columns([fits.Column("a", "E", array=[1, 2])])
blank = fits.PrimaryHDU(np.array([[1, 2], [3, -999]], np.int16))
blank.header["BLANK"] = -999
holes = light.astype(np.float32)
holes[3, 2] = np.nan
refused = {
    "table": packed([fits.PrimaryHDU(), table]),
    "nothing": packed([fits.PrimaryHDU()]),
    "64": packed([fits.PrimaryHDU(np.ones((2, 2), np.int64))]),
    "line": packed([fits.PrimaryHDU(np.ones(9, np.float32))]),
    "planes": packed([fits.PrimaryHDU(np.ones((5, 2, 2), np.float32))]),
    "blank": packed([blank]),
    "holes": packed([fits.PrimaryHDU(holes)]),
}
out = {
    "astropy": astropy.__version__,
    "cases": cases,
    "refused": {name: base64.b64encode(file).decode() for name, file in refused.items()},
}
Path(__file__).with_suffix(".json").write_text(json.dumps(out))
