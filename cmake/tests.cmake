find_package(GTest REQUIRED)
include(GoogleTest)

# coxa_room_test(ROOM [LINK target...]) builds tests/ROOM/*.cpp into coxa_ROOM_test and registers each test case.
function(coxa_room_test room)
  cmake_parse_arguments(TEST "" "TIMEOUT" "LINK" ${ARGN})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 300)
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.hpp)
  add_executable(coxa_${room}_test ${sources})
  target_include_directories(coxa_${room}_test PRIVATE ${CMAKE_SOURCE_DIR}/tests ${CMAKE_CURRENT_SOURCE_DIR})
  target_compile_definitions(coxa_${room}_test PRIVATE COXA_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_link_libraries(coxa_${room}_test PRIVATE coxa_${room} ${TEST_LINK} GTest::gmock GTest::gtest_main)
  gtest_discover_tests(coxa_${room}_test TEST_PREFIX "${room}." DISCOVERY_TIMEOUT 120
                       PROPERTIES TIMEOUT ${TEST_TIMEOUT} LABELS ${room})
endfunction()
