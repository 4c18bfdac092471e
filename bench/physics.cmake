add_executable(coxa_physics_bench ${CMAKE_CURRENT_LIST_DIR}/physics_bench.cpp)
target_compile_definitions(coxa_physics_bench PRIVATE COXA_PHYSICS_PEER="${CMAKE_CURRENT_LIST_DIR}/physics_peer.py")
target_link_libraries(coxa_physics_bench PRIVATE coxa_physics)
