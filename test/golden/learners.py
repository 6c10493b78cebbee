"""Learners and schedules in PyTorch, in float64.

Writes learners.json beside itself; every number has 9 significant digits.
Made with PyTorch 2.6 on the CPU: python3 learners.py
"""
import json
import torch
from torch.nn.utils import clip_grad_norm_, clip_grad_value_
from torch.optim import lr_scheduler

torch.manual_seed(13)
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def given(*shape, scale=1.0):
    # Rounded before use, so that what is stored is what was computed with.
    return (torch.randn(*shape) * scale * 1e4).round() / 1e4


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


def learner(make, steps=6, change=None, clip=None, after=None):
    """A few moves of two tensors on given gradients."""
    first = [given(2, 3), given(4)]
    w = [v.clone().requires_grad_(True) for v in first]
    gradients = [[given(2, 3), given(4)] for _ in range(steps)]
    for g in gradients[::2]:  # every second one is short
        for v in g: v.mul_(.125)
    optimizer, moved = make(w), []
    for i, g in enumerate(gradients):
        if change: change(optimizer.param_groups[0], i / steps)
        for p, v in zip(w, g): p.grad = v.clone()
        if clip: clip(w)
        optimizer.step()
        if after:
            for p in w: after(p.data)
        moved.append([(p - q).detach() for p, q in zip(w, first)])
    return {"before": first, "gradients": gradients, "moved": moved}


def learners():
    rmsprop, adam, adamw, sgd = torch.optim.RMSprop, torch.optim.Adam, torch.optim.AdamW, torch.optim.SGD

    def line(group, p):
        group.update(lr=.1 + (.01 - .1) * p)

    def value_then_norm(w):
        clip_grad_value_(w, .5)
        clip_grad_norm_(w, .75)

    return {
        "rmsprop": learner(rmsprop),
        "rmsprop, chosen": learner(lambda w: rmsprop(w, lr=.05, alpha=.9, eps=1e-3)),
        "rmsprop, centred": learner(lambda w: rmsprop(w, lr=.05, alpha=.9, centered=True)),
        "adamW": learner(adamw),
        "adamW, a line": learner(lambda w: adamw(w, lr=.1, betas=(.5, .9), weight_decay=.3), change=line),
        "sgd, gradients clipped": learner(lambda w: sgd(w, lr=.1, momentum=.9), clip=lambda w: clip_grad_value_(w, .3)),
        "adam, norm clipped": learner(lambda w: adam(w, lr=.1), clip=lambda w: clip_grad_norm_(w, 1)),
        "sgd, gradients and norm clipped": learner(lambda w: sgd(w, lr=.1), clip=value_then_norm),
        "rmsprop, weights clipped": learner(lambda w: rmsprop(w, lr=.05), after=lambda p: p.clamp_(-.5, .5)),
    }


def schedules():
    """Factors at progress 0, 0.1, …, 0.9 by PyTorch's own schedulers over ten steps."""
    def factors(make):
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
        scheduler, out = make(optimizer), []
        for _ in range(10):
            out.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
        return out

    return {
        "constant, then a line to zero": factors(lambda o: lr_scheduler.LambdaLR(o, lambda i: 1 - max(0, i - 5) / 5)),
        "steps": factors(lambda o: lr_scheduler.MultiStepLR(o, [3, 7], gamma=.1)),
        "warmed up, then a cosine": factors(lambda o: lr_scheduler.ChainedScheduler(
            [lr_scheduler.LinearLR(o, start_factor=1e-12, total_iters=4), lr_scheduler.CosineAnnealingLR(o, 10)])),
        "warmed up": factors(lambda o: lr_scheduler.LinearLR(o, start_factor=1e-12, total_iters=4)),
    }


def rosenbrock(x):
    return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2


def lbfgs(f, start, **options):
    """Points after each of several turns, with how often f was evaluated so far."""
    turns = options.pop("turns")
    x = start.clone().requires_grad_(True)
    optimizer = torch.optim.LBFGS([x], line_search_fn="strong_wolfe", **options)
    out, count = [], 0

    def closure():
        nonlocal count
        count += 1
        optimizer.zero_grad()
        loss = f(x)
        loss.backward()
        return loss

    for _ in range(turns):
        value = optimizer.step(closure)
        out.append({"first": value, "point": x.detach().clone(), "evaluations": count})
    return {"start": start, "turns": out}


def searches():
    x, y, scale = given(20, 4), (torch.rand(20) > .5).double() * 2 - 1, torch.logspace(-1, 2, 6)
    logistic = lambda w: torch.nn.functional.softplus(-y * (x @ w)).mean() + .01 * w.square().sum()
    quadratic = lambda w: .5 * (scale * (w - 1).square()).sum() + .1 * w.prod()
    ros = torch.tensor([-1.2, 1.0])
    return {
        "items": x, "labels": y, "scale": scale,
        "rosenbrock, one iteration a turn": lbfgs(rosenbrock, ros, turns=25, max_iter=1, history_size=10),
        "rosenbrock": lbfgs(rosenbrock, ros, turns=3, history_size=10),
        "rosenbrock, lr 0.5, few evaluations": lbfgs(rosenbrock, ros, turns=5, lr=.5, max_iter=8, max_eval=9, history_size=10),
        "quadratic, history of 3": lbfgs(quadratic, given(6), turns=12, max_iter=2, history_size=3),
        "logistic": lbfgs(logistic, torch.zeros(4), turns=6, max_iter=3, history_size=10),
    }


result = {"made": f"PyTorch {torch.__version__}", "learners": learners(), "schedules": schedules(), "searches": searches()}
text = json.dumps(listed(result), separators=(",", ":"), ensure_ascii=False)
with open("learners.json", "w") as f:
    f.write(text + "\n")
print(result["made"], len(text), "bytes")
