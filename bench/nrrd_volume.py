"""Volumes as Coxa writes them."""
import gzip

import numpy as np

TYPES = {"short": np.int16, "int16": np.int16, "uchar": np.uint8, "unsigned char": np.uint8, "uint8": np.uint8, "float": np.float32}


def read(path):
    """The values, slices first, and the spacing in mm along columns, rows and slices."""
    with open(path, "rb") as file:
        header, data = file.read().split(b"\n\n", 1)
    fields = dict(line.split(": ", 1) for line in header.decode().splitlines() if ": " in line and line[0] != "#")
    if fields["encoding"].startswith("gz"):
        data = gzip.decompress(data)
    size = [int(n) for n in fields["sizes"].split()]
    directions = fields["space directions"].replace("(", "").replace(")", "").replace(",", " ").split()
    spacing = np.abs(np.array(directions, float).reshape(3, 3)).max(0)
    return np.frombuffer(data, TYPES[fields["type"]]).reshape(size[::-1]), spacing
