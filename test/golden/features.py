"""Frozen networks and what is made of their features, by PyTorch and torchvision in float64.

Writes features.json beside itself: a VGG of small width with its values at several layers, before
and after activations, and the gradient of the pixels; torchvision's VGG-19 as a table of shapes;
Gram matrices, of whole pictures and of patches, with gradients.
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

with open("features.json", "w") as file:
    json.dump({"vgg": vgg, "vgg19": shapes, "grams": grams}, file)
    file.write("\n")
