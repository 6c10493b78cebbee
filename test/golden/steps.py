"""Three rounds of DCGAN and of R3GAN in PyTorch, from parameters and draws made here.

Writes steps.safetensors beside itself: for each system the first parameters (`dcgan/before/G.0.weight`), the draws
of every turn (`dcgan/draws/0.D.x`), and every parameter, average and statistic after three rounds (`dcgan/after/…`).
Parameter names and layouts are Belamy's. Made with PyTorch 2.6 on the CPU: python3 steps.py
"""
import json, math, struct
import numpy as np, torch, torch.nn.functional as F

torch.manual_seed(7)
torch.set_num_threads(1)
rounds, batch, size, channels, latent, width = 3, 8, 16, 3, 8, 4
out = {}


def rand(*shape, scale=1.0):
    return torch.randn(*shape) * scale


def leaf(value):
    return value.clone().requires_grad_(True)


def lrelu(x):
    return F.leaky_relu(x, 0.2)


def keep(prefix, tensors):
    for name, value in tensors.items():
        out[f"{prefix}/{name}"] = value.detach().clone()


def dcgan():
    w1, w2 = width, 2 * width
    G = {"0.weight": rand(latent, w2 * 16, scale=.3), "2.scale": 1 + rand(w2, scale=.1), "2.shift": rand(w2, scale=.1),
         "4.weight": rand(w2, w1, 4, 4, scale=.2), "5.scale": 1 + rand(w1, scale=.1), "5.shift": rand(w1, scale=.1),
         "7.weight": rand(w1, channels, 4, 4, scale=.2), "7.bias": rand(channels, scale=.1)}
    D = {"0.weight": rand(w1, channels, 4, 4, scale=.2), "2.weight": rand(w2, w1, 4, 4, scale=.2),
         "3.scale": 1 + rand(w2, scale=.1), "3.shift": rand(w2, scale=.1), "6.weight": rand(w2 * 16, 1, scale=.1), "6.bias": rand(1)}
    state = {"G.2.mean": torch.zeros(w2), "G.2.variance": torch.ones(w2), "G.5.mean": torch.zeros(w1), "G.5.variance": torch.ones(w1),
             "D.3.mean": torch.zeros(w2), "D.3.variance": torch.ones(w2)}
    G, D = ({k: leaf(v) for k, v in p.items()} for p in (G, D))

    def norm(x, p, net, layer):
        return F.batch_norm(x, state[f"{net}.{layer}.mean"], state[f"{net}.{layer}.variance"], p[f"{layer}.scale"], p[f"{layer}.shift"], training=True)

    def generate(z):
        x = (z @ G["0.weight"]).view(-1, w2, 4, 4)
        x = F.relu(norm(x, G, "G", 2))
        x = F.relu(norm(F.conv_transpose2d(x, G["4.weight"], stride=2, padding=1), G, "G", 5))
        return torch.tanh(F.conv_transpose2d(x, G["7.weight"], G["7.bias"], stride=2, padding=1))

    def judge(x):
        x = lrelu(F.conv2d(x, D["0.weight"], stride=2, padding=1))
        x = lrelu(norm(F.conv2d(x, D["2.weight"], stride=2, padding=1), D, "D", 3))
        return x.flatten(1) @ D["6.weight"] + D["6.bias"]

    bce = F.binary_cross_entropy_with_logits
    optG, optD = (torch.optim.Adam(p.values(), lr=2e-4, betas=(.5, .999)) for p in (G, D))
    for net, p in (("G", G), ("D", D)):
        keep("dcgan/before", {f"{net}.{k}": v for k, v in p.items()})
    for r in range(rounds):
        x, z = torch.rand(batch, channels, size, size) * 2 - 1, torch.randn(batch, latent)
        keep("dcgan/draws", {f"{r}.D.x": x, f"{r}.D.z": z})
        optD.zero_grad()
        real, fake = judge(x), judge(generate(z).detach())
        (bce(real, torch.ones_like(real)) + bce(fake, torch.zeros_like(fake))).backward()
        optD.step()
        z = torch.randn(batch, latent)
        keep("dcgan/draws", {f"{r}.G.x": x, f"{r}.G.z": z})
        optG.zero_grad()
        fake = judge(generate(z))
        bce(fake, torch.ones_like(fake)).backward()
        optG.step()
    for net, p in (("G", G), ("D", D)):
        keep("dcgan/after", {f"{net}.{k}": v for k, v in p.items()})
    keep("dcgan/after", state)


def color_translation_flip(x, u):
    """The augmentation of Zhao et al. 2020 with a flip before it, each sample's numbers from a row of u."""
    rows = []
    for i in range(x.shape[0]):
        y = x[i]
        if u[i, 0] < .5: y = torch.flip(y, [2])
        y = y + (u[i, 1] - .5)
        grey = y.mean(0, keepdim=True)
        y = (y - grey) * (2 * u[i, 2]) + grey
        middle = y.mean()
        y = (y - middle) * (u[i, 3] + .5) + middle
        most = int(size / 8 + .5)
        down, right = (int(math.floor(float(u[i, k]) * (2 * most + 1))) - most for k in (4, 5))
        padded = F.pad(y, (most, most, most, most))
        y = padded[:, most - down:most - down + size, most - right:most - right + size]
        rows.append(y)
    return torch.stack(rows)


def cosine(start, end, p):
    return (start + end) / 2 + (start - end) / 2 * math.cos(math.pi * p)


def r3gan():
    w1, w2 = width, 2 * width
    conv = lambda o, i, k: rand(o, i, k, k, scale=.5 / math.sqrt(i * k * k))
    block = lambda at, w: {f"{at}.branch.0.weight": conv(w, w, 3), f"{at}.branch.0.bias": rand(w, scale=.1),
                           f"{at}.branch.2.weight": conv(w, w, 3), f"{at}.branch.2.bias": rand(w, scale=.1)}
    G = {"0.skip.basis": rand(w2, 4, 4), "0.skip.weight": rand(latent, w2, scale=.3),
         "0.branch.0.weight": rand(latent, w2 * 16, scale=.1), "0.branch.0.bias": rand(w2 * 16, scale=.1), **block(1, w2),
         "2.weight": conv(w2, w1, 4), "2.bias": rand(w1, scale=.1), **block(4, w1),
         "6.weight": conv(channels, w1, 3), "6.bias": rand(channels, scale=.1)}
    D = {"0.weight": conv(w1, channels, 4), "0.bias": rand(w1, scale=.1), **block(2, w1),
         "3.weight": conv(w2, w1, 4), "3.bias": rand(w2, scale=.1), **block(5, w2),
         "6.basis": rand(w2, 4, 4, scale=.3), "6.weight": rand(w2, 1, scale=.3)}
    G, D = ({k: leaf(v) for k, v in p.items()} for p in (G, D))
    average = {k: v.detach().clone() for k, v in G.items()}

    def residual(x, p, at):
        y = lrelu(F.conv2d(x, p[f"{at}.branch.0.weight"], p[f"{at}.branch.0.bias"], padding=1))
        return x + F.conv2d(y, p[f"{at}.branch.2.weight"], p[f"{at}.branch.2.bias"], padding=1)

    def up(x):
        return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)

    def generate(z):
        x = (z @ G["0.skip.weight"]).view(-1, w2, 1, 1) * G["0.skip.basis"]
        x = residual(x + (z @ G["0.branch.0.weight"] + G["0.branch.0.bias"]).view(-1, w2, 4, 4), G, 1)
        x = residual(lrelu(F.conv_transpose2d(x, G["2.weight"], G["2.bias"], stride=2, padding=1)), G, 4)
        return F.conv2d(up(x), G["6.weight"], G["6.bias"], padding=1)

    def judge(x):
        x = residual(lrelu(F.conv2d(x, D["0.weight"], D["0.bias"], stride=2, padding=1)), D, 2)
        x = residual(lrelu(F.conv2d(x, D["3.weight"], D["3.bias"], stride=2, padding=1)), D, 5)
        return F.conv2d(x, D["6.basis"].unsqueeze(1), groups=w2).view(-1, w2) @ D["6.weight"]

    optG, optD = (torch.optim.Adam(p.values(), lr=1e-3, betas=(0.0, .9)) for p in (G, D))
    for net, p in (("G", G), ("D", D)):
        keep("r3gan/before", {f"{net}.{k}": v for k, v in p.items()})
    for r in range(rounds):
        progress = r / rounds
        for opt in (optG, optD):
            opt.param_groups[0].update(lr=cosine(1e-3, 1e-4, progress), betas=(0.0, cosine(.9, .99, progress)))
        gamma = cosine(1, .1, progress)
        x, z, u = torch.rand(batch, channels, size, size) * 2 - 1, torch.randn(batch, latent), torch.rand(batch, 9)
        keep("r3gan/draws", {f"{r}.D.x": x, f"{r}.D.z": z, f"{r}.D.u": u})
        optD.zero_grad()
        real, fake = x.clone().requires_grad_(True), generate(z).detach().requires_grad_(True)
        onReal, onFake = judge(color_translation_flip(real, u)), judge(color_translation_flip(fake, u))
        penalty = lambda y, x: torch.autograd.grad(y.sum(), x, create_graph=True)[0].square().sum([1, 2, 3]).mean()
        (F.softplus(onFake - onReal).mean() + gamma / 2 * (penalty(onReal, real) + penalty(onFake, fake))).backward()
        optD.step()
        x, z, u = torch.rand(batch, channels, size, size) * 2 - 1, torch.randn(batch, latent), torch.rand(batch, 9)
        keep("r3gan/draws", {f"{r}.G.x": x, f"{r}.G.z": z, f"{r}.G.u": u})
        optG.zero_grad()
        onFake, onReal = judge(color_translation_flip(generate(z), u)), judge(color_translation_flip(x, u))
        F.softplus(onReal - onFake).mean().backward()
        optG.step()
        life = min(500_000, .05 * batch * (r + 1))
        share = .5 ** (batch / life)
        with torch.no_grad():
            for k, v in G.items():
                average[k].mul_(share).add_(v, alpha=1 - share)
    for net, p in (("G", G), ("D", D)):
        keep("r3gan/after", {f"{net}.{k}": v for k, v in p.items()})
    keep("r3gan/after", {f"average.G.{k}": v for k, v in average.items()})


dcgan()
r3gan()
header, offset, blobs = {}, 0, []
for name, value in out.items():
    data = value.detach().to(torch.float32).contiguous().numpy().tobytes()
    header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [offset, offset + len(data)]}
    offset += len(data)
    blobs.append(data)
text = json.dumps(header, separators=(",", ":")).encode()
text += b" " * (-len(text) % 8)
with open("steps.safetensors", "wb") as f:
    f.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))
print(f"torch {torch.__version__}: {len(out)} tensors, {offset} bytes")
