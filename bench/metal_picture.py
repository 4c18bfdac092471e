#!/usr/bin/env python3
"""Draws docs/images/metal.png from the raw slices that `coxa_metal_bench FOLDER` writes of the real CT: without metal, uncorrected,
by linear interpolation and by Coxa. Needs python3-matplotlib; no part of the product.
usage: metal_picture.py FOLDER PICTURE.png"""
import sys
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt

SIZE = 512
ROWS = {"real-hip-titanium-right": "titanium, right", "real-hip-cobalt-chrome-both": "cobalt-chrome, both sides"}
COLUMNS = {"truth": "without metal", "scan": "uncorrected", "li": "linear interpolation", "nmar": "Coxa"}

folder, picture = Path(sys.argv[1]), sys.argv[2]
figure, axes = plt.subplots(len(ROWS), len(COLUMNS), figsize=(12.5, 3.9), facecolor="white")
for row, (case, material) in enumerate(ROWS.items()):
    slices = {name: np.fromfile(folder / f"{case}-{name}.f32", "<f4").reshape(SIZE, SIZE) for name in COLUMNS}
    body = slices["truth"] > -300
    wide, high = np.flatnonzero(body.sum(1) > 100), np.flatnonzero(body.sum(0) > 40)  # without the table
    top, bottom, left, right = wide[0], wide[-1] + 1, high[0], high[-1] + 1
    for axis, (name, title) in zip(axes[row], COLUMNS.items()):
        axis.imshow(np.clip(slices[name][top:bottom, left:right], -200, 400), cmap="gray")
        axis.set_title(title if row == 0 else "", fontsize=10)
        axis.set_ylabel(material if name == "truth" else "", fontsize=9)
        axis.set_xticks([]), axis.set_yticks([])
figure.tight_layout(pad=0.4)
figure.savefig(picture, dpi=80)
