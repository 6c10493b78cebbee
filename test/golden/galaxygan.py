"""Two rounds of GalaxyGAN in PyTorch, float64: a residual generator, a PatchGAN of 16 pixels, the
degradation inside of both losses, Adam.

Writes galaxygan.json beside itself. Made with PyTorch 2.6: python3 galaxygan.py
"""
import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F

torch.manual_seed(6)
torch.set_default_dtype(torch.float64)
batch, h, w = 2, 9, 10
low, high, rounds, lr, left, beta1, seeing, factor = -0.1, 4.0, 2, 1e-3, 0.02, 0.5, 1.4, 2.0
weight_error, weight_light, weight_fooling = 100.0, 40.0, 1.0

shapes = {
    "G.branch.1": (4, 12, 3), "G.branch.2.branch.0": (4, 4, 3), "G.branch.2.branch.2": (4, 4, 3),
    "G.branch.4": (12, 4, 3), "D.0": (4, 6, 4), "D.2": (8, 4, 4), "D.5": (1, 8, 4),
}
before = {}
for name, (out, into, k) in shapes.items():
    before[f"{name}.weight"] = torch.randn(out, into, k, k) * 0.3 / math.sqrt(into)
    if name != "D.2":
        before[f"{name}.bias"] = torch.randn(out) * 0.1
before["D.3.scale"] = 1 + 0.1 * torch.randn(8)
before["D.3.shift"] = 0.1 * torch.randn(8)
p = {name: value.clone().requires_grad_() for name, value in before.items()}


def conv(x, name, **options):
    return F.conv2d(x, p[f"{name}.weight"], p.get(f"{name}.bias"), **options)


def lrelu(x):
    return F.leaky_relu(x, 0.2)


def G(y):
    """An odd side is continued by its last row before it is halved."""
    wide = F.pad(y, (0, 0, 0, 1), mode="replicate")
    x = conv(F.pixel_unshuffle(wide, 2), "G.branch.1", padding=1)
    inner = conv(lrelu(conv(x, "G.branch.2.branch.0", padding=1)), "G.branch.2.branch.2", padding=1)
    x = conv(lrelu(x + inner), "G.branch.4", padding=1)
    return (wide + F.pixel_shuffle(x, 2))[:, :, :h]


def D(picture, y):
    x = lrelu(conv(torch.cat([picture, y], 1), "D.0", stride=2, padding=1))
    x = conv(x, "D.2", stride=1, padding=1)
    x = F.batch_norm(x, None, None, p["D.3.scale"], p["D.3.shift"], training=True)
    return conv(lrelu(x), "D.5", padding=1)


def flux_of(x):
    return (high - low) * torch.sinh(1.5 * (x + 1)) / 10 + low


def stretch(flux):
    return 2 * torch.asinh(10 * (flux.clamp(low, high) - low) / (high - low)) / 3 - 1


def sky(flux):
    return torch.stack([one[one.abs() < 0.1].var() for one in flux]).reshape(-1, 1, 1, 1)


def degraded(x, noise):
    flux = flux_of(x)
    sigma = seeing / 0.396 / 2.355
    reach = math.ceil(2 * sigma)
    bell = torch.exp(-torch.arange(-reach, reach + 1) ** 2 / (2 * sigma**2))
    window = torch.outer(bell, bell) / bell.sum() ** 2
    wide = F.pad(flux, (reach,) * 4, mode="replicate")
    soft = F.conv2d(wide, window.expand(3, 1, -1, -1), groups=3)
    deviation = (factor**2 * sky(flux) - sky(soft)).clamp(min=1e-8).sqrt()
    return stretch(soft + deviation * noise), stretch(flux)


def loss_of_d(x, n):
    y, original = degraded(x, n)
    real, fake = D(original, y), D(G(y).detach(), y)
    return {"real": F.softplus(-real).mean(), "fake": F.softplus(fake).mean()}


def light(picture):
    return flux_of(picture).mean((1, 2, 3))


def loss_of_g(x, n):
    y, original = degraded(x, n)
    made = G(y)
    return {
        "error": weight_error * (original - made).abs().mean(),
        "light": weight_light * (light(original) - light(made)).abs().mean(),
        "fooling": weight_fooling * F.softplus(-D(made, y)).mean(),
    }


moments = {name: (torch.zeros_like(v), torch.zeros_like(v)) for name, v in p.items()}
draws, terms = [], []
for turn in range(rounds):
    for player, loss in (("D", loss_of_d), ("G", loss_of_g)):
        flux = 1.2 * torch.rand(batch, 3, h, w) ** 6 + 0.03 * torch.randn(batch, 3, h, w)
        x = (2 * torch.asinh(10 * (flux - low) / (high - low)) / 3 - 1).float().double()
        n = torch.randn(batch, 1, h, w).float().double()
        draws.append({"x": x, "n": n})
        found = loss(x, n)
        terms.append({name: float(value) for name, value in found.items()})
        names = [name for name in p if name.startswith(f"{player}.")]
        gradients = torch.autograd.grad(sum(found.values()), [p[name] for name in names])
        rate = lr + (lr * left - lr) * turn / rounds
        with torch.no_grad():
            for name, g in zip(names, gradients):
                m, v = moments[name]
                m.mul_(beta1).add_(g, alpha=1 - beta1)
                v.mul_(0.999).addcmul_(g, g, value=1 - 0.999)
                mean, spread = m / (1 - beta1 ** (turn + 1)), v / (1 - 0.999 ** (turn + 1))
                p[name] -= rate * mean / (spread.sqrt() + 1e-8)


def rows(tensors):
    return {name: [float(f"{x:.9g}") for x in value.detach().ravel()] for name, value in tensors.items()}


out = {
    "shape": [3, h, w], "batch": batch, "rounds": rounds, "before": rows(before), "after": rows(p),
    "draws": [rows(one) for one in draws], "terms": terms,
}
Path(__file__).with_suffix(".json").write_text(json.dumps(out))
