"""Small ONNX models, by PyTorch's exporter and by hand, which tests run in ONNX Runtime and import.

Writes *.onnx beside itself. Made with PyTorch 2.6 and onnx 1.17: python3 models.py
"""
import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torch.nn import functional as f

torch.manual_seed(3)


class Classifier(nn.Module):
    """What classifiers of pictures are made of."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5, stride=2, padding=2, bias=False)
        self.norm1 = nn.BatchNorm2d(6)
        self.conv2 = nn.Conv2d(6, 8, 3, padding=2, dilation=2, groups=2)
        self.norm2 = nn.BatchNorm2d(8)
        self.classes = nn.Linear(8, 5)
        for norm in [self.norm1, self.norm2]:
            norm.running_mean.normal_()
            norm.running_var.uniform_(0.5, 2)
            norm.weight.data.normal_(1, 0.2)
            norm.bias.data.normal_()

    def forward(self, x):
        x = f.max_pool2d(f.relu(self.norm1(self.conv1(x))), 3, stride=2, padding=1)
        x = f.avg_pool2d(f.hardswish(self.norm2(self.conv2(x))), 3, stride=2, padding=1, ceil_mode=True, count_include_pad=False)
        x = f.dropout(f.adaptive_avg_pool2d(x, 1).flatten(1), 0.5, self.training)
        return f.softmax(self.classes(x), 1)


class Decoder(nn.Module):
    """What makes pictures from pictures."""

    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(3, 4, 3, stride=2, padding=1)
        self.norm = nn.InstanceNorm2d(4, affine=True)
        self.slope = nn.PReLU(4)
        self.up = nn.ConvTranspose2d(4, 4, 3, stride=2, padding=1, output_padding=1)
        self.end = nn.Conv2d(7, 3, 3)
        self.norm.weight.data.normal_(1, 0.3)

    def forward(self, x):
        y = self.slope(self.norm(self.down(x)))
        y = f.leaky_relu(self.up(y), 0.2)
        y = f.interpolate(f.interpolate(y, scale_factor=2, mode="nearest"), size=x.shape[2:], mode="bilinear")
        y = self.end(f.pad(torch.cat([x, y], 1), (1, 1, 1, 1), mode="reflect"))
        return torch.tanh(y)


class Attention(nn.Module):
    """Shapes that are computed, slices, products and sums along axes."""

    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(6)
        self.each = nn.Linear(6, 18)
        self.places = nn.Parameter(torch.randn(12, 6))

    def forward(self, x):
        b, c, h, w = x.shape
        tokens = x.reshape(b, c, h * w).transpose(1, 2) + self.places[: h * w]
        q, k, v = self.each(self.norm(tokens)).reshape(b, h * w, 3, 2, 3).permute(2, 0, 3, 1, 4)
        shares = f.log_softmax(q @ k.transpose(2, 3) / q.shape[-1] ** 0.5, -1).exp()
        y = (shares @ v).transpose(1, 2).reshape(b, h * w, -1)
        first, rest = y[:, :1], y[:, 1:]
        y = torch.where(rest > first, rest, first * 0.5).clamp(-0.7, 0.9)
        y = y.pow(2).sum(-1, keepdim=True).sqrt() + y.amax(-1, keepdim=True) - y.mean((1, 2), keepdim=True)
        return torch.stack(y.chunk(2, 1) if y.shape[1] % 2 == 0 else (y, -y), 1).squeeze(-1).abs()


class Functions(nn.Module):
    """Functions of single numbers."""

    def forward(self, x):
        parts = [
            x.exp(), (x.abs() + 0.1).log(), x.sigmoid(), f.softplus(x), f.elu(x), f.selu(x), f.hardsigmoid(x),
            f.mish(x), f.softsign(x), torch.minimum(x, -x), torch.maximum(x, 0.3 - x), 1 / (x * x + 1),
            x.sin() * x.cos(), x.floor() + x, (x * x + 0.5).pow(-0.7), f.silu(x), (x.ceil() - x).neg(), x.sign() * x,
            torch.logsumexp(x, 1, keepdim=True).expand_as(x), x.norm(dim=1, keepdim=True).expand_as(x),
        ]
        return torch.cat(parts, 1)


class Sizes(nn.Module):
    """Every way to another size."""

    def forward(self, x):
        parts = [
            f.interpolate(x, scale_factor=1.5, mode="bilinear"),
            f.interpolate(x, size=(9, 6), mode="bilinear", align_corners=True),
            f.interpolate(x, size=(3, 11), mode="bicubic"),
            f.interpolate(x, size=(9, 4), mode="nearest"),
            f.pixel_shuffle(x, 2),
            f.pixel_unshuffle(x, 2),
            f.pad(x, (1, 2, 0, 3), value=0.5),
            f.pad(x, (2, 1, 1, 2), mode="replicate"),
            f.avg_pool2d(x, 2, stride=1, padding=1),
            f.max_pool2d(x, 2, stride=3, ceil_mode=True),
            x.repeat(1, 2, 1, 3),
            x.flip(2),
            x[:, :, 1::2, -3:],
        ]
        return torch.cat([part.flatten(1) for part in parts], 1)


def export(module, name, shape, opset, **options):
    module.eval()
    torch.onnx.export(
        module, (torch.randn(shape),), f"{name}.onnx", opset_version=opset, dynamo=False, input_names=["x"],
        output_names=["y"], do_constant_folding=False, **options,
    )


preserve = torch.onnx.TrainingMode.PRESERVE
for opset in [11, 18]:
    export(Classifier(), f"classifier{opset}", (2, 3, 24, 20), opset, training=preserve)
    export(Decoder(), f"decoder{opset}", (2, 3, 12, 10), opset, dynamic_axes={"x": {0: "b", 2: "h", 3: "w"}})
    export(Attention(), f"attention{opset}", (2, 6, 3, 4), opset, dynamic_axes={"x": {0: "b"}})
    export(Functions(), f"functions{opset}", (2, 3, 4), opset)
    export(Sizes(), f"sizes{opset}", (1, 4, 6, 8), opset)


def by_hand(name, nodes, weights, shape, opset):
    graph = helper.make_graph(
        nodes, name, [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(value, key) for key, value in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=4)
    onnx.save(model, f"{name}.onnx")


random = np.random.default_rng(5)


def values(*shape):
    return random.standard_normal(shape).astype(np.float32)


# Old versions: attributes where inputs came later.
by_hand("old", [
    helper.make_node("Conv", ["x", "w"], ["a"], auto_pad="SAME_UPPER", strides=[2, 2], kernel_shape=[3, 3]),
    helper.make_node("LRN", ["a"], ["b"], size=3, alpha=0.02, beta=0.75, bias=1.5),
    helper.make_node("Clip", ["b"], ["c"], min=-0.6, max=0.8),
    helper.make_node("MaxPool", ["c"], ["d"], auto_pad="SAME_LOWER", strides=[2, 2], kernel_shape=[3, 3]),
    helper.make_node("Upsample", ["d"], ["e"], mode="nearest", scales=[1.0, 1.0, 2.0, 2.0]),
    helper.make_node("Slice", ["e"], ["f"], axes=[2, 3], starts=[1, -5], ends=[100, -1]),
    helper.make_node("Pad", ["f"], ["g"], pads=[0, 0, 1, 0, 0, 0, 0, 2], value=0.25),
    helper.make_node("Reshape", ["g", "shape"], ["h"]),
    helper.make_node("Softmax", ["h"], ["i"], axis=1),
    helper.make_node("Flatten", ["i"], ["flat"], axis=1),
    helper.make_node("Gemm", ["flat", "m", "n"], ["k"], alpha=0.5, beta=2.0, transB=1),
    helper.make_node("Unsqueeze", ["k"], ["l"], axes=[0]),
    helper.make_node("Squeeze", ["l"], ["y"], axes=[0]),
], {
    "w": values(5, 2, 3, 3), "shape": np.array([0, 5, -1]), "m": values(3, 5 * 8 * 6), "n": values(3),
}, [2, 2, 13, 13], 8)

by_hand("later", [
    helper.make_node("Split", ["x", "parts"], ["a", "b"], axis=1),
    helper.make_node("GlobalMaxPool", ["a"], ["c"]),
    helper.make_node("Resize", ["b", "", "scales"], ["d"], mode="linear", coordinate_transformation_mode="asymmetric"),
    helper.make_node("Resize", ["b", "", "", "size"], ["e"], mode="nearest", nearest_mode="ceil", coordinate_transformation_mode="half_pixel"),
    helper.make_node("DepthToSpace", ["x"], ["g"], blocksize=2, mode="DCR"),
    helper.make_node("ReduceMax", ["d", "places"], ["h"], keepdims=0),
    helper.make_node("ReduceL1", ["e", "places"], ["i"], keepdims=0),
    helper.make_node("ReduceLogSumExp", ["g", "places"], ["j"], keepdims=0),
    helper.make_node("ReduceSumSquare", ["c", "places"], ["k"], keepdims=0),
    helper.make_node("Transpose", ["x"], ["t"], perm=[0, 2, 3, 1]),
    helper.make_node("LayerNormalization", ["t", "gain", "shift"], ["u"], axis=-1),
    helper.make_node("Gather", ["u", "chosen"], ["v"], axis=2),
    helper.make_node("Pad", ["v", "crop"], ["o"]),
    helper.make_node("ReduceMean", ["o", "places"], ["p"], keepdims=0),
    helper.make_node("Concat", ["h", "i", "j", "k", "p"], ["y"], axis=1),
], {
    "parts": np.array([1, 3]), "scales": np.array([1, 1, 1.5, 2.25], np.float32), "size": np.array([2, 3, 7, 4]),
    "places": np.array([2, 3]), "gain": values(4), "shift": values(4), "chosen": np.array([0, -1]),
    "crop": np.array([0, -1, 0, 1, 0, 0, 0, -2]),
}, [2, 4, 5, 6], 18)
