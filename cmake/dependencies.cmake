# Every dependency is a Debian 12 package; ./dev installs them. Qt is found first: VTK's own package looks for Qt 5.
find_package(Qt6 REQUIRED COMPONENTS Core Gui Widgets OpenGL OpenGLWidgets Svg)
find_package(Qt6 QUIET COMPONENTS Test LinguistTools)
find_package(Eigen3 REQUIRED)
find_package(TBB REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(tl-expected REQUIRED)

find_package(VTK 9.1 REQUIRED COMPONENTS
  CommonCore CommonDataModel CommonExecutionModel CommonMath CommonTransforms
  FiltersCore FiltersGeneral FiltersGeometry FiltersModeling FiltersSources
  ImagingCore ImagingGeneral ImagingHybrid IOGeometry IOXML IOImage
  InteractionStyle InteractionWidgets
  RenderingCore RenderingAnnotation RenderingFreeType RenderingOpenGL2 RenderingVolumeOpenGL2)

# ITK without ITK_USE_FILE: that would register factories in every target. Rooms register what they read.
find_package(ITK 5.2 REQUIRED COMPONENTS
  ITKCommon ITKIOImageBase ITKIONRRD ITKIONIFTI ITKIOMeta ITKIOGDCM ITKImageFunction ITKImageGrid
  ITKConnectedComponents ITKDistanceMap ITKPDEDeformableRegistration ITKDisplacementField ITKSmoothing ITKThresholding)
add_library(coxa_itk INTERFACE)
target_include_directories(coxa_itk SYSTEM INTERFACE ${ITK_INCLUDE_DIRS})
target_link_libraries(coxa_itk INTERFACE ${ITK_LIBRARIES})
# Else ITK's bundled copy of Eigen and ours meet in one translation unit and share include guards.
target_compile_definitions(coxa_itk INTERFACE ITK_USE_SYSTEM_EIGEN)

find_package(DCMTK REQUIRED)
add_library(coxa_dcmtk INTERFACE)
target_include_directories(coxa_dcmtk SYSTEM INTERFACE ${DCMTK_INCLUDE_DIRS})
target_link_libraries(coxa_dcmtk INTERFACE ${DCMTK_LIBRARIES})

# GDCM for JPEG 2000 alone. Found by hand: its own package insists on command-line tools that are not needed.
find_path(GDCM_INCLUDE_DIR gdcmJPEG2000Codec.h PATH_SUFFIXES gdcm-3.0 REQUIRED)
add_library(coxa_gdcm INTERFACE)
target_include_directories(coxa_gdcm SYSTEM INTERFACE ${GDCM_INCLUDE_DIR})
foreach(part MSFF DSED Common)
  find_library(GDCM_${part}_LIBRARY gdcm${part} REQUIRED)
  target_link_libraries(coxa_gdcm INTERFACE ${GDCM_${part}_LIBRARY})
endforeach()

find_package(Torch REQUIRED)
add_library(coxa_torch INTERFACE)
target_include_directories(coxa_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
target_link_libraries(coxa_torch INTERFACE ${TORCH_LIBRARIES})

find_package(CLI11 REQUIRED)
