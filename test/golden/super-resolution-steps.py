"""Two rounds of EnhanceNet and of ESRGAN in PyTorch, from parameters and draws made here.

Writes super-resolution-steps.safetensors beside itself: for each system the first parameters (`esrgan/before/G.conv_first.weight`), the weights of
the features that losses compare (`features/conv1_1.weight`), the draws of every turn (`esrgan/draws/0.psnr.x`), what is made and said with the first
parameters (`esrgan/first/made`), the first terms (`esrgan/terms/G.pixel`), and every parameter after the rounds (`esrgan/after/…`); and as integers in
super-resolution-steps.json the parameters that the papers' own networks have. Names and layouts of parameters are Belamy's. Computed in float64.
Made with PyTorch 2.6 on the CPU: python3 super-resolution-steps.py
"""
import json, math, struct
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
out = {}
lrelu = lambda x: F.leaky_relu(x, .2)
rounds, batch, patch, height, width, scale = 2, 4, 32, 40, 36, 4
widths = [4, 5, 6, 7]


def rand(*shape, by=1.0):
    return torch.randn(*shape) * by


def conv(o, i, k=3):
    return rand(o, i, k, k, by=1 / math.sqrt(i * k * k))


def leaves(p):
    return {k: v.clone().requires_grad_(True) for k, v in p.items()}


def keep(prefix, tensors):
    for name, value in tensors.items():
        out[f"{prefix}/{name}"] = torch.as_tensor(value).detach().clone()


# Pictures of another size: a matrix for each axis, its rows summing to 1.

def keys(d):
    d = abs(d)
    return (1.5 * d - 2.5) * d * d + 1 if d <= 1 else ((-.5 * d + 2.5) * d - 4) * d + 2 if d < 2 else 0.


def lanczos(d):
    return float(np.sinc(d) * np.sinc(d / 3)) if abs(d) < 3 else 0.


def matrix(n, m, kernel, reach, mirror):
    spread = max(1., n / m)
    rows = torch.zeros(m, n)
    for i in range(m):
        centre = (i + .5) * n / m - .5
        for j in range(math.ceil(centre - reach * spread), math.floor(centre + reach * spread) + 1):
            k = j
            if not 0 <= j < n:
                if not mirror:
                    continue
                k = -1 - j if j < 0 else 2 * n - 1 - j
            rows[i, k] += kernel((j - centre) / spread)
    return rows / rows.sum(1, keepdim=True)


def resized(x, m, kernel, reach, mirror):
    n = x.shape[-1]
    a = matrix(n, m, kernel, reach, mirror)
    return a @ x @ a.T


def stored(x):
    return torch.floor(x.clamp(0, 1) * 255 + .5) / 255


def clear(x):
    """Whether whoever computes in float32 comes to the same bytes."""
    return float((.5 - ((x.clamp(0, 1) * 255 + .5) % 1 - .5).abs()).min()) > 2e-4


def patch_of(x, u):
    cut = []
    for picture, (top, left, mirror, flip, turn) in zip(x, u.tolist()):
        t, l = (int(v * (n - patch + 1)) for v, n in ((top, height), (left, width)))
        y = picture[:, t:t + patch, l:l + patch]
        if mirror >= .5: y = y.flip(2)
        if flip >= .5: y = y.flip(1)
        if turn >= .5: y = y.transpose(1, 2)
        cut.append(y)
    return torch.stack(cut) * .5 + .5


frozen = {}


def look(x, wanted):
    """A VGG of one convolution in each block, on pictures of -1 to 1."""
    found = {}
    for block in range(1, len(widths) + 1):
        found[f"conv{block}_1"] = x = F.conv2d(x, frozen[f"conv{block}_1.weight"], frozen[f"conv{block}_1.bias"], padding=1)
        found[f"relu{block}_1"] = x = F.relu(x)
        found[f"pool{block}"] = x = F.max_pool2d(x, 2)
    return found[wanted]


def features():
    torch.manual_seed(5)
    i = 3
    for block, o in enumerate(widths, 1):
        frozen[f"conv{block}_1.weight"], frozen[f"conv{block}_1.bias"] = conv(o, i), rand(o, by=.1)
        i = o
    keep("features", frozen)


def adam(p, lr, betas):
    return torch.optim.Adam(p.values(), lr=lr, betas=betas)


def move(opt, terms):
    opt.zero_grad()
    sum(terms.values()).backward()
    opt.step()


def draw(prefix, small):
    # Smooth pictures, so that their small ones are not grey.
    x = F.interpolate(torch.rand(batch, 3, height // 4, width // 4), (height, width), mode="bilinear").add(rand(batch, 3, height, width, by=.05)).clamp(0, 1) * 2 - 1
    x = x.float().double()
    u = torch.rand(batch, 5).float().double()
    real = patch_of(x, u)
    if not clear(small(real)):
        return draw(prefix, small)
    keep(prefix, {"x": x, "place": u})
    return real


bce = F.binary_cross_entropy_with_logits
real_loss = lambda d: bce(d, torch.ones_like(d))
fake_loss = lambda d: bce(d, torch.zeros_like(d))


def enhancenet():
    torch.manual_seed(21)
    c, w, dense = 5, 2, 6
    G = {"branch.0.weight": conv(c, 3), "branch.0.bias": rand(c, by=.1)}
    for i in (2, 3):
        for j in (0, 2):
            G |= {f"branch.{i}.branch.{j}.weight": conv(c, c), f"branch.{i}.branch.{j}.bias": rand(c, by=.1)}
    for i in (5, 8, 10):
        G |= {f"branch.{i}.weight": conv(c, c), f"branch.{i}.bias": rand(c, by=.1)}
    G |= {"branch.12.weight": conv(3, c) * .3, "branch.12.bias": rand(3, by=.05)}
    D, i, at, side = {}, 3, 0, patch
    while side >= 8:
        D |= {f"{at}.weight": conv(w, i), f"{at}.bias": rand(w, by=.1), f"{at + 2}.weight": conv(w, w), f"{at + 2}.bias": rand(w, by=.1)}
        i, w, at, side = w, 2 * w, at + 4, side // 2
    D |= {f"{at + 1}.weight": rand(i * side * side, dense, by=.2), f"{at + 1}.bias": rand(dense, by=.1),
          f"{at + 3}.weight": rand(dense, 1, by=.4), f"{at + 3}.bias": rand(1, by=.1)}
    convs = at // 2
    G, D = leaves(G), leaves(D)
    means = torch.tensor([.47614917, .45001204, .40904046]).view(1, 3, 1, 1)

    def residual(x):
        at = lambda x, k: F.conv2d(x, G[f"branch.{k}.weight"], G[f"branch.{k}.bias"], padding=1)
        up = lambda x: F.interpolate(x, scale_factor=2, mode="nearest")
        y = F.relu(at(x, 0))
        for i in (2, 3):
            y = y + at(F.relu(at(y, f"{i}.branch.0")), f"{i}.branch.2")
        y = F.relu(at(up(y), 5))
        y = F.relu(at(up(y), 8))
        return at(F.relu(at(y, 10)), 12)

    def enlarged(small):
        x = small - means
        return residual(x) + resized(x, patch, keys, 2, True) + means

    def judge(x):
        for k in range(convs):
            x = lrelu(F.conv2d(x, D[f"{2 * k}.weight"], D[f"{2 * k}.bias"], stride=1 + k % 2, padding=1 if k % 2 == 0 else 1))
        x = lrelu(x.flatten(1) @ D[f"{at + 1}.weight"] + D[f"{at + 1}.bias"])
        return x @ D[f"{at + 3}.weight"] + D[f"{at + 3}.bias"]

    small = lambda x: resized(x, patch // scale, lanczos, 3, False)
    smaller = lambda x: stored(small(x))
    of_mean_one = lambda y: y / (y.mean([1, 2, 3], keepdim=True) + 1e-6)

    def grams(y):
        y = of_mean_one(y)
        b, c, h, w = y.shape
        side = min(16, h)
        tiles = y.view(b, c, h // side, side, w // side, side).permute(0, 2, 4, 1, 3, 5).reshape(-1, c, side * side)
        return tiles @ tiles.transpose(1, 2) / side ** 2 * 256

    def terms_G(made, real):
        seen = lambda layer, f: F.mse_loss(f(look(made * 2 - 1, layer)), f(look(real * 2 - 1, layer)))
        return {"shallow": .2 * seen("pool2", of_mean_one), "deep": .02 * seen("pool4", of_mean_one),
                "texture": 3e-7 * seen("relu1_1", grams) + 1e-6 * seen("relu2_1", grams) + 1e-6 * seen("relu3_1", grams),
                "fooling": 2 * real_loss(judge(made))}

    for net, p in (("G", G), ("D", D)):
        keep("enhancenet/before", {f"{net}.{k}": v for k, v in p.items()})
    plain, optG, optD = adam(G, 1e-3, (.9, .999)), adam(G, 1e-4, (.9, .999)), adam(D, 1e-4, (.9, .999))
    for r in range(rounds):
        for player in ("pixels", "D", "G"):
            real = draw(f"enhancenet/draws/{r}.{player}", small)
            made = enlarged(smaller(real))
            if r == 0 and player == "pixels":
                keep("enhancenet/first", {"small": smaller(real), "made": made, "logits": judge(real)})
            if player == "pixels":
                terms, opt = {"E": F.mse_loss(made, real)}, plain
            elif player == "D":
                terms, opt = {"real": real_loss(judge(real)), "fake": fake_loss(judge(made.detach()))}, optD
            else:
                terms, opt = terms_G(made, real), optG
            if r == 0:
                keep("enhancenet/terms", {f"{player}.{k}": v for k, v in terms.items()})
            move(opt, terms)
    for net, p in (("G", G), ("D", D)):
        keep("enhancenet/after", {f"{net}.{k}": v for k, v in p.items()})


def esrgan():
    torch.manual_seed(44)
    c, g, w = 4, 3, 3
    names = ["conv_first"] + [f"RRDB_trunk.0.RDB{i}.conv{j}" for i in (1, 2, 3) for j in range(1, 6)] + ["trunk_conv", "upconv1", "upconv2", "HRconv", "conv_last"]
    G = {}
    for n in names:
        i, o = c, c
        if "RDB" in n:
            j = int(n[-1])
            i, o = c + (j - 1) * g, c if j == 5 else g
        if n == "conv_first": i = 3
        if n == "conv_last": o = 3
        G |= {f"{n}.weight": conv(o, i), f"{n}.bias": rand(o, by=.1)}
    D, state = {"0.weight": conv(w, 3), "0.bias": rand(w, by=.1)}, {}
    plan, at, i, o, side = [], 2, w, w, patch
    while side >= 8:
        first = side == patch
        for k, stride in ([] if first else [(3, 1)]) + [(4, 2)]:
            D |= {f"{at}.weight": conv(o, i, k), f"{at + 1}.scale": 1 + rand(o, by=.1), f"{at + 1}.shift": rand(o, by=.1)}
            plan.append((at, stride))
            at, i = at + 3, o
        side, o = side // 2, min(2 * o, 8 * w)
    D |= {f"{at + 1}.weight": rand(i * side * side, 100, by=.1), f"{at + 1}.bias": rand(100, by=.1),
          f"{at + 3}.weight": rand(100, 1, by=.2), f"{at + 3}.bias": rand(1, by=.1)}
    G, D = leaves(G), leaves(D)

    def generate(x):
        f = lambda n, x: F.conv2d(x, G[f"{n}.weight"], G[f"{n}.bias"], padding=1)

        def dense(n, x):
            seen = [x]
            for j in range(1, 5):
                seen.append(lrelu(f(f"{n}.conv{j}", torch.cat(seen, 1))))
            return f(f"{n}.conv5", torch.cat(seen, 1)) * .2 + x
        first = f("conv_first", x)
        y = first
        for i in (1, 2, 3):
            y = dense(f"RRDB_trunk.0.RDB{i}", y)
        y = first + f("trunk_conv", y * .2 + first)
        for n in ("upconv1", "upconv2"):
            y = lrelu(f(n, F.interpolate(y, scale_factor=2, mode="nearest")))
        return f("conv_last", lrelu(f("HRconv", y)))

    def judge(x):
        x = lrelu(F.conv2d(x, D["0.weight"], D["0.bias"], padding=1))
        for k, stride in plan:
            x = F.conv2d(x, D[f"{k}.weight"], stride=stride, padding=1)
            x = lrelu(F.batch_norm(x, None, None, D[f"{k + 1}.scale"], D[f"{k + 1}.shift"], training=True))
        x = lrelu(x.flatten(1) @ D[f"{at + 1}.weight"] + D[f"{at + 1}.bias"])
        return x @ D[f"{at + 3}.weight"] + D[f"{at + 3}.bias"]

    small = lambda x: resized(x, patch // scale, keys, 2, True)
    smaller = lambda x: stored(small(x))
    for net, p in (("G", G), ("D", D)):
        keep("esrgan/before", {f"{net}.{k}": v for k, v in p.items()})
    average = {k: v.detach().clone() for k, v in G.items()}
    plain, optG, optD = (adam(p, lr, (.9, .99)) for p, lr in ((G, 1e-3), (G, 2e-4), (D, 2e-4)))
    # Stage 1 at a tenth of the run, which is a sixth of its 0.6: two thirds along the first of four cosines.
    plain.param_groups[0]["lr"] = 1e-7 + (1e-3 - 1e-7) / 2 * (1 + math.cos(math.pi * 2 / 3))
    for r in range(rounds):
        real = draw(f"esrgan/draws/{r}.psnr", small)
        made = generate(smaller(real))
        if r == 0:
            keep("esrgan/first", {"small": smaller(real), "made": made, "logits": judge(real)})
        terms = {"psnr": {"pixel": F.l1_loss(made, real)}}
        move(plain, terms["psnr"])
        # Stage 2 at 0.7, a quarter of its 0.4: the rate has been halved twice. Both move from one position.
        for opt in (optG, optD):
            opt.param_groups[0]["lr"] = 2e-4 / 4
        real = draw(f"esrgan/draws/{r}.G", small)
        made = generate(smaller(real))
        on_real, on_made = judge(real).detach(), judge(made)
        fooling = (fake_loss(on_real - on_made.mean()) + real_loss(on_made - on_real.mean())) / 2
        apart = look(made * 2 - 1, "conv3_1") - look(real * 2 - 1, "conv3_1")
        terms["G"] = {"perceptual": apart.abs().mean(), "adversarial": 5e-3 * fooling, "pixel": 1e-2 * F.l1_loss(made, real)}
        on_real, on_made = judge(real), judge(made.detach())
        terms["D"] = {"real": real_loss(on_real - on_made.mean()) / 2, "fake": fake_loss(on_made - on_real.mean()) / 2}
        if r == 0:
            keep("esrgan/terms", {f"{p}.{k}": v for p, all_ in terms.items() for k, v in all_.items()})
        found = [torch.autograd.grad(sum(terms[n].values()), list(p.values()), retain_graph=True) for n, p in (("G", G), ("D", D))]
        for opt, p, gradient in zip((optG, optD), (G, D), found):
            for v, slope in zip(p.values(), gradient):
                v.grad = slope
            opt.step()
    for net, p in (("G", G), ("D", D)):
        keep("esrgan/after", {f"{net}.{k}": v for k, v in p.items()})


class Vgg128(nn.Module):
    """As the authors' VGGStyleDiscriminator: only to be counted."""

    def __init__(self, f=64):
        super().__init__()
        wide = [f, 2 * f, 4 * f, 8 * f, 8 * f]
        layers, i = [nn.Conv2d(3, f, 3, 1, 1)], f
        for k, o in enumerate(wide):
            if k > 0:
                layers += [nn.Conv2d(i, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o)]
            layers += [nn.Conv2d(o, o, 4, 2, 1, bias=False), nn.BatchNorm2d(o)]
            i = o
        self.body = nn.Sequential(*layers)
        self.dense = nn.Sequential(nn.Linear(8 * f * 16, 100), nn.Linear(100, 1))


def counts():
    number = lambda *layers: sum(p.numel() for layer in layers for p in layer.parameters())
    c3 = lambda i, o: nn.Conv2d(i, o, 3)
    generator = [c3(3, 64)] + [c3(64, 64) for _ in range(20 + 3)] + [c3(64, 3)]
    judge, i = [], 3
    for o in (32, 64, 128, 256, 512):
        judge += [c3(i, o), c3(o, o)]
        i = o
    judge += [nn.Linear(512 * 16, 1024), nn.Linear(1024, 1)]
    return {"enhancenet": {"G": number(*generator), "D": number(*judge)}, "esrgan": {"D": number(Vgg128())}}


def write(path):
    header, parts, at = {}, [], 0
    for name, value in out.items():
        data = value.to(torch.float32).contiguous().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [at, at + len(data)]}
        parts.append(data)
        at += len(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(parts))


features()
enhancenet()
esrgan()
write("super-resolution-steps.safetensors")
with open("super-resolution-steps.json", "w") as file:
    json.dump({"made": f"PyTorch {torch.__version__}, float64", "parameters": counts()}, file)
    file.write("\n")
