# Run it on a screen, for example: xvfb-run -a -s "-screen 0 1920x1200x24" coxa_render_bench
add_executable(coxa_render_bench ${CMAKE_SOURCE_DIR}/bench/render_bench.cpp)
target_include_directories(coxa_render_bench PRIVATE ${CMAKE_SOURCE_DIR}/tests)
target_link_libraries(coxa_render_bench PRIVATE coxa_desktop)
