#include "coxa/report/scene_picture.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace coxa {

namespace {

constexpr int kSamples = 2;  // per pixel and axis
constexpr float kBackground = 255.0F;
constexpr float kFar = std::numeric_limits<float>::infinity();

/// A mesh in the picture: x right, y down in samples, z away from the viewer in mm; brightness at vertices.
struct Projected {
  std::vector<Eigen::Vector3f> points;
  std::vector<float> brightness;
};

class Camera {
 public:
  Camera(const std::vector<SceneSurface>& surfaces, const ScenePictureView& view) {
    const Vec3 away = view.toward.normalized();
    const Vec3 right = away.cross(view.up).normalized();
    axes_ << right.transpose(), away.cross(right).transpose(), away.transpose();
    Eigen::AlignedBox3f box;
    for (const SceneSurface& surface : surfaces)
      for (const auto& v : surface.mesh->vertices) box.extend(axes_.cast<float>() * v);
    if (box.isEmpty()) box.extend(Eigen::Vector3f::Zero());
    const Eigen::Vector3f size = box.sizes().cwiseMax(1.0F);
    const auto width = static_cast<float>(view.width * kSamples);
    const auto height = static_cast<float>(view.height * kSamples);
    scale_ = 0.94F * std::min(width / size.x(), height / size.y());
    middle_ = box.center();
    shift_ = Eigen::Vector3f(width / 2.0F, height / 2.0F, 0.0F);
  }

  Projected operator()(const TriangleMesh& mesh) const {
    Projected out;
    const Mat3 axes = axes_;
    for (const auto& v : mesh.vertices) {
      Eigen::Vector3f p = axes.cast<float>() * v - middle_;
      p.head<2>() *= scale_;
      out.points.push_back(p + shift_);
    }
    // A lamp beside the viewer's head, up and to the left.
    const Eigen::Vector3f lamp = Eigen::Vector3f(-0.45F, -0.55F, -1.0F).normalized();
    for (const auto& n : vertexNormals(mesh)) {
      const Eigen::Vector3f normal = axes.cast<float>() * n;
      const float lit = std::max(0.0F, normal.dot(lamp));
      const float facing = std::max(0.0F, -normal.z());
      out.brightness.push_back(0.22F + 0.55F * lit + 0.25F * facing);
    }
    return out;
  }

 private:
  Mat3 axes_;
  float scale_ = 1.0F;
  Eigen::Vector3f middle_;
  Eigen::Vector3f shift_;
};

struct Layer {
  int width;
  int height;
  std::vector<float> depth;
  std::vector<float> brightness;

  Layer(int w, int h)
      : width(w),
        height(h),
        depth(static_cast<std::size_t>(w) * static_cast<std::size_t>(h), kFar),
        brightness(depth.size(), 0.0F) {}
};

float cross2(const Eigen::Vector3f& o, const Eigen::Vector3f& a, float x, float y) {
  return (a.x() - o.x()) * (y - o.y()) - (a.y() - o.y()) * (x - o.x());
}

/// Draws the nearest surface into the layer.
void fill(Layer& layer, const Projected& mesh, const TriangleMesh::Triangle& t) {
  const Eigen::Vector3f& a = mesh.points[t[0]];
  const Eigen::Vector3f& b = mesh.points[t[1]];
  const Eigen::Vector3f& c = mesh.points[t[2]];
  const float area = cross2(a, b, c.x(), c.y());
  if (area == 0.0F) return;
  const auto first = [](float low) { return std::max(0, static_cast<int>(std::ceil(low - 0.5F))); };
  const auto last = [](float high, int size) {
    return std::min(size - 1, static_cast<int>(std::floor(high - 0.5F)));
  };
  const int x0 = first(std::min({a.x(), b.x(), c.x()}));
  const int x1 = last(std::max({a.x(), b.x(), c.x()}), layer.width);
  const int y0 = first(std::min({a.y(), b.y(), c.y()}));
  const int y1 = last(std::max({a.y(), b.y(), c.y()}), layer.height);
  for (int y = y0; y <= y1; ++y)
    for (int x = x0; x <= x1; ++x) {
      const float px = static_cast<float>(x) + 0.5F;
      const float py = static_cast<float>(y) + 0.5F;
      const float wa = cross2(b, c, px, py) / area;
      const float wb = cross2(c, a, px, py) / area;
      const float wc = 1.0F - wa - wb;
      if (wa < 0.0F || wb < 0.0F || wc < 0.0F) continue;
      const float z = wa * a.z() + wb * b.z() + wc * c.z();
      const auto at =
          static_cast<std::size_t>(y) * static_cast<std::size_t>(layer.width) + static_cast<std::size_t>(x);
      if (z >= layer.depth[at]) continue;
      layer.depth[at] = z;
      layer.brightness[at] =
          wa * mesh.brightness[t[0]] + wb * mesh.brightness[t[1]] + wc * mesh.brightness[t[2]];
    }
}

class Canvas {
 public:
  explicit Canvas(const ScenePictureView& view)
      : width_(view.width * kSamples),
        height_(view.height * kSamples),
        depth_(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_), kFar),
        rgb_(3 * depth_.size(), kBackground) {}

  Layer layer(const SceneSurface& surface, const Camera& camera) const {
    Layer layer(width_, height_);
    const Projected projected = camera(*surface.mesh);
    for (const auto& t : surface.mesh->triangles) fill(layer, projected, t);
    return layer;
  }

  /// Blends the layer over what is there, where it is nearer than the opaque surfaces.
  void add(const Layer& layer, const SceneSurface& surface) {
    const auto opacity = static_cast<float>(surface.opacity);
    for (std::size_t i = 0; i < depth_.size(); ++i) {
      if (layer.depth[i] >= depth_[i]) continue;
      for (std::size_t c = 0; c < 3; ++c) {
        const float colour = std::min(255.0F, layer.brightness[i] * static_cast<float>(surface.rgb[c]));
        rgb_[3 * i + c] += opacity * (colour - rgb_[3 * i + c]);
      }
      if (surface.opacity >= 1.0) depth_[i] = layer.depth[i];
    }
  }

  Picture picture() const {
    Picture out(width_ / kSamples, height_ / kSamples);
    for (int y = 0; y < out.height; ++y)
      for (int x = 0; x < out.width; ++x)
        for (std::size_t c = 0; c < 3; ++c)
          out.pixel(x, y)[c] = static_cast<std::uint8_t>(std::lround(mean(x, y, c)));
    return out;
  }

 private:
  float mean(int x, int y, std::size_t channel) const {
    float sum = 0.0F;
    for (int dy = 0; dy < kSamples; ++dy)
      for (int dx = 0; dx < kSamples; ++dx) {
        const auto at = static_cast<std::size_t>(y * kSamples + dy) * static_cast<std::size_t>(width_) +
                        static_cast<std::size_t>(x * kSamples + dx);
        sum += rgb_[3 * at + channel];
      }
    return sum / (kSamples * kSamples);
  }

  int width_;
  int height_;
  std::vector<float> depth_;
  std::vector<float> rgb_;
};

double distanceOf(const SceneSurface& surface, const Vec3& toward) {
  return toward.dot(bounds(*surface.mesh).center());
}

}  // namespace

Picture scenePicture(const std::vector<SceneSurface>& surfaces, const ScenePictureView& view) {
  const Camera camera(surfaces, view);
  Canvas canvas(view);
  std::vector<const SceneSurface*> translucent;
  for (const SceneSurface& surface : surfaces) {
    if (surface.opacity >= 1.0)
      canvas.add(canvas.layer(surface, camera), surface);
    else if (surface.opacity > 0.0)
      translucent.push_back(&surface);
  }
  std::stable_sort(translucent.begin(), translucent.end(), [&](const auto* a, const auto* b) {
    return distanceOf(*a, view.toward) > distanceOf(*b, view.toward);
  });
  for (const SceneSurface* surface : translucent) canvas.add(canvas.layer(*surface, camera), *surface);
  return canvas.picture();
}

}  // namespace coxa
