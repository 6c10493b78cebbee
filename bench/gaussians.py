# The example in prdc's README for one seed: `python3 bench/gaussians.py SEED FOLDER` writes real.f32 and fake.f32 for
# bench/metrics.mjs, and prints what prdc itself says where it is installed.
import pathlib
import sys

import numpy as np

seed, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])
np.random.seed(seed)
real, fake = (np.random.normal(size=[10000, 1000]).astype(np.float32) for _ in range(2))
real.tofile(folder / "real.f32")
fake.tofile(folder / "fake.f32")
try:
    from prdc import compute_prdc
except ImportError:
    sys.exit("prdc is not installed: only the files were written")
print(compute_prdc(real.astype(np.float64), fake.astype(np.float64), 5))
