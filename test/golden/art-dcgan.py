"""art-DCGAN in PyTorch, written from main.lua of robbiebarrat/art-DCGAN: parameter counts at 128 x 128 with its own
widths, what small networks make of given numbers (canvases of one latent and of 3 x 2), and one round of training.

Writes art-dcgan.json (counts, terms) and art-dcgan.safetensors (parameters, draws, forward values, everything after the
round) beside itself. Names and layouts are Belamy's. Made with PyTorch 2.6 on the CPU in float64: python3 art-dcgan.py
"""
import json, struct
import torch, torch.nn as nn, torch.nn.functional as F

torch.manual_seed(11)
torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def networks(latent, ngf, ndf, doublings):
    """As main.lua has them: full convolutions of 4 x 4 without bias, batch normalization, ReLU and leaky ReLU."""
    g, c = [nn.ConvTranspose2d(latent, ngf * 2 ** (doublings - 1), 4, 1, 0, bias=False)], ngf * 2 ** (doublings - 1)
    for _ in range(doublings - 1):
        g += [nn.BatchNorm2d(c), nn.ReLU(), nn.ConvTranspose2d(c, c // 2, 4, 2, 1, bias=False)]
        c //= 2
    g += [nn.BatchNorm2d(c), nn.ReLU(), nn.ConvTranspose2d(c, 3, 4, 2, 1, bias=False), nn.Tanh()]
    d, c = [nn.Conv2d(3, ndf, 4, 2, 1, bias=False), nn.LeakyReLU(.2)], ndf
    for _ in range(doublings - 1):
        d += [nn.Conv2d(c, 2 * c, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * c), nn.LeakyReLU(.2)]
        c *= 2
    d += [nn.Conv2d(c, 1, 4, 1, 0, bias=False)]
    return nn.Sequential(*g), nn.Sequential(*d)


def count(net):
    return sum(p.numel() for p in net.parameters())


counts = dict(zip("GD", map(count, networks(100, 160, 40, 5))))
latent, ngf, ndf, doublings, batch, size = 8, 4, 4, 3, 4, 32
G, D = networks(latent, ngf, ndf, doublings)
words = {"weight": "scale", "bias": "shift", "running_mean": "mean", "running_var": "variance"}
out = {}


def keep(prefix):
    for name, net in (("G", G), ("D", D)):
        for i, layer in enumerate(net):
            normed = isinstance(layer, nn.BatchNorm2d)
            for k, v in layer.state_dict().items():
                if k != "num_batches_tracked":
                    out[f"{prefix}/{name}.{i}.{words[k] if normed else k}"] = v.detach().clone()


with torch.no_grad():
    for net in (G, D):
        for layer in net:
            if isinstance(layer, nn.BatchNorm2d):
                layer.weight.copy_(1 + .1 * torch.randn_like(layer.weight))
                layer.bias.copy_(.1 * torch.randn_like(layer.bias))
                layer.running_mean.copy_(.1 * torch.randn_like(layer.bias))
                layer.running_var.copy_(.5 + torch.rand_like(layer.bias))
            elif hasattr(layer, "weight"):
                layer.weight.copy_(.15 * torch.randn_like(layer.weight))
for net in (G, D):
    net.to(torch.float32).to(torch.float64)
keep("before")


def drawn(name, value):
    value = value.to(torch.float32).to(torch.float64)
    out[f"draws/{name}"] = value
    return value


z, canvas = drawn("z", torch.randn(batch, latent, 1, 1)), drawn("canvas", torch.randn(2, latent, 3, 2))
G.eval(), D.eval()
with torch.no_grad():
    for name, latents in (("z", z), ("canvas", canvas)):
        made = G(latents)
        out[f"forward/{name}.picture"], out[f"forward/{name}.logits"] = made, D(made).mean((1, 2, 3))
G.train(), D.train()

bce = F.binary_cross_entropy_with_logits
optG, optD = (torch.optim.Adam(p.parameters(), lr=2e-4, betas=(.5, .999)) for p in (G, D))
x, z = drawn("D.x", torch.rand(batch, 3, size, size) * 2 - 1), drawn("D.z", torch.randn(batch, latent, 1, 1))
optD.zero_grad()
onReal, onFake = D(x), D(G(z).detach())
real, fake = bce(onReal, torch.ones_like(onReal)), bce(onFake, torch.zeros_like(onFake))
(real + fake).backward()
optD.step()
z = drawn("G.z", torch.randn(batch, latent, 1, 1))
optG.zero_grad()
onFake = D(G(z))
fooling = bce(onFake, torch.ones_like(onFake))
fooling.backward()
optG.step()
keep("after")
terms = {"D.real": real.item(), "D.fake": fake.item(), "G.fooling": fooling.item()}

header, offset, blobs = {}, 0, []
for name, value in out.items():
    data = value.detach().to(torch.float32).contiguous().numpy().tobytes()
    header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [offset, offset + len(data)]}
    offset += len(data)
    blobs.append(data)
text = json.dumps(header, separators=(",", ":")).encode()
text += b" " * (-len(text) % 8)
with open("art-dcgan.safetensors", "wb") as f:
    f.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))
with open("art-dcgan.json", "w") as f:
    json.dump({"counts": counts, "terms": terms}, f, indent=2)
    f.write("\n")
print(f"torch {torch.__version__}: {len(out)} tensors, {offset} bytes; {counts} {terms}")
