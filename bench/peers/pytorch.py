"""The six workloads of `npm run bench` in PyTorch: the same layers, losses and learners, PyTorch's own chance.

python3 pytorch.py SPEC     as bench/child.mjs asks for it; SPEC is JSON with everything that a side needs to know

Names and layouts of parameters are Belamy's. PyTorch is given what makes it faster without another program: denormals flushed,
fused optimizers, channels last when SPEC says so, and no gradients with respect to what a player does not move.
"""
import json, math, os, sys

spec = json.loads(sys.argv[1])
if spec["threads"] == 1: os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
import time
import torch, torch.nn.functional as F

torch.manual_seed(0)
torch.set_num_threads(spec["threads"])
torch.set_flush_denormal(True)
h, shape, batch = spec["hyper"], spec["shape"], spec["batch"]
dims = len(shape) - 1
layout = {0: None, 2: torch.channels_last, 3: torch.channels_last_3d}[dims] if spec["last"] else None
conv2 = {2: F.conv2d, 3: F.conv3d}.get(dims)
deconv2 = {2: F.conv_transpose2d, 3: F.conv_transpose3d}.get(dims)
spread = [-1] + [1] * (len(shape))


def placed(x):
    return x if layout is None or x.dim() != dims + 2 else x.contiguous(memory_format=layout)


def cosine(start, end, p):
    return (start + end) / 2 + (start - end) / 2 * math.cos(math.pi * p)


def line(start, end, p):
    return start + (end - start) * p


def lrelu(x):
    return F.leaky_relu(x, 0.2)


def real_says(d):
    return F.softplus(-d).mean()


def fake_says(d):
    return F.softplus(d).mean()


class Game:
    """Parameters by Belamy's names, and one optimizer for each player."""
    def __init__(self):
        self.p, self.state = {}, {}
        self.build()
        for name, value in self.p.items():
            self.p[name] = placed(value).requires_grad_(True)
        self.owned = {net: [v for k, v in self.p.items() if k.startswith(net + ".")] for net in ("D", "G")}
        self.opt = {net: self.learner(owned) for net, owned in self.owned.items()}

    def weight(self, name, *size, deviation=0.02, mean=0.0):
        self.p[name] = torch.randn(*size) * deviation + mean

    def norm_at(self, name, channels):
        self.weight(f"{name}.scale", channels, mean=1.0)
        self.weight(f"{name}.shift", channels, deviation=0)
        self.state[name] = torch.zeros(channels), torch.ones(channels)

    def norm(self, x, name):
        return F.batch_norm(x, *self.state[name], self.p[f"{name}.scale"], self.p[f"{name}.shift"], training=True)

    def conv(self, x, name, stride=2, padding=1):
        return conv2(x, self.p[f"{name}.weight"], self.p.get(f"{name}.bias"), stride=stride, padding=padding)

    def deconv(self, x, name):
        return deconv2(x, self.p[f"{name}.weight"], self.p.get(f"{name}.bias"), stride=2, padding=1)

    def linear(self, x, name):
        bias = self.p.get(f"{name}.bias")
        return x @ self.p[f"{name}.weight"] if bias is None else torch.addmm(bias, x, self.p[f"{name}.weight"])

    def move(self, player, terms):
        """One move along the gradients of what the player owns; the terms as they were before."""
        opt = self.opt[player]
        opt.zero_grad()
        sum(terms.values()).backward(inputs=self.owned[player])
        opt.step()
        return {f"{player}.{k}": v.detach() for k, v in terms.items()}

    draws = {"D": ("x", "z"), "G": ("z",)}
    turns = (("D", 1), ("G", 1))
    latents = staticmethod(lambda: torch.randn(batch, h["latent"]))

    def schedule(self, progress):
        pass

    def round(self, deal, progress):
        self.schedule(progress)
        told = []
        for player, repeats in self.turns:
            for _ in range(repeats):
                told.append(getattr(self, player)(**deal(player, self.draws[player])))
        return told


class Gan(Game):
    """Both move from the same position on the same draws; SGD with momentum."""
    def build(self):
        n, units = h["latent"], h["units"] * h["pieces"]
        for at, i, o in (("G.0", n, h["width"]), ("G.2", h["width"], h["width"]), ("G.4", h["width"], shape[0]),
                         ("D.1", shape[0], units), ("D.2", h["units"], units), ("D.3", h["units"], 1)):
            self.weight(f"{at}.weight", i, o, deviation=.03)
            self.weight(f"{at}.bias", o, deviation=.03)

    def learner(self, owned):
        return torch.optim.SGD(owned, lr=h["lr"], momentum=.5, fused=True)

    def schedule(self, p):
        for opt in self.opt.values():
            opt.param_groups[0].update(lr=line(h["lr"], h["lr"] / 10, p), momentum=line(.5, .7, p))

    latents = staticmethod(lambda: (torch.rand(batch, h["latent"]) * 2 - 1) * math.sqrt(3))

    def maxout(self, x, name):
        return self.linear(x, name).view(-1, h["units"], h["pieces"]).max(2).values

    def judge(self, x):
        return self.linear(self.maxout(self.maxout(x, "D.1"), "D.2"), "D.3")

    def generate(self, z):
        return self.linear(F.relu(self.linear(F.relu(self.linear(z, "G.0")), "G.2")), "G.4")

    def round(self, deal, progress):
        self.schedule(progress)
        drawn = deal("round", ("x", "z"))
        fake = self.generate(drawn["z"])
        d = {"real": real_says(self.judge(drawn["x"])) * .5, "fake": fake_says(self.judge(fake.detach())) * .5}
        g = {"fooling": real_says(self.judge(fake))}
        for player, terms in (("D", d), ("G", g)):
            self.opt[player].zero_grad()
            sum(terms.values()).backward(inputs=self.owned[player])
        for opt in self.opt.values(): opt.step()
        return [{f"{player}.{k}": v.detach() for k, v in terms.items()} for player, terms in (("D", d), ("G", g))]


class Pyramid(Game):
    """Channels double as pictures or volumes halve; `normed` says whether D has batch norm."""
    normed, biased, small = True, False, 4

    def build(self):
        self.widths, side = [], shape[1]
        while side % 2 == 0 and side // 2 >= 4:
            side //= 2
            self.widths.append(h["width"] * 2 ** len(self.widths))
        kernel, self.side = [4] * dims, side
        deepest = self.widths[-1]
        self.weight("G.0.weight", h["latent"], deepest * side ** dims)
        self.norm_at("G.2", deepest)
        ups = [*self.widths[-2::-1], shape[0]]
        for k, (i, o) in enumerate(zip([deepest, *ups], ups)):
            self.weight(f"G.{4 + 3 * k}.weight", i, o, *kernel)
            if k < len(ups) - 1: self.norm_at(f"G.{5 + 3 * k}", o)
        self.ups = len(ups)
        self.weight(f"G.{1 + 3 * self.ups}.bias", shape[0], deviation=0)
        step, at = (3 if self.normed else 2), 0
        for k, (i, o) in enumerate(zip([shape[0], *self.widths], self.widths)):
            at = 0 if k == 0 else 2 + step * (k - 1)
            self.weight(f"D.{at}.weight", o, i, *kernel)
            if self.biased: self.weight(f"D.{at}.bias", o, deviation=0)
            if self.normed and k > 0: self.norm_at(f"D.{at + 1}", o)
        self.step, self.last = step, 2 + step * (len(self.widths) - 1) + 1
        self.weight(f"D.{self.last}.weight", deepest * side ** dims, 1)
        self.weight(f"D.{self.last}.bias", 1, deviation=0)

    def generate(self, z):
        x = self.linear(z, "G.0").view(-1, self.widths[-1], *[self.side] * dims)
        x = F.relu(self.norm(placed(x), "G.2"))
        for k in range(self.ups):
            x = self.deconv(x, f"G.{4 + 3 * k}")
            x = F.relu(self.norm(x, f"G.{5 + 3 * k}")) if k < self.ups - 1 else torch.tanh(x)
        return x

    def judge(self, x):
        for k in range(len(self.widths)):
            at = 0 if k == 0 else 2 + self.step * (k - 1)
            x = self.conv(x, f"D.{at}")
            if self.normed and k > 0: x = self.norm(x, f"D.{at + 1}")
            x = lrelu(x)
        return self.linear(x.flatten(1), f"D.{self.last}")


class Dcgan(Pyramid):
    def learner(self, owned):
        return torch.optim.Adam(owned, lr=h.get("lr", 2e-4), betas=(float(h.get("beta1", .5)), .999), fused=True)

    def D(self, x, z):
        with torch.no_grad(): fake = self.generate(z)
        return self.move("D", {"real": real_says(self.judge(x)), "fake": fake_says(self.judge(fake))})

    def G(self, z):
        return self.move("G", {"fooling": real_says(self.judge(self.generate(z)))})


class WganGp(Pyramid):
    normed, biased = False, True

    def __init__(self):
        self.turns = (("D", h["criticTurns"]), ("G", 1))
        super().__init__()

    draws = {"D": ("x", "z", "eps"), "G": ("z",)}

    def learner(self, owned):
        return torch.optim.Adam(owned, lr=h["lr"], betas=(float(h["beta1"]), float(h["beta2"])), fused=True)

    def schedule(self, p):
        for opt in self.opt.values(): opt.param_groups[0]["lr"] = line(h["lr"], h["lrEnd"], p)

    def D(self, x, z, eps):
        with torch.no_grad(): fake = self.generate(z)
        between = torch.lerp(fake, x, eps.view(spread)).requires_grad_(True)
        slope = torch.autograd.grad(self.judge(between).sum(), between, create_graph=True)[0]
        norm = (slope.square().sum(list(range(1, dims + 2))) + 1e-12).sqrt()
        return self.move("D", {"fake": self.judge(fake).mean(), "real": -self.judge(x).mean(),
                               "penalty": h["lambda"] * (norm - 1).square().mean()})

    def G(self, z):
        return self.move("G", {"fooling": -self.judge(self.generate(z)).mean()})


class R3gan(Game):
    """Residual blocks at the two smallest sizes, penalties on real and fake, a moving average of G."""
    draws = {"D": ("x", "z"), "G": ("x", "z")}

    def build(self):
        w, side = [], shape[1]
        while side % 2 == 0 and side // 2 >= 4:
            side //= 2
            w.append(min(h["width"] * 2 ** len(w), h["widest"]))
        n, deepest, self.side, self.w = h["latent"], w[-1], side, w
        he = lambda name, o, i, k, gain=math.sqrt(2): self.weight(name, o, i, k, k, deviation=gain / math.sqrt(i * k * k))

        def block(at, c):
            he(f"{at}.branch.0.weight", c, c, 3, math.sqrt(2) / 2 ** .25)
            self.weight(f"{at}.branch.0.bias", c, deviation=0)
            self.weight(f"{at}.branch.2.weight", c, c, 3, 3, deviation=0)
            self.weight(f"{at}.branch.2.bias", c, deviation=0)

        self.weight("G.0.branch.0.weight", n, deepest * side ** 2, deviation=0)
        self.weight("G.0.branch.0.bias", deepest * side ** 2, deviation=0)
        self.weight("G.0.skip.basis", deepest, side, side, deviation=1)
        self.weight("G.0.skip.weight", n, deepest, deviation=1 / math.sqrt(n))
        self.g, at = [], 1
        for stage in range(len(w) - 1, -1, -1):
            if stage >= len(w) - 2:
                block(f"G.{at}", w[stage])
                self.g.append(("block", f"G.{at}"))
                at += 1
            if stage == 0: at += 1
            out = shape[0] if stage == 0 else w[stage - 1]
            if stage == 0: he(f"G.{at}.weight", out, w[0], 3, 1)
            else: self.weight(f"G.{at}.weight", w[stage], out, 4, 4, deviation=math.sqrt(2 / w[stage]) / 2)
            self.weight(f"G.{at}.bias", out, deviation=0)
            self.g.append(("last" if stage == 0 else "up", f"G.{at}"))
            at += 2
        self.d, at = [], 0
        for stage, c in enumerate(w):
            he(f"D.{at}.weight", c, shape[0] if stage == 0 else w[stage - 1], 4)
            self.weight(f"D.{at}.bias", c, deviation=0)
            self.d.append(("down", f"D.{at}"))
            at += 2
            if stage >= len(w) - 2:
                block(f"D.{at}", c)
                self.d.append(("block", f"D.{at}"))
                at += 1
        self.last = f"D.{at}"
        self.weight(f"{self.last}.basis", deepest, side, side, deviation=1 / side)
        self.weight(f"{self.last}.weight", deepest, 1, deviation=1 / math.sqrt(deepest))
        self.average = {k: v.clone() for k, v in self.p.items() if k.startswith("G.")}
        self.rounds = 0

    def learner(self, owned):
        return torch.optim.Adam(owned, lr=h["lr"], betas=(0.0, .9), fused=True)

    def schedule(self, p):
        for opt in self.opt.values():
            opt.param_groups[0].update(lr=cosine(h["lr"], h["lrEnd"], p), betas=(0.0, cosine(.9, .99, p)))
        self.gamma = cosine(h["gamma"], h["gammaEnd"], p)

    def block(self, x, at):
        y = lrelu(self.conv(x, f"{at}.branch.0", stride=1))
        return x + self.conv(y, f"{at}.branch.2", stride=1)

    def generate(self, z):
        deepest = self.w[-1]
        x = (z @ self.p["G.0.skip.weight"]).view(-1, deepest, 1, 1) * self.p["G.0.skip.basis"]
        x = placed(x + self.linear(z, "G.0.branch.0").view(-1, deepest, self.side, self.side))
        for kind, at in self.g:
            if kind == "block": x = self.block(x, at)
            elif kind == "up": x = lrelu(self.deconv(x, at))
            else: x = self.conv(F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False), at, stride=1)
        return x

    def judge(self, x):
        for kind, at in self.d: x = self.block(x, at) if kind == "block" else lrelu(self.conv(x, at))
        return (x * self.p[f"{self.last}.basis"]).sum([2, 3]) @ self.p[f"{self.last}.weight"]

    def D(self, x, z):
        with torch.no_grad(): fake = self.generate(z)
        x, fake = x.requires_grad_(True), fake.requires_grad_(True)
        on_real, on_fake = self.judge(x), self.judge(fake)
        penalty = lambda y, x: torch.autograd.grad(y.sum(), x, create_graph=True)[0].square().sum([1, 2, 3]).mean()
        return self.move("D", {"adversarial": F.softplus(on_fake - on_real).mean(),
                               "r1": penalty(on_real, x) * (self.gamma / 2), "r2": penalty(on_fake, fake) * (self.gamma / 2)})

    def G(self, x, z):
        with torch.no_grad(): on_real = self.judge(x)
        told = self.move("G", {"adversarial": F.softplus(on_real - self.judge(self.generate(z))).mean()})
        self.rounds += 1
        share = .5 ** (batch / min(500_000, .05 * batch * self.rounds))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.values()), [self.p[k].detach() for k in self.average], 1 - share)
        return told


def memory():
    """Bytes that this process had in memory at most."""
    with open("/proc/self/status") as f:
        return next(int(l.split()[1]) * 1024 for l in f if l.startswith("VmHWM"))


def say(**told):
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


game = {"gan": Gan, "dcgan": Dcgan, "3d-gan": Dcgan, "wgan-gp": WganGp, "r3gan": R3gan}[spec["system"]]()
data = torch.randint(0, 256, (spec["count"], *shape), dtype=torch.uint8) if dims > 0 else torch.randn(spec["count"], *shape)


def dealer():
    """Shuffled epochs of bytes as −1 … 1, and numbers as PyTorch draws them."""
    order, at = torch.randperm(len(data)), 0

    def deal(_, names):
        nonlocal order, at
        if at + batch > len(data): order, at = torch.randperm(len(data)), 0
        drawn = {}
        for name in names:
            if name == "z": drawn["z"] = game.latents()
            elif name == "eps": drawn["eps"] = torch.rand(batch, 1)
            else:
                x = data[order[at:at + batch]]
                drawn["x"] = placed(x.float().div_(127.5).sub_(1)) if dims > 0 else x
        at += batch
        return drawn
    return deal


def check(asked):
    """Plays given rounds from given parameters and draws; says every term, and how far each network moved."""
    tensors = {}
    for t in asked["tensors"]:
        numbers = sys.stdin.buffer.read(4 * math.prod(t["shape"]))
        tensors[t["name"]] = torch.frombuffer(bytearray(numbers), dtype=torch.float32).view(t["shape"]).clone()
    before = {k: v for k, v in tensors.items() if not k.startswith("draw ")}
    if set(before) != set(game.p): return say(say="cannot", why=f"other parameters: {sorted(set(before) ^ set(game.p))}")
    with torch.no_grad():
        for k, v in before.items():
            if v.shape != game.p[k].shape: return say(say="cannot", why=f"{k} is {list(game.p[k].shape)}, not {list(v.shape)}")
            game.p[k].copy_(v)
    moves, terms = {}, []

    def deal(player, names):
        move = moves[player] = moves.get(player, -1) + 1
        return {n: placed(tensors[f"draw {move}.{player}.{n}"]) for n in names}
    for r in range(asked["rounds"]):
        terms += [{k: v.item() for k, v in told.items()} for told in game.round(deal, r / spec["horizon"])]
    moved = {net: math.sqrt(sum((game.p[k].detach() - v).square().sum().item() for k, v in before.items() if k.startswith(net + ".")))
             for net in ("G", "D")}
    say(say="checked", terms=terms, moved=moved)


deal, played = dealer(), 0


def play(rounds):
    global played
    start = time.perf_counter()
    for _ in range(rounds):
        game.round(deal, min(1, played / spec["horizon"]))
        played += 1
    return 1000 * (time.perf_counter() - start)


about = f"PyTorch {torch.__version__}, {torch.backends.cpu.get_cpu_capability()}, {torch.get_num_threads()} threads"
if not spec["check"]: play(1)
say(say="ready", about=about)
for text in iter(sys.stdin.buffer.readline, b""):
    asked = json.loads(text)
    if asked["ask"] == "leave": break
    if asked["ask"] == "check": check(asked)
    else: say(say="done", rounds=asked["rounds"], ms=play(asked["rounds"]), memory=memory())
