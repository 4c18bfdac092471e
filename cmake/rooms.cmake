# The house: one library per room. A room may use only rooms that stand before it here, and of those only the
# ones it names in coxa_room(). tests/architecture checks both, and that no third-party type is in a public header.
set(COXA_ROOMS
    base
    geometry
    image
    dicom
    physics
    anatomy
    editing
    implants
    phantom
    learning
    segmentation
    metal
    refinement
    measurement
    motion
    planning
    casefile
    report
    render
    desktop
    cli)

# coxa_room(NAME USES room... [PRIVATE target...])
# A static library coxa_NAME from src/NAME/*.cpp with public headers include/coxa/NAME/*.hpp.
# USES: rooms seen through its public headers and sources. PRIVATE: third-party targets, seen by its sources only.
function(coxa_room name)
  cmake_parse_arguments(ROOM "" "" "USES;PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.hpp
       ${CMAKE_SOURCE_DIR}/include/coxa/${name}/*.hpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")  # a program's own; tests link the library without it
  add_library(coxa_${name} STATIC ${sources})
  target_include_directories(coxa_${name} PUBLIC ${CMAKE_SOURCE_DIR}/include
                             PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  foreach(used IN LISTS ROOM_USES)
    target_link_libraries(coxa_${name} PUBLIC coxa_${used})
  endforeach()
  target_link_libraries(coxa_${name} PRIVATE ${ROOM_PRIVATE})
  set_property(GLOBAL PROPERTY COXA_ROOM_${name}_USES "${ROOM_USES}")
endfunction()
