# Flags, caches and linkers, the same for every target.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Werror -Wno-psabi -g1)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()
# Assertions stay on in the developer's build; the release build drops them.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2")

option(COXA_NATIVE "Compile for AVX2 and FMA (x86-64-v3)" ON)
if(COXA_NATIVE AND CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  add_compile_options(-march=x86-64-v3)
endif()

if(COXA_SANITIZE)
  # The sanitizers' own code makes GCC 12 take initialised members of DCMTK's headers for uninitialised ones.
  add_compile_options(-fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=all
                      -Wno-maybe-uninitialized)
  add_link_options(-fsanitize=address,undefined)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()
