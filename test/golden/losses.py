"""Adversarial losses, penalties and conditioning in PyTorch, in float64.

Writes losses.json beside itself; every number has 9 significant digits. Losses are on the fixed critic outputs of
TF-GAN's tests; each is written with PyTorch's own functions where it has one, from its paper's equation otherwise.
Made with PyTorch 2.6 on the CPU: python3 losses.py
"""
import json, math
import torch, torch.nn.functional as F

torch.manual_seed(12)
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def given(*shape, scale=1.0):
    # Rounded before use, so that what is stored is what was computed with.
    return (torch.randn(*shape) * scale * 1e4).round() / 1e4


def chance(*shape):
    return (torch.rand(*shape) * 1e4).floor() / 1e4


def listed(value):
    if isinstance(value, torch.Tensor):
        return {"shape": list(value.shape), "data": [listed(v) for v in value.detach().flatten().tolist()]}
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, dict):
        return {k: listed(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [listed(v) for v in value]
    return value


def leaves(tensors):
    return {k: v.clone().requires_grad_(True) for k, v in tensors.items()}


def losses():
    real = torch.tensor([-5, 1.4, 12.5, 2.7], requires_grad=True)
    fake = torch.tensor([10, 4.4, -5.5, 3.6], requires_grad=True)
    bce = lambda d, t: F.binary_cross_entropy_with_logits(d, torch.full_like(d, t))
    relative, opposite = real - fake.mean(), fake - real.mean()
    a, b, c = -.5, 1.5, .75
    out = {}
    for name, loss in {
        "D: standard": bce(real, 1.) + bce(fake, 0.),
        "D: smoothed on one side": bce(real, .9) + bce(fake, 0.),
        "G: saturating": -bce(fake, 0.),
        "G: non-saturating": bce(fake, 1.),
        "D: least squares": (F.mse_loss(real, torch.full_like(real, b)) + F.mse_loss(fake, torch.full_like(fake, a))) / 2,
        "G: least squares": F.mse_loss(fake, torch.full_like(fake, c)) / 2,
        "D: hinge": F.relu(1 - real).mean() + F.relu(1 + fake).mean(),
        "G: hinge": -fake.mean(),
        "D: Wasserstein": fake.mean() - real.mean(),
        "G: Wasserstein": -fake.mean(),
        "D: relativistic": F.softplus(-(real - fake)).mean(),
        "G: relativistic": F.softplus(-(fake - real)).mean(),
        "D: relativistic average": bce(relative, 1.) + bce(opposite, 0.),
        "G: relativistic average": bce(opposite, 1.) + bce(relative, 0.),
        "D: relativistic average, least squares": (relative - 1).square().mean() + (opposite + 1).square().mean(),
        "D: relativistic average, hinge": F.relu(1 - relative).mean() + F.relu(1 + opposite).mean(),
    }.items():
        grads = torch.autograd.grad(loss, [real, fake], allow_unused=True)
        out[name] = {"value": loss, **{k: g for k, g in zip(("toReal", "toFake"), grads) if g is not None}}
    return {"real": real, "fake": fake, "a": a, "b": b, "c": c, "terms": out}


def cross_entropy():
    logits = given(5, 4, scale=3).requires_grad_(True)
    labels = torch.tensor([3, 0, 0, 2, 1])
    loss = F.cross_entropy(logits, labels)
    return {"logits": logits, "labels": labels.tolist(), "value": loss, "toLogits": torch.autograd.grad(loss, logits)[0]}


def critic(x, p):
    y = F.leaky_relu(F.conv2d(x, p["0.weight"], p["0.bias"], padding=1), .2)
    y = F.softplus(F.conv2d(y, p["2.weight"], p["2.bias"], stride=2, padding=1))
    return y.flatten(1) @ p["5.weight"] + p["5.bias"]


def penalties():
    p = leaves({"0.weight": given(3, 2, 3, 3, scale=.4), "0.bias": given(3), "2.weight": given(2, 3, 4, 4, scale=.4),
                "2.bias": given(2), "5.weight": given(8, 1), "5.bias": given(1)})
    x, fake, moved = given(3, 2, 4, 4), given(3, 2, 4, 4), given(3, 2, 4, 4)
    eps, u = chance(3), chance(3, 2, 4, 4)

    def gradient_penalty(at):
        at = at.detach().requires_grad_(True)
        slope = torch.autograd.grad(critic(at, p).sum(), at, create_graph=True)[0]
        return ((slope.square().sum([1, 2, 3]).sqrt() - 1) ** 2).mean()

    between = eps.view(3, 1, 1, 1) * x + (1 - eps.view(3, 1, 1, 1)) * fake
    # The authors' lines: X + 0.5 * X.std() * np.random.random(X.shape), then a point on the line from X to it.
    perturbed = x + .5 * x.std(correction=0) * u
    near = x + eps.view(3, 1, 1, 1) * (perturbed - x)
    out = {}
    for name, loss in {
        "wgan-gp": gradient_penalty(between),
        "dragan": gradient_penalty(near),
        "consistency": (critic(x, p) - critic(moved, p)).square().sum(1).mean(),
        "balanced consistency": 10 * (critic(x, p) - critic(moved, p)).square().mean() + 5 * (critic(fake, p) - critic(u, p)).square().mean(),
    }.items():
        grads = torch.autograd.grad(loss, list(p.values()), materialize_grads=True)
        out[name] = {"value": loss, "toParameters": dict(zip(p, grads))}
    return {"x": x, "fake": fake, "moved": moved, "eps": eps, "u": u, "parameters": p, "between": between, "near": near, "terms": out}


def path_length():
    """The lines of StyleGAN2's loss.py, three moves with one running mean."""
    p = leaves({"0.weight": given(4, 12, scale=.5), "0.bias": given(12), "3.weight": given(3, 2, 4, 4, scale=.5), "3.bias": given(2)})

    def generator(w):
        return F.conv_transpose2d(F.softplus(w @ p["0.weight"] + p["0.bias"]).view(-1, 3, 2, 2), p["3.weight"], p["3.bias"], stride=2, padding=1).tanh()

    decay, pl_mean, moves = .01, torch.zeros([]), []
    for _ in range(3):
        w, noise = given(3, 4).requires_grad_(True), given(3, 2, 4, 4)
        pl_noise = noise / math.sqrt(4 * 4)
        slope = torch.autograd.grad((generator(w) * pl_noise).sum(), w, create_graph=True)[0]
        lengths = slope.square().unsqueeze(1).sum(2).mean(1).sqrt()
        pl_mean = pl_mean.lerp(lengths.mean(), decay)
        loss = (lengths - pl_mean).square().mean()
        grads = torch.autograd.grad(loss, list(p.values()), materialize_grads=True)
        pl_mean = pl_mean.detach()
        moves.append({"w": w, "noise": noise, "lengths": lengths, "mean": pl_mean, "value": loss, "toParameters": dict(zip(p, grads))})

    codes, noise, mixing = given(2, 3, 4).requires_grad_(True), given(2, 2, 4, 4), given(3)
    several = lambda ws: generator((ws * mixing.view(1, 3, 1)).sum(1))
    slope = torch.autograd.grad((several(codes) * (noise / math.sqrt(4 * 4))).sum(), codes)[0]
    lengths = slope.square().sum(2).mean(1).sqrt()
    return {"parameters": p, "moves": moves, "several": {"codes": codes, "noise": noise, "mixing": mixing, "lengths": lengths}}


def projection():
    """ψ(φ) + ⟨e(y), φ⟩ with a linear ψ."""
    p = leaves({"weight": given(5, 1), "bias": given(1), "embedding": given(3, 5)})
    x, labels, w = given(4, 5).requires_grad_(True), torch.tensor([2, 0, 1, 2]), given(4, 1)
    y = x @ p["weight"] + p["bias"] + (F.embedding(labels, p["embedding"]) * x).sum(1, keepdim=True)
    grads = torch.autograd.grad((y * w).sum(), [x, *p.values()])
    return {"x": x, "labels": labels.tolist(), "parameters": p, "w": w, "y": y, "toX": grads[0], "toParameters": dict(zip(p, grads[1:]))}


result = {
    "made": f"PyTorch {torch.__version__}", "losses": losses(), "crossEntropy": cross_entropy(),
    "penalties": penalties(), "pathLength": path_length(), "projection": projection(),
}
text = json.dumps(listed(result), separators=(",", ":"), ensure_ascii=False)
with open("losses.json", "w") as f:
    f.write(text + "\n")
print(result["made"], len(text), "bytes")
