"""dcgan and r3gan of Belamy's zoo in PyTorch, at their defaults for MNIST: same layers, first weights, losses, learners.

python3 mnist.py dcgan|r3gan SEED ROUNDS

Reads train-images-idx3-ubyte.gz beside itself and writes 10,000 samples, SYSTEM-SEED-ROUNDS.npy: bytes [n 28 28].
Nothing is shared with Belamy but the description: chance is PyTorch's own. dcgan normalizes its batch of 64 whole.
"""
import gzip, math, sys, time
import numpy as np, torch, torch.nn.functional as F

system, seed, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.manual_seed(seed)
torch.set_num_threads(1)
torch.set_flush_denormal(True)
with gzip.open("train-images-idx3-ubyte.gz") as f:
    data = np.frombuffer(f.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
data = torch.from_numpy(data.copy())


def batches(size):
    while True:
        order = torch.randperm(len(data))
        for i in range(0, len(order) - size + 1, size):
            yield data[order[i:i + size]].float() / 127.5 - 1


def leaf(shape, deviation, mean=0.0):
    return (torch.randn(*shape) * deviation + mean).requires_grad_(True)


def lrelu(x):
    return F.leaky_relu(x, 0.2)


def cosine(start, end, p):
    return (start + end) / 2 + (start - end) / 2 * math.cos(math.pi * p)


def dcgan():
    latent, w1, w2, batch, lr = 100, 32, 64, 64, 2e-4
    G = {"linear": leaf((latent, w2 * 49), .02), "s1": leaf((w2,), .02, 1), "b1": leaf((w2,), 0), "up1": leaf((w2, w1, 4, 4), .02),
         "s2": leaf((w1,), .02, 1), "b2": leaf((w1,), 0), "up2": leaf((w1, 1, 4, 4), .02), "bias": leaf((1,), 0)}
    D = {"down1": leaf((w1, 1, 4, 4), .02), "down2": leaf((w2, w1, 4, 4), .02), "s": leaf((w2,), .02, 1), "b": leaf((w2,), 0),
         "linear": leaf((w2 * 49, 1), .02), "bias": leaf((1,), 0)}
    state = {k: (torch.zeros(w), torch.ones(w)) for k, w in (("1", w2), ("2", w1), ("d", w2))}

    def generate(z, training=True):
        norm = lambda x, k: F.batch_norm(x, *state[k], G["s" + k], G["b" + k], training=training)
        x = F.relu(norm((z @ G["linear"]).view(-1, w2, 7, 7), "1"))
        x = F.relu(norm(F.conv_transpose2d(x, G["up1"], stride=2, padding=1), "2"))
        return torch.tanh(F.conv_transpose2d(x, G["up2"], G["bias"], stride=2, padding=1))

    def judge(x):
        x = lrelu(F.conv2d(x, D["down1"], stride=2, padding=1))
        x = lrelu(F.batch_norm(F.conv2d(x, D["down2"], stride=2, padding=1), *state["d"], D["s"], D["b"], training=True))
        return x.flatten(1) @ D["linear"] + D["bias"]

    bce = F.binary_cross_entropy_with_logits
    optG, optD = (torch.optim.Adam(p.values(), lr=lr, betas=(.5, .999)) for p in (G, D))
    deal = batches(batch)
    for _ in range(rounds):
        optD.zero_grad()
        real, fake = judge(next(deal)), judge(generate(torch.randn(batch, latent)).detach())
        (bce(real, torch.ones_like(real)) + bce(fake, torch.zeros_like(fake))).backward()
        optD.step()
        optG.zero_grad()
        fake = judge(generate(torch.randn(batch, latent)))
        bce(fake, torch.ones_like(fake)).backward()
        optG.step()
    return lambda n: generate(torch.randn(n, latent), training=False)


def r3gan():
    latent, w1, w2, batch = 64, 16, 32, 32
    he = lambda shape, gain=math.sqrt(2): leaf(shape, gain / math.sqrt(np.prod(shape[1:])))

    def block(at, w):
        gain = math.sqrt(2) / 2 ** .25
        return {f"{at}.w1": he((w, w, 3, 3), gain), f"{at}.b1": leaf((w,), 0), f"{at}.w2": leaf((w, w, 3, 3), 0), f"{at}.b2": leaf((w,), 0)}

    tent = 1 - (torch.arange(4) - 1.5).abs() / 2
    up = torch.randn(w2, w1, 1, 1) * math.sqrt(2) / math.sqrt(w2) * tent.view(1, 1, 4, 1) * tent
    G = {"basis": leaf((w2, 7, 7), 1), "mix": leaf((latent, w2), 1 / math.sqrt(latent)), "linear": leaf((latent, w2 * 49), 0),
         "bias": leaf((w2 * 49,), 0), **block("g1", w2), "up": up.requires_grad_(True), "upb": leaf((w1,), 0), **block("g2", w1),
         "last": he((1, w1, 3, 3), 1), "lastb": leaf((1,), 0)}
    D = {"down1": he((w1, 1, 4, 4)), "down1b": leaf((w1,), 0), **block("d1", w1), "down2": he((w2, w1, 4, 4)), "down2b": leaf((w2,), 0),
         **block("d2", w2), "basis": leaf((w2, 7, 7), 1 / 7), "mix": leaf((w2, 1), 1 / math.sqrt(w2))}
    average = {k: v.detach().clone() for k, v in G.items()}

    def residual(x, p, at):
        y = lrelu(F.conv2d(x, p[at + ".w1"], p[at + ".b1"], padding=1))
        return x + F.conv2d(y, p[at + ".w2"], p[at + ".b2"], padding=1)

    def generate(z, p):
        x = (z @ p["mix"]).view(-1, w2, 1, 1) * p["basis"] + (z @ p["linear"] + p["bias"]).view(-1, w2, 7, 7)
        x = lrelu(F.conv_transpose2d(residual(x, p, "g1"), p["up"], p["upb"], stride=2, padding=1))
        x = F.interpolate(residual(x, p, "g2"), scale_factor=2, mode="bilinear", align_corners=False)
        return F.conv2d(x, p["last"], p["lastb"], padding=1)

    def judge(x):
        x = residual(lrelu(F.conv2d(x, D["down1"], D["down1b"], stride=2, padding=1)), D, "d1")
        x = residual(lrelu(F.conv2d(x, D["down2"], D["down2b"], stride=2, padding=1)), D, "d2")
        return (x * D["basis"]).sum([2, 3]) @ D["mix"]

    optG, optD = (torch.optim.Adam(p.values(), lr=1e-3, betas=(0.0, .9)) for p in (G, D))
    deal = batches(batch)
    penalty = lambda y, x: torch.autograd.grad(y.sum(), x, create_graph=True)[0].square().sum([1, 2, 3]).mean()
    for r in range(rounds):
        p = r / rounds
        for opt in (optG, optD):
            opt.param_groups[0].update(lr=cosine(1e-3, 1e-4, p), betas=(0.0, cosine(.9, .99, p)))
        gamma = cosine(2, .2, p)
        optD.zero_grad()
        real = next(deal).requires_grad_(True)
        fake = generate(torch.randn(batch, latent), G).detach().requires_grad_(True)
        on_real, on_fake = judge(real), judge(fake)
        (F.softplus(on_fake - on_real).mean() + gamma / 2 * (penalty(on_real, real) + penalty(on_fake, fake))).backward()
        optD.step()
        optG.zero_grad()
        F.softplus(judge(next(deal)) - judge(generate(torch.randn(batch, latent), G))).mean().backward()
        optG.step()
        share = .5 ** (batch / min(500_000, .05 * batch * (r + 1)))
        with torch.no_grad():
            for k, v in G.items():
                average[k].mul_(share).add_(v, alpha=1 - share)
    return lambda n: generate(torch.randn(n, latent), average)


start = time.time()
sample = {"dcgan": dcgan, "r3gan": r3gan}[system]()
with torch.no_grad():
    made = torch.cat([sample(500) for _ in range(20)])
np.save(f"{system}-{seed}-{rounds}.npy", ((made.clamp(-1, 1) + 1) * 127.5).round().byte().view(-1, 28, 28).numpy())
print(f"torch {torch.__version__} {system} seed {seed}: {rounds} rounds, {(time.time() - start) / 60:.1f} minutes")
