"""Three rounds of LSGAN, WGAN-GP (two critic turns a round) and SNGAN in PyTorch, from parameters and draws made here.

Writes critics.safetensors beside itself, as steps.py does: first parameters (`sngan/before/D.0.weight`), the draws of every
move (`wgan-gp/draws/0.D.x`, numbered over the run), and everything kept after three rounds (`lsgan/after/…`). Parameter names
and layouts are Belamy's. SNGAN's D is made of torch.nn.utils.parametrizations.spectral_norm. Made with PyTorch 2.6 on the CPU.
"""
import json, struct
import torch, torch.nn.functional as F
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

torch.manual_seed(11)
torch.set_num_threads(1)
rounds, batch, size, channels, latent, width = 3, 8, 16, 1, 8, 4
w1, w2 = width, 2 * width
out = {}


def keep(prefix, tensors):
    for name, value in tensors.items():
        out[f"{prefix}/{name}"] = value.detach().clone()


def rand(*shape, scale=1.0):
    return (torch.randn(*shape) * scale).requires_grad_(True)


class Draws:
    """Real items and latents for each move of each player, written down."""
    def __init__(self, system):
        self.system, self.moves = system, {"D": 0, "G": 0}

    def next(self, player, eps=False):
        drawn = {"x": torch.rand(batch, channels, size, size) * 2 - 1, "z": torch.randn(batch, latent)}
        if eps: drawn["eps"] = torch.rand(batch, 1)
        keep(f"{self.system}/draws", {f"{self.moves[player]}.{player}.{k}": v for k, v in drawn.items()})
        self.moves[player] += 1
        return drawn


class Generator:
    """linear, then batch norm, ReLU and transposed convolutions; with `end`, a last 3×3 convolution."""
    def __init__(self, widths, norms, convs, end=None):
        self.widths, self.norms, self.convs, self.end = widths, norms, convs, end
        bias = end is not None
        w0 = widths[0]
        self.p = {"0.weight": rand(latent, w0 * 16, scale=.3)}
        if bias: self.p["0.bias"] = rand(w0 * 16, scale=.1)
        for i, at in enumerate(convs):
            self.p[f"{at}.weight"] = rand(widths[i], widths[i + 1], 4, 4, scale=.2)
            if at == convs[-1] and end is None: self.p[f"{at}.bias"] = rand(widths[i + 1], scale=.1)
        normed = widths[1:] if end is not None else widths[:-1]
        self.state = {}
        for at, w in zip(norms, normed):
            self.p[f"{at}.scale"] = (1 + rand(w, scale=.1)).detach().requires_grad_(True)
            self.p[f"{at}.shift"] = rand(w, scale=.1)
            self.state[f"{at}.mean"], self.state[f"{at}.variance"] = torch.zeros(w), torch.ones(w)
        if end is not None:
            self.p[f"{end}.weight"], self.p[f"{end}.bias"] = rand(channels, widths[-1], 3, 3, scale=.2), rand(channels, scale=.1)

    def norm(self, x, at):
        return F.relu(F.batch_norm(x, self.state[f"{at}.mean"], self.state[f"{at}.variance"], self.p[f"{at}.scale"], self.p[f"{at}.shift"], training=True))

    def __call__(self, z):
        x = z @ self.p["0.weight"] + self.p.get("0.bias", 0)
        x = x.view(-1, self.widths[0], 4, 4)
        norms = list(self.norms)
        if self.end is None: x = self.norm(x, norms.pop(0))
        for at in self.convs:
            x = F.conv_transpose2d(x, self.p[f"{at}.weight"], self.p.get(f"{at}.bias"), stride=2, padding=1)
            if norms: x = self.norm(x, norms.pop(0))
        if self.end is not None: x = F.conv2d(x, self.p[f"{self.end}.weight"], self.p[f"{self.end}.bias"], padding=1)
        return torch.tanh(x)


def finish(system, G, D, state):
    for net, p in (("G", G.p), ("D", D)):
        keep(f"{system}/after", {f"{net}.{k}": v for k, v in p.items()})
    keep(f"{system}/after", {**{f"G.{k}": v for k, v in G.state.items()}, **{f"D.{k}": v for k, v in state.items()}})


def begin(system, G, D, state):
    for net, p in (("G", G.p), ("D", D)):
        keep(f"{system}/before", {f"{net}.{k}": v for k, v in p.items()})
    keep(f"{system}/before", {**{f"G.{k}": v for k, v in G.state.items()}, **{f"D.{k}": v for k, v in state.items()}})


def step(opt, loss):
    opt.zero_grad()
    loss.backward()
    opt.step()


def lsgan():
    G = Generator([w2, w1, channels], ["2", "5"], ["4", "7"])
    D = {"0.weight": rand(w1, channels, 4, 4, scale=.2), "2.weight": rand(w2, w1, 4, 4, scale=.2), "3.scale": rand(w2, scale=1.0),
         "3.shift": rand(w2, scale=.1), "6.weight": rand(w2 * 16, 1, scale=.1), "6.bias": rand(1)}
    state = {"3.mean": torch.zeros(w2), "3.variance": torch.ones(w2)}

    def judge(x):
        x = F.leaky_relu(F.conv2d(x, D["0.weight"], stride=2, padding=1), .2)
        x = F.conv2d(x, D["2.weight"], stride=2, padding=1)
        x = F.leaky_relu(F.batch_norm(x, state["3.mean"], state["3.variance"], D["3.scale"], D["3.shift"], training=True), .2)
        return x.flatten(1) @ D["6.weight"] + D["6.bias"]

    begin("lsgan", G, D, state)
    optD, optG = (torch.optim.Adam(p.values(), lr=2e-4, betas=(.5, .999)) for p in (D, G.p))
    draws = Draws("lsgan")
    for _ in range(rounds):
        d = draws.next("D")
        step(optD, .5 * F.mse_loss(judge(d["x"]), torch.ones(batch, 1)) + .5 * F.mse_loss(judge(G(d["z"]).detach()), torch.zeros(batch, 1)))
        step(optG, .5 * F.mse_loss(judge(G(draws.next("G")["z"])), torch.ones(batch, 1)))
    finish("lsgan", G, D, state)


def wgan_gp():
    G = Generator([w2, w1, channels], ["2", "5"], ["4", "7"])
    D = {"0.weight": rand(w1, channels, 4, 4, scale=.2), "0.bias": rand(w1, scale=.1), "2.weight": rand(w2, w1, 4, 4, scale=.2),
         "2.bias": rand(w2, scale=.1), "5.weight": rand(w2 * 16, 1, scale=.1), "5.bias": rand(1)}

    def judge(x):
        x = F.leaky_relu(F.conv2d(x, D["0.weight"], D["0.bias"], stride=2, padding=1), .2)
        x = F.leaky_relu(F.conv2d(x, D["2.weight"], D["2.bias"], stride=2, padding=1), .2)
        return x.flatten(1) @ D["5.weight"] + D["5.bias"]

    begin("wgan-gp", G, D, {})
    optD, optG = (torch.optim.Adam(p.values(), lr=1e-4, betas=(0., .9)) for p in (D, G.p))
    draws = Draws("wgan-gp")
    for _ in range(rounds):
        for _ in range(2):
            d = draws.next("D", eps=True)
            fake, eps = G(d["z"]).detach(), d["eps"].view(-1, 1, 1, 1)
            between = (eps * d["x"] + (1 - eps) * fake).requires_grad_(True)
            slope = torch.autograd.grad(judge(between).sum(), between, create_graph=True)[0]
            penalty = 10 * ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()
            step(optD, judge(fake).mean() - judge(d["x"]).mean() + penalty)
        step(optG, -judge(G(draws.next("G", eps=True)["z"])).mean())
    finish("wgan-gp", G, D, {})


def sngan():
    w4 = 4 * width
    G = Generator([w4, w2, w1], ["3", "6"], ["2", "5"], end="8")
    shapes = [("0", nn.Conv2d(channels, w1, 3, 1, 1)), ("2", nn.Conv2d(w1, w1, 4, 2, 1)), ("4", nn.Conv2d(w1, w2, 3, 1, 1)),
              ("6", nn.Conv2d(w2, w2, 4, 2, 1)), ("8", nn.Conv2d(w2, w4, 3, 1, 1)), ("11", nn.Linear(w4 * 16, 1))]
    layers = {at: spectral_norm(layer) for at, layer in shapes}
    norms = {at: layer.parametrizations.weight[0] for at, layer in layers.items()}

    def parameters(clone=False):
        p = {}
        for at, layer in layers.items():
            w = layer.parametrizations.weight.original
            p[f"{at}.weight"] = w.detach().T.clone() if at == "11" else w
            p[f"{at}.bias"] = layer.bias
        return p

    def state():
        return {f"{at}.{k}": getattr(n, f"_{k}") for at, n in norms.items() for k in ("u", "v")}

    def judge(x):
        for at in ("0", "2", "4", "6", "8"):
            x = F.leaky_relu(layers[at](x), .1)
        return layers["11"](x.flatten(1))

    begin("sngan", G, parameters(), state())
    owned = [v for layer in layers.values() for v in layer.parameters()]
    optD, optG = (torch.optim.Adam(p, lr=2e-4, betas=(.5, .999)) for p in (owned, list(G.p.values())))
    draws = Draws("sngan")
    for _ in range(rounds):
        d = draws.next("D")
        real = judge(d["x"])
        fake = judge(G(d["z"]).detach())
        step(optD, F.softplus(-real).mean() + F.softplus(fake).mean())
        step(optG, F.softplus(-judge(G(draws.next("G")["z"]))).mean())
    finish("sngan", G, parameters(), state())


lsgan()
wgan_gp()
sngan()
header, offset, blobs = {}, 0, []
for name, value in out.items():
    data = value.to(torch.float32).contiguous().numpy().tobytes()
    header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [offset, offset + len(data)]}
    offset += len(data)
    blobs.append(data)
text = json.dumps(header, separators=(",", ":")).encode()
text += b" " * (-len(text) % 8)
with open("critics.safetensors", "wb") as f:
    f.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))
print(f"torch {torch.__version__}: {len(out)} tensors, {offset} bytes")
