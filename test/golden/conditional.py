"""AC-GAN and the projection discriminator in PyTorch: three rounds from parameters and draws made here, and how many
parameters the papers' networks have.

Both are written with PyTorch's modules (ConvTranspose2d, BatchNorm2d, the parametrization spectral_norm, Embedding), so that
statistics, power iteration and counts are PyTorch's. Writes conditional.safetensors beside itself: `acgan/before/G.1.weight`,
`acgan/draws/0.D.x`, `acgan/terms/0.D.real`, `acgan/after/…`, the same of `projection-gan`, and `counts/…` in thousands and the rest.
Parameter names and layouts are Belamy's. Computed in float64 from numbers that float32 holds.
Made with PyTorch 2.6 on the CPU: python3 conditional.py
"""
import json, struct
import torch, torch.nn as nn, torch.nn.functional as F
from torch.nn.utils.parametrizations import spectral_norm

torch.manual_seed(23)
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
rounds, batch, size, channels, classes, latent = 3, 8, 16, 3, 3, 8
out = {}


def single(value):
    return value.detach().to(torch.float32).to(torch.float64)


def keep(prefix, tensors):
    for name, value in tensors.items():
        out[f"{prefix}/{name}"] = value.detach().clone()


class AcG(nn.Module):
    """The class as a learned vector beside z, then linear and transposed 5×5 convolutions."""
    def __init__(self, latent, classes, widths, channels):
        super().__init__()
        self.e = nn.Embedding(classes, classes)
        self.first = nn.Linear(latent + classes, widths[0] * 16)
        self.deconvs = nn.ModuleList(nn.ConvTranspose2d(a, b, 5, 2, 2, 1, bias=last) for a, b, last in
                                     zip(widths, [*widths[1:], channels], [False] * (len(widths) - 1) + [True]))
        self.norms = nn.ModuleList(nn.BatchNorm2d(b) for b in widths[1:])
        self.top = widths[0]

    def forward(self, z, y):
        x = F.relu(self.first(torch.cat([z, self.e(y)], 1)).view(-1, self.top, 4, 4))
        for i, deconv in enumerate(self.deconvs):
            x = deconv(x)
            x = F.relu(self.norms[i](x)) if i < len(self.norms) else torch.tanh(x)
        return x

    def named(self):
        yield "0.condition.weight", self.e, "weight", False
        yield from both("1", self.first)
        for i, deconv in enumerate(self.deconvs):
            yield from both(f"{4 + 3 * i}", deconv)
        for i, norm in enumerate(self.norms):
            yield from scaled(f"{5 + 3 * i}", norm)


class AcD(nn.Module):
    """3×3 convolutions, every other of stride 2, and one logit more than there are classes."""
    def __init__(self, channels, widths, classes):
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv2d(a, b, 3, 2 - i % 2, 1, bias=i == 0) for i, (a, b) in enumerate(zip([channels, *widths], widths)))
        self.norms = nn.ModuleList(nn.BatchNorm2d(b) for b in widths[1:])
        self.last = nn.Linear(widths[-1] * 16, 1 + classes)

    def forward(self, x):
        for i, conv in enumerate(self.convs):
            x = conv(x)
            x = F.leaky_relu(self.norms[i - 1](x) if i > 0 else x, .2)
        x = self.last(x.flatten(1))
        return x[:, 0], x[:, 1:]

    def named(self):
        at = 0
        for i, conv in enumerate(self.convs):
            yield from both(f"{at}", conv)
            if i > 0: yield from scaled(f"{at + 1}", self.norms[i - 1])
            at += 3 + (i > 0)
        yield from both(f"{at + 1}", self.last)


class ConditionalNorm(nn.Module):
    """Batch norm without a scale, then a row of scales and shifts for each class."""
    def __init__(self, width, classes):
        super().__init__()
        self.norm = nn.BatchNorm2d(width, affine=False)
        self.scale, self.shift = nn.Embedding(classes, width), nn.Embedding(classes, width)

    def forward(self, x, y):
        return self.norm(x) * self.scale(y)[:, :, None, None] + self.shift(y)[:, :, None, None]

    def named(self, at):
        yield f"{at}.scale", self.scale, "weight", False
        yield f"{at}.shift", self.shift, "weight", False
        yield from statistics(at, self.norm)


class Up(nn.Module):
    def __init__(self, a, b, classes):
        super().__init__()
        self.n1, self.n2 = ConditionalNorm(a, classes), ConditionalNorm(b, classes)
        self.c1, self.c2, self.c = nn.Conv2d(a, b, 3, 1, 1), nn.Conv2d(b, b, 3, 1, 1), nn.Conv2d(a, b, 1)

    def forward(self, x, y):
        up = lambda x: F.interpolate(x, scale_factor=2, mode="nearest")
        h = self.c1(up(F.relu(self.n1(x, y))))
        return self.c2(F.relu(self.n2(h, y))) + self.c(up(x))

    def named(self, at):
        yield from self.n1.named(f"{at}.branch.0")
        yield from both(f"{at}.branch.3", self.c1)
        yield from self.n2.named(f"{at}.branch.4")
        yield from both(f"{at}.branch.6", self.c2)
        yield from both(f"{at}.skip.0", self.c)


class ProjectionG(nn.Module):
    def __init__(self, latent, classes, widths, channels):
        super().__init__()
        self.first = nn.Linear(latent, widths[0] * 16)
        self.blocks = nn.ModuleList(Up(a, b, classes) for a, b in zip([widths[0], *widths], widths))
        self.norm, self.last, self.top = nn.BatchNorm2d(widths[-1]), nn.Conv2d(widths[-1], channels, 3, 1, 1), widths[0]

    def forward(self, z, y):
        x = self.first(z).view(-1, self.top, 4, 4)
        for block in self.blocks: x = block(x, y)
        return torch.tanh(self.last(F.relu(self.norm(x))))

    def named(self):
        yield from both("0", self.first)
        for i, block in enumerate(self.blocks): yield from block.named(f"{2 + i}")
        yield from scaled(f"{2 + len(self.blocks)}", self.norm)
        yield from both(f"{4 + len(self.blocks)}", self.last)


class Down(nn.Module):
    def __init__(self, a, b, first=False, halves=True):
        super().__init__()
        self.opens, self.halves = first, halves
        self.c1 = spectral_norm(nn.Conv2d(a, b if first else a, 3, 1, 1))
        self.c2 = spectral_norm(nn.Conv2d(b if first else a, b, 3, 1, 1))
        self.c = spectral_norm(nn.Conv2d(a, b, 1)) if halves else None

    def forward(self, x):
        h = self.c2(F.relu(self.c1(x if self.opens else F.relu(x))))
        if not self.halves: return h + x
        return F.avg_pool2d(h, 2) + self.c(F.avg_pool2d(x, 2))

    def named(self, at):
        one, two = ("0", "2") if self.opens else ("1", "3")
        yield from normed(f"{at}.branch.{one}", self.c1)
        yield from normed(f"{at}.branch.{two}", self.c2)
        if self.halves: yield from normed(f"{at}.skip.1", self.c)


class ProjectionD(nn.Module):
    def __init__(self, channels, widths, classes):
        super().__init__()
        self.blocks = nn.ModuleList([Down(channels, widths[0], first=True), *(Down(a, b) for a, b in zip(widths, widths[1:])),
                                     Down(widths[-1], widths[-1], halves=False)])
        self.linear, self.e = spectral_norm(nn.Linear(widths[-1], 1)), spectral_norm(nn.Embedding(classes, widths[-1]))

    def forward(self, x, y):
        for block in self.blocks: x = block(x)
        h = F.relu(x).sum([2, 3])
        return self.linear(h) + (self.e(y) * h).sum(1, keepdim=True)

    def named(self):
        for i, block in enumerate(self.blocks): yield from block.named(f"{i}")
        at = len(self.blocks) + 2
        yield from normed(f"{at}.linear", self.linear)
        yield from normed(f"{at}.embedding", self.e)


def both(at, module):
    yield f"{at}.weight", module, "weight", isinstance(module, nn.Linear)
    if module.bias is not None: yield f"{at}.bias", module, "bias", False


def statistics(at, norm):
    yield f"{at}.mean", norm, "running_mean", False
    yield f"{at}.variance", norm, "running_var", False


def scaled(at, norm):
    yield f"{at}.scale", norm, "weight", False
    yield f"{at}.shift", norm, "bias", False
    yield from statistics(at, norm)


def normed(at, module):
    inner = module.parametrizations.weight
    yield f"{at}.weight", inner, "original", isinstance(module, nn.Linear)
    if getattr(module, "bias", None) is not None: yield f"{at}.bias", module, "bias", False
    yield f"{at}.u", inner[0], "_u", False
    yield f"{at}.v", inner[0], "_v", False


def values(nets):
    return {f"{net}.{name}": (getattr(of, key).T if turned else getattr(of, key)).clone()
            for net, module in nets.items() for name, of, key, turned in module.named()}


def rounded(module):
    """Every number as float32 holds it; scales and shifts of norms away from 1 and 0."""
    with torch.no_grad():
        for part in module.modules():
            if isinstance(part, ConditionalNorm):
                part.scale.weight.copy_(1 + .1 * torch.randn_like(part.scale.weight))
                part.shift.weight.copy_(.1 * torch.randn_like(part.shift.weight))
            elif isinstance(part, nn.BatchNorm2d) and part.affine:
                part.weight.copy_(1 + .1 * torch.randn_like(part.weight))
                part.bias.copy_(.1 * torch.randn_like(part.bias))
        for value in [*module.parameters(), *module.buffers()]:
            if value.is_floating_point(): value.copy_(single(value))
    return module


class Draws:
    def __init__(self, system):
        self.system, self.moves = system, {"D": 0, "G": 0}

    def next(self, player):
        drawn = {"x": single(torch.rand(batch, channels, size, size) * 2 - 1), "c": torch.randint(classes, (batch,)),
                 "z": single(torch.randn(batch, latent)), "y": torch.randint(classes, (batch,))}
        keep(f"{self.system}/draws", {f"{self.moves[player]}.{player}.{k}": v for k, v in drawn.items()})
        self.moves[player] += 1
        return drawn


def move(system, opt, round, player, terms):
    keep(f"{system}/terms", {f"{round}.{player}.{k}": v.reshape(1) for k, v in terms.items()})
    opt.zero_grad()
    sum(terms.values()).backward()
    opt.step()


says_real, says_fake = lambda d: F.softplus(-d).mean(), lambda d: F.softplus(d).mean()


def acgan():
    nets = {"G": rounded(AcG(latent, classes, [8, 4], channels)), "D": rounded(AcD(channels, [2, 4, 8, 16], classes))}
    G, D = nets.values()
    keep("acgan/before", values(nets))
    optG, optD = (torch.optim.Adam(net.parameters(), lr=2e-4, betas=(.5, .999)) for net in (G, D))
    draws = Draws("acgan")
    for r in range(rounds):
        d = draws.next("D")
        real, fake = D(d["x"]), D(G(d["z"], d["y"]).detach())
        move("acgan", optD, r, "D", {"real": says_real(real[0]), "fake": says_fake(fake[0]),
                                     "realClass": F.cross_entropy(real[1], d["c"]), "fakeClass": F.cross_entropy(fake[1], d["y"])})
        d = draws.next("G")
        fake = D(G(d["z"], d["y"]))
        move("acgan", optG, r, "G", {"fooling": says_real(fake[0]), "class": F.cross_entropy(fake[1], d["y"])})
    keep("acgan/after", values(nets))


def projection():
    nets = {"G": rounded(ProjectionG(latent, classes, [8, 4], channels)), "D": rounded(ProjectionD(channels, [4, 8], classes))}
    G, D = nets.values()
    keep("projection-gan/before", values(nets))
    optG, optD = (torch.optim.Adam(net.parameters(), lr=5e-4, betas=(0.0, .9)) for net in (G, D))
    draws = Draws("projection-gan")
    for r in range(rounds):
        for opt in (optG, optD): opt.param_groups[0]["lr"] = 5e-4 * min(1, 2 - 2 * r / rounds)
        for _ in range(2):
            d = draws.next("D")
            real = D(d["x"], d["c"])
            fake = D(G(d["z"], d["y"]).detach(), d["y"])
            move("projection-gan", optD, r, "D", {"real": F.relu(1 - real).mean(), "fake": F.relu(1 + fake).mean()})
        d = draws.next("G")
        move("projection-gan", optG, r, "G", {"fooling": -D(G(d["z"], d["y"]), d["y"]).mean()})
    keep("projection-gan/after", values(nets))


def counted(name, module):
    n = sum(p.numel() for p in module.parameters())
    out[f"counts/{name}"] = torch.tensor([n // 1000, n % 1000])
    print(name, n)


acgan()
projection()
counted("acgan G", AcG(100, 10, [384, 192, 96], 3))
counted("acgan D", AcD(3, [16, 32, 64, 128, 256, 512], 10))
wide = [1024, 512, 256, 128, 64]
counted("projection-gan G", ProjectionG(128, 1000, wide, 3))
counted("projection-gan D", ProjectionD(3, wide[::-1], 1000))
header, offset, blobs = {}, 0, []
for name, value in out.items():
    data = value.detach().to(torch.float32).contiguous().numpy().tobytes()
    header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [offset, offset + len(data)]}
    offset += len(data)
    blobs.append(data)
text = json.dumps(header, separators=(",", ":")).encode()
text += b" " * (-len(text) % 8)
with open("conditional.safetensors", "wb") as f:
    f.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))
print(f"torch {torch.__version__}: {len(out)} tensors, {offset} bytes")
