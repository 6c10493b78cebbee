"""ESRGAN's generator in PyTorch, with modules named as in the three generations of its authors' code.

Writes five files beside itself. rrdb.safetensors: for several sizes the parameters, pictures and what is made of them
(`x4/before/conv_first.weight`, `x4/x`, `x4/y`), and for two of them one step of Adam on the mean absolute error
(`x4/target`, `x4/gradient/…`, `x4/after/…`); names are those of RRDBNet_arch.py. rrdb.json: the names that
state_dict() gives in each generation, in one order. Computed in float64. rrdb-zip.pth, rrdb-legacy.pth: the weights of
"x2 plain" as halves, in torch.save's two forms; in the first an average and what it is not, with one tensor that lies
otherwise than in rows. rrdb-calls.pth: an object whose unpickling would call a function.
Made with PyTorch 2.6 on the CPU: python3 rrdb.py
"""
import json, math, os, struct
import torch, torch.nn as nn, torch.nn.functional as F

torch.manual_seed(13)
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
out = {}
lrelu = lambda x: F.leaky_relu(x, .2)


def conv(i, o):
    return nn.Conv2d(i, o, 3, 1, 1)


class Dense(nn.Module):
    """A residual dense block; `wrap` puts each convolution where a generation has it."""

    def __init__(self, c, g, wrap):
        super().__init__()
        for i in range(1, 6):
            setattr(self, f"conv{i}", wrap(conv(c + (i - 1) * g, c if i == 5 else g)))

    def forward(self, x):
        seen = [x]
        for i in range(1, 5):
            seen.append(lrelu(getattr(self, f"conv{i}")(torch.cat(seen, 1))))
        return self.conv5(torch.cat(seen, 1)) * .2 + x


class Rrdb(nn.Module):
    def __init__(self, c, g, name, wrap=lambda layer: layer):
        super().__init__()
        self.names = [name + str(i) for i in (1, 2, 3)]
        for n in self.names:
            setattr(self, n, Dense(c, g, wrap))

    def forward(self, x):
        y = x
        for n in self.names:
            y = getattr(self, n)(y)
        return y * .2 + x


class Net(nn.Module):
    """Middle and new names: the trunk, the convolution after it, those after doublings, the last but one."""

    def __init__(self, words, *, blocks, c, g, scale, unshuffle, inputs=3, outputs=3):
        super().__init__()
        self.words, self.unshuffle = words, unshuffle
        trunk, block, after, up, last = words
        self.conv_first = conv(inputs * unshuffle ** 2, c)
        setattr(self, trunk, nn.Sequential(*[Rrdb(c, g, block) for _ in range(blocks)]))
        setattr(self, after, conv(c, c))
        self.ups = [f"{up}{i + 1}" for i in range(int(math.log2(scale * unshuffle)))]
        for n in self.ups:
            setattr(self, n, conv(c, c))
        setattr(self, last, conv(c, c))
        self.conv_last = conv(c, outputs)

    def forward(self, x):
        trunk, _, after, _, last = (getattr(self, w, None) for w in self.words)
        y = self.conv_first(F.pixel_unshuffle(x, self.unshuffle))
        y = y + after(trunk(y))
        for n in self.ups:
            y = lrelu(getattr(self, n)(F.interpolate(y, scale_factor=2, mode="nearest")))
        return self.conv_last(lrelu(last(y)))


class Shortcut(nn.Module):
    def __init__(self, sub):
        super().__init__()
        self.sub = sub

    def forward(self, x):
        return x + self.sub(x)


class Old(nn.Module):
    """The first generation: one sequence, in which doublings and activations count."""

    def __init__(self, *, blocks, c, g, scale, unshuffle=1, inputs=3, outputs=3):
        super().__init__()
        wrap = lambda layer: nn.Sequential(layer)
        trunk = nn.Sequential(*[Rrdb(c, g, "RDB", wrap) for _ in range(blocks)], conv(c, c))
        ups = [m for _ in range(int(math.log2(scale * unshuffle))) for m in (nn.Upsample(scale_factor=2), conv(c, c), nn.LeakyReLU(.2))]
        first = conv(inputs * unshuffle ** 2, c)
        self.unshuffle = unshuffle
        self.model = nn.Sequential(first, Shortcut(trunk), *ups, conv(c, c), nn.LeakyReLU(.2), conv(c, outputs))

    def forward(self, x):
        return self.model(F.pixel_unshuffle(x, self.unshuffle))


middle = ("RRDB_trunk", "RDB", "trunk_conv", "upconv", "HRconv")
new = ("body", "rdb", "conv_body", "conv_up", "conv_hr")


def keep(prefix, tensors):
    for name, value in tensors.items():
        out[f"{prefix}/{name}"] = value.detach().clone()


def case(name, side, step=False, **sizes):
    net = Net(middle, **sizes)
    with torch.no_grad():
        for p in net.parameters():
            p.copy_((torch.randn_like(p) * (.3 if p.dim() == 1 else .15)).float().double())
    x, target = (torch.rand(2, sizes.get("inputs", 3), *s).float().double() for s in (side, [n * sizes["scale"] for n in side]))
    keep(f"{name}/before", dict(net.named_parameters()))
    y = net(x)
    names = {"middle": list(net.state_dict())}
    for generation, other in (("new", Net(new, **sizes)), ("old", Old(**sizes))):
        # In one order, so that the numbers are the same under every name.
        other.load_state_dict(dict(zip(other.state_dict(), net.state_dict().values())))
        assert torch.equal(other(x), y)
        names[generation] = list(other.state_dict())
    keep(name, {"x": x, "y": y})
    if step:
        optimizer = torch.optim.Adam(net.parameters(), lr=2e-4, betas=(.9, .99))
        (y - target).abs().mean().backward()
        keep(name, {"target": target})
        keep(f"{name}/gradient", {k: p.grad for k, p in net.named_parameters()})
        optimizer.step()
        keep(f"{name}/after", dict(net.named_parameters()))
    return {"sizes": sizes, "names": names}


cases = {
    "x4": case("x4", (5, 4), True, blocks=2, c=5, g=2, scale=4, unshuffle=1),
    "x2": case("x2", (6, 4), True, blocks=1, c=4, g=3, scale=2, unshuffle=2),
    "x1": case("x1", (8, 4), blocks=1, c=5, g=2, scale=1, unshuffle=4),
    "x8": case("x8", (2, 3), blocks=1, c=4, g=2, scale=8, unshuffle=1),
    "x1 plain": case("x1 plain", (4, 5), blocks=1, c=4, g=2, scale=1, unshuffle=1),
    "x2 plain": case("x2 plain", (4, 5), blocks=1, c=4, g=2, scale=2, unshuffle=1, inputs=1, outputs=1),
}


def halves(name, generation):
    sizes = cases[name]["sizes"]
    net = Old(**sizes) if generation == "old" else Net(new, **sizes)
    before = [out[f"{name}/before/{key}"] for key in cases[name]["names"]["middle"]]
    return {key: value.float().half() for key, value in zip(net.state_dict(), before)}


class Calls:
    def __reduce__(self):
        return os.mkdir, ("unpickled",)


average = halves("x2 plain", "new")
average["conv_body.weight"] = average["conv_body.weight"].permute(3, 2, 1, 0).contiguous().permute(3, 2, 1, 0)
torch.save({"params": {k: 2 * v for k, v in average.items()}, "params_ema": average, "step": torch.tensor(7)}, "rrdb-zip.pth")
torch.save(halves("x2 plain", "old"), "rrdb-legacy.pth", _use_new_zipfile_serialization=False)
torch.save({"conv_first.weight": Calls()}, "rrdb-calls.pth")
paper = sum(p.numel() for p in Net(middle, blocks=23, c=64, g=32, scale=4, unshuffle=1).parameters())
with open("rrdb.json", "w") as f:
    json.dump({"made": f"PyTorch {torch.__version__}, float64", "paper": paper, "cases": cases}, f, separators=(",", ":"))
    f.write("\n")
header, offset, blobs = {}, 0, []
for name, value in out.items():
    data = value.to(torch.float32).contiguous().numpy().tobytes()
    header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [offset, offset + len(data)]}
    offset += len(data)
    blobs.append(data)
text = json.dumps(header, separators=(",", ":")).encode()
text += b" " * (-len(text) % 8)
with open("rrdb.safetensors", "wb") as f:
    f.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))
print(f"torch {torch.__version__}: {len(out)} tensors, {offset} bytes, the paper's generator has {paper}")
