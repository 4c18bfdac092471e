#!/usr/bin/env python3
"""Draws docs/images/phantom-knee.png from a virtual patient to the knee: bone seen from the front, a sagittal slice through the
left knee, and axial slices with the truth's labels. The CT is that of a case (`coxa-cli import DIR/dicom --case C.coxa`).
Needs python3-matplotlib; no part of the product.
usage: knee_picture.py CT.nrrd LABELS.nrrd STRUCTURES.json PICTURE.png"""
import json
import sys

import matplotlib
import numpy as np
from nrrd_volume import read

matplotlib.use("Agg")
import matplotlib.pyplot as plt

FEMUR_LEFT = 3
LEVELS_MM = {"at the condyles": 25, "at the patella": 48, "15 cm above the knee": 150, "where the atlas ends": 215}

ct_file, labels_file, structures_file, picture = sys.argv[1:]
ct, (across, _, along) = read(ct_file)
labels = read(labels_file)[0]
colours = np.zeros((256, 3))
for structure in json.load(open(structures_file))["structures"]:
    colours[structure["value"]] = np.array(structure["rgb"]) / 255
femur = labels == FEMUR_LEFT
lowest = int(np.flatnonzero(femur.any((1, 2)))[0])
column = int(np.nonzero(femur[lowest + int(25 / along)])[1].mean())

figure = plt.figure(figsize=(14, 5.6), facecolor="white")
layout = figure.add_gridspec(2, 4, width_ratios=[1.0, 0.68, 1.3, 1.3])


def show(place, image, title, **how):
    axis = figure.add_subplot(place)
    axis.imshow(image, **how)
    axis.set_title(title, fontsize=9)
    axis.set_xticks([]), axis.set_yticks([])


tall = {"cmap": "gray", "aspect": along / across}
show(layout[:, 0], np.clip(ct.max(1)[::-1], 0, 1500), "greatest HU from the front", **tall)
rows = np.flatnonzero((ct[:, :, column] > -500).any(0))
sagittal = ct[::-1, max(rows[0] - 10, 0) : rows[-1] + 1, column]
show(layout[:, 1], np.clip(sagittal, -200, 1000), "sagittal, left condyles", **tall)
for n, (title, above) in enumerate(LEVELS_MM.items()):
    k = lowest + int(round(above / along))
    grey = np.clip((ct[k].astype(float) + 200) / 900, 0, 1)[..., None].repeat(3, 2)
    coloured = np.where((labels[k] > 4)[..., None], 0.55 * grey + 0.45 * colours[labels[k]], grey)
    rows, columns = (np.flatnonzero((labels[k] > 0).any(axis)) for axis in (1, 0))
    view = coloured[max(rows[0] - 45, 0) : rows[-1] + 45, max(columns[0] - 30, 0) : columns[-1] + 30]
    show(layout[n // 2, 2 + n % 2], view, title)
figure.tight_layout(pad=0.5)
figure.savefig(picture, dpi=80)
