"""Three rounds of the improved techniques together, in PyTorch: a classifier of three classes as the discriminator, a few labelled
items, feature matching, minibatch discrimination fitted to its first batch, historical averaging, one-sided smoothing and
virtual batch norm, on points.

Writes improved.json beside itself: `before`, `after` (parameters and statistics by Belamy's names), `draws` of every turn and
`terms` of every round. Computed in float64 from numbers that float32 holds. Made with PyTorch 2.6 on the CPU: python3 improved.py
"""
import json
import torch, torch.nn.functional as F

torch.manual_seed(31)
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
rounds, batch, latent, units, classes, reference, features, width = 3, 8, 3, 6, 3, 4, 2, 5
pull, target, lr = .1, .9, 1e-3


def rand(*shape, scale=1.0, middle=0.0):
    return (middle + torch.randn(*shape) * scale).to(torch.float32).to(torch.float64)


G = {"0.weight": rand(latent, units, scale=.5), "0.bias": rand(units, scale=.1), "1.scale": rand(units, scale=.1, middle=1), "1.shift": rand(units, scale=.1),
     "3.weight": rand(units, units, scale=.5), "3.bias": rand(units, scale=.1), "4.scale": rand(units, scale=.1, middle=1), "4.shift": rand(units, scale=.1),
     "6.weight": rand(units, 2, scale=.5), "6.bias": rand(2, scale=.1)}
S = {"0.weight": rand(2, units, scale=.5), "0.bias": rand(units, scale=.1), "2.weight": rand(units, units, scale=.5), "2.bias": rand(units, scale=.1),
     "4.weight": rand(units, features * width, scale=.4)}
D = {"weight": rand(units + features, classes, scale=.4), "bias": rand(classes, scale=.1)}
R = rand(reference, latent)
for p in (G, S, D):
    for v in p.values(): v.requires_grad_(True)
state = {}


def virtual(x, at):
    """x: the reference first; every other item is normalized by itself and by the reference."""
    first, rest, n = x[:reference], x[reference:], reference + 1
    m, q = first.mean(0), (first ** 2).mean(0)
    state[f"G.{at}.mean"], state[f"G.{at}.variance"] = m.detach(), (q - m ** 2).detach()
    middle, squares = rest / n + m * (1 - 1 / n), rest ** 2 / n + q * (1 - 1 / n)
    y = torch.cat([(first - m) / (q - m ** 2 + 1e-5).sqrt(), (rest - middle) / (squares - middle ** 2 + 1e-5).sqrt()])
    return F.relu(y * G[f"{at}.scale"] + G[f"{at}.shift"])


def make(z):
    x = torch.cat([R, z])
    x = virtual(x @ G["0.weight"] + G["0.bias"], 1)
    x = virtual(x @ G["3.weight"] + G["3.bias"], 4)
    return (x @ G["6.weight"] + G["6.bias"])[reference:]


def see(x):
    x = F.leaky_relu(x @ S["0.weight"] + S["0.bias"], .2)
    x = F.leaky_relu(x @ S["2.weight"] + S["2.bias"], .2)
    m = (x @ S["4.weight"]).view(-1, features, width)
    distance = (m[:, None] - m[None]).abs().sum(3)
    if "F.4.near" not in state:
        nearest = (distance + 1e6 * torch.eye(len(x))[:, :, None]).min(1).values
        state["F.4.near"] = (.5 * nearest.mean(0)).detach()
    close = torch.exp(-distance / state["F.4.near"]).sum(1)
    if "F.4.middle" not in state: state["F.4.middle"] = close.mean(0).detach()
    return torch.cat([x, close - state["F.4.middle"]], 1)


class Player:
    """Adam, drawn to the mean of where its numbers were."""
    def __init__(self, parameters):
        self.parameters, self.t = parameters, 0
        self.past = [torch.zeros_like(p) for p in parameters]
        self.adam = torch.optim.Adam(parameters, lr=lr, betas=(.5, .999))

    def move(self, terms):
        self.adam.zero_grad()
        sum(terms.values()).backward()
        self.t += 1
        with torch.no_grad():
            for p, past in zip(self.parameters, self.past):
                past += (p - past) / self.t
                p.grad += 2 * pull * (p - past)
        self.adam.step()


plain = lambda x: {"shape": list(x.shape), "values": x.detach().reshape(-1).tolist()}
named = lambda: {**{f"{n}.{k}": v for n, p in (("G", G), ("F", S), ("D", D)) for k, v in p.items()}, "R": R}
before = {k: plain(v) for k, v in named().items()}
players = {"D": Player([*S.values(), *D.values()]), "G": Player(list(G.values()))}
judge = lambda f: f @ D["weight"] + D["bias"]
draws, all_terms = [], []
for r in range(rounds):
    for player in ("D", "G"):
        d = {"x": rand(batch, 2), "z": rand(batch, latent), "few": rand(batch, 2), "c": torch.randint(classes, (batch,))}
        draws.append({k: plain(v)["values"] for k, v in d.items()})
        if player == "D":
            known = F.cross_entropy(judge(see(d["few"])), d["c"])
            fake = make(d["z"]).detach()
            real = torch.logsumexp(judge(see(d["x"])), 1)
            made = torch.logsumexp(judge(see(fake)), 1)
            terms = {"known": known, "real": .5 * (target * F.softplus(-real) + (1 - target) * F.softplus(real)).mean(), "fake": .5 * F.softplus(made).mean()}
        else:
            terms = {"matching": (see(make(d["z"])).mean(0) - see(d["x"]).mean(0)).square().mean()}
        all_terms.append({f"{player}.{k}": float(v) for k, v in terms.items()})
        players[player].move(terms)
with open("improved.json", "w") as f:
    json.dump({"made": f"PyTorch {torch.__version__}, improved.py", "before": before, "draws": draws, "terms": all_terms,
               "after": {k: plain(v) for k, v in {**named(), **state}.items()}}, f)
print(all_terms)
