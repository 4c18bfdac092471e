find_package(fcl REQUIRED)
add_executable(coxa_motion_bench ${CMAKE_CURRENT_LIST_DIR}/motion_bench.cpp)
target_include_directories(coxa_motion_bench PRIVATE ${CMAKE_SOURCE_DIR}/tests)
target_link_libraries(coxa_motion_bench PRIVATE coxa_motion fcl)
