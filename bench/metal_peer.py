"""The artifact of a stem in the real hip slice of Sakamoto et al. 2019 (naist-metal/sample_1.mat), by our simulation and by an
independent one on scikit-image: same recipe, parallel beam, no noise. Then NMAR on scikit-image, timed against ours. Arguments: coxa_metal_bench, the data's folder, a folder
for the results; a picture is written there when matplotlib is at hand."""
import csv
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from scipy.io import loadmat
from skimage.transform import iradon, radon

WATER_KEV, VIEWS, TITANIUM = 70, 360, 4.43


def recipe(hu, metal, mm, spectrum):
    """Water and bone mixed linearly between 100 and 1500 HU, polychromatic attenuation, third-order water correction, Hann window."""
    energies, water, bone, titanium, weights = spectrum
    reference = int(np.argmin(np.abs(energies - WATER_KEV)))
    mu = np.maximum(hu / 1000 + 1, 0) * water[reference] / 10 * (1 - metal)
    share = np.clip((hu - 100) / 1400, 0, 1)
    angles = np.arange(VIEWS) * 180 / VIEWS
    project = lambda image: radon(image, angles, circle=True) * mm
    paths = [(project(mu * (1 - share)) / water[reference], water), (project(mu * share) / bone[reference], bone),
             (project(metal) * TITANIUM / 10, titanium)]
    passed = np.zeros_like(paths[0][0])
    for n, weight in enumerate(weights):
        passed += weight * np.exp(-sum(path * coefficient[n] for path, coefficient in paths))
    lengths = np.linspace(0, 45, 200)
    hardened = -np.log(np.exp(-np.outer(lengths, water)) @ weights)
    powers = np.stack([hardened, hardened**2, hardened**3], 1)
    factors = np.linalg.lstsq(powers, lengths * water[reference], rcond=None)[0]
    measured = -np.log(passed)
    corrected = factors[0] * measured + factors[1] * measured**2 + factors[2] * measured**3
    slice_ = iradon(corrected, angles, filter_name="hann", circle=True) / mm
    return 1000 * (slice_ / (water[reference] / 10) - 1)


def nmar(hu, metal, views=720):
    """Plain NMAR (Meyer et al. 2010) as src/metal does it, 720 parallel views."""
    from scipy.ndimage import gaussian_filter

    angles = np.arange(views) * 180 / views
    attenuation = hu / 1000 + 1
    trace = radon(gaussian_filter(metal.astype(float), 1) > 0.1, angles, circle=True) > 0.2

    def bridged(sinogram):
        rays = np.arange(sinogram.shape[0])
        for view in range(views):
            hidden = trace[:, view]
            if hidden.any():
                sinogram[hidden, view] = np.interp(rays[hidden], rays[~hidden], sinogram[~hidden, view])
        return sinogram

    sinogram = radon(attenuation, angles, circle=True)
    first = iradon(bridged(sinogram.copy()), angles, filter_name="ramp", circle=True)
    smooth = gaussian_filter(1000 * (first - 1), 2)
    prior = np.where(smooth < -500, -1000, np.where((smooth < 300) | metal, 20, smooth)) / 1000 + 1
    through = radon(prior, angles, circle=True)
    safe = np.maximum(through, 5)
    result = np.where(trace, bridged(np.where(through > 5, sinogram / safe, 1)) * through, sinogram)
    return 1000 * (iradon(result, angles, filter_name="ramp", circle=True) - 1)


def main(bench, data, out):
    sample = loadmat(data / "sample_1.mat", squeeze_me=True, struct_as_record=False)
    sample = next(value for key, value in sample.items() if not key.startswith("_"))
    hu = np.maximum(np.asarray(sample.image, float), -1000)
    metal = (np.asarray(sample.metal, float) > 0).astype(float)
    mm, size = 10 * float(sample.pixel_size), hu.shape[0]  # given in cm
    xx = np.arange(size) - size // 2
    circle = np.hypot(xx[:, None], xx[None, :]) < size // 2 - 1
    hu[~circle] = -1000  # scikit-image projects the circle only
    out.mkdir(parents=True, exist_ok=True)
    hu.astype("<f4").tofile(out / "hu.f32")
    metal.astype("<f4").tofile(out / "metal.f32")
    command = [bench, "--slice", out / "hu.f32", out / "metal.f32", str(size), str(mm), out]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    print(said)
    ours = {name: np.fromfile(out / f"{name}.f32", "<f4").reshape(size, size) for name in ("truth", "scan", "plain", "nmar")}
    rows = list(csv.DictReader(open(data / "xray_characteristic_data.csv")))
    column = lambda name: np.array([float(row[name]) for row in rows])
    weights = column("Intensity")
    spectrum = tuple(values[weights > 0] for values in (column("Energy"), column("Water"), column("Bone"), column("Titanium"),
                                                       weights / weights.sum()))
    peer = recipe(hu, metal, mm, spectrum) - recipe(hu, 0 * metal, mm, spectrum)
    mine = ours["scan"] - ours["truth"]
    from scipy.ndimage import binary_dilation, gaussian_filter
    judged = (hu > -500) & ~binary_dilation(metal > 0, iterations=3) & circle
    smooth = lambda image: gaussian_filter(image, 1.5)
    a, b = smooth(mine)[judged], smooth(peer)[judged]
    print(f"artifact in the body, smoothed by 1.5 pixels: ours rms {a.std():.1f} HU, peer {b.std():.1f} HU, "
          f"correlation {np.corrcoef(a, b)[0, 1]:.3f}, rms of the difference {np.sqrt(np.mean((a - b) ** 2)):.1f} HU")
    start, busy = time.perf_counter(), time.process_time()
    corrected = nmar(ours["scan"].astype(float), ours["scan"] > 2500)
    seconds, processor = time.perf_counter() - start, time.process_time() - busy
    own, own_processor = map(float, re.search(r"\(([0-9.]+) s a slice, processor ([0-9.]+) s", said).groups())
    rms = lambda image: np.sqrt(np.mean((image - ours["truth"])[judged] ** 2))
    print(f"NMAR on scikit-image {seconds:.2f} s, processor {processor:.2f} s, rms {rms(corrected):.1f} HU; ours {own:.2f} s, "
          f"processor {own_processor:.2f} s, rms {rms(ours['nmar']):.1f} HU")
    try:
        import matplotlib
    except ImportError:
        return
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    row = int(np.median(np.nonzero(metal)[0]))
    figure, axes = plt.subplots(2, 3, figsize=(10.5, 7), facecolor="white")
    show = lambda axis, image, title: (axis.imshow(np.clip(image, -200, 400), cmap="gray"), axis.set_title(title, fontsize=10), axis.axis("off"))
    show(axes[0, 0], ours["truth"], "without metal")
    show(axes[0, 1], ours["scan"], "titanium stem, uncorrected")
    show(axes[0, 2], ours["nmar"], "reduced")
    show(axes[1, 0], smooth(mine), "artifact, Coxa")
    show(axes[1, 1], smooth(peer), "artifact, independent recipe")
    for name, label in (("scan", "uncorrected"), ("nmar", "reduced"), ("truth", "without metal")):
        axes[1, 2].plot(smooth(ours[name])[row], label=label, linewidth=1)
    axes[1, 2].set_ylim(-300, 700)
    axes[1, 2].set_title(f"HU along row {row}", fontsize=10)
    axes[1, 2].legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(out / "naist.png", dpi=70)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
