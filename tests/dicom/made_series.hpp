#pragma once

#include "coxa/dicom/ct_reader.hpp"
#include "coxa/geometry/types.hpp"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

/// CT slices made with DCMTK for one test, each value known.
struct MadeSlice {
  std::string name;  ///< file name; empty: from its number
  coxa::Vec3 position = coxa::Vec3::Zero();
  coxa::Vec3 row = coxa::Vec3::UnitX();
  coxa::Vec3 column = coxa::Vec3::UnitY();
  int rows = 6;
  int columns = 8;
  int bitsAllocated = 16;
  int bitsStored = 16;
  bool isSigned = true;
  std::string slope = "1";
  std::string intercept = "-1024";
  std::vector<int> stored;                  ///< empty: madeValue()
  std::function<void(DcmDataset&)> change;  ///< the last word on the header
};

/// A smooth picture with a grain that tells pixels and slices apart, 0 to 2000.
int madeValue(int column, int row, int slice);

/// Slices at z = 0, step, 2 step, … whose values are madeValue().
std::vector<MadeSlice> madeSlices(int count, double stepMm = 2.5);

/// Writes one file. `syntax` may be any that DCMTK can encode, or EXS_JPEG2000LosslessOnly (by GDCM).
void writeSlice(const std::filesystem::path& file, const MadeSlice& slice, int number,
                E_TransferSyntax syntax = EXS_LittleEndianExplicit);
void writeSlices(const std::filesystem::path& folder, const std::vector<MadeSlice>& slices,
                 E_TransferSyntax syntax = EXS_LittleEndianExplicit);

/// Scans, chooses and reads the folder's CT.
coxa::Result<coxa::CtImage> readFolder(const std::filesystem::path& folder);

/// The notice with that code, null when there is none.
const coxa::Notice* noticeOf(const coxa::CtImage& ct, const std::string& code);
/// True when the error's detail begins with the code.
bool hasCode(const coxa::Error& error, const std::string& code);
