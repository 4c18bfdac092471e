find_package(GTest REQUIRED)
include(GoogleTest)

# coxa_room_test(ROOM [LINK target...] [TOGETHER suite]) builds tests/ROOM/*.cpp into coxa_ROOM_test and registers each test
# case; those of the suite TOGETHER as one, because they share something dear to make.
function(coxa_room_test room)
  cmake_parse_arguments(TEST "" "TIMEOUT;TOGETHER" "LINK" ${ARGN})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 300)
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.hpp)
  add_executable(coxa_${room}_test ${sources})
  target_include_directories(coxa_${room}_test PRIVATE ${CMAKE_SOURCE_DIR}/tests ${CMAKE_CURRENT_SOURCE_DIR})
  target_compile_definitions(coxa_${room}_test PRIVATE COXA_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_link_libraries(coxa_${room}_test PRIVATE coxa_${room} ${TEST_LINK} GTest::gmock GTest::gtest_main)
  if(TEST_TOGETHER)
    add_test(NAME ${room}.${TEST_TOGETHER} COMMAND coxa_${room}_test --gtest_filter=${TEST_TOGETHER}.*)
    set_tests_properties(${room}.${TEST_TOGETHER} PROPERTIES TIMEOUT ${TEST_TIMEOUT} LABELS ${room})
    set(apart TEST_FILTER "-${TEST_TOGETHER}.*")
  endif()
  gtest_discover_tests(coxa_${room}_test TEST_PREFIX "${room}." DISCOVERY_TIMEOUT 120 ${apart}
                       PROPERTIES TIMEOUT ${TEST_TIMEOUT} LABELS ${room})
endfunction()

find_program(XVFB_RUN xvfb-run)

# coxa_window_test(ROOM [LINK target...] [TIMEOUT s]) builds tests/ROOM/*.cpp into coxa_ROOM_test around a QApplication and
# runs it twice on a virtual screen: as it is, and the cases named View* again at display scale 2.
# One run for all cases: a virtual screen takes longer to start than most cases to run.
function(coxa_window_test room)
  cmake_parse_arguments(TEST "" "TIMEOUT" "LINK" ${ARGN})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 300)
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.hpp)
  add_executable(coxa_${room}_test ${sources} ${CMAKE_SOURCE_DIR}/tests/support/window_main.cpp)
  target_include_directories(coxa_${room}_test PRIVATE ${CMAKE_SOURCE_DIR}/tests ${CMAKE_CURRENT_SOURCE_DIR})
  target_compile_definitions(coxa_${room}_test PRIVATE COXA_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_link_libraries(coxa_${room}_test PRIVATE coxa_${room} ${TEST_LINK} GTest::gmock GTest::gtest)
  if(XVFB_RUN)
    set(screen ${XVFB_RUN} -a -s "-screen 0 1920x1200x24")
  endif()
  add_test(NAME ${room}.windows COMMAND ${screen} $<TARGET_FILE:coxa_${room}_test>)
  add_test(NAME ${room}.windows-scale-2
           COMMAND ${screen} $<TARGET_FILE:coxa_${room}_test> --gtest_filter=View*)
  set_tests_properties(${room}.windows ${room}.windows-scale-2 PROPERTIES TIMEOUT ${TEST_TIMEOUT} LABELS ${room})
  set_tests_properties(${room}.windows-scale-2 PROPERTIES ENVIRONMENT "QT_SCALE_FACTOR=2")
endfunction()
