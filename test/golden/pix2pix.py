"""pix2pix in PyTorch: pictures made, patches judged, rounds of training, and how many parameters the full networks have.

The networks are written here after the authors' PyTorch code (U-Net skip blocks, PatchGAN, PixelGAN) with modules, so that
their counts are PyTorch's. Writes pix2pix.safetensors beside itself: `before/…` the first parameters of both, `forward/…` what they
make of pictures, `jitter/…` a pair enlarged and cut, `step/draws/…`, `step/terms/…` and `step/after/…` three rounds of D,
then G; `counts/…`. Parameter names are Belamy's. Computed in float64 from numbers that float32 holds.
Made with PyTorch 2.6 on the CPU: python3 pix2pix.py
"""
import json, math, struct
import torch, torch.nn as nn, torch.nn.functional as F

torch.manual_seed(17)
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
out = {}


def keep(prefix, tensors):
    for name, value in tensors.items():
        out[f"{prefix}/{name}"] = value.detach().clone()


def single(value):
    return value.to(torch.float32).to(torch.float64)


class Drops(nn.Module):
    """Dropout whose multipliers are told: 0 or 1/(1-p)."""
    told = None

    def forward(self, x):
        return x if self.told is None else x * self.told


class UNet(nn.Module):
    """Encoder: conv, then LeakyReLU and conv and norm; decoder: ReLU, deconv, norm, dropout on three; skips are joined."""

    def __init__(self, given, made, widths, norm):
        super().__init__()
        n = len(widths)
        self.downs, self.downNorms, self.ups, self.upNorms, self.drops = (nn.ModuleList() for _ in range(5))
        for i, (a, b) in enumerate(zip([given, *widths], widths)):
            self.downs.append(nn.Conv2d(a, b, 4, 2, 1, bias=False))
            self.downNorms.append(nn.Identity() if i in (0, n - 1) else norm(b))
        outwards = [*reversed(widths[:-1]), made]
        for i, b in enumerate(outwards):
            a = widths[-1] if i == 0 else 2 * outwards[i - 1]
            self.ups.append(nn.ConvTranspose2d(a, b, 4, 2, 1, bias=i == n - 1))
            self.upNorms.append(nn.Identity() if i == n - 1 else norm(b))
            self.drops.append(Drops())

    def forward(self, x):
        seen = []
        for i, (conv, norm) in enumerate(zip(self.downs, self.downNorms)):
            x = norm(conv(x if i == 0 else F.leaky_relu(x, .2)))
            seen.append(x)
        for i, (conv, norm, drop) in enumerate(zip(self.ups, self.upNorms, self.drops)):
            if i > 0: x = torch.cat([seen[-1 - i], x], 1)
            x = drop(norm(conv(F.relu(x))))
        return torch.tanh(x)

    def tell(self, z, p):
        """z [b n] uniform: which numbers of the three innermost blocks are dropped."""
        at = 0
        for i, drop in enumerate(self.drops[:min(3, len(self.drops) - 1)]):
            side = self.side // 2 ** (len(self.drops) - 1 - i)
            shape = (z.shape[0], self.ups[i].out_channels, side, side)
            size = shape[1] * side * side
            drop.told = torch.where(z[:, at:at + size] < p, 0.0, 1 / (1 - p)).view(shape)
            at += size
        return at


def patches(channels, width, layers, norm):
    if layers == 0:  # PixelGAN
        return nn.Sequential(nn.Conv2d(channels, width, 1), nn.LeakyReLU(.2), nn.Conv2d(width, 2 * width, 1, bias=False), norm(2 * width),
                             nn.LeakyReLU(.2), nn.Conv2d(2 * width, 1, 1, bias=False))
    parts = [nn.Conv2d(channels, width, 4, 2, 1), nn.LeakyReLU(.2)]
    for k in range(1, layers + 1):
        a, b = width * min(2 ** (k - 1), 8), width * min(2 ** k, 8)
        parts += [nn.Conv2d(a, b, 4, 1 if k == layers else 2, 1, bias=False), norm(b), nn.LeakyReLU(.2)]
    return nn.Sequential(*parts, nn.Conv2d(b, 1, 4, 1, 1))


def batch(c): return nn.BatchNorm2d(c)
def instance(c): return nn.InstanceNorm2d(c, affine=True)


def counted(net): return sum(p.numel() for p in net.parameters())


counts = {"U-Net 256": counted(UNet(3, 3, [64, 128, 256, 512, 512, 512, 512, 512], batch))}
counts |= {f"patches {field}": counted(patches(6, 64, layers, batch)) for field, layers in ((1, 0), (16, 1), (34, 2), (70, 3), (142, 4), (286, 5))}
print(json.dumps(counts))


def named_unet(net):
    names = {}
    for i, m in enumerate(net.downs):
        names[f"down.{i}.conv.weight"] = m.weight
        if not isinstance(net.downNorms[i], nn.Identity): names |= {f"down.{i}.norm.scale": net.downNorms[i].weight, f"down.{i}.norm.shift": net.downNorms[i].bias}
    for i, m in enumerate(net.ups):
        names[f"up.{i}.conv.weight"] = m.weight
        if m.bias is not None: names[f"up.{i}.conv.bias"] = m.bias
        if not isinstance(net.upNorms[i], nn.Identity): names |= {f"up.{i}.norm.scale": net.upNorms[i].weight, f"up.{i}.norm.shift": net.upNorms[i].bias}
    return names


def named_patches(net):
    names = {}
    for i, m in enumerate(net):
        isNorm = isinstance(m, (nn.BatchNorm2d, nn.InstanceNorm2d))
        if isinstance(m, nn.Conv2d) or isNorm:
            names[f"{i}.{'scale' if isNorm else 'weight'}"] = m.weight
            if m.bias is not None: names[f"{i}.{'shift' if isNorm else 'bias'}"] = m.bias
    return names


def first(named):
    with torch.no_grad():
        for name, p in named.items():
            p.copy_(single(torch.randn_like(p) * (.1 if name.endswith(("shift", "bias")) else .1 if name.endswith("scale") else .15) + (1 if name.endswith("scale") else 0)))


side, widths, width = 16, [4, 8, 16, 32], 4


def networks(norm, field=1):
    G, D = UNet(1, 3, widths, norm), patches(4, width, field, norm)
    G.side = side
    first(named_unet(G)); first(named_patches(D))
    return G, D


# One picture through both, normalized as a batch of one; several, as a batch and each by itself.
G, D = networks(batch)
keep("before", {f"G.{k}": v for k, v in named_unet(G).items()})
keep("before", {f"D.{k}": v for k, v in named_patches(D).items()})
given, z = single(torch.rand(3, 1, side, side) * 2 - 1), single(torch.rand(3, 448))
drops = G.tell(z, .5)
z = z[:, :drops]
keep("forward", {"given": given, "z": z})
G.tell(z[:1], .5)
alone = G(given[:1])
keep("forward", {"alone.G": alone, "alone.D": D(torch.cat([given[:1], alone], 1))})
G.tell(z, .5)
together = G(given)
keep("forward", {"together.G": together, "together.D": D(torch.cat([given, together], 1))})
for drop in G.drops: drop.told = None
keep("forward", {"whole.G": G(given)})
for field, layers in ((1, 0), (34, 2)):
    P = patches(4, 2, layers, batch)
    first(named_patches(P))
    keep(f"forward/{field}", {f"D.{k}": v for k, v in named_patches(P).items()})
    keep(f"forward/{field}", {"D": P(torch.cat([given, single(together)], 1))})
keep("forward", {"made": single(together)})

# A pair mirrored, enlarged and cut, as its authors' loader does: 286 of 256, bilinear.
x, u = single(torch.rand(2, 3, side, side) * 2 - 1), single(torch.rand(2, 3))
large = round(side * 286 / 256)
rows = []
for i in range(2):
    y = torch.flip(x[i:i + 1], [3]) if u[i, 0] < .5 else x[i:i + 1]
    y = F.interpolate(y, size=(large, large), mode="bilinear", align_corners=False)
    down, right = (int(math.floor(float(u[i, k]) * (large - side + 1))) for k in (1, 2))
    rows.append(y[:, :, down:down + side, right:right + side])
keep("jitter", {"x": x, "u": u, "moved": torch.cat(rows)})

# Three rounds at a batch of one: D halved, then G on the same pair with D as it is then.
optG, optD = (torch.optim.Adam(n.parameters(), lr=2e-4, betas=(.5, .999)) for n in (G, D))
bce = F.binary_cross_entropy_with_logits
for r in range(3):
    given, x, z = single(torch.rand(1, 1, side, side) * 2 - 1), single(torch.rand(1, 3, side, side) * 2 - 1), single(torch.rand(1, drops))
    for player in "DG": keep("step/draws", {f"{r}.{player}.{k}": v for k, v in {"given": given, "x": x, "z": z}.items()})
    G.tell(z, .5)
    made = G(given)
    optD.zero_grad()
    real, fake = D(torch.cat([given, x], 1)), D(torch.cat([given, made.detach()], 1))
    ofReal, ofFake = .5 * bce(real, torch.ones_like(real)), .5 * bce(fake, torch.zeros_like(fake))
    (ofReal + ofFake).backward()
    optD.step()
    optG.zero_grad()
    judged = D(torch.cat([given, made], 1))
    fooling, difference = bce(judged, torch.ones_like(judged)), 100 * F.l1_loss(made, x)
    (fooling + difference).backward()
    optG.step()
    keep("step/terms", {f"{r}.{k}": v.reshape(1) for k, v in {"D.real": ofReal, "D.fake": ofFake, "G.fooling": fooling, "G.difference": difference}.items()})
keep("step/after", {f"G.{k}": v for k, v in named_unet(G).items()})
keep("step/after", {f"D.{k}": v for k, v in named_patches(D).items()})
# In thousands and the rest: float32 holds no larger numbers exactly.
keep("counts", {k: torch.tensor([float(n // 1000), float(n % 1000)]) for k, n in counts.items()})

header, offset, blobs = {}, 0, []
for name, value in out.items():
    data = value.detach().to(torch.float32).contiguous().numpy().tobytes()
    header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [offset, offset + len(data)]}
    offset += len(data)
    blobs.append(data)
text = json.dumps(header, separators=(",", ":")).encode()
text += b" " * (-len(text) % 8)
with open("pix2pix.safetensors", "wb") as f:
    f.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))
print(f"torch {torch.__version__}: {len(out)} tensors, {offset} bytes")
