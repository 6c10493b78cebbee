"""A Parquet file as the Hugging Face hub keeps pictures, written by Arrow.

`python parquet.py` writes pictures.parquet (what `datasets` writes: a struct of bytes and path, a
label, captions) and the same columns in other encodings and compressions, in parquet.json beside it.
"""

import base64
import io
import json
import struct
import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def png(red, green, blue):
    """A picture of 2 x 2 pixels of one colour."""

    def chunk(kind, data):
        sum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + sum

    rows = b"".join(b"\0" + bytes([red, green, blue]) * 2 for _ in range(2))
    head = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


count = 23
names = ["cat", "dog", "owl"]
features = {
    "image": {"_type": "Image"},
    "label": {"names": names, "_type": "ClassLabel"},
    "caption": {"dtype": "string", "_type": "Value"},
}
schema = pa.schema(
    [
        ("image", pa.struct([("bytes", pa.binary()), ("path", pa.string())])),
        ("label", pa.int64()),
        ("caption", pa.string()),
        ("age", pa.int32()),
        ("weight", pa.float64()),
        ("adult", pa.bool_()),
    ],
    metadata={"huggingface": json.dumps({"info": {"features": features}})},
)
rows = [
    {
        "image": {"bytes": png(10 * i, 255 - 10 * i, 7), "path": f"{i}.png"},
        "label": i % 3,
        "caption": f"an animal, the {i}th: «{names[i % 3]}»",
        "age": None if i == 5 else 3 * i,
        "weight": i / 8,
        "adult": i > 9,
    }
    for i in range(count)
]
table = pa.Table.from_pylist(rows, schema=schema)
variants = {}
for codec in ["none", "snappy", "gzip", "brotli", "zstd", "lz4"]:
    for version in ["1.0", "2.0"]:
        for dictionary in [True, False]:
            file = io.BytesIO()
            pq.write_table(
                table,
                file,
                compression=codec,
                data_page_version=version,
                use_dictionary=dictionary,
                row_group_size=9,
            )
            name = f"{codec}, pages {version}, {'a dictionary' if dictionary else 'plain'}"
            variants[name] = base64.b64encode(file.getvalue()).decode()

beside = Path(__file__).parent
pq.write_table(table, beside / "pictures.parquet", row_group_size=10)
(beside / "parquet.json").write_text(json.dumps({"arrow": pa.__version__, "variants": variants}))
