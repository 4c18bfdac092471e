add_executable(coxa_phantom_data ${CMAKE_SOURCE_DIR}/bench/phantom_data.cpp)
target_link_libraries(coxa_phantom_data PRIVATE coxa_phantom coxa_segmentation coxa_dicom)
