add_executable(coxa_metal_bench ${CMAKE_CURRENT_LIST_DIR}/metal_bench.cpp ${CMAKE_CURRENT_LIST_DIR}/metal_budget.cpp ${CMAKE_CURRENT_LIST_DIR}/metal_cohort.cpp
                                ${CMAKE_CURRENT_LIST_DIR}/metal_methods.cpp ${CMAKE_CURRENT_LIST_DIR}/metal_slice.cpp)
target_include_directories(coxa_metal_bench PRIVATE ${CMAKE_SOURCE_DIR}/tests)
target_compile_definitions(coxa_metal_bench PRIVATE COXA_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
target_link_libraries(coxa_metal_bench PRIVATE coxa_refinement coxa_dicom)
