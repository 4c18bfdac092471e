#!/usr/bin/env python3
"""Draws docs/images/calibration.png from the JSON of `coxa-cli calibrate`: structures' expected against their true Dice,
and how often the voxels' most probable class is right. Needs python3-matplotlib; no part of the product.
usage: calibration_plot.py REPORT.json PICTURE.png"""
import json
import math
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

report = json.load(open(sys.argv[1]))


def expected_dice(row):
    ratio = math.log(row["otherSideMl"] / row["volumeMl"]) if row["otherSideMl"] > 0 else 0.0
    return (
        report["diceIntercept"]
        + report["diceSlope"] * row["agreement"]
        + report["diceEntropySlope"] * row["entropy"]
        + report["diceSpreadSlope"] * math.sqrt(row["uncertainty"])
        + report["diceVolumeSlope"] * math.log(max(row["volumeMl"], 0.01))
        + report["diceDifferenceSlope"] * min(abs(ratio), 2.0)
        + report["diceShortfallSlope"] * min(max(ratio, 0.0), 2.0)
    )


rows = [row for row in report["rows"] if row["judged"]]
figure, (scatter, spread, reliability) = plt.subplots(1, 3, figsize=(13, 4.2))

for degradation in sorted({row["degradation"] for row in rows}):
    of_kind = [row for row in rows if row["degradation"] == degradation]
    dice = [row["dice"] for row in of_kind]
    scatter.scatter([math.sqrt(row["uncertainty"]) for row in of_kind], dice, s=9, alpha=0.6, label=degradation)
    spread.scatter([expected_dice(row) for row in of_kind], dice, s=9, alpha=0.6, label=degradation)
scatter.set_xlabel("square root of the predictive structure-wise variance")
scatter.set_ylabel("Dice with the truth")
scatter.set_title(f"{len(rows)} structures, r = {report['pearsonSpreadDice']:.2f} (variance: {report['pearsonUncertaintyDice']:.2f})")
spread.set_xlabel("expected Dice")
spread.set_title(f"r = {report['pearsonExpectedDice']:.2f}")
spread.plot([0, 1], [0, 1], "k-", lw=1)
spread.legend(fontsize=8)

bins = report["reliability"]
reliability.plot([0, 1], [0, 1], "k:", lw=1)
reliability.bar([b["confidence"] for b in bins], [b["accuracy"] for b in bins], width=0.06, alpha=0.6)
reliability.set_xlabel("mean probability of the most probable class")
reliability.set_ylabel("share that is right")
reliability.set_title(f"expected calibration error {report['expectedCalibrationError']:.3f}")
figure.tight_layout()
figure.savefig(sys.argv[2], dpi=80)
