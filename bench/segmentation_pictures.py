"""Slices of a CT with the labels that `coxa-cli segment CT --output FOLDER` wrote, and beside them how unsure it is.

usage: segmentation_pictures.py CT.nrrd FOLDER STRUCTURES.json PICTURE.png [REFERENCE.nrrd]
CT.nrrd on the labels' grid (as in export-training's folder). With a reference its outlines are drawn in white.
Needs numpy and matplotlib.
"""
import json
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from nrrd_volume import read


def main(ct_file, folder, table_file, picture, reference_file=None):
    ct, spacing = read(ct_file)
    labels, _ = read(f"{folder}/labels.nrrd")
    unsure, _ = read(f"{folder}/uncertainty.nrrd")
    reference = read(reference_file)[0] if reference_file else None
    colours = np.zeros((256, 4))
    for row in json.load(open(table_file))["structures"]:
        colours[row["value"]] = [*(channel / 255 for channel in row["rgb"]), 0.45]

    levels = np.where((labels > 0).any((1, 2)))[0]
    body = np.where(labels > 0)
    top, bottom, left, right = body[1].min(), body[1].max(), body[2].min(), body[2].max()
    shown = [levels[int(share * (len(levels) - 1))] for share in (0.12, 0.33, 0.5, 0.75)]
    across = (top + bottom) // 2
    views = [(np.s_[k, top:bottom, left:right], spacing[1] / spacing[0]) for k in shown]
    views.append((np.s_[::-1, across, left:right], spacing[2] / spacing[0]))

    figure, axes = plt.subplots(2, len(views), figsize=(20, 6.4), facecolor="black")
    for column, (view, aspect) in enumerate(views):
        for row in axes[:, column]:
            row.imshow(ct[view], cmap="gray", vmin=-160, vmax=260, aspect=aspect)
            row.axis("off")
        axes[0, column].imshow(colours[labels[view]], aspect=aspect, interpolation="nearest")
        if reference is not None:
            for value in np.unique(reference[view])[1:]:
                axes[0, column].contour(reference[view] == value, [0.5], colors="white", linewidths=0.4)
        heat = unsure[view]
        axes[1, column].imshow(heat, cmap="hot", vmin=0, vmax=0.4, alpha=np.clip(heat / 0.1, 0, 0.8), aspect=aspect)
    figure.subplots_adjust(0, 0, 1, 1, 0.01, 0.01)
    figure.savefig(picture, dpi=75)


main(*sys.argv[1:])
