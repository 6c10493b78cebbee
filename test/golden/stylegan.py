"""StyleGAN in PyTorch, written from the authors' TensorFlow code (NVlabs/stylegan, networks_stylegan.py and loss.py):
parameter counts of its networks, what they make of given numbers at 32 x 32, and two rounds with R1 and StyleGAN 2's path length.

Writes stylegan.json (counts, terms) and stylegan.safetensors (forward values, everything after two rounds) beside itself.
Weights and draws are numbers by a formula that the test knows too, so that they need not be stored. Parameter names and
layouts are Belamy's. Made with PyTorch 2.6 on the CPU in float64: python3 stylegan.py
"""
import json, math, struct
import numpy as np, torch, torch.nn.functional as F

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def numbers(key, *shape, kind="normal"):
    """Sums of three fractional parts: mean 0 and deviation 1, or numbers in [0, 1), as float32 holds them."""
    n = int(np.prod(shape))
    i = np.arange(1, n + 1, dtype=np.float64)

    def part(k):
        y = np.sin(i * 12.9898 + (key * 3 + k) * 78.233) * 43758.5453
        return y - np.floor(y)

    u = part(0) if kind == "uniform" else 2 * (part(0) + part(1) + part(2) - 1.5)
    return torch.tensor(u.astype(np.float32).astype(np.float64)).reshape(shape)


def nf(stage, base, most):
    return min(int(base / 2 ** stage), most)


def shapes_of(size, latent, styles, mapping, base, most):
    """Names and shapes of all parameters, in the order of the authors' scopes; fixed structure."""
    log = int(math.log2(size))
    M, S, D = {}, {}, {}
    fan = latent
    for i in range(mapping):
        M[f"{2 * i + 1}.weight"], M[f"{2 * i + 1}.bias"] = (fan, styles), (styles,)
        fan = styles

    def epilogue(at, c):
        S[f"{at}.noise"], S[f"{at}.bias"] = (c,), (c,)
        S[f"{at}.norm.style.weight"], S[f"{at}.norm.style.bias"] = (styles, 2 * c), (2 * c,)

    S["const"] = (nf(1, base, most), 4, 4)
    epilogue("4x4.const", nf(1, base, most))
    S["4x4.conv.weight"] = (nf(1, base, most), nf(1, base, most), 3, 3)
    epilogue("4x4.conv", nf(1, base, most))
    for res in range(3, log + 1):
        at, c, below = f"{2 ** res}x{2 ** res}", nf(res - 1, base, most), nf(res - 2, base, most)
        S[f"{at}.conv0_up.weight"] = (c, below, 3, 3)
        epilogue(f"{at}.conv0_up", c)
        S[f"{at}.conv1.weight"] = (c, c, 3, 3)
        epilogue(f"{at}.conv1", c)
    S["rgb.weight"], S["rgb.bias"] = (3, nf(log - 1, base, most), 1, 1), (3,)

    at = 0
    def layer(shape, steps):
        nonlocal at
        D[f"{at}.weight"], D[f"{at}.bias"] = shape, (shape[1] if len(shape) == 2 else shape[0],)
        at += steps
    layer((nf(log - 1, base, most), 3, 1, 1), 2)
    for res in range(log, 2, -1):
        layer((nf(res - 1, base, most), nf(res - 1, base, most), 3, 3), 3)  # leaky ReLU, blur
        layer((nf(res - 2, base, most), nf(res - 1, base, most), 3, 3), 2)  # halved, leaky ReLU
    at += 1  # minibatch deviation
    layer((nf(1, base, most), nf(1, base, most) + 1, 3, 3), 3)  # leaky ReLU, flatten
    layer((nf(1, base, most) * 16, min(nf(0, base, most), nf(1, base, most))), 2)
    layer((min(nf(0, base, most), nf(1, base, most)), 1), 1)
    return M, S, D


def count(shapes):
    return sum(int(np.prod(s)) for s in shapes.values())


counts = dict(zip("MSD", map(count, shapes_of(1024, 512, 512, 8, 8192, 512))))

size, latent, styles, mapping, pace, width, most = 32, 12, 10, 3, .01, 4, 8
batch, rounds, gamma, path, mixing, lr, half_life = 4, 2, 10, 2, .9, 2e-3, 20
base = width * size // 2  # nf(log2(size) - 1) is the width at full size
log = int(math.log2(size))
layers = 2 * (log - 1)
places = [4 ** (i // 2 + 2) for i in range(layers)]
shapes = dict(zip("MSD", shapes_of(size, latent, styles, mapping, base, most)))
net, key = {}, 0
for name in "MSD":
    net[name] = {}
    for k, shape in shapes[name].items():
        scale = 1 / pace if name == "M" and k.endswith("weight") else 1 if k.endswith("weight") else .3
        value = numbers(key, *shape).mul(scale).to(torch.float32).to(torch.float64)
        net[name][k] = value.requires_grad_(True)
        key += 1
M, S, D = (net[name] for name in "MSD")


def runtime(w, gain=math.sqrt(2), lrmul=1.0):
    """Equalized learning rate: weights are stored as N(0, 1) / lrmul."""
    fan_in = w.shape[0] if w.ndim == 2 else w.shape[1] * w.shape[2] * w.shape[3]
    return w * (gain / math.sqrt(fan_in) * lrmul)


def lrelu(x):
    return F.leaky_relu(x, .2)


def blur(x):
    k = torch.tensor([1., 2., 1.])
    k = (k[:, None] * k[None, :] / 16).expand(x.shape[1], 1, 3, 3)
    return F.conv2d(x, k, padding=1, groups=x.shape[1])


def to_w(z):
    x = z * torch.rsqrt(z.square().mean(1, keepdim=True) + 1e-8)
    for i in range(mapping):
        x = lrelu(x @ runtime(M[f"{2 * i + 1}.weight"], lrmul=pace) + M[f"{2 * i + 1}.bias"] * pace)
    return x


def synthesize(dlatents, noise):
    parts = torch.split(noise, places, dim=1)

    def epilogue(x, at, i):
        x = x + parts[i].reshape(-1, 1, *x.shape[2:]) * S[f"{at}.noise"].reshape(1, -1, 1, 1)
        x = lrelu(x + S[f"{at}.bias"].reshape(1, -1, 1, 1))
        x = x - x.mean((2, 3), keepdim=True)
        x = x * torch.rsqrt(x.square().mean((2, 3), keepdim=True) + 1e-8)
        style = dlatents[:, i] @ runtime(S[f"{at}.norm.style.weight"], gain=1) + S[f"{at}.norm.style.bias"]
        style = style.reshape(-1, 2, x.shape[1], 1, 1)
        return x * (style[:, 0] + 1) + style[:, 1]

    x = S["const"].expand(dlatents.shape[0], -1, -1, -1)
    x = epilogue(x, "4x4.const", 0)
    x = epilogue(F.conv2d(x, runtime(S["4x4.conv.weight"]), padding=1), "4x4.conv", 1)
    for res in range(3, log + 1):
        at = f"{2 ** res}x{2 ** res}"
        x = F.interpolate(x, scale_factor=2, mode="nearest")
        x = epilogue(blur(F.conv2d(x, runtime(S[f"{at}.conv0_up.weight"]), padding=1)), f"{at}.conv0_up", 2 * res - 4)
        x = epilogue(F.conv2d(x, runtime(S[f"{at}.conv1.weight"]), padding=1), f"{at}.conv1", 2 * res - 3)
    return F.conv2d(x, runtime(S["rgb.weight"], gain=1), S["rgb.bias"])


def judge(x):
    names = [k[:-7] for k in D if k.endswith("weight")]
    conv = lambda x, i, p: F.conv2d(x, runtime(D[f"{names[i]}.weight"]), D[f"{names[i]}.bias"], padding=p)
    x, i = lrelu(conv(x, 0, 0)), 1
    for res in range(log, 2, -1):
        x = blur(lrelu(conv(x, i, 1)))
        x = lrelu(F.avg_pool2d(conv(x, i + 1, 1), 2))
        i += 2
    group = min(4, x.shape[0])
    y = x.reshape(group, -1, *x.shape[1:])
    y = y - y.mean(0, keepdim=True)
    y = (y.square().mean(0) + 1e-8).sqrt().mean((1, 2, 3), keepdim=True)
    x = torch.cat([x, y.repeat(group, 1, x.shape[2], x.shape[3])], 1)
    x = lrelu(conv(x, i, 1)).flatten(1)
    x = lrelu(x @ runtime(D[f"{names[i + 1]}.weight"]) + D[f"{names[i + 1]}.bias"])
    return x @ runtime(D[f"{names[i + 2]}.weight"], gain=1) + D[f"{names[i + 2]}.bias"]


out, terms = {}, []
out["forward/w"] = to_w(numbers(1000, batch, latent))
out["forward/picture"] = synthesize(out["forward/w"][:, None].expand(-1, layers, -1), numbers(1001, batch, sum(places)))
out["forward/logits"] = judge(numbers(1002, batch, 3, size, size))

average = {f"{name}.{k}": v.detach().clone() for name in "MS" for k, v in net[name].items()}
w_avg, a = torch.zeros(styles), torch.zeros(())
adam = lambda parameters: torch.optim.Adam(parameters, lr=lr, betas=(0.0, .99), eps=1e-8)
moveD, moveG = adam(D.values()), adam([*M.values(), *S.values()])
for r in range(rounds):
    for player in "DG":
        key = 2000 + 100 * r + (50 if player == "G" else 0)
        x, y = (numbers(key + i, batch, 3, size, size) for i in (0, 1))
        z, other, cut = numbers(key + 2, batch, latent), numbers(key + 3, batch, latent), numbers(key + 4, batch, 2, kind="uniform")
        noise = numbers(key + 5, batch, sum(places))
        w, second = to_w(z), to_w(other)
        w_avg = (w_avg * .995 + w.mean(0) * .005).detach()
        cutoff = torch.where(cut[:, 0] < mixing, torch.floor(cut[:, 1] * (layers - 1)) + 1, torch.tensor(float(layers)))
        index = torch.arange(layers)[None, :, None]
        codes = torch.where(index < cutoff[:, None, None], w[:, None], second[:, None])
        fake = synthesize(codes, noise)
        if player == "D":
            x = x.requires_grad_(True)
            logits = judge(x)
            grad, = torch.autograd.grad(logits.sum(), x, create_graph=True)
            loss = {"D.real": F.softplus(-logits).mean(), "D.fake": F.softplus(judge(fake.detach())).mean(),
                    "D.r1": grad.square().sum((1, 2, 3)).mean() * (gamma / 2)}
            move = moveD
        else:
            grad, = torch.autograd.grad((fake * y / size).sum(), codes, create_graph=True)
            lengths = (grad.square().sum(2).mean(1) + 1e-12).sqrt()
            mean_length = a * .99 + lengths.mean() * .01
            a = mean_length.detach()
            loss = {"G.fooling": F.softplus(-judge(fake)).mean(), "G.path": (lengths - mean_length).square().mean() * path}
            move = moveG
        move.zero_grad()
        sum(loss.values()).backward()
        move.step()
        terms.append({k: v.item() for k, v in loss.items()})
    share = .5 ** (batch / half_life)
    for name in "MS":
        for k, v in net[name].items():
            average[f"{name}.{k}"].mul_(share).add_(v.detach(), alpha=1 - share)

for name in "MSD":
    for k, v in net[name].items():
        out[f"after/{name}.{k}"] = v
for k, v in average.items():
    out[f"after/average.{k}"] = v
out["after/W.mean"], out["after/A.mean"] = w_avg, a

header, offset, blobs = {}, 0, []
for name, value in out.items():
    data = value.detach().to(torch.float32).contiguous().numpy().tobytes()
    header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [offset, offset + len(data)]}
    offset += len(data)
    blobs.append(data)
text = json.dumps(header, separators=(",", ":")).encode()
text += b" " * (-len(text) % 8)
with open("stylegan.safetensors", "wb") as f:
    f.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))
with open("stylegan.json", "w") as f:
    json.dump({"made": f"torch {torch.__version__}", "counts": counts, "terms": terms}, f, indent=2)
    f.write("\n")
print(counts, terms, offset)
