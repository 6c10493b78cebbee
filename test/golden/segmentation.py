"""One turn of the adversary and one of the segmenter for each of its three inputs, in PyTorch; forward values of the
multi-scale net and of the four adversaries.

Writes segmentation.json beside itself: draws, parameters before and after in Belamy's names and layouts, terms. Maps have
three classes and void, which counts nowhere. Cross-entropies are torch's own, with ignore_index. PyTorch 2.6, float64.
"""
import json
import torch, torch.nn.functional as F

torch.manual_seed(11)
torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
batch, size, k, width, tau, weight, lr, adversary_lr = 2, 8, 3, 2, .9, .3, 2e-3, 1e-3
void = 3


def numbers(t): return [float(f"{v:.7g}") for v in t.detach().flatten().tolist()]


def as_float32(t): return t.float().double()


def kept(*shape, scale=.3): return as_float32(torch.randn(*shape) * scale)


def conv_bn(p, at, weight_shape, out):
    p[f"{at}.weight"] = kept(*weight_shape)
    bn = ".".join(at.split(".")[:-1] + [str(int(at.split(".")[-1]) + 1)])
    p[f"{bn}.scale"], p[f"{bn}.shift"] = as_float32(1 + .2 * torch.randn(out)), kept(out, scale=.1)
    return bn


def hourglass_parameters():
    p, w = {}, width
    conv_bn(p, "0", (w, 3, 3, 3), w)
    conv_bn(p, "3.branch.0", (2 * w, w, 4, 4), 2 * w)
    conv_bn(p, "3.branch.3.branch.0", (4 * w, 2 * w, 4, 4), 4 * w)
    conv_bn(p, "3.branch.3.branch.3", (4 * w, 4 * w, 3, 3), 4 * w)
    conv_bn(p, "3.branch.3.branch.6", (4 * w, 2 * w, 4, 4), 2 * w)
    conv_bn(p, "3.branch.4", (2 * w, w, 4, 4), w)
    conv_bn(p, "4", (w, w, 3, 3), w)
    p["7.weight"], p["7.bias"] = kept(k, w, 1, 1), kept(k)
    return p


def hourglass(p, x, state):
    def after(y, name):
        mean, variance = state.setdefault(name, (torch.zeros(y.shape[1]), torch.ones(y.shape[1])))
        y = F.batch_norm(y, mean, variance, p[f"{name}.scale"], p[f"{name}.shift"], training=True, momentum=.1, eps=1e-5)
        return F.relu(y)
    same = lambda y, at, bn: after(F.conv2d(y, p[f"{at}.weight"], padding=1), bn)
    half = lambda y, at, bn: after(F.conv2d(y, p[f"{at}.weight"], stride=2, padding=1), bn)
    twice = lambda y, at, bn: after(F.conv_transpose2d(y, p[f"{at}.weight"], stride=2, padding=1), bn)
    full = same(x, "0", "1")
    one = half(full, "3.branch.0", "3.branch.1")
    inner = "3.branch.3.branch."
    two = twice(same(half(one, inner + "0", inner + "1"), inner + "3", inner + "4"), inner + "6", inner + "7")
    top = same(full + twice(one + two, "3.branch.4", "3.branch.5"), "4", "5")
    return F.conv2d(top, p["7.weight"], p["7.bias"])


tables = {"large": [[96, 128, 128], [256, 256], [512, 2]], "large light": [[96, 128, 128], [128, 128], [256, 2]],
          "small": [[96, 128], [256, 256], [512, 2]], "small light": [[96, 128], [128, 128], [256, 2]]}


def adversary_parameters(kind, channels, narrow):
    p, at = {}, 0
    for stage, widths in enumerate(tables[kind]):
        for i, out in enumerate(widths):
            last = stage == 2 and i == 1
            out = out if last else out // narrow
            kernel = 1 if kind.startswith("small") and i % 2 == 1 else 3
            p[f"{at}.weight"], p[f"{at}.bias"] = kept(out, channels, kernel, kernel), kept(out, scale=.1)
            channels, at = out, at + (1 if last else 2)
        at += 1
    return p


def adversary(p, kind, x):
    names = sorted({int(n.split(".")[0]) for n in p})
    ends = {sum(len(w) for w in tables[kind][:s + 1]) - 1 for s in range(2)}
    for i, n in enumerate(names):
        x = F.conv2d(x, p[f"{n}.weight"], p[f"{n}.bias"], padding=p[f"{n}.weight"].shape[2] // 2)
        if i < len(names) - 1: x = F.relu(x)
        if i in ends: x = F.max_pool2d(x, 2)
    return x.mean((2, 3))


labels = torch.randint(0, 4, (batch, size, size))
legend = torch.tensor([[10., 20, 30], [200, 20, 30], [10, 220, 30], [0, 0, 0]])
y = as_float32(legend[labels].permute(0, 3, 1, 2) / 127.5 - 1)
x = as_float32(torch.randn(batch, 3, size, size) * .5)
counts = (labels != void).unsqueeze(1).double()
onehot = F.one_hot(labels, 4)[..., :k].permute(0, 3, 1, 2).double()
target = torch.where(labels == void, -100, labels)


def product(m): return torch.cat([m * x[:, c:c + 1] for c in range(3)], 1)


def seen_made(kind, logits):
    m = F.softmax(logits, 1) * counts
    return product(m) if kind == "product" else m


def seen_true(kind, logits):
    if kind == "product": return product(onehot)
    if kind == "basic": return onehot
    s, out = F.softmax(logits, 1).detach(), torch.zeros_like(onehot)
    for b in range(batch):
        for i in range(size):
            for j in range(size):
                if labels[b, i, j] == void: continue
                l, here = int(labels[b, i, j]), s[b, :, i, j]
                most = max(tau, float(here[l]))
                out[b, :, i, j] = here * (1 - most) / (1 - here[l])
                out[b, l, i, j] = most
    return out


out = {"x": numbers(x), "y": numbers(y), "labels": labels.flatten().tolist(), "s": {}, "inputs": {}, "forward": {}}
segmenter = hourglass_parameters()
out["s"] = {name: numbers(t) for name, t in segmenter.items()}
real, fake = torch.ones(batch, dtype=torch.long), torch.zeros(batch, dtype=torch.long)
for kind in ["basic", "product", "scaling"]:
    s = {n: t.clone().requires_grad_(True) for n, t in segmenter.items()}
    a = {n: t.requires_grad_(True) for n, t in adversary_parameters("large light", 9 if kind == "product" else 3, 32).items()}
    before, state = {n: numbers(t) for n, t in a.items()}, {}
    a_moves = torch.optim.Adam(a.values(), lr=adversary_lr, betas=(.9, .99))
    s_moves = torch.optim.Adam(s.values(), lr=lr, betas=(.9, .99))
    logits = hourglass(s, x, state).detach()
    true = F.cross_entropy(adversary(a, "large light", seen_true(kind, logits)), real)
    made = F.cross_entropy(adversary(a, "large light", seen_made(kind, logits)), fake)
    a_moves.zero_grad(); (true + made).backward(); a_moves.step()
    logits = hourglass(s, x, state)
    classes = F.cross_entropy(logits, target, ignore_index=-100)
    fooling = weight * F.cross_entropy(adversary(a, "large light", seen_made(kind, logits)), real)
    s_moves.zero_grad(); (classes + fooling).backward(); s_moves.step()
    out["inputs"][kind] = {
        "a": before, "terms": [float(v) for v in (true, made, classes, fooling)],
        "after": {**{f"a.{n}": numbers(t) for n, t in a.items()}, **{f"s.{n}": numbers(t) for n, t in s.items()},
                  **{f"s.{n}.mean": numbers(m) for n, (m, _) in state.items()},
                  **{f"s.{n}.variance": numbers(v) for n, (_, v) in state.items()}},
    }

for kind in tables:
    p, seen = adversary_parameters(kind, 3, 32), as_float32(torch.randn(1, 3, 8, 8))
    out["forward"][kind] = {"parameters": {n: numbers(t) for n, t in p.items()}, "x": numbers(seen),
                            "y": numbers(adversary(p, kind, seen))}

# The multi-scale net: what each level adds to the next smaller one, through the same filters, joined and classified.
w, hidden = [1, 2, 3], 4
p = {"trunk.0.weight": kept(w[0], 3, 7, 7, scale=.15), "trunk.0.bias": kept(w[0]),
     "trunk.3.weight": kept(w[1], w[0], 7, 7), "trunk.3.bias": kept(w[1]),
     "trunk.6.weight": kept(w[2], w[1], 7, 7), "trunk.6.bias": kept(w[2]),
     "head.0.weight": kept(hidden, 3 * w[2], 1, 1), "head.0.bias": kept(hidden),
     "head.2.weight": kept(k, hidden, 1, 1), "head.2.bias": kept(k)}
photo = as_float32(torch.randn(1, 3, 16, 32))
levels = [photo, F.avg_pool2d(photo, 2), F.avg_pool2d(photo, 4)]
features = []
for i, level in enumerate(levels):
    if i < 2: level = level - F.interpolate(levels[i + 1], size=level.shape[2:], mode="bilinear", align_corners=False)
    h = F.max_pool2d(torch.tanh(F.conv2d(level, p["trunk.0.weight"], p["trunk.0.bias"], padding=3)), 2)
    h = F.max_pool2d(torch.tanh(F.conv2d(h, p["trunk.3.weight"], p["trunk.3.bias"], padding=3)), 2)
    h = F.conv2d(h, p["trunk.6.weight"], p["trunk.6.bias"], padding=3)
    features.append(F.interpolate(h, size=(4, 8), mode="nearest"))
h = torch.tanh(F.conv2d(torch.cat(features, 1), p["head.0.weight"], p["head.0.bias"]))
h = F.interpolate(F.conv2d(h, p["head.2.weight"], p["head.2.bias"]), size=(16, 32), mode="bilinear", align_corners=False)
out["forward"]["multi-scale"] = {"parameters": {n: numbers(t) for n, t in p.items()}, "x": numbers(photo), "y": numbers(h)}

with open("segmentation.json", "w") as file: json.dump(out, file, separators=(",", ":"))
