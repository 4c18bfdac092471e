#include "coxa/image/files.hpp"

#include "coxa/base/files.hpp"

#include <itkImage.h>
#include <itkImageFileReader.h>
#include <itkImageFileWriter.h>
#include <itkMetaDataObject.h>
#include <itkMetaImageIOFactory.h>
#include <itkNiftiImageIOFactory.h>
#include <itkNrrdImageIOFactory.h>
#include <itkVector.h>

#include <cmath>
#include <limits>
#include <mutex>

namespace coxa {

namespace fs = std::filesystem;

namespace {

// ITK's type of a voxel: same bytes.
template <class T>
struct ItkPixel {
  using Type = T;
};
template <>
struct ItkPixel<Eigen::Vector3f> {
  using Type = itk::Vector<float, 3>;
};
template <class T>
using ItkImage = itk::Image<typename ItkPixel<T>::Type, 3>;

void registerFormats() {
  static std::once_flag once;
  std::call_once(once, [] {
    itk::NrrdImageIOFactory::RegisterOneFactory();
    itk::NiftiImageIOFactory::RegisterOneFactory();
    itk::MetaImageIOFactory::RegisterOneFactory();
  });
}

template <class Pixel>
Grid gridOf(const itk::Image<Pixel, 3>& image) {
  Grid grid;
  const auto& size = image.GetLargestPossibleRegion().GetSize();
  for (unsigned a = 0; a < 3; ++a) {
    grid.size[a] = static_cast<int>(size[a]);
    grid.origin[a] = image.GetOrigin()[a];
    grid.spacing[a] = image.GetSpacing()[a];
    for (unsigned b = 0; b < 3; ++b) grid.direction(a, b) = image.GetDirection()(a, b);
  }
  return grid;
}

// Checks the file before ITK's reader: a friendly sentence for the two commonest mistakes.
Result<void> checkReadable(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error))
    return badInput("There is no file " + path.string() + ". Check its name.");
  return {};
}

// Opens the file far enough to know its type. Voxels hold one value or `components`.
Result<itk::ImageIOBase::Pointer> openImage(const fs::path& path, unsigned components = 1) {
  if (auto readable = checkReadable(path); !readable) return tl::unexpected(readable.error());
  registerFormats();
  auto io = itk::ImageIOFactory::CreateImageIO(path.c_str(), itk::CommonEnums::IOFileMode::ReadMode);
  if (!io)
    return badInput(path.string() +
                    " is no NRRD, NIfTI or MetaImage file. Give one of these, or a DICOM folder.");
  io->SetFileName(path.string());
  io->ReadImageInformation();
  if (io->GetNumberOfDimensions() != 3 || io->GetNumberOfComponents() != components)
    return badInput(path.string() + " is not one three-dimensional image of " +
                    (components == 1 ? "single values" : "vectors") + ". Export it as such.");
  return io;
}

template <class T>
typename ItkImage<T>::Pointer readAs(itk::ImageIOBase& io) {
  auto reader = itk::ImageFileReader<ItkImage<T>>::New();
  reader->SetImageIO(&io);
  reader->SetFileName(io.GetFileName());
  reader->Update();
  return reader->GetOutput();
}

template <class T>
Image<T> copied(const ItkImage<T>& image) {
  Image<T> out;
  out.grid = gridOf(image);
  const auto* voxels = reinterpret_cast<const T*>(image.GetBufferPointer());
  out.voxels.assign(voxels, voxels + out.grid.voxelCount());
  return out;
}

// Through double, so that values out of range are seen and never wrapped.
template <class T>
Result<Image<T>> converted(const itk::Image<double, 3>& image, const fs::path& path, const char* meaning) {
  Image<T> out(gridOf(image));
  const double* values = image.GetBufferPointer();
  for (std::size_t n = 0; n < out.voxels.size(); ++n) {
    double value = values[n];
    if constexpr (std::is_integral_v<T>) {
      const bool whole = std::is_same_v<T, std::int16_t> || value == std::round(value);
      value = std::round(value);
      if (!whole || !(value >= std::numeric_limits<T>::min() && value <= std::numeric_limits<T>::max()))
        return badInput(path.string() + " holds the value " + std::to_string(values[n]) + ", which is no " +
                        meaning + ". Choose the right file.");
    }
    out.voxels[n] = static_cast<T>(value);
  }
  return out;
}

template <class T>
Result<Image<T>> readImage(const fs::path& path, const char* meaning) {
  try {
    const auto io = openImage(path);
    if (!io) return tl::unexpected(io.error());
    if ((*io)->GetComponentType() == itk::ImageIOBase::MapPixelType<T>::CType)
      return copied<T>(*readAs<T>(**io));
    return converted<T>(*readAs<double>(**io), path, meaning);
  } catch (const std::exception& error) {
    return badInput(path.string() + " cannot be read: it is damaged or cut short. Export it again.",
                    error.what());
  }
}

template <class T>
Result<void> writeAs(const fs::path& path, const Image<T>& image, const HeaderTexts& texts = {}) {
  registerFormats();
  return writeFileAtomically(path, [&](const fs::path& temporary) -> Result<void> {
    try {
      using Pixel = typename ItkPixel<T>::Type;
      auto view = ItkImage<T>::New();
      typename ItkImage<T>::SizeType size;
      typename ItkImage<T>::PointType origin;
      typename ItkImage<T>::SpacingType spacing;
      typename ItkImage<T>::DirectionType direction;
      for (unsigned a = 0; a < 3; ++a) {
        size[a] = static_cast<itk::SizeValueType>(image.grid.size[a]);
        origin[a] = image.grid.origin[a];
        spacing[a] = image.grid.spacing[a];
        for (unsigned b = 0; b < 3; ++b) direction(a, b) = image.grid.direction(a, b);
      }
      view->SetRegions(size);
      view->SetOrigin(origin);
      view->SetSpacing(spacing);
      view->SetDirection(direction);
      // ITK's container only reads through this pointer here.
      auto* voxels = reinterpret_cast<Pixel*>(const_cast<T*>(image.voxels.data()));
      view->GetPixelContainer()->SetImportPointer(voxels, image.voxels.size(), false);
      for (const auto& [key, text] : texts)
        itk::EncapsulateMetaData<std::string>(view->GetMetaDataDictionary(), key, text);
      auto writer = itk::ImageFileWriter<ItkImage<T>>::New();
      writer->SetFileName(temporary.string());
      writer->SetInput(view);
      // A CT hardly shrinks, and packing it would cost a second at every import and opening.
      writer->SetUseCompression(!std::is_same_v<T, std::int16_t>);
      writer->SetCompressionLevel(2);
      writer->Update();
      return {};
    } catch (const std::exception& error) {
      return badInput("Cannot write " + path.string() +
                          ". Check the folder and the file's ending (.nrrd, .nii.gz, .mha).",
                      error.what());
    }
  });
}

}  // namespace

Result<Volume> readVolume(const fs::path& path) {
  return readImage<std::int16_t>(path, "CT value in HU");
}
Result<LabelMap> readLabelMap(const fs::path& path) {
  return readImage<std::uint8_t>(path, "label (0 to 255)");
}
Result<ScalarImage> readScalarImage(const fs::path& path) {
  return readImage<float>(path, "number");
}
Result<VectorImage> readVectorImage(const fs::path& path) {
  try {
    const auto io = openImage(path, 3);
    if (!io) return tl::unexpected(io.error());
    return copied<Eigen::Vector3f>(*readAs<Eigen::Vector3f>(**io));
  } catch (const std::exception& error) {
    return badInput(path.string() + " cannot be read: it is damaged or cut short. Export it again.",
                    error.what());
  }
}

Result<void> writeImage(const fs::path& path, const Volume& image) {
  return writeAs(path, image);
}
Result<void> writeImage(const fs::path& path, const LabelMap& image) {
  return writeAs(path, image);
}
Result<void> writeImage(const fs::path& path, const ScalarImage& image) {
  return writeAs(path, image);
}
Result<void> writeImage(const fs::path& path, const VectorImage& image) {
  return writeAs(path, image);
}
Result<void> writeImage(const fs::path& path, const LabelMap& image, const HeaderTexts& texts) {
  return writeAs(path, image, texts);
}

Result<HeaderTexts> readHeaderTexts(const fs::path& path) {
  try {
    const auto io = openImage(path);
    if (!io) return tl::unexpected(io.error());
    const itk::MetaDataDictionary& dictionary = (*io)->GetMetaDataDictionary();
    HeaderTexts texts;
    for (const auto& key : dictionary.GetKeys())
      if (std::string text; itk::ExposeMetaData(dictionary, key, text)) texts[key] = text;
    return texts;
  } catch (const std::exception& error) {
    return badInput(path.string() + " cannot be read: it is damaged or cut short. Export it again.",
                    error.what());
  }
}

}  // namespace coxa
