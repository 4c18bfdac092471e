add_executable(coxa_implants_bench ${CMAKE_CURRENT_LIST_DIR}/implants_bench.cpp
               ${CMAKE_SOURCE_DIR}/tests/metal/implant_phantom.cpp)
target_include_directories(coxa_implants_bench PRIVATE ${CMAKE_SOURCE_DIR}/tests)
target_link_libraries(coxa_implants_bench PRIVATE coxa_refinement coxa_planning coxa_dicom nlohmann_json::nlohmann_json)
