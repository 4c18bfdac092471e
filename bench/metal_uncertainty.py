"""What metal reduction does to the segmentation's uncertainty: a slice of several CTs of one patient, side by side.

usage: metal_uncertainty.py STRUCTURES.json PICTURE.png SLICE CT.nrrd FOLDER [CT.nrrd FOLDER ...]
FOLDER: what `coxa-cli segment CT --output FOLDER` wrote. Above the labels, below the uncertainty.
Needs numpy and matplotlib.
"""
import json
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from nrrd_volume import read


def main(table_file, picture, level, *pairs):
    colours = np.zeros((256, 4))
    for row in json.load(open(table_file))["structures"]:
        colours[row["value"]] = [*(channel / 255 for channel in row["rgb"]), 0.4]
    k = int(level)
    columns = list(zip(pairs[::2], pairs[1::2]))
    figure, axes = plt.subplots(2, len(columns), figsize=(6 * len(columns), 8), facecolor="black")
    first = read(f"{columns[0][1]}/labels.nrrd")[0][k]
    rows, across = np.where(first > 0)
    view = np.s_[k, rows.min() - 15 : rows.max() + 15, across.min() - 15 : across.max() + 15]
    for column, (ct_file, folder) in enumerate(columns):
        ct, heat = read(ct_file)[0][view], read(f"{folder}/uncertainty.nrrd")[0][view]
        for row in axes[:, column]:
            row.imshow(ct, cmap="gray", vmin=-200, vmax=400)
            row.axis("off")
        axes[0, column].imshow(colours[read(f"{folder}/labels.nrrd")[0][view]], interpolation="nearest")
        axes[1, column].imshow(heat, cmap="hot", vmin=0, vmax=0.4, alpha=np.clip(heat / 0.1, 0, 0.8))
    figure.subplots_adjust(0, 0, 1, 1, 0.01, 0.01)
    figure.savefig(picture, dpi=60)


main(*sys.argv[1:])
