"""scikit-image's radon and iradon on the disc of physics_bench.cpp; arguments: our projection and reconstruction
in seconds, by the clock and then by the processor."""
import sys
import time

import numpy as np

try:
    from skimage.transform import iradon, radon
except ImportError:
    sys.exit(1)

SIZE, VIEWS, SPACING, RADIUS, PER_MM = 512, 720, 0.8, 150.2, 0.02


def best(work, repetitions=2):
    clocks, processors = [], []
    for _ in range(repetitions):
        start, busy = time.perf_counter(), time.process_time()
        result = work()
        clocks.append(time.perf_counter() - start)
        processors.append(time.process_time() - busy)
    return min(clocks), min(processors), result


# scikit-image turns about pixel SIZE // 2; the disc is centred there, its edge pixels shaded by area.
sub = (np.arange(SIZE * 8) + 0.5) / 8 - 0.5 - SIZE // 2
inside = (sub[:, None] ** 2 + sub[None, :] ** 2) * SPACING**2 <= RADIUS**2
disc = PER_MM * inside.reshape(SIZE, 8, SIZE, 8).mean(axis=(1, 3))
angles = np.arange(VIEWS) * 180.0 / VIEWS

seconds_radon, busy_radon, sinogram = best(lambda: radon(disc, angles, circle=True))
seconds_iradon, busy_iradon, back = best(lambda: iradon(sinogram, angles, filter_name="shepp-logan", circle=True))

offsets = (np.arange(SIZE) - SIZE // 2) * SPACING
truth = 2 * PER_MM * np.sqrt(np.maximum(RADIUS**2 - offsets**2, 0))
inner = np.abs(offsets) < 0.95 * RADIUS
error = sinogram * SPACING - truth[:, None]
yy, xx = np.mgrid[:SIZE, :SIZE] - SIZE // 2
core = np.hypot(xx, yy) * SPACING < 0.95 * RADIUS
print(f"scikit-image: radon {1e3 * seconds_radon:.0f} ms, largest error "
      f"{100 * np.max(np.abs(error[inner]) / truth[inner, None]):.3f} %, rms "
      f"{100 * np.sqrt(np.sum(error**2) / (VIEWS * np.sum(truth**2))):.3f} %")
print(f"              iradon {1e3 * seconds_iradon:.0f} ms, rms error inside "
      f"{100 * np.sqrt(np.mean((back[core] / PER_MM - 1) ** 2)):.3f} %")
print(f"ours is {seconds_radon / float(sys.argv[1]):.0f} and {seconds_iradon / float(sys.argv[2]):.0f} times as fast; by the processor's time "
      f"{busy_radon / float(sys.argv[3]):.0f} and {busy_iradon / float(sys.argv[4]):.0f}")
