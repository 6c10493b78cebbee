"""Golden values of tensor operations from PyTorch 2.6: writes tensor.json beside itself.

Made with PyTorch 2.6 on the CPU: python3 tensor.py
Every case is a function with its inputs, its value, the gradients of f = sum(w y) with w = cos(0.7 i + 0.3)
(i counts elements of y), and the gradients of the penalty p = sum over inputs of sum(square(df/dx)),
where f is made to bend by sum(w y + y^3 / 8).
"""

import json
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.manual_seed(5)


def normal(*shape):
    # Exact in float32, so that both sides start from the same numbers.
    return torch.randn(*shape).float().double()


def positive(*shape):
    return (0.5 + 1.5 * torch.rand(*shape)).float().double()


def rounded(t):
    return [float(f"{v:.9g}") for v in t.detach().reshape(-1).tolist()]


def weights(y):
    return torch.cos(0.7 * torch.arange(y.numel()) + 0.3).reshape(y.shape)


cases = []


def case(name, function, *inputs):
    xs = [x.clone().requires_grad_() for x in inputs]
    y = function(*xs)
    first = torch.autograd.grad((weights(y) * y).sum(), xs, retain_graph=True)
    bent = torch.autograd.grad((weights(y) * y + y**3 / 8).sum(), xs, create_graph=True)
    penalty = sum((g * g).sum() for g in bent)
    second = torch.autograd.grad(penalty, xs)
    cases.append(
        {
            "name": name,
            "inputs": [{"shape": list(x.shape), "values": rounded(x)} for x in xs],
            "output": {"shape": list(y.shape), "values": rounded(y)},
            "gradients": [rounded(g) for g in first],
            "penalty": float(f"{penalty.item():.9g}"),
            "penaltyGradients": [rounded(g) for g in second],
        }
    )


case("convolution 1D, stride 2, padding 2, dilation 2",
     lambda x, w: F.conv1d(x, w, stride=2, padding=2, dilation=2), normal(2, 2, 9), normal(3, 2, 3))
case("convolution 2D, 4 x 4, stride 2, padding 1",
     lambda x, w: F.conv2d(x, w, stride=2, padding=1), normal(2, 2, 6, 6), normal(3, 2, 4, 4))
case("convolution 2D, stride that leaves rows over",
     lambda x, w: F.conv2d(x, w, stride=(2, 3)), normal(1, 2, 6, 6), normal(2, 2, 3, 2))
case("convolution 2D, 2 groups, padding per axis",
     lambda x, w: F.conv2d(x, w, padding=(1, 0), groups=2), normal(2, 4, 4, 4), normal(4, 2, 3, 3))
case("convolution 2D, depthwise",
     lambda x, w: F.conv2d(x, w, padding=1, groups=3), normal(1, 3, 4, 4), normal(3, 1, 3, 3))
case("convolution 3D, stride and padding per axis",
     lambda x, w: F.conv3d(x, w, stride=(1, 2, 2), padding=(1, 0, 1)), normal(1, 2, 3, 4, 4), normal(2, 2, 2, 3, 3))
case("transposed convolution 1D, stride 3, output padding 2",
     lambda x, w: F.conv_transpose1d(x, w, stride=3, padding=1, output_padding=2), normal(2, 2, 4), normal(2, 3, 4))
case("transposed convolution 2D, 4 x 4, stride 2, padding 1",
     lambda x, w: F.conv_transpose2d(x, w, stride=2, padding=1), normal(2, 3, 3, 3), normal(3, 2, 4, 4))
case("transposed convolution 2D, 3 x 3, stride 2, padding 1, output padding 1",
     lambda x, w: F.conv_transpose2d(x, w, stride=2, padding=1, output_padding=1), normal(1, 2, 3, 3), normal(2, 2, 3, 3))
case("transposed convolution 2D, 2 groups, dilation 2",
     lambda x, w: F.conv_transpose2d(x, w, dilation=2, groups=2), normal(1, 4, 3, 2), normal(4, 2, 2, 2))
case("transposed convolution 3D, stride 2, padding 1",
     lambda x, w: F.conv_transpose3d(x, w, stride=2, padding=1), normal(1, 2, 2, 2, 2), normal(2, 2, 4, 4, 4))

for mode in ["bilinear", "bicubic", "nearest-exact"]:
    for size in [(6, 8), (5, 3), (2, 9)]:
        options = {} if mode == "nearest-exact" else {"align_corners": False}
        case(f"resize {mode} to {size[0]} x {size[1]}",
             lambda x, m=mode, s=size, o=options: F.interpolate(x, s, mode=m, **o), normal(1, 2, 3, 4))

case("average pool 2", lambda x: F.avg_pool2d(x, 2), normal(1, 2, 5, 4))
case("average pool 3, stride 2", lambda x: F.avg_pool2d(x, 3, 2), normal(1, 2, 7, 6))
case("max pool 2", lambda x: F.max_pool2d(x, 2), normal(1, 2, 5, 4))
case("max pool 3, stride 2", lambda x: F.max_pool2d(x, 3, 2), normal(1, 2, 7, 6))
case("pixel shuffle 2", lambda x: F.pixel_shuffle(x, 2), normal(1, 8, 2, 3))
case("pixel unshuffle 2", lambda x: F.pixel_unshuffle(x, 2), normal(1, 2, 4, 6))
case("pad reflect", lambda x: F.pad(x, (2, 0, 1, 2), mode="reflect"), normal(1, 2, 3, 4))
case("pad edge", lambda x: F.pad(x, (2, 0, 1, 2), mode="replicate"), normal(1, 2, 3, 4))
case("pad wrap", lambda x: F.pad(x, (2, 0, 1, 2), mode="circular"), normal(1, 2, 3, 4))

case("softplus", lambda x: F.softplus(x), normal(8).mul(4))
case("log sigmoid", lambda x: F.logsigmoid(x), normal(8).mul(4))
case("log sum exp over the last axis", lambda x: torch.logsumexp(x, 1), normal(3, 4).mul(3).float().double())
case("leaky relu", lambda x: F.leaky_relu(x, 0.2), normal(8))
case("tanh", torch.tanh, normal(8))
case("sigmoid", torch.sigmoid, normal(8))
case("power 1.5", lambda x: x**1.5, positive(6))
case("quotient that broadcasts", lambda a, b: a / b, normal(2, 3), positive(3))
case("maximum", torch.maximum, normal(2, 3), normal(2, 3))
case("matrix product of batches", torch.matmul, normal(2, 1, 2, 3), normal(3, 3, 2))
case("rows by index", lambda x: x[torch.tensor([2, 0, 2])], normal(3, 4))

with open("tensor.json", "w") as file:
    head = {"madeBy": f"test/golden/tensor.py, PyTorch {torch.__version__}"}
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    file.write(json.dumps(head)[:-1] + ', "cases": [\n' + lines + "\n]}\n")
print(len(cases), "cases")
