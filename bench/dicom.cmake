add_executable(coxa_dicom_bench ${CMAKE_CURRENT_SOURCE_DIR}/dicom_bench.cpp)
target_link_libraries(coxa_dicom_bench PRIVATE coxa_dicom coxa_dcmtk coxa_itk)
