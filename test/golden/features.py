"""Frozen networks and what is made of their features, by PyTorch and torchvision in float64.

Writes features.json beside itself: a VGG of small width with its values at several layers, before
and after activations, and the gradient of the pixels; torchvision's VGG-19 as a table of shapes;
Gram matrices, of whole pictures and of patches, with gradients; LPIPS with made-up weights.
Made with PyTorch 2.6 and torchvision 0.21: python3 features.py
"""
import json
import torch
import torchvision
from torch import nn
from torch.nn import functional as f

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)


def numbers(x):
    return [float(f"{v:.9g}") for v in x.detach().flatten().tolist()]


def tensor(x):
    return {"shape": list(x.shape), "values": numbers(x)}


# torchvision's own layout, narrower and with fewer convolutions: A, with 8 of them.
cfg = [3, "M", 4, "M", 5, 5, "M", 6, 6, "M", 6, 6, "M"]
narrow = torchvision.models.vgg.make_layers(cfg, batch_norm=False)
for p in narrow.parameters():
    p.data = (torch.randn_like(p) * (0.35 if p.dim() > 1 else 0.1)).float().double()
mean = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
deviation = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)
x = (torch.rand(1, 3, 36, 33) * 2 - 1).float().double().requires_grad_()
names, block, place = {}, 1, 1
for i, layer in enumerate(narrow):
    if isinstance(layer, nn.Conv2d):
        names[i] = f"conv{block}_{place}"
    elif isinstance(layer, nn.ReLU):
        names[i] = f"relu{block}_{place}"
        place += 1
    else:
        names[i] = f"pool{block}"
        block, place = block + 1, 1
seen, y = {}, ((x + 1) / 2 - mean) / deviation
for i, layer in enumerate(narrow):
    y = layer.forward(y) if not isinstance(layer, nn.ReLU) else f.relu(y)
    seen[names[i]] = y
wanted = ["conv1_1", "pool2", "conv3_2", "relu3_2", "conv5_2", "pool5"]
loss = sum((seen[name] ** 2).mean() for name in wanted)
(gradient,) = torch.autograd.grad(loss, x)
vgg = {
    "weights": {f"features.{name}": tensor(p) for name, p in narrow.named_parameters()},
    "x": tensor(x),
    "seen": {name: tensor(seen[name]) for name in wanted},
    "loss": float(loss.detach()),
    "gradient": numbers(gradient),
}

with torch.device("meta"):
    full = torchvision.models.vgg19()
shapes = {name: list(p.shape) for name, p in full.named_parameters() if name.startswith("features.")}

z = torch.randn(2, 3, 4, 8).float().double().requires_grad_()
flat = z.flatten(2)
gram = torch.einsum("bcn,bdn->bcd", flat, flat) / flat.shape[-1]
patches = f.unfold(z, 4, stride=4).view(2, 3, 16, 2).permute(0, 3, 1, 2)
ofPatches = torch.einsum("bpcn,bpdn->bpcd", patches, patches) / 16
weight = torch.randn(2, 3, 3).float().double()
weights = torch.randn(2, 2, 3, 3).float().double()
(ofGram,) = torch.autograd.grad((gram * weight).sum(), z, retain_graph=True)
(ofEach,) = torch.autograd.grad((ofPatches * weights).sum(), z)
grams = {
    "x": tensor(z), "gram": tensor(gram), "weight": tensor(weight), "gradient": numbers(ofGram),
    "patches": tensor(ofPatches), "patchWeight": tensor(weights), "patchGradient": numbers(ofEach),
}



# LPIPS by its formula, over narrow networks with the layers of its own: Zhang et al. 2018, equation 1.
def lpips(layers, ends, lin, a, b):
    total = torch.zeros(a.shape[0])
    shift, scale = torch.tensor([-0.030, -0.088, -0.188]).view(1, 3, 1, 1), torch.tensor([0.458, 0.448, 0.450]).view(1, 3, 1, 1)
    y = [(a - shift) / scale, (b - shift) / scale]
    for i, layer in enumerate(layers[: max(ends) + 1]):
        y = [layer(part) if not isinstance(layer, nn.ReLU) else f.relu(part) for part in y]
        if i in ends:
            unit = [part / (part.square().sum(1, keepdim=True).sqrt() + 1e-10) for part in y]
            apart = (unit[0] - unit[1]).square()
            total = total + (apart * lin[ends.index(i)].view(1, -1, 1, 1)).sum(1).mean((1, 2))
    return total


def filled(layers):
    for p in layers.parameters():
        p.data = torch.round(torch.randn_like(p) * (1.2 / p[0].numel() ** 0.5 if p.dim() > 1 else 0.1), decimals=3)
    return layers


def measured(layers, ends, widths, size):
    lin = [torch.round(torch.rand(width), decimals=3) for width in widths]
    a = torch.round(torch.rand(2, 3, size, size) * 2 - 1, decimals=2)
    b = torch.round((a + 0.3 * torch.randn_like(a)).clamp(-1, 1), decimals=2)
    with torch.no_grad():
        distances = lpips(layers, ends, lin, a, b)
        plain = lpips(layers, ends, [torch.ones(width) for width in widths], a, b)
    return {
        "weights": {f"features.{name}": tensor(p) for name, p in layers.named_parameters()},
        "lin": {f"lin{i}.model.1.weight": {"shape": [1, len(w), 1, 1], "values": numbers(w)} for i, w in enumerate(lin)},
        "a": tensor(a), "b": tensor(b), "lpips": numbers(distances), "unweighted": numbers(plain),
    }


widths = [2, 3, 4, 4, 5]
cfg = [w for i, w in enumerate(widths) for w in [w] * (2 if i < 2 else 3) + ["M"]]
vgg16 = filled(torchvision.models.vgg.make_layers(cfg, batch_norm=False))
alex = filled(nn.Sequential(
    nn.Conv2d(3, 4, 11, stride=4, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2),
    nn.Conv2d(4, 5, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2),
    nn.Conv2d(5, 6, 3, padding=1), nn.ReLU(), nn.Conv2d(6, 4, 3, padding=1), nn.ReLU(),
    nn.Conv2d(4, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2),
))
distances = {
    "vgg": measured(vgg16, [3, 8, 15, 22, 29], widths, 20),
    "alex": measured(alex, [1, 4, 7, 9, 11], [4, 5, 6, 4, 4], 35),
}

with open("features.json", "w") as file:
    json.dump({"vgg": vgg, "vgg19": shapes, "grams": grams, "distances": distances}, file)
    file.write("\n")
